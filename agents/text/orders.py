"""Finds what a text orders a language model to do: prompt injection in comments, docstrings, documents. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from agents.text.visible import visible_text

#: Words without which no sentence gives orders to a model. Only around them is looked: a repository is a long text.
_SIGNS = ("ignore", "disregard", "forget", "override", "you are", "you're", "now on", "language model",
          "language-model", " ai ", " ais ", "llm", "gpt", "claude", "gemini", "copilot")  # fmt: skip
_BEFORE, _AFTER = 60, 160
_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_MODEL = r"(?:AI|LLM|language[ -]model|large[ -]language[ -]model|chat ?GPT|GPT-?\d*|claude|gemini|copilot)"
_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.!?=]{0,40}\b(?:previous|prior|above|earlier|preceding|all|any|your"
    r"|system|other|former|original)\b[^.!?=]{0,30}\b(?:instructions?|prompts?|directions?|guidelines|guardrails)\b"
    r"|\b(?:attention|note to|message (?:to|for)|instructions? (?:to|for)|dear)\b[\s:,]{1,3}(?:the |any |all |every )?"
    rf"{_MODEL}(?:s| assistants?| agents?| models?)?\b"
    rf"|\bif you are (?:an? |the )?{_MODEL}\b"
    rf"|\b{_MODEL}s?\b[^.!?]{{0,20}}\b(?:reading|processing|documenting|reviewing|analy[sz]ing|summari[sz]ing) this\b"
    r"|\bfrom now on,? you (?:are|will|must)\b",
    re.IGNORECASE,
)
#: A part that a model is to play. Programs that ask models hold such texts, so their source stays readable.
_PART = re.compile(
    rf"\byou(?: are|'re) (?:now )?(?:an? |the )?(?:\w+ ){{0,3}}(?:{_MODEL}|assistant|DAN)\b", re.IGNORECASE
)
_MARKER = re.compile(r"^\s*(#+|//+|\*|--|;+|%+|>)?")
_CLOSES = ('"""', "'''", "-->", "*/")
#: Lines that one order can take: more is a file of its own.
_LONGEST_ORDER = 12
#: Characters after an order's beginning in which it says what it wants: a text may be one line of many orders.
_WANTS_WITHIN = 4_000
_SENTENCE_END, _PARAGRAPH_END = re.compile(r"[.!?]\s+|\n"), re.compile(r"\n(?=[ \t]*\n)")
#: What an order wants to read on a page: addresses, the word after "word", what a verb of telling takes.
_TELL = r"\b(?:write|say|tell|print|output|add|include|insert|append|put|reply|respond|answer|mention|state|repeat)\b"
_WANTED = re.compile(
    r"(?P<url>\b(?:https?://|www\.)[^\s<>\"'`)]+)"
    rf"|(?i:{_TELL})[^.\"\u201c\u2018`]{{0,40}}[\"\u201c\u2018`](?P<quoted>[^\"\u201d\u2019`\n]{{4,80}})[\"\u201d\u2019`]"
    r"|\b(?:words?|phrase)\s+(?P<word>[A-Za-z][\w-]{3,40})"
    rf"|(?i:{_TELL})[^.\"\u201c\u2018`]{{0,40}}?\b(?P<loud>[A-Z][A-Z0-9_]{{3,40}})\b"
)
_ORDINARY = frozenset(
    ["ignore", "disregard", "forget", "override", "important", "attention", "system", "note", "must", "never", "always",
     "instructions", "instruction", "previous", "above", "this", "that", "with", "every", "page", "pages", "assistant",
     "warning", "json", "html", "readme", "todo", "file", "link", "stop", "end", "into", "here", "below", "only"]
)  # fmt: skip


def orders(text: str) -> Iterator[tuple[int, int]]:
    """Where a text tells a language model what to do: first and last line of each place, counted from 1."""
    text = visible_text(text)
    places = _places(text, _ORDER)
    lines = text.split("\n") if places else []
    last = start = at = 0
    for begin, stop in places:
        start += text.count("\n", at, begin)
        at = begin
        end = max(_end_of_order(lines, start), start + text.count("\n", begin, stop))
        if start + 1 > last:
            yield start + 1, end + 1
        last = max(last, end + 1)


