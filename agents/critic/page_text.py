"""Takes a page's Markdown apart: its links, its diagrams, and HTML that should not be there."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FENCE = re.compile(r"^( *)(`{3,})([^`\n]*)$")
#: Code inside a line, then links; escaped brackets and backticks belong to the text.
_CODE = re.compile(r"(?<![\\`])(`+)(?!`)[^\n]*?(?<!`)\1(?!`)")
_LINK = re.compile(r"(?<!\\)\]\(([^()\s]*)\)")
_HTML = re.compile(r"<(?!/?code>)[^\s]?")


def split(markdown: str) -> tuple[str, list[tuple[str, str]]]:
    """The text outside code blocks, and each code block as (language, content)."""
    outside: list[str] = []
    blocks: list[tuple[str, str]] = []
    inside: list[str] | None = None
    bars, language = "", ""
    for line in markdown.split("\n"):
        found = _FENCE.match(line)
        if inside is None and found:
            bars, language, inside = found.group(2), found.group(3).strip(), []
        elif inside is not None and line.strip() == bars:
            blocks.append((language, "\n".join(inside)))
            inside = None
        elif inside is not None:
            inside.append(line)
        else:
            outside.append(line)
    if inside is not None:
        blocks.append(("unclosed", "\n".join(inside)))
    return "\n".join(outside), blocks


def without_code(text: str) -> str:
    """The text without the code inside its lines."""
    return _CODE.sub("", text)


def links(text: str) -> Iterator[str]:
    """Targets of the links in a text without code."""
    for found in _LINK.finditer(text):
        yield found.group(1)


def raw_html(text: str) -> str:
    """The first HTML in a text without code, other than the `<code>` we write ourselves; empty if there is none."""
    found = _HTML.search(text)
    return text[found.start() : found.start() + 30] if found else ""


def words(text: str) -> int:
    """Words outside headings: a page without any is empty."""
    return sum(len(line.split()) for line in text.split("\n") if not line.startswith("#"))
