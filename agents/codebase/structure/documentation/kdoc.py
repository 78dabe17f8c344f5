"""KDoc: @tags over Markdown in which [Name] links a symbol."""

from __future__ import annotations

import re

from agents.codebase.structure.documentation import jsdoc, markdown, tags
from agents.codebase.structure.documentation.reference_links import with_symbols
from agents.contracts.documentation import Block, Documentation


def read(text: str) -> Documentation | None:
    """A KDoc comment as a document."""
    text = with_symbols(text)
    return tags.read(re.sub(r"^(\s*@\w+)\[(\w+)\]", r"\1 \2", text, flags=re.MULTILINE), blocks, _split).finish()


def blocks(text: str) -> list[Block]:
    """Markdown with links to symbols as blocks."""
    return markdown.blocks(jsdoc.links(text) if "{@" in text else text, markdown.names_symbol)


def _split(tag: str, text: str) -> tags.TagHead:
    return tags.TagHead("receiver", words=text) if tag == "receiver" else tags.named(tag, text)