def demands(text: str) -> tuple[str, ...]:
    """The words that a text's orders want to see on a page: a sentence that holds one has obeyed."""
    text = visible_text(text)
    wanted: dict[str, None] = {}
    places = _places(text, _ORDER)
    lines = text.split("\n") if places else []
    line = at = 0
    searched = (-1, 0)
    for begin, _ in places:
        line += text.count("\n", at, begin)
        at = begin
        if line == searched[0] and begin < searched[1]:
            continue
        searched = line, begin + _WANTS_WITHIN // 2
        offset = begin - (text.rfind("\n", 0, begin) + 1)
        first = lines[line][offset : offset + _WANTS_WITHIN]
        rest = lines[line + 1 : _end_of_order(lines, line) + 1]
        order = " ".join([first, *(line[:_WANTS_WITHIN].strip() for line in rest)])
        for match in _WANTED.finditer(order[:_WANTS_WITHIN]):
            words = next(filter(None, match.groups())).strip(" .,;:")
            if len(words) > 3 and words.casefold() not in _ORDINARY:
                wanted[words] = None
    return tuple(wanted)


def obeyed(text: str, wanted: tuple[str, ...]) -> str:
    """The first demanded word that a sentence holds; empty if none."""
    return next(
        (demand for demand in wanted if re.search(rf"(?<!\w){re.escape(demand)}(?!\w)", text, re.IGNORECASE)), ""
    )


def without_orders(text: str, mark: str) -> str:
    """The text with `mark` in the place of each order, from its sentence's start to its paragraph's end."""
    places = _places(text, _ORDER, _PART)
    if not places:
        return text
    begins = [match.end() for match in _SENTENCE_END.finditer(text)]
    ends = [match.start() for match in _PARAGRAPH_END.finditer(text)]
    parts, at = [], 0
    for start, end in sorted(_sentence(begins, ends, len(text), place) for place in places):
        if end > at:
            parts += [text[at : max(start, at)], mark]
            at = end
    return "".join([*parts, text[at:]])


def _places(text: str, *shapes: re.Pattern[str]) -> list[tuple[int, int]]:
    lowered = text.lower()
    if len(lowered) != len(text):  # some letters have no lower case of one character
        lowered = text.translate(_ASCII_LOWER)
    signs: list[int] = []
    # One search for each sign: one expression for all of them takes three times as long from 100 characters on. `in` is
    # asked first because a text has hardly ever a sign, and a method's call takes three times as long.
    for sign in _SIGNS:
        if sign not in lowered:
            continue
        at = lowered.find(sign)
        while at >= 0:
            signs.append(at)
            at = lowered.find(sign, at + len(sign))
    places: set[tuple[int, int]] = set()
    for start, end in _windows(sorted(signs)):
        window = text[start:end]
        places.update(
            (start + match.start(), start + match.end()) for shape in shapes for match in shape.finditer(window)
        )
    return sorted(places)


def _windows(signs: list[int]) -> Iterator[tuple[int, int]]:
    """What is looked at around signs; windows that overlap are one, so that no place is looked at twice."""
    start = end = -1
    for at in signs:
        if end < 0:
            start = max(0, at - _BEFORE)
        elif at - _BEFORE > end:
            yield start, end
            start = at - _BEFORE
        end = at + _AFTER
    if end >= 0:
        yield start, end


def _end_of_order(lines: list[str], start: int) -> int:
    """The last line of the paragraph or comment that the order stands in."""
    marker = _marker(lines[start])
    end = start
    while end + 1 < min(len(lines), start + _LONGEST_ORDER):
        following = lines[end + 1]
        if end > start and any(sign in lines[end] for sign in _CLOSES):
            break
        if not following.strip(" \t#*/;%->") or _marker(following) != marker or any(s in following for s in _CLOSES):
            break
        end += 1
    return end


def _marker(line: str) -> str:
    match = _MARKER.match(line)
    return (match.group(1) or "")[:2] if match else ""


def _sentence(begins: list[int], ends: list[int], size: int, place: tuple[int, int]) -> tuple[int, int]:
    """From the start of the order's sentence to the end of its paragraph: what it asks for often follows.

    `begins` are where sentences begin in the text, `ends` where paragraphs end, `size` is its length.
    """
    before, after = bisect_right(begins, place[0]), bisect_left(ends, place[1])
    return (begins[before - 1] if before else 0), (ends[after] if after < len(ends) else size)
