"""PHPDoc: @tags with types before names, over Markdown or HTML."""

from __future__ import annotations

import re

from agents.codebase.structure.documentation import jsdoc, tags
from agents.contracts.documentation import Documentation

_VARIABLE = re.compile(r"\s*((?:&|\.\.\.)*\$\w+)\s*")


def read(text: str) -> Documentation | None:
    """A PHPDoc comment as a document."""
    return tags.read(text, jsdoc.blocks, _split).finish()


def _split(tag: str, text: str) -> tags.TagHead:
    if tag in {"return", "returns", "yield", "yields", "throws", "throw", "exception"}:
        kind, words = tags.typed_value(text)
        return tags.TagHead(type=kind, words=words)
    if tag.startswith("template"):
        name, words = tags.word(text)
        return tags.TagHead(name, words=words)
    if alone := _VARIABLE.match(text):
        return tags.TagHead(alone.group(1), words=text[alone.end() :])
    kind, rest = tags.typed_value(text)
    if match := _VARIABLE.match(rest):
        return tags.TagHead(match.group(1), kind, words=rest[match.end() :])
    name, words = tags.word(text)
    return tags.TagHead(name, words=words)
