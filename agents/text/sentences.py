"""An author's sentences: where one ends, which is the first, and how a long one is cut. Pure."""

from __future__ import annotations

import re

from agents.text.wording import one_line

#: A mark that ends a sentence, but for abbreviations and a list's number, before what can begin one.
_END = re.compile(
    r"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)(?<!vs\.)(?<![\s“\"(]\d\.)\s+(?=[A-Z`\"'(\[])",
)
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")


def sentences(text: str) -> list[str]:
    """The sentences of one paragraph, in order."""
    return _END.split(text)


def first_sentence(text: str, longest: int = 160) -> str:
    """The first sentence of a text's first paragraph, on one line, cut at a word when it is long."""
    return shortened(sentences(one_line(_PARAGRAPHS.split(text.strip(), maxsplit=1)[0]))[0], longest)


def shortened(text: str, limit: int) -> str:
    """The text, cut at a word, with an ellipsis."""
    return text if len(text) <= limit else text[:limit].rpartition(" ")[0].rstrip(" ,;:") + "…"
