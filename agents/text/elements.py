"""Cuts elements of a markup out of a text, with all that they hold, in time that grows with the text. Pure."""

from __future__ import annotations

import re


def without_elements(text: str, opening: re.Pattern[str], closing: str, mark: str) -> str:
    """The text with a mark for each element; one that is never closed stays.

    `opening` is the beginning of an element, with its name as the first group, and `closing` the pattern of its end,
    with `{name}` in the name's place.
    """
    case = opening.flags & re.IGNORECASE
    parts: list[str] = []
    at = begin = 0
    unclosed: set[str] = set()
    while opened := opening.search(text, begin):
        name = opened.group(1).lower() if case else opened.group(1)
        ending = re.compile(closing.format(name=name), case)
        closed = ending.search(text, opened.end()) if name not in unclosed else None
        if closed is None:
            unclosed.add(name)
            # An element's beginning may hold that of another.
            begin = opened.start() + 1
            continue
        parts += [text[at : opened.start()], mark]
        at = begin = closed.end()
    return "".join([*parts, text[at:]])
