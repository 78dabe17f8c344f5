"""A star between two words of a comment is a product, `100*rows*columns`, and no emphasis inside a word. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.rules_inline import StateInline

_STAR = "*"


def product(state: StateInline, silent: bool) -> bool:
    """Take a star between two words as text, unless emphasis that began at a word's start ends there."""
    at, text = state.pos, state.src
    if text[at] != _STAR or not (0 < at < state.posMax - 1) or not (_is_word(text[at - 1]) and _is_word(text[at + 1])):
        return False
    stars = [delimiter for delimiter in state.delimiters if delimiter.marker == ord(_STAR)]
    if stars and stars[-1].open and not stars[-1].close:
        return False
    if not silent:
        state.pending += _STAR
    state.pos += 1
    return True


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"
