"""Epytext's inline marks and literal blocks; its fields are read with Python's other fields."""

from __future__ import annotations

import re

from agents.codebase.structure.documentation import rest
from agents.contracts.documentation import Block

_MARK = re.compile(r"\b([BICMLUSXGE])\{([^{}]{0,500})\}")


def blocks(text: str) -> list[Block]:
    """Epytext as blocks: its paragraphs, lists, sessions and literals are those of reStructuredText."""
    for _ in range(3):  # marks stand inside marks
        changed = _MARK.sub(_as_rest, text)
        if changed == text:
            break
        text = changed
    return rest.blocks(text)


def _as_rest(match: re.Match[str]) -> str:
    sign, inner = match.group(1), match.group(2)
    if sign in "CM":
        return f"``{inner}``"
    if sign == "B":
        return f"**{inner}**"
    if sign == "I":
        return f"*{inner}*"
    if sign in "LU":
        title, angle, target = inner.partition("<")
        target = target.rstrip("> ") if angle else inner
        if sign == "U":
            return f"`{title.strip()} <{target}>`_" if angle else target
        return f":obj:`{title.strip()} <{target}>`" if angle else f":obj:`{target}`"
    if sign == "E":
        return {"lb": "{", "rb": "}"}.get(inner, inner)
    return inner
