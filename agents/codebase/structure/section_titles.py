"""Titles of the sections that a file of C or C++ documents: `\\ref mt_io` reads as the section is called. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

_TITLED = re.compile(
    rb"[@\\](?:page|section|subsection|subsubsection|paragraph|defgroup|addtogroup|weakgroup)"
    rb"[ \t]{1,20}([A-Za-z_][\w:-]{0,100})[ \t]{1,20}([^\r\n]{1,200})"
)
#: A reference without words of its own.
_BARE = re.compile(r"([@\\](?:ref|subpage)[ \t]{1,9}([A-Za-z_][\w:-]*\w))(?![\w:(-])(?!\s{1,200}(?:\*\s{0,20})?\")")
_MOST = 1_000


def section_titles(data: bytes) -> Mapping[str, str]:
    """Each section's title by its name."""
    titles: dict[str, str] = {}
    if b"\\ref" not in data and b"@ref" not in data:
        return titles
    for match in _TITLED.finditer(data):
        title = match.group(2).decode("utf-8", "replace").split("*/")[0].replace('"', "'").strip()
        if title and len(titles) < _MOST:
            titles.setdefault(match.group(1).decode("ascii", "replace"), title)
    return titles


def with_titles(comment: str, titles: Mapping[str, str]) -> str:
    """The comment with a section's title behind each reference that has no words."""

    def titled(match: re.Match[str]) -> str:
        title = titles.get(match.group(2), "")
        return f'{match.group(1)} "{title}"' if title else match.group(0)

    return _BARE.sub(titled, comment) if titles else comment
