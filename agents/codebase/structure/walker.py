"""One pass over what a language's query finds: symbols with their docs, calls and raises, and imports.

Everything found is sorted by where it begins; a stack holds what is open at that place. Nothing recurses, so a file's
depth does not matter, and only captured nodes are touched, so its size matters little.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import takewhile

import tree_sitter

from agents.codebase.structure.comment_marks import OF_HEAD, ON_ONE_LINE
from agents.codebase.structure.comments import Comments
from agents.codebase.structure.documentation import NOTHING, Doc, document, of_entry
from agents.codebase.structure.language import (
    OPAQUE,
    TYPES,
    Found,
    Inside,
    LanguageTable,
    Marked,
    Seen,
    parameter_lists,
)
from agents.codebase.structure.named_comments import NamedComments
from agents.codebase.structure.opened import CALLABLE, Opened, foremost, leaves_method, overloads_of, said_type
from agents.codebase.structure.parameters import parameters
from agents.codebase.structure.source import Source, fold, nth
from agents.contracts.base import Lines
from agents.contracts.structure import MEMBER_KINDS, Import, Parameter, Symbol, SymbolKind

#: More stay in a file only if they are public; a generator wrote them.
MAX_SYMBOLS = 10_000
_MOST_OPENED = 40_000
MAX_IMPORTS = 2000
_MAX_CALLS = 40
_HOLDS_METHODS = TYPES | {SymbolKind.VARIANT, SymbolKind.TYPE}
#: Symbols nested deeper are no symbols: their names would grow with the depth.
_DEEPEST_NAME = 10
_DEEPEST_STACK = 100
_NAME = re.compile(r"[\w$@][\w$@!?.:>\\-]*")
_MOST_DECORATORS = 40
_LAST_NAME = re.compile(r"[\w$]+[!?]?$")


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
        self._stack: list[Opened] = []
        self._all: list[Opened] = []
        self._by_name: dict[str, Opened] = {}
        self._said_public: dict[str, bool] = {}
        self._bodiless: dict[str, list[str]] = {}
        self._attribute_ends = sorted((node.end_byte, node.start_byte) for node in captures.get("attribute", ()))
        self.comments = Comments(captures.get("comment", ()), source, table.name)
        self._named = NamedComments(captures.get("comment", ()), source, table.name)

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
        placed = [
            (node.start_byte, -node.end_byte, order.index(capture), number, node)
            for capture in order
            for number, node in enumerate(self._captures.get(capture, ()))
        ]
        stack = self._stack
        for start, end, what, _, node in sorted(placed):
            while stack and stack[-1].end <= start:
                stack.pop()
            read[order[what]](node, -end)
            if len(self._all) >= _MOST_OPENED:
                break
        for name, public in self._said_public.items():
            if name in self._by_name:
                self._by_name[name].public = public
        symbols = foremost(self._named.given_back(self._all), MAX_SYMBOLS)
        return tuple(symbol for opened in symbols if (symbol := opened.symbol()) is not None)

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
            decorators = tuple(
                fold(self._source.code(child.start_byte, child.end_byte))
                for child in node.named_children
                if child.type == "decorator"
            )
            if node.type == "template_declaration" and (last := nth(node, -1)) is not None:
                decorators = (fold(self._source.code(node.start_byte, last.start_byte)),)
            self._stack.append(Opened(end, node.start_point[0], wrapper=node.type, decorators=decorators))

    def _definition(self, node: tree_sitter.Node, end: int) -> None:
        definition = self._table.definitions[node.type]
        anywhere = node.type.startswith("preproc_")  # a preprocessor's macro belongs to its file
        if not anywhere and definition.escapes is None and self._stack and self._stack[-1].inside is Inside.NOTHING:
            return
        scopes = [opened for opened in self._stack if not opened.wrapper and opened.inside is not Inside.PASSED]
        scope = scopes[-1] if scopes and not anywhere else None
        escapes = False
        if scope is not None and scope.inside is Inside.NOTHING:
            if not leaves_method(definition, scopes):
                return
            scope, escapes = scopes[-2], True
        if len(scopes) >= _DEEPEST_NAME:
            return
        row = min([node.start_point[0], *(opened.row for opened in self._wrappers())])
        first: Opened | None = None
        for described in definition.descriptions(node, self._source):
            if not described.name.strip() or (escapes and described.kind is not SymbolKind.FIELD):
                continue
            opened = self._opened(node, described, scope, row, end, first)
            first = first or opened
        if first is not None:
            self._stack.append(first)

    def _opened(
        self, node: tree_sitter.Node, described: Found, scope: Opened | None, row: int, end: int, first: Opened | None
    ) -> Opened | None:
        """One of the names that a node defines; `first` is the one before it, whose comment it may share."""
        place = described.node or node
        decorators = (*self._decorators(place, scope), *described.decorators)
        owner = scope.kind if scope is not None else None
        settled = self._table.settle(described, decorators, owner)
        if settled is None:
            return None
        described, kind = settled, settled.kind
        if kind is SymbolKind.FUNCTION and owner is not None and owner in _HOLDS_METHODS:
            kind = SymbolKind.METHOD
        name = described.name.replace("`", "")
        name = f"{scope.name}.{name}" if scope is not None and scope.name else name
        inside = described.inside or (Inside.NOTHING if kind in OPAQUE else Inside.OWNER)
        marked = scope is None or scope.marked or node.type in self._table.beyond_markers
        opened = Opened(end, row, name, kind, inside, decorators=decorators, described=described)
        opened.marked = marked and not described.hiding
        opened.public = self._is_public(described, kind, scope, marked)
        opened.type, opened.default, opened.accessors = described.type, described.default, described.accessors
        if not described.emits:
            return opened
        if (
            kind is SymbolKind.METHOD
            and scope is not None
            and scope.described is not None
            and not scope.described.emits
        ):
            opened.trait = scope.described.trait
        own = place.start_point[0] != node.start_point[0]
        opened.lines = self.lines(place, None if own else row)
        self._describe(opened, node, place, place.start_point[0] if own else row, scope)
        if not opened.doc.says and first is not None and described.node is not None:
            # One comment above several names; what a constructor's list declares is documented as its parameter.
            opened.doc = first.doc if first.kind is kind else first.parameter_doc(described.name, self._table.name)
        opened.left_out = self.comments.left_out(place.start_point[0])
        opened.public = opened.public and not opened.is_said_private() and not opened.left_out
        if kind in CALLABLE and self._table.parameters is not None:
            opened.parameters = described.parameters or self._parameters(place)
        opened.overloads = overloads_of(described, name, self._bodiless)
        earlier = self._by_name.get(name)
        if earlier is None or not earlier.take(opened):
            self._by_name[name] = opened
            self._all.append(opened)
        return opened

    def _describe(
        self, opened: Opened, node: tree_sitter.Node, place: tree_sitter.Node, row: int, scope: Opened | None
    ) -> None:
        words, signature = (opened.described.doc, opened.described.signature) if opened.described else ("", "")
        opened.doc = document(words, self._table.name) if words else self._doc(node, row)
        opened.type = opened.type or (said_type(opened.doc) if opened.kind not in TYPES else "")
        opened.doc = opened.doc if opened.doc.says else self._other_doc(opened, place, scope)
        opened.doc = self._named.doc(opened, signature)

    def _parameters(self, node: tree_sitter.Node) -> tuple[Parameter, ...]:
        style = self._table.parameters
        texts = [self._source.code(*place) for place in parameter_lists(node)]
        return parameters(", ".join(text for text in texts if text.strip()), style) if style is not None else ()

    def _decorators(self, node: tree_sitter.Node, scope: Opened | None) -> tuple[str, ...]:
        """What stands above a definition or at its head: an access label, decorators, attributes, annotations."""
        label = (scope.label,) if scope is not None and scope.label else ()
        around = tuple(text for opened in self._wrappers() for text in opened.decorators)
        above: list[str] = []
        before, ends = node.start_byte, self._attribute_ends
        at = bisect_right(ends, (before, before)) - 1 if ends else -1
        while at >= 0 and len(above) < _MOST_DECORATORS:
            last, start = ends[at]
            if self._source.code(last, before).strip() or last > before:
                break
            above.append(fold(self._source.code(start, last)))
            before, at = start, at - 1
        head = self._source.annotations(node.start_byte, node.end_byte)
        return (*label, *around, *reversed(above), *head)

    def _wrappers(self) -> list[Opened]:
        """What stands directly around the next definition."""
        return list(takewhile(lambda opened: opened.wrapper, reversed(self._stack)))

    def _is_public(self, described: Found, kind: SymbolKind, scope: Opened | None, marked: bool) -> bool:
        if described.public is not None:
            member = kind in MEMBER_KINDS and scope is not None and not scope.public
            return described.public and not member and marked
        if scope is not None and SymbolKind.VARIANT in {kind, scope.kind}:  # as public as what the values are of
            return scope.public
        exported = any(opened.wrapper.startswith("export") for opened in self._wrappers())
        seen = Seen(
            described.name, kind, described.signature, scope.kind if scope else None, exported, self._source.exports
        )
        return (scope is None or (marked and (scope.public or scope.shows(kind)))) and self._table.public(seen)

    def _doc(self, node: tree_sitter.Node, row: int) -> Doc:
        docstring = self._table.docstring
        if docstring is not None and (inside := docstring(node, self._source)) is not None:
            return inside[0]
        read = self._table.interleaved
        if read is not None and (doc := read(row, self._attributes, self.comments.ending_on, self._source)).says:
            return doc
        return self.comments.above(row, node.start_byte, self._attributes)

    def _other_doc(self, opened: Opened, place: tree_sitter.Node, scope: Opened | None) -> Doc:
        """What attributes say of a definition, or its class of what its head declares; else the comment behind it."""
        if place.type in OF_HEAD and scope is not None and opened.described is not None:
            return of_entry(scope.doc, opened.described.name)
        if place.type == "property_promotion_parameter" and opened.described is not None:
            return self._stack[-1].parameter_doc(opened.described.name, self._table.name)
        row, column = place.end_point
        row -= column == 0  # a macro's node ends where the next line begins
        behind = opened.kind in MEMBER_KINDS | {SymbolKind.CONSTANT} or place.type in ON_ONE_LINE
        if behind or self.comments.follows(row):
            return self.comments.behind(row, place.end_byte)
        return NOTHING

    def _marker(self, node: tree_sitter.Node, _end: int) -> None:
        scope = next((opened for opened in reversed(self._stack) if not opened.wrapper), None)
        marked = self._table.mark(node, self._source)
        if isinstance(marked, Marked):
            owner = f"{scope.name}." if scope is not None and scope.name else ""
            self._said_public.update({f"{owner}{name}": marked.public for name in marked.names})
        elif scope is not None and marked is not None and scope.kind in TYPES | {SymbolKind.MODULE}:
            scope.marked, scope.label = bool(marked), marked if isinstance(marked, str) else ""

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
        for match in self._table.raised.finditer(self._source.text(node, 300)):
            if holder is not None and len(match.group(1)) > 1:  # `throws E` names a type parameter
                holder.raises[match.group(1)] = None
            if not node.type.startswith("throws"):
                break

    def _holder(self) -> Opened | None:
        return next((opened for opened in reversed(self._stack) if opened.described and opened.described.emits), None)
