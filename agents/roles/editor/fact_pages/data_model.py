"""The page of the data model: tables and messages with their fields, and the relations between them drawn. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from agents.codebase.facts.hierarchies import bases
from agents.codebase.facts.tables.columns import plural, snake_case
from agents.codebase.facts.tables.documents import reader_of_tables
from agents.codebase.facts.tables.ef_core import entities_of, names_of_entities
from agents.codebase.facts.tables.outlined import LANGUAGES, needs_text, outlined_tables
from agents.codebase.paths import is_generated, is_product
from agents.contracts.draft import Page, PageKind
from agents.contracts.facts import ABSTRACT, Fact, FactKind
from agents.roles.editor import markdown
from agents.roles.editor.fact_pages.migrated_tables import TableColumns, migrated_tables
from agents.roles.editor.fact_pages.migration_order import MIGRATION
from agents.roles.editor.fact_pages.rows import PlacedFact, bounded, code, has_symbol, start, whole_words
from agents.roles.editor.material import Material
from agents.roles.editor.mermaid import entities
from agents.roles.editor.page_builder import PageBuilder

DATA_MODEL = "data-model.md"
_OPENING = "The tables, messages and types of data that this repository declares, with their fields and keys."
#: Tables in the diagram, and tables with their fields on the page.
_DRAWN, _MOST = 30, 120
_KINDS = frozenset({FactKind.TABLE, FactKind.COLUMN, FactKind.CHANGE})


def data_model(material: Material) -> Page | None:
    """The page; None where no data is declared."""
    tables = _tables(material)
    if not tables:
        return None
    builder = start(material, DATA_MODEL, PageKind.DATA_MODEL, "Data model", _OPENING)
    inherited = {table.fact.symbol.rpartition(".")[2]: table for table, _ in tables if ABSTRACT in table.fact.marks}
    whole, tables = tables, [item for item in tables if ABSTRACT not in item[0].fact.marks]
    sources = sorted({table.fact.source for table, _ in whole})
    listed = ", ".join(markdown.escape(source) for source in sources)
    builder.add(
        builder.words("{count} of {sources}.", count=builder.words.counted(len(tables), "table"), sources=listed)
    )
    relations = list(_relations(tables))
    if relations and len(tables) <= _DRAWN:
        builder.heading("Relations")
        builder.diagram(entities({_key(table.fact): table.fact.name for table, _ in tables}, relations))
    for table, columns in tables[:_MOST]:
        _section(builder, table, columns, inherited)
    builder.and_more(len(tables) - _MOST, "table")
    if inherited:
        builder.heading("Fields that tables inherit")
        builder.add(
            builder.words("These types are no tables: each table whose type extends one of them has its fields.")
        )
        for table, columns in [item for item in whole if ABSTRACT in item[0].fact.marks][:_MOST]:
            _section(builder, table, columns, inherited, 3)
    return builder.page()


def _tables(material: Material) -> list[TableColumns]:
    facts = [*_stated(material), *_outlined(material), *_documents(material)]
    tables, elsewhere = migrated_tables(facts, material.analyses, material.published)
    declared = {
        (table.fact.source, name)
        for table, _ in tables
        if not MIGRATION.search(table.path)
        for name in _names(table.fact)
    }
    # A migration makes the table that a model describes: the model says what it is now.
    present = [
        TableColumns(table, own)
        for table, own in tables
        if not (MIGRATION.search(table.path) and (table.fact.source, table.fact.name.casefold()) in declared)
    ]
    _add_later(present, elsewhere)
    return sorted(present, key=lambda item: (item[0].fact.source, item[0].fact.name.casefold()))


def _stated(material: Material) -> Iterator[PlacedFact]:
    """What the product's code states; migrations count, which other pages leave out as generated."""
    for path, analysis in sorted(material.analyses.items()):
        if is_product(path) and (MIGRATION.search(path) or not is_generated(path)):
            facts = (fact for fact in analysis.structure.facts if fact.kind in _KINDS)
            yield from (PlacedFact(path, fact) for fact in facts)


def _outlined(material: Material) -> Iterator[PlacedFact]:
    """What the outlines of the product's files hold of tables."""
    entities: dict[str, str] = {}
    for path, analysis in sorted(material.analyses.items()):
        stored = dict.fromkeys(entities_of(analysis.structure), "")
        if stored:
            named = names_of_entities(material.published(path))
            entities |= {name: named.get(name) or entities.get(name, "") for name in stored.keys() | named.keys()}
    for path, analysis in sorted(material.analyses.items()):
        if analysis.structure.language in LANGUAGES and is_product(path):
            text = material.texts.text(path) if material.texts and needs_text(analysis.structure) else ""
            yield from (PlacedFact(path, fact) for fact in outlined_tables(analysis.structure, text, entities))


