"""Comments of C and C++ that name what they document, wherever they stand: `\\def ROWS_MAX`, `@struct row`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import tree_sitter

from agents.codebase.structure.documentation import NOTHING, Doc, of_comment
from agents.codebase.structure.source import Source

_LANGUAGES = frozenset({"c", "cpp"})
_NAMES = re.compile(
    r"(/\*[*!]\s*(?:\*\s*)?|//[/!]\s*)[@\\](?:def|enum|struct|class|union|typedef|var)[ \t]+"
    r"([A-Za-z_]\w{0,100})(?:\([^()\n]*\))?[ \t]*(?=\n|\*/)"
)
_LONGEST = 20_000


def named_comments(nodes: Iterable[tree_sitter.Node], source: Source, language: str) -> Mapping[str, str]:
    """The comments that begin with the name of what they document, without it."""
    comments: dict[str, str] = {}
    if language not in _LANGUAGES:
        return comments
    for node in nodes:
        start = source.data[node.start_byte : node.start_byte + 200]
        if (b"@" in start or b"\\" in start) and (named := _NAMES.match(text := source.text(node, _LONGEST))):
            comments.setdefault(named.group(2), named.group(1) + text[named.end() :])
    return comments


def doc_by_name(comments: Mapping[str, str], name: str, language: str) -> Doc:
    """What such a comment says of a symbol, which may be named with its owners."""
    comment = comments.get(name.rpartition(".")[2], "") if comments else ""
    return of_comment(comment, language) if comment else NOTHING
