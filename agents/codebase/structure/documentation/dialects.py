"""Which language writes which dialect of documentation comments."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib import import_module

from agents.codebase.structure.documentation.draft import DocumentationDraft
from agents.codebase.structure.documentation.plain import blocks as plain_blocks
from agents.contracts.documentation import Block, Code, Documentation, Paragraph
from agents.text.marked import escaped

Parser = Callable[[str], Documentation | None]

#: Language -> the module of agents.codebase.structure.documentation that reads its comments. The rest is plain text.
DIALECTS: Mapping[str, str] = {
    "python": "python",
    "javascript": "jsdoc",
    "typescript": "jsdoc",
    "tsx": "jsdoc",
    "java": "javadoc",
    "kotlin": "kdoc",
    "scala": "scaladoc",
    "rust": "rustdoc",
    "go": "godoc",
    "c": "doxygen",
    "cpp": "doxygen",
    "csharp": "xmldoc",
    "ruby": "yard",
    "php": "phpdoc",
    "swift": "swift",
    "lua": "ldoc",
    "dart": "dartdoc",
    "elixir": "sections",
    "graphql": "sections",
    "terraform": "sections",
    "powershell": "powershell",
    "bash": "shell",
}
#: A longer comment is shown as paragraphs and code: some marks take time by the square of what is never closed.
_LONGEST = 100_000
#: More empty lines in a row say nothing more, and many marks are looked for behind each of them.
_ENDLESS_GAP = re.compile(r"\n(?:[^\S\n]*+\n){30,}+")
#: A comment without any of these is prose in every dialect.
_MARKS = "`*_[]<>@\\#:{}&|=~+\n'"


def read(text: str, language: str, marker: str = "") -> Documentation | None:
    """A comment's text, its markers removed, as a document; None when it says nothing.

    `marker` is what the comment began with, as far as its dialect depends on it.
    """
    comment = _ENDLESS_GAP.sub("\n" * 30, text.strip("\n").rstrip())
    if not comment.strip():
        return None
    if not any(sign in comment for sign in _MARKS) and not comment.startswith((" ", "-", "1", "(", ".")):
        return Documentation(summary=" ".join(comment.split()))
    if len(comment) > _LONGEST:
        return as_plain(comment)
    if language == "java" and marker.startswith("///"):
        from agents.codebase.structure.documentation.javadoc import read_markdown

        return read_markdown(comment)
    try:
        return _parser(DIALECTS.get(language, "plaintext"))(comment)
    except RecursionError:  # a text written to exhaust a parser is still shown
        return as_plain(comment)


def as_plain(text: str) -> Documentation | None:
    """A text as paragraphs and code, whatever else it may mean."""
    draft = DocumentationDraft()
    draft.blocks += plain_blocks(text)
    return draft.finish()


def as_written(text: str) -> Documentation:
    """A text of one paragraph, shown as it is written."""
    return Documentation(summary=escaped(text))


def _parser(name: str) -> Parser:
    parser: Parser = import_module(f"agents.codebase.structure.documentation.{name}").read
    return parser


__all__ = ["DIALECTS", "Block", "Code", "Paragraph", "as_plain", "as_written", "read"]
