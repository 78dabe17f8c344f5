"""What a reader would stumble over in a page's text: HTML that should not be there, and nothing to read. Pure."""

from __future__ import annotations

import re

#: What we write ourselves: elements without attributes, and symbols' anchors, which can neither run nor load anything.
_OURS = "code|em|strong|br|p|pre|ul|ol|li|dl|dt|dd|table|thead|tbody|tr|th|td|blockquote|details|summary"
_ANCHOR = r"<a id=\"s\.[A-Za-z0-9_.%~-]+\" class=\"[a-z-]+\"></a>"
_HTML = re.compile(rf"{_ANCHOR}|(<(?!/?(?:{_OURS})>)[^\s]?)")


def raw_html(text: str) -> str:
    """The first HTML in a text without code, other than the elements we write ourselves; empty if there is none."""
    tag = next((match for match in _HTML.finditer(text) if match[1]), None)
    return text[tag.start() : tag.start() + 30] if tag else ""


def words(text: str) -> int:
    """Words outside headings: a page without any is empty."""
    return sum(len(line.split()) for line in text.split("\n") if not line.startswith("#"))
