"""A file of one version as pieces that can be compared: each symbol's own code, and what its author says of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from agents.codebase.change.tokens import SEPARATOR, CodeText
from agents.contracts.base import Lines
from agents.contracts.structure import MEMBER_KINDS, PARTS_OF_DATA, Evidence, Structure, Symbol, SymbolKind

_NO_PIECES = PARTS_OF_DATA | {SymbolKind.RE_EXPORT, SymbolKind.ALIAS}
_NAMED = "\x1cname"
#: A property has a body, as a function has one.
_PARTS = MEMBER_KINDS - {SymbolKind.PROPERTY}


@dataclass(frozen=True, eq=False)
class Piece:
    """A symbol, or with an empty name a file: `own` are its tokens without the symbols that stand for themselves."""

    path: str
    name: str
    kind: SymbolKind
    lines: Lines
    own: str
    whole: str
    doc: str = ""
    signature: str = ""
    public: bool = True
    number: int = field(default=0)

    @property
    def last_name(self) -> str:
        """The name without its owners."""
        return self.name.rpartition(".")[2]

    @property
    def is_definition(self) -> bool:
        """Whether it is a symbol that documentation names: no file, no member, no variable."""
        return bool(self.name) and self.kind not in _PARTS and self.kind is not SymbolKind.CONSTANT

    @cached_property
    def nameless(self) -> str:
        """The whole text with a mark in the place of its name: equal for a symbol that only has another name."""
        return self.whole.replace(f"{SEPARATOR}{self.last_name}{SEPARATOR}", f"{SEPARATOR}{_NAMED}{SEPARATOR}")

    @property
    def title(self) -> str:
        """What a person calls it."""
        return self.name or self.path


@dataclass(frozen=True)
class ComparedFile:
    """One file of a version: its text, the pieces of its code, and its documentation comments by line."""

    path: str
    language: str
    text: str
    pieces: tuple[Piece, ...] = ()
    comments: tuple[tuple[int, str], ...] = ()
    defined: frozenset[str] = frozenset()
    evidence: tuple[Evidence, ...] = ()

    @cached_property
    def code(self) -> CodeText:
        """Its tokens. Raises ValueError for a file that takes its grammar too long."""
        return CodeText(self.language, self.text)


def source_file(path: str, language: str, text: str, structure: Structure) -> ComparedFile:
    """A file's pieces: the file itself, then its symbols, owners before what they hold.

    Raises ValueError for a file that takes its grammar too long.
    """
    comments = [(structure.doc_lines.start if structure.doc_lines else 1, structure.doc)]
    comments += [(symbol.lines.start, symbol.doc) for symbol in structure.symbols]
    pieces = tuple(_pieces(path, structure, CodeText(language, text)))
    defined = frozenset(symbol.name.rpartition(".")[2] for symbol in structure.symbols)
    documented = tuple((line, doc) for line, doc in comments if doc)
    return ComparedFile(path, language, text, pieces, documented, defined, structure.evidence)


def _pieces(path: str, structure: Structure, code: CodeText) -> Iterator[Piece]:
    symbols = [symbol for symbol in structure.symbols if symbol.kind not in _NO_PIECES]
    if structure.doc and structure.language != "markdown" and (symbols or structure.imports):
        yield _of_file(path, structure, symbols, code)
    seen: dict[str, int] = defaultdict(int)
    inside = _inside(symbols)
    for at, symbol in enumerate(symbols):
        rows = range(symbol.lines.start - 1, symbol.lines.end)
        taken = {row for other in inside[at] for row in range(other.lines.start - 1, other.lines.end)}
        own = [row for row in rows if row not in taken] if taken else rows
        yield Piece(
            path=path,
            name=symbol.name,
            kind=symbol.kind,
            lines=symbol.lines,
            own=code.of(own),
            whole=code.of(rows),
            doc=symbol.doc,
            signature=" ".join(symbol.signature.split()),
            public=symbol.public,
            number=seen[symbol.name],
        )
        seen[symbol.name] += 1


def _of_file(path: str, structure: Structure, symbols: list[Symbol], code: CodeText) -> Piece:
    """The file's own statement rests on what is neither a symbol nor an import."""
    taken = {
        row
        for lines in (*(item.lines for item in symbols), *(item.lines for item in structure.imports))
        for row in range(lines.start - 1, lines.end)
    }
    own = code.of(row for row in range(structure.line_count) if row not in taken)
    lines = Lines(start=1, end=max(1, structure.line_count))
    # Its documentation comment is where a reader looks; the whole file is what a rename or a move is known by.
    return Piece(path, "", SymbolKind.MODULE, structure.doc_lines or lines, own, code.whole, structure.doc)


def _inside(symbols: list[Symbol]) -> dict[int, list[Symbol]]:
    """Of each symbol, by its number, the symbols within its lines that stand for themselves."""
    holders: dict[int, list[Symbol]] = defaultdict(list)
    around: list[int] = []
    order = sorted(range(len(symbols)), key=lambda at: (symbols[at].lines.start, -symbols[at].lines.end))
    for at in order:
        lines = symbols[at].lines
        while around and symbols[around[-1]].lines.end < lines.end:
            around.pop()
        stands = symbols[at].kind not in _PARTS or bool(symbols[at].doc)
        if around and stands and symbols[around[-1]].lines != lines:
            holders[around[-1]].append(symbols[at])
        if not around or symbols[around[-1]].lines != lines:
            around.append(at)
    return holders
