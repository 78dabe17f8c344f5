"""Signatures as pages show them: whole with one parameter on each line, or shortened for a table. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from agents.roles.editor import markdown
from agents.roles.editor.page_builder import PageBuilder

#: A signature up to here stays on one line.
_LINE = 88
_INDENT = "    "
_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}


def formatted(signature: str, decorators: Sequence[str] = (), overloads: Sequence[str] = ()) -> str:
    """A signature with its decorators and overloads above it; a long one has one parameter on each line."""
    return "\n".join([*map(_broken, overloads), *decorators, _broken(signature)])


def shortened(signature: str, most: int = 120) -> str:
    """A signature for a table's cell; an ellipsis says that it goes on."""
    return signature if len(signature) <= most else signature[: most - 1].rstrip() + "…"


def linked_types(builder: PageBuilder, path: str, type_: str) -> str:
    """A type as code, its parts linked where the snapshot defines them."""
    written: list[str] = []
    last = 0
    for name, place in builder.material.symbols.types(type_, path):
        match = re.compile(rf"(?<![\w$.]){re.escape(name)}(?![\w$])").search(type_, last)
        if match is not None:
            written += [markdown.code(type_[last : match.start()]), builder.symbol(*place, label=name)]
            last = match.end()
    return "".join([*written, markdown.code(type_[last:])])


def _broken(signature: str) -> str:
    if len(signature) <= _LINE:
        return signature
    start, end, commas = _longest_list(signature)
    if not commas:
        return signature
    edges = [start, *commas, end]
    pieces = [signature[first + 1 : last].strip() for first, last in pairwise(edges)]
    inside = ",\n".join(f"{_INDENT}{piece}" for piece in pieces if piece)
    return f"{signature[: start + 1]}\n{inside}\n{signature[end:]}"


def _longest_list(text: str) -> tuple[int, int, list[int]]:
    """The longest outermost bracket that holds commas: its two ends, and where its own commas are."""
    best: tuple[int, int, list[int]] = (0, 0, [])
    waiting: list[str] = []
    start = 0
    commas: list[int] = []
    at = 0
    while at < len(text):
        character = text[at]
        if character in "\"'" and (end := text.find(character, at + 1)) > 0 and not _is_lifetime(text, at):
            at = end
        elif character in "([{" or (character == "<" and _is_generic(text, at)):
            if not waiting:
                start, commas = at, []
            waiting.append(_CLOSING[character])
        elif waiting and character == waiting[-1] and not (character == ">" and text[at - 1] in "-="):
            waiting.pop()
            if not waiting and commas and at - start > best[1] - best[0]:
                best = (start, at, commas)
        elif character == "," and len(waiting) == 1:
            commas.append(at)
        at += 1
    return best


def _is_generic(text: str, at: int) -> bool:
    return at > 0 and (text[at - 1].isalnum() or text[at - 1] in "_:") and text.find(">", at) > 0


def _is_lifetime(text: str, at: int) -> bool:
    """Rust's `'a`, which nothing closes; a string stands after an equals sign or is closed at once."""
    before = text[:at].rstrip()
    return text[at] == "'" and before[-1:] in {"&", "<", ",", "+", ":"} and text[at + 2 : at + 3] != "'"
