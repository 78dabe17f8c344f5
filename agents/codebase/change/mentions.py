"""Where documentation of the newer version still names a symbol that is gone."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from agents.codebase.change.result import CitedCode, NamedIn, RemovedSymbol
from agents.codebase.change.units import ComparedFile, Piece
from agents.codebase.secrets import without_secrets

DOCUMENTS = (".md", ".rst", ".adoc", ".txt", ".markdown")
#: History names what is gone, and should.
_HISTORY = re.compile(r"^(?:change(?:s|log)?|history|news|releases?|release[_-]notes|upgrad\w*)\b", re.IGNORECASE)
#: `snake_case`, `camelCase`, `CamelCase`, `v2`: no word of a sentence.
_UNLIKE_A_WORD = re.compile(r"[a-z0-9][A-Z]|\w_\w|[A-Za-z]\d")
_MOST_LINES, _LONGEST = 20, 200


def names_to_find(gone: Iterable[tuple[Piece, str]]) -> set[str]:
    """What a file must hold to be worth reading."""
    return {piece.last_name for piece, _ in gone}


def removed_symbols(gone: Iterable[tuple[Piece, str]], files: Mapping[str, ComparedFile]) -> Iterator[RemovedSymbol]:
    """The symbols that documentation still names; `files` are those of the newer version that hold one of the names."""
    documents = {path: list(_documentation(file)) for path, file in sorted(files.items())}
    code = [file for path, file in files.items() if not path.lower().endswith(DOCUMENTS)]
    defined = {name for file in code for name in file.defined}
    for piece, renamed_to in gone:
        naming = _naming(piece, piece.last_name in defined)
        named = [
            NamedIn(path, line, without_secrets(text.strip())[:_LONGEST])
            for path, lines in documents.items()
            for line, text in lines
            if naming.search(text)
        ]
        if named:
            yield RemovedSymbol(piece.name, CitedCode(piece.path, piece.lines), renamed_to, tuple(named[:_MOST_LINES]))


def _documentation(file: ComparedFile) -> Iterator[tuple[int, str]]:
    """The lines of documents and of documentation comments, with their numbers."""
    if file.path.lower().endswith(DOCUMENTS):
        if not _HISTORY.match(posixpath.basename(file.path)):
            yield from enumerate(file.text.split("\n"), 1)
        return
    for line, comment in file.comments:
        yield from ((line, text) for text in comment.split("\n"))


def _naming(piece: Piece, defined_elsewhere: bool) -> re.Pattern[str]:
    """What names the symbol: its qualified name, and its last name where that cannot be another's or a plain word."""
    last = re.escape(piece.last_name)
    owner = piece.name.rpartition(".")[0].rpartition(".")[2]
    # What no class holds is called by its module or its package.
    owners = [owner] if owner else [piece.path.rpartition("/")[2].partition(".")[0], *piece.path.split("/")[-2:-1]]
    any_owner = "|".join(re.escape(piece) for piece in owners if piece)
    ways = [rf"(?<!\w)(?:{any_owner})(?:\.|::|#|->){last}(?!\w)"] if any_owner else []
    if not defined_elsewhere:
        marked = rf"`[^`\n]*(?<!\w){last}(?!\w)[^`\n]*`|(?<!\w){last}\(\S*\)"
        ways.append(rf"(?<!\w){last}(?!\w)" if _UNLIKE_A_WORD.search(piece.last_name) else marked)
    return re.compile("|".join(ways) or r"(?!)")
