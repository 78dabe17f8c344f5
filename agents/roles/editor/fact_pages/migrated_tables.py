"""Tables as the last migration leaves them: what is made, added, renamed and dropped, in its order. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from agents.contracts.facts import Fact, FactKind
from agents.roles.editor.fact_pages.migration_order import MIGRATION, histories, is_undoing
from agents.roles.editor.fact_pages.rows import PlacedFact

#: Names that a table had after each other.
_FAR = 20
#: Of what one line states, a change is of what stood before it.
_RANKS = {FactKind.CHANGE: 0, FactKind.TABLE: 1, FactKind.COLUMN: 2}


class TableColumns(NamedTuple):
    """A table and its columns."""

    table: PlacedFact
    columns: list[PlacedFact]


@dataclass
class _HistoricTable:
    """A table as far as its history is read; of one that is made elsewhere the history has only columns."""

    name: str
    table: PlacedFact | None = None
    columns: list[PlacedFact | None] = field(default_factory=list)
    at: dict[str, int] = field(default_factory=dict)

    def add(self, placed: PlacedFact) -> None:
        """Take a column; a change of its name is of the first that has it."""
        self.at.setdefault(placed.fact.name.casefold(), len(self.columns))
        self.columns.append(placed)

    def may_hold(self, column: Fact) -> bool:
        """Whether a column of its file is its own: what is only read has those on its lines."""
        lines = self.table.fact.lines if self.table is not None else column.lines
        return self.name != "" or lines.start <= column.lines.start <= lines.end

    def change(self, fact: Fact) -> None:
        """Drop or rename a column, or give it another type."""
        at = self.at.get(fact.name.casefold())
        placed = self.columns[at] if at is not None else None
        if at is None or placed is None:
            return
        if fact.target or fact.type:
            update = {"name": fact.target or placed.fact.name, "type": fact.type or placed.fact.type}
            self.columns[at] = PlacedFact(placed.path, placed.fact.model_copy(update=update))
        else:
            self.columns[at] = None
        if not fact.type or fact.target:
            del self.at[fact.name.casefold()]
        if fact.target:
            self.at[fact.target.casefold()] = at


def migrated_tables(
    facts: Iterable[PlacedFact], files: Iterable[str], text: Callable[[str], str]
) -> tuple[list[TableColumns], list[PlacedFact]]:
    """The tables with their columns, and the columns of tables that are made elsewhere.

    Of the repository's files those count, too, that state nothing of tables: a migration may stand between two others.
    """
    by_file: dict[str, list[PlacedFact]] = defaultdict(list)
    for placed in facts:
        if not is_undoing(placed.path):
            by_file[placed.path].append(placed)
    tables: list[TableColumns] = []
    elsewhere: list[PlacedFact] = []
    between = (path for path in files if MIGRATION.search(path) and not is_undoing(path))
    for paths in histories({*by_file, *between}, text):
        of_sources: dict[str, _History] = defaultdict(_History)
        for path in paths:
            of_file: dict[str, list[PlacedFact]] = defaultdict(list)
            for placed in by_file.get(path, ()):
                of_file[placed.fact.source].append(placed)
            for source, listed in of_file.items():
                of_sources[source].read(listed)
        for history in of_sources.values():
            tables += history.tables()
            elsewhere += history.elsewhere()
    return tables, elsewhere


class _History:
    """The tables of one mapper that files make and change after each other."""

    def __init__(self) -> None:
        self._entries: dict[int, _HistoricTable] = {}
        self._by_name: dict[str, _HistoricTable] = {}
        self._renamed: dict[str, str] = {}

    def read(self, facts: Sequence[PlacedFact]) -> None:
        """Do what one file does."""
        here: tuple[dict[str, _HistoricTable], ...] = ({}, {}, {})
        for placed in sorted(facts, key=lambda item: (item.fact.lines.start, _RANKS[item.fact.kind])):
            fact = placed.fact
            if fact.kind is FactKind.TABLE:
                entry = self._table(placed)
                for names, name in zip(here, (fact.symbol, _short(fact.symbol), entry.name), strict=True):
                    # What has no symbol is found by its name alone, whatever was called so above it.
                    names.pop(fact.name if not fact.symbol else "", None)
                    names[name] = entry
            elif fact.kind is FactKind.COLUMN:
                own = (names[fact.owner] for names in here if fact.owner in names)
                self._add(placed, next((entry for entry in own if entry.may_hold(fact)), None))
            elif not fact.owner:
                self._change_table(fact)
            elif (changed := self._named(fact.owner)) is not None:
                changed.change(fact)

    def tables(self) -> list[TableColumns]:
        """The tables that are there in the end, in the order in which they are made."""
        present = [(entry, entry.table) for entry in self._entries.values() if entry.table is not None]
        return [
            TableColumns(_renamed(table, entry.name), [self._leading(placed) for placed in entry.columns if placed])
            for entry, table in present
        ]

    def elsewhere(self) -> list[PlacedFact]:
        """The columns of tables that others make."""
        return [
            PlacedFact(placed.path, self._leading(placed).fact.model_copy(update={"owner": entry.name}))
            for entry in self._entries.values()
            for placed in entry.columns
            if entry.table is None and placed is not None
        ]

    def _table(self, placed: PlacedFact) -> _HistoricTable:
        """A table that is made; a class with which a migration reads a table that is there makes none."""
        previous = self._by_name.get(placed.fact.name.casefold())
        if previous is not None and previous.table is not None and MIGRATION.search(placed.path):
            if _is_read(placed.fact):
                return _HistoricTable("", placed)
            if _is_read(previous.table.fact):
                self._entries.pop(id(previous), None)
        return self._new(_HistoricTable(placed.fact.name, placed))

    def _new(self, entry: _HistoricTable) -> _HistoricTable:
        self._entries[id(entry)] = entry
        for name in (_short(entry.name), entry.name):
            self._by_name[name.casefold()] = entry
        return entry

    def _named(self, name: str) -> _HistoricTable | None:
        names = (name.casefold(), _short(name).casefold())
        return next((self._by_name[item] for item in names if item in self._by_name), None)

    def _add(self, placed: PlacedFact, own: _HistoricTable | None) -> None:
        """Give a column to the table of its file, else to the one that another made, which has each name once."""
        table = own or self._named(placed.fact.owner) or self._new(_HistoricTable(placed.fact.owner))
        if own is not None or placed.fact.name.casefold() not in table.at:
            table.add(placed)

    def _change_table(self, fact: Fact) -> None:
        entry = self._named(fact.name)
        if entry is None:
            return
        for name in {entry.name.casefold(), _short(entry.name).casefold()}:
            if self._by_name.get(name) is entry:
                del self._by_name[name]
        if not fact.target:
            self._entries.pop(id(entry), None)
            return
        schema = entry.name.rpartition(".")[0] if "." not in fact.target else ""
        self._renamed[entry.name.casefold()] = fact.target
        entry.name = f"{schema}.{fact.target}" if schema else fact.target
        self._new(entry)

    def _leading(self, placed: PlacedFact) -> PlacedFact:
        """A column that refers to the last name of a table."""
        table, sign, column = placed.fact.target.partition(".")
        if table.casefold() not in self._renamed:
            return placed
        for _ in range(_FAR):
            name = table.casefold()
            if name in self._by_name or name not in self._renamed:
                break
            table = self._renamed[name]
        return PlacedFact(placed.path, placed.fact.model_copy(update={"target": f"{table}{sign}{column}"}))


def _is_read(table: Fact) -> bool:
    """Whether a migration has a class or a variable for a table; of what makes one only SQL has a symbol."""
    return table.symbol != "" and table.source != "SQL"


def _renamed(table: PlacedFact, name: str) -> PlacedFact:
    if table.fact.name == name:
        return table
    return PlacedFact(table.path, table.fact.model_copy(update={"name": name}))


def _short(name: str) -> str:
    return name.rpartition(".")[2]
