"""A parsed file as the readers of facts see it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import tree_sitter

from agents.codebase.facts.calls import QUERIES, CodeCall, calls_by_method, node_text, read
from agents.codebase.facts.written import Written, read_call
from agents.codebase.structure.deadline import in_order
from agents.codebase.structure.grammars import query
from agents.codebase.structure.innermost import innermost
from agents.contracts.base import Lines
from agents.contracts.structure import Import, Symbol, SymbolKind

_CONSTANT = re.compile(r"""\b(\w+)\b(?:\s*:[^=\n]{1,40}|\s+string)?\s*:?=\s*\(?(["'])([^"'\n]*)\2""")
_DECORATED = "(decorated_definition) @decorated"
_DECLARATORS = "(variable_declarator) @declared"


@dataclass(frozen=True)
class ParsedCode:
    """One file: its tree, its bytes, and its outline."""

    language: str
    root: tree_sitter.Node
    source: bytes
    symbols: Sequence[Symbol]
    imports: Sequence[Import] = ()

    def holds(self, *words: bytes) -> bool:
        """Whether any of these stands in the file: a reader looks no further where none does."""
        return any(word in self.source for word in words)

    def calls(self, *methods: str) -> Iterator[CodeCall]:
        """The calls of these functions or methods, by the last part of their names, in the file's order."""
        names = [name for name in dict.fromkeys(map(str.encode, methods)) if name in self.source]
        if self.language in QUERIES and names:
            places = [place for name in names for place in self._calls.get(name, ())]
            for _, node in sorted(places, key=lambda place: place[0]):
                yield read(node, self.source)

    @cached_property
    def _calls(self) -> dict[bytes, list[tuple[int, tree_sitter.Node]]]:
        """Found once: a dozen readers ask for calls."""
        return calls_by_method(self.language, self.root, self.source)

    def text(self, node: tree_sitter.Node) -> str:
        """A node's text."""
        return node_text(node, self.source)

    def written(self, lines: Lines) -> str:
        """These lines as they are written."""
        return "\n".join(self._lines[lines.start - 1 : lines.end])

    @cached_property
    def _lines(self) -> list[str]:
        return self.whole_text.split("\n")

    def symbol_at(self, line: int) -> str:
        """The innermost symbol around a line."""
        symbol = self.symbol_around(line)
        return symbol.name if symbol is not None else ""

    def symbol_around(self, line: int) -> Symbol | None:
        """The same, with all that is known of it; None at the top of the file."""
        # Of two on the same lines the inner one comes later.
        return innermost(reversed(self.symbols), line)

    def constant(self, name: str) -> str:
        """The text that a constant or variable of the file is given where it is declared; empty for none."""
        return self._constants.get(name.rpartition(".")[2], "")

    @cached_property
    def _constants(self) -> dict[str, str]:
        """The first text of each name."""
        constants: dict[str, str] = {}
        for match in _CONSTANT.finditer(self.whole_text):
            constants.setdefault(match[1], match[3])
        return constants

    @cached_property
    def whole_text(self) -> str:
        """The file's whole text."""
        return self.source.decode("utf-8", "replace")

    @cached_property
    def docs(self) -> dict[str, str]:
        """The documentation of the file's symbols by their names."""
        return {item.name: item.doc for item in reversed(self.symbols)}

    @cached_property
    def variables(self) -> dict[str, tree_sitter.Node]:
        """What the variables of a script are given where they are declared, by their names; of several, the first."""
        declared = in_order(query(self.language, _DECLARATORS), self.root, "declared")
        pairs = ((item.child_by_field_name("name"), item.child_by_field_name("value")) for item in reversed(declared))
        return {self.text(name): value for name, value in pairs if name is not None and value is not None}

    @cached_property
    def decorated(self) -> tuple[tuple[Symbol, tuple[Written, ...]], ...]:
        """Symbols with their decorators, annotations and attributes as calls."""
        return tuple(
            (symbol, tuple(read_call(text) for text in symbol.decorators))
            for symbol in self.symbols
            if symbol.decorators
        ) + tuple(self._decorated_inside())

    def _decorated_inside(self) -> Iterator[tuple[Symbol, tuple[Written, ...]]]:
        """Functions with decorators inside Python's functions, as an application's factory has them: no symbols."""
        if self.language != "python" or b"@" not in self.source:
            return
        outlined = {symbol.lines.start for symbol in self.symbols if symbol.decorators}
        for node in in_order(query("python", _DECORATED), self.root, "decorated"):
            function = node.child_by_field_name("definition")
            name = function.child_by_field_name("name") if function is not None else None
            lines = place_at(node)
            if lines.start in outlined or function is None or name is None or function.type != "function_definition":
                continue
            texts = [self.text(child).lstrip("@ ") for child in node.named_children if child.type == "decorator"]
            inner = Symbol(
                name=self.text(name), kind=SymbolKind.FUNCTION, signature=f"def {self.text(name)}", lines=lines
            )
            yield inner, tuple(map(read_call, texts))


def place(call: CodeCall) -> Lines:
    """A call's lines."""
    return Lines(start=call.line, end=max(call.line, call.end))


def place_at(node: tree_sitter.Node) -> Lines:
    """A node's lines."""
    return Lines(start=node.start_point[0] + 1, end=node.end_point[0] + 1)
