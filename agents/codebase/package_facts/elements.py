"""Elements of a manifest's XML by their names, found in time that grows with the text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from agents.text.elements import without_elements


def element(text: str, name: str) -> str:
    """The first element of a name that has no attributes, with its tags; empty for none."""
    start = text.find(f"<{name}>")
    end = text.find(f"</{name}>", start) if start >= 0 else -1
    return text[start : end + len(name) + 3] if end >= 0 else ""


def element_text(text: str, name: str) -> str:
    """The text of the first element of a name that holds text alone; empty for none."""
    match = re.search(rf"<{name}>([^<]+)</{name}>", text)
    return match.group(1) if match else ""


def outside_comments(text: str) -> str:
    """The text without its comments."""
    # Behind the last end of a comment each beginning would be followed up to the end of the text.
    end = text.rfind("-->") + len("-->")
    return re.sub(r"<!--.*?-->", " ", text[:end], flags=re.DOTALL) + text[end:] if end > len("-->") else text


def outside_elements(text: str, names: Iterable[str]) -> str:
    """The text without the elements of these names and what is in them; one that is never closed stays."""
    return without_elements(text, re.compile(rf"<({'|'.join(names)})\b"), "</{name}>", " ")
