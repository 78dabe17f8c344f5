"""What a reader would stumble over in a page's text: HTML that should not be there, and nothing to read. Pure."""

from __future__ import annotations

import re

#: What we write ourselves: elements without attributes, which can neither run nor load anything.
_OURS = "code|em|strong|br|p|pre|ul|ol|li|dl|dt|dd|table|thead|tbody|tr|th|td|blockquote|details|summary"
_HTML = re.compile(rf"<(?!/?(?:{_OURS})>)[^\s]?")


def raw_html(text: str) -> str:
    """The first HTML in a text without code, other than the elements we write ourselves; empty if there is none."""
    found = _HTML.search(text)
    return text[found.start() : found.start() + 30] if found else ""


def words(text: str) -> int:
    """Words outside headings: a page without any is empty."""
    return sum(len(line.split()) for line in text.split("\n") if not line.startswith("#"))
