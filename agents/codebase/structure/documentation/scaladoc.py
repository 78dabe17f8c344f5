"""Scaladoc: @tags over a wiki's marks: {{{code}}}, '''bold''', ''italic'', [[links]], =headings=, indented lists."""

from __future__ import annotations

import re

from agents.codebase.structure.documentation import markdown, tags
from agents.contracts.documentation import Block, Documentation
from agents.text import marked

_CODE = re.compile(r"\{\{\{(.*?)\}\}\}", re.DOTALL)
_LINK = re.compile(r"\[\[([^\[\]\s]{1,300})(?:\s+([^\[\]]{1,300}))?\]\]")
_HEADING = re.compile(r"^\s*(={1,5})\s*([^=\n].*?)\s*=+\s*$", re.MULTILINE)
_LETTERS = re.compile(r"^([ \t]+)[aiI]\. ", re.MULTILINE)


def read(text: str) -> Documentation | None:
    """A Scaladoc comment as a document."""
    return tags.read(_fenced(text), _blocks, tags.named).finish()


def _fenced(text: str) -> str:
    if "{{{" not in text or text.count("{{{") > 100 + text.count("}}}"):  # each is looked for to the end
        return text
    return _CODE.sub(
        lambda match: (
            f"\n```scala\n{match.group(1).strip(chr(10)).rstrip()}\n```\n"
            if "\n" in match.group(1)
            else marked.code(match.group(1))
        ),
        text,
    )


def _blocks(text: str) -> list[Block]:
    pieces = re.split(r"(```.*?```|`[^`\n]+`)", text, flags=re.DOTALL)
    changed = "".join(piece if number % 2 else _wiki(piece) for number, piece in enumerate(pieces))
    return markdown.blocks(changed)


def _wiki(text: str) -> str:
    text = _HEADING.sub(lambda match: f"\n{'#' * len(match.group(1))} {match.group(2)}\n", text)
    text = _LETTERS.sub(r"\g<1>1. ", text)
    text = re.sub(
        r"^[ \t]{1,8}(?=(?:-|1\.)\s)", lambda match: " " * max(0, len(match.group()) - 1), text, flags=re.MULTILINE
    )
    text = re.sub(r"'''([^'\n]{1,300})'''", r"**\1**", text)
    text = re.sub(r"''([^'\n]{1,300})''", r"*\1*", text)
    text = re.sub(r"(?<!\w)__([^_\n]{1,300})__(?!\w)", r"\1", text)
    return _LINK.sub(_link, text)


def _link(match: re.Match[str]) -> str:
    target, label = match.groups()
    address = target.startswith(("http://", "https://"))
    link_text = label or (target if address else f"`{target}`")
    return f"[{link_text}](<{target if address else marked.SYMBOL + target}>)"