def _documents(material: Material) -> Iterator[PlacedFact]:
    """The tables of the product's files that have no syntax tree."""
    for path, analysis in sorted(material.analyses.items()):
        reader = reader_of_tables(path, analysis.structure) if is_product(path) else None
        if reader is not None:
            yield from (PlacedFact(path, fact) for fact in reader(material.published(path)))


def _add_later(tables: Sequence[TableColumns], later: Sequence[PlacedFact]) -> None:
    """Give tables the columns that other files add to them; what a model describes has all that migrations made."""
    by_name = {(table.fact.source, name): (table, own) for table, own in tables for name in _names(table.fact)}
    for placed in later:
        owner = placed.fact.owner.casefold()
        keys = ((placed.fact.source, name) for name in (owner, owner.rpartition(".")[2]))
        table, columns = next((by_name[key] for key in keys if key in by_name), (None, []))
        is_described = table is not None and not MIGRATION.search(table.path) and MIGRATION.search(placed.path)
        if table is None or is_described:
            continue
        at = next((at for at, item in enumerate(columns) if item.fact.name == placed.fact.name), None)
        if at is None:
            columns.append(placed)
        elif not columns[at].fact.target:
            column = columns[at].fact.model_copy(update={"target": placed.fact.target})
            columns[at] = PlacedFact(columns[at].path, column)


def _relations(tables: Sequence[TableColumns]) -> Iterator[tuple[str, str, str]]:
    """From, to and the field's name, for fields that reference a table of the page."""
    names: Mapping[tuple[str, str], str] = {
        (table.fact.source, name): _key(table.fact) for table, _ in tables for name in _names(table.fact)
    }
    for table, columns in tables:
        for column in columns:
            parts = column.fact.target.split(".")
            called = (column.fact.target, parts[-1], parts[0], plural(snake_case(parts[-1])))
            keys = [(table.fact.source, key.casefold()) for key in called if key]
            target = next((names[key] for key in keys if key in names), "")
            if target:
                yield _key(table.fact), target, column.fact.name


def _names(table: Fact) -> list[str]:
    """What a table may be called, in small letters, the surest name last: a model's table often has its plural."""
    last = table.symbol.rpartition(".")[2]
    names = (plural(last) if last else "", last, table.name.rpartition(".")[2], table.name)
    return [name.casefold() for name in names if name]


def _key(table: Fact) -> str:
    return f"{table.source} {table.name}"


def _section(
    builder: PageBuilder,
    table: PlacedFact,
    columns: Sequence[PlacedFact],
    inherited: Mapping[str, PlacedFact],
    level: int = 2,
) -> None:
    fact = table.fact
    builder.heading(code(fact.name), level)
    declared = builder.symbol(table.path, fact.symbol) if has_symbol(builder.material, table.path, fact.symbol) else ""
    builder.add(
        whole_words(fact.text), f"{markdown.escape(fact.source)}: {declared} {builder.cite(table.path, fact.lines)}"
    )
    rows = [
        (_name(builder, item), code(item.fact.type), _keys(builder, item.fact), whole_words(item.fact.text))
        for item in columns
    ]
    bounded(builder, ("Field", "Type", "Keys", "What it holds"), rows, "field", 60)
    extended = [inherited[name] for name in _bases(builder.material, table) if name in inherited]
    if extended:
        names = ", ".join(builder.symbol(base.path, base.fact.symbol) for base in extended)
        builder.add(builder.words("With the fields of {names}.", names=names))


def _bases(material: Material, table: PlacedFact) -> list[str]:
    """The last parts of the names that a table's type extends."""
    structure = material.analyses[table.path].structure if table.path in material.analyses else None
    own = [symbol for symbol in structure.symbols if symbol.name == table.fact.symbol] if structure else []
    if structure is None or not own:
        return []
    return [base.rpartition(".")[2] for base in bases(structure.language, own[0])]


def _name(builder: PageBuilder, column: PlacedFact) -> str:
    symbol = column.fact.symbol
    if has_symbol(builder.material, column.path, symbol):
        return builder.symbol(column.path, symbol, column.fact.name)
    return f"{code(column.fact.name)} {builder.cite(column.path, column.fact.lines)}"


def _keys(builder: PageBuilder, fact: Fact) -> str:
    return ", ".join([*map(builder.words, fact.marks), *([f"→ {code(fact.target)}"] if fact.target else [])])
