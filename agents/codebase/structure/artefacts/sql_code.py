"""The code of SQL without its comments and texts, and how it writes names. Pure."""

from __future__ import annotations

import re

#: A name, in whatever quotes its dialect has.
QUOTED = r"(?:\"[^\"\n]{1,160}\"|\[[^\[\]\n]{1,160}\]|`[^`\n]{1,160}`|[\w$#@]{1,160})"
# What is never closed matches to the end, so that no place is scanned twice.
_QUIET = re.compile(r"(?P<comment>--[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z))|'(?:[^']|'')*(?:'|\Z)|\$(?P<tag>\w{0,30})\$")


def code_of(text: str, comments: list[tuple[int, int]]) -> str:
    """The text with blanks for comments, strings and quoted bodies; its length stays."""
    pieces: list[str] = []
    at = 0
    while match := _QUIET.search(text, at):
        end = match.end()
        if match.group("tag") is not None:
            closing = text.find(match.group(), end)
            # A mark that nothing closes is no quotation.
            end = closing + len(match.group()) if closing >= 0 else end
            if closing < 0:
                pieces.append(text[at:end])
                at = end
                if text.count("$", at) > 1_000:
                    break
                continue
        elif match.group("comment"):
            comments.append(match.span())
        pieces += [
            text[at : match.start()],
            re.sub(r"[^\n]", " ", match.group() if end == match.end() else text[match.start() : end]),
        ]
        at = end
    return "".join([*pieces, text[at:]])
