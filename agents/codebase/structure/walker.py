"""One pass over what a language's query finds: symbols with their docs, calls and raises, and imports.

Everything found is sorted by where it begins; a stack holds what is open at that place. Nothing recurses, so a file's
depth does not matter, and only captured nodes are touched, so its size matters little.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import takewhile

import tree_sitter

from agents.codebase.structure.comments import Comments
from agents.codebase.structure.documentation import NOTHING, Doc
from agents.codebase.structure.language import OPAQUE, TYPES, Found, LanguageTable, Seen
from agents.codebase.structure.source import Source, fold
from agents.contracts.base import Lines
from agents.contracts.structure import Import, Symbol, SymbolKind

MAX_SYMBOLS = 3000
MAX_IMPORTS = 2000
_MAX_CALLS = 40
_MAX_RAISES = 20
#: Symbols nested deeper are no symbols: their names would grow with the depth.
_DEEPEST_NAME = 10
_DEEPEST_STACK = 100
_NAME = re.compile(r"[\w$@][\w$@!?.:>\\-]*")
_LAST_NAME = re.compile(r"[\w$]+[!?]?$")


@dataclass(slots=True)
class _Open:
    """A definition, wrapper or scope whose end is not reached yet."""

    end: int
    row: int
    name: str = ""
    kind: SymbolKind | None = None
    opaque: bool = False
    wrapper: str = ""
    public: bool = True
    marked: bool = True
    found: Found | None = None
    doc: Doc = NOTHING
    lines: Lines | None = None
    calls: dict[str, None] = field(default_factory=dict)
    raises: dict[str, None] = field(default_factory=dict)

    def symbol(self) -> Symbol | None:
        """The finished symbol, None for a scope that is none."""
        if self.found is None or self.lines is None or not self.found.emits or self.kind is None:
            return None
        return Symbol(
            name=self.name,
            kind=self.kind,
            signature=self.found.signature,
            lines=self.lines,
            doc=self.doc.text,
            documentation=self.doc.document,
            public=self.public,
            calls=tuple(self.calls)[:_MAX_CALLS],
            raises=tuple(self.raises)[:_MAX_RAISES],
        )


class Walk:
    """Reads one file's captures into symbols and imports."""

    def __init__(
        self, table: LanguageTable, source: Source, captures: dict[str, list[tree_sitter.Node]], last_line: int
    ) -> None:
        self._table = table
        self._source = source
        self._captures = captures
        self._last_line = last_line
        self._attributes = {node.end_point[0]: node.start_point[0] for node in captures.get("attribute", ())}
        self._stack: list[_Open] = []
        self._all: list[_Open] = []
        self.comments = Comments(captures.get("comment", ()), source, table.name)

    def symbols(self) -> tuple[Symbol, ...]:
        """The file's symbols in the order in which they begin."""
        read = {
            "wrapper": self._wrapper,
            "definition": self._definition,
            "marker": self._marker,
            "call": self._call,
            "raise": self._raise,
        }
        order = list(read)
        found = [
            (node.start_byte, -node.end_byte, order.index(capture), number, node)
            for capture in order
            for number, node in enumerate(self._captures.get(capture, ()))
        ]
        stack = self._stack
        for start, end, what, _, node in sorted(found):
            while stack and stack[-1].end <= start:
                stack.pop()
            read[order[what]](node, -end)
            if len(self._all) >= MAX_SYMBOLS:
                break
        return tuple(symbol for opened in self._all if (symbol := opened.symbol()) is not None)

    def imports(self) -> tuple[Import, ...]:
        """The file's imports in order, each statement's targets once."""
        result: list[Import] = []
        seen: set[tuple[str, tuple[str, ...]]] = set()
        for node in sorted(self._captures.get("import", ()), key=lambda node: node.start_byte):
            if len(result) >= MAX_IMPORTS:
                break
            for target, names in self._table.read_import(node, self._source):
                if target and (target, names) not in seen and len(result) < MAX_IMPORTS:
                    seen.add((target, names))
                    clean = tuple(fold(name, 100) for name in names)
                    result.append(Import(target=fold(target), names=clean, lines=self.lines(node)))
        return tuple(result)

    def lines(self, node: tree_sitter.Node, first_row: int | None = None) -> Lines:
        """The node's lines, counted from 1 and never past the file's last."""
        start = node.start_point[0] if first_row is None else first_row
        # Some grammars let a node reach to the next token: the blanks at its end are not its lines.
        tail = self._source.data[max(node.start_byte, node.end_byte - 400) : node.end_byte]
        last = node.end_point[0] + 1 - tail[len(tail.rstrip()) :].count(b"\n")
        return Lines(
            start=min(start + 1, self._last_line), end=max(min(start + 1, self._last_line), min(last, self._last_line))
        )

    def _wrapper(self, node: tree_sitter.Node, end: int) -> None:
        if len(self._stack) < _DEEPEST_STACK:
            self._stack.append(_Open(end, node.start_point[0], wrapper=node.type))

    def _definition(self, node: tree_sitter.Node, end: int) -> None:
        scopes = [opened for opened in self._stack if not opened.wrapper]
        if (scopes and scopes[-1].opaque) or len(scopes) >= _DEEPEST_NAME:
            return
        definition = self._table.definitions[node.type]
        found = definition.found(node, self._source)
        if found is None or not found.name.strip():
            return
        scope = scopes[-1] if scopes else None
        if found.kind is SymbolKind.FUNCTION and scope is not None and scope.kind in TYPES:
            kind = SymbolKind.METHOD
        else:
            kind = found.kind
        name = f"{scope.name}.{found.name}" if scope is not None and scope.name else found.name
        row = self._outer_row(node)
        opened = _Open(end, row, name, kind, kind in OPAQUE, found=found)
        opened.public = self._is_public(found, kind, scope)
        if found.emits:
            opened.lines = self.lines(node, row)
            opened.doc = self._doc(node, row)
            self._all.append(opened)
        self._stack.append(opened)

    def _outer_row(self, node: tree_sitter.Node) -> int:
        """Where the definition begins with its decorators and its export."""
        return min([node.start_point[0], *(opened.row for opened in self._wrappers())])

    def _wrappers(self) -> list[_Open]:
        """What stands directly around the next definition."""
        return list(takewhile(lambda opened: opened.wrapper, reversed(self._stack)))

    def _is_public(self, found: Found, kind: SymbolKind, scope: _Open | None) -> bool:
        if found.public is not None:
            return found.public
        exported = any(opened.wrapper.startswith("export") for opened in self._wrappers())
        seen = Seen(found.name, kind, found.signature, scope.kind if scope else None, exported, self._source.exports)
        above = scope.public and scope.marked if scope is not None else True
        return above and self._table.public(seen)

    def _doc(self, node: tree_sitter.Node, row: int) -> Doc:
        if self._table.docstring is not None:
            inside = self._table.docstring(node, self._source)
            if inside is not None:
                return inside[0]
        return self.comments.above(row, node.start_byte, self._attributes)

    def _marker(self, node: tree_sitter.Node, _end: int) -> None:
        scope = next((opened for opened in reversed(self._stack) if not opened.wrapper), None)
        marked = self._table.mark(node, self._source)
        if scope is not None and marked is not None and scope.kind in TYPES | {SymbolKind.MODULE}:
            scope.marked = marked

    def _call(self, node: tree_sitter.Node, end: int) -> None:
        holder = self._holder()
        if holder is None or len(holder.calls) >= _MAX_CALLS:
            return
        start = node.start_byte
        text = self._source.span(max(start, end - 120), end)
        if end - start <= 80 and _NAME.fullmatch(text):
            holder.calls[text] = None
        elif last := _LAST_NAME.search(text):
            holder.calls[last.group()] = None

    def _raise(self, node: tree_sitter.Node, _end: int) -> None:
        holder = self._holder()
        if holder is None:
            return
        for match in self._table.raised.finditer(self._source.text(node, 300)):
            if len(match.group(1)) > 1:  # `throws E` names a type parameter
                holder.raises[match.group(1)] = None
            if not node.type.startswith("throws"):
                break

    def _holder(self) -> _Open | None:
        return next((opened for opened in reversed(self._stack) if opened.found and opened.found.emits), None)
