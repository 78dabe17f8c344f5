"""Guides in plain text: underlined, numbered or capital lines are headings, indented blocks are code. Linear. Pure."""

from __future__ import annotations

import re

from agents.codebase.structure.documentation.plain import blocks as plain_blocks
from agents.contracts.documentation import Block, Heading
from agents.text import marked

_RULE = re.compile(r"^\s*([=\-~^*#+])\1{2,}\s*$")
_NUMBERED = re.compile(r"^\s*(?:\d{1,2}\.){1,3}\d{0,2}\s+[A-Z]\S*")
_POINT = re.compile(r"^\s*\d{1,2}[.)]\s+(?=\S)")
_BULLET = re.compile(r"^(\s*)[*-]\s+(?=\S)")


def blocks(text: str) -> list[Block]:
    """Plain text as blocks."""
    lines = text.expandtabs(4).split("\n")
    result: list[Block] = []
    pending: list[str] = []

    def end_words() -> None:
        result.extend(plain_blocks("\n".join(pending)))
        pending.clear()

    at = 0
    while at < len(lines):
        line = lines[at]
        level = _level(lines, at)
        if level:
            end_words()
            # What stands first is the title.
            title = marked.escaped(line.strip().strip("=*# "))
            result.append(Heading(text=title, level=level if result else 1))
            at += 2 if at + 1 < len(lines) and _RULE.match(lines[at + 1]) else 1
            continue
        if _RULE.match(line):
            end_words()
        elif _BULLET.match(line):
            # Each point is a paragraph of its own: an author's indentation does not say how a list is nested.
            end_words()
            pending.append(_BULLET.sub("• ", line))
        elif _POINT.match(line):
            end_words()
            pending.append(line.strip())
        elif pending and (pending[0].startswith("• ") or _POINT.match(pending[0])) and line.strip():
            pending.append(line.strip())
        else:
            pending.append(line)
        at += 1
    end_words()
    return result


def _level(lines: list[str], at: int) -> int:
    """The level of the heading on a line, 0 for none."""
    title = lines[at].strip()
    if not title or len(title) > 80 or _RULE.match(title):
        return 0
    following = lines[at + 1] if at + 1 < len(lines) else ""
    if _RULE.match(following) and not lines[at].startswith("    "):
        return 1 if following.strip()[0] == "=" else 2
    alone = (at == 0 or not lines[at - 1].strip() or _RULE.match(lines[at - 1])) and not following.strip()
    capital = title.isupper() and len(title) > 3 and any(letter.isalpha() for letter in title)
    return 2 if alone and (capital or _NUMBERED.match(title)) else 0
