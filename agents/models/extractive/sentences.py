"""Small English for templates: counted nouns, lists, an author's first sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.text.sentences import sentences, shortened

_MARKUP_LINE = re.compile(r"^[\s=~\-#*+_^`.:/|<>!]*$")
_DIRECTIVE = re.compile(
    r"^\s*(?:\.\. |:[a-z]+[ :]|@\w+|Args:|Arguments:|Parameters\b|Returns?:|Raises:|Examples?:|>>>)"
)
_LICENCE = re.compile(
    r"\b(?:copyright|SPDX-|licen[cs]ed? under|all rights reserved|permission is hereby)", re.IGNORECASE
)
#: Code, markup or settings where a sentence was looked for.
_CODE = re.compile(
    r"[;{}\\]\.?$|^[<{$@#!/|%]|^(?:\w{1,20}\s{1,3}){0,2}[\w.-]{1,60}\s{0,3}=|^\w{1,40}\([^()]{0,80}\)\.?$"
)
_SAMPLE = 3_000


def first_sentences(doc: str, limit: int = 300) -> str:
    """An author's first sentence or two, without underlines, directives or licences; empty if none is left."""
    paragraph = next((text for text in _paragraphs(doc[:_SAMPLE]) if not _LICENCE.search(text)), "")
    beginning, *more = sentences(paragraph)
    for sentence in more[:2]:
        if len(beginning) + len(sentence) > limit:
            break
        beginning = f"{beginning} {sentence}"
    return ended(shortened(beginning, limit * 2)) if any(c.isalnum() for c in beginning) else ""


def is_code(sentence: str) -> bool:
    """Whether it is no sentence after all: code that was commented out, markup, a setting."""
    return _CODE.search(sentence) is not None


def _paragraphs(doc: str) -> Iterator[str]:
    """Runs of prose; a directive ends one, and what stands below it until the next empty line is its own."""
    lines: list[str] = []
    prose = True
    for line in [*doc.splitlines(), ""]:
        empty = not line.strip() or bool(_MARKUP_LINE.match(line))
        prose = empty or (prose and not _DIRECTIVE.match(line))
        if prose and not empty:
            lines.append(line.strip())
        elif lines:
            yield " ".join(lines)
            lines = []


def ended(sentence: str) -> str:
    """With a full stop, if nothing else ends it."""
    text = sentence.strip().rstrip(":;,")
    return text if not text or text[-1] in ".!?…" or text.endswith((".)", "!)", "?)")) else f"{text}."
