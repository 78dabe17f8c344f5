"""Links to symbols by reference, `[label][Type.member]`, in Markdown whose tools read them so. Pure."""

from __future__ import annotations

import re

#: `[label][Type.member]`, which no definition of a link follows.
_REFERENCE = re.compile(r"\[([^\[\]\n]{1,200})\]\[([A-Za-z_][\w.#]{0,200}(?:\([^()\n]{0,200}\))?)\]")


def with_symbols(text: str) -> str:
    """Markdown's links by reference to symbols as links, in languages whose tools read them so."""
    if "][" not in text:
        return text
    pieces = re.split(r"(```.*?(?:```|\Z)|`[^`\n]+`|^\[[^\[\]\n]+\]:.*$)", text, flags=re.DOTALL | re.MULTILINE)
    defined = set(re.findall(r"^\[([^\[\]\n]+)\]:", text, re.MULTILINE))
    return "".join(
        piece
        if number % 2
        else _REFERENCE.sub(
            lambda match: (
                match.group() if match.group(2) in defined else f"[{match.group(1)}](<symbol:{match.group(2)}>)"
            ),
            piece,
        )
        for number, piece in enumerate(pieces)
    )
