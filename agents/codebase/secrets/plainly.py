"""A text as its reader sees it: escapes as letters, joined literals and continued lines as one. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

_JOINS: Final = rb"(?:\+\+?|\.\.?|&|<>|\|\||\\(?=\r?\n))?+"
_BETWEEN: Final = (
    rb"[ \t]{0,40}+"
    + _JOINS
    + rb"[ \t]{0,40}+(?:\r?\n|\\n\",\s{0,40}+\")?+\s{0,60}+"
    + _JOINS
    + rb"[ \t]{0,40}+[bBrRuUfF]{0,2}"
)
#: Begins with a class of characters, which `re` looks for at the speed of a search; what it was is asked afterwards.
_REPLACED: Final = re.compile(
    rb"[\\&\"'](?:(?<=&)#(?:\d{2,3}|[xX][2-7][0-9a-fA-F]);(?P<number>)"
    rb"|(?<=\\)(?<!\\\\)(?:\\*+(?:u00|x)[2-7][0-9a-fA-F](?P<escape>)"
    # Backslashes before a quote, as JSON in JSON in JSON has them.
    rb"|\\++(?=[\"'])|(?<=[^\s\\]\\)\r?\n[ \t]*+|(?P<quote>[\"'])(?!\")" + _BETWEEN + rb"\\(?P=quote))"
    rb"|(?<=\")(?<!\\\")(?!\")" + _BETWEEN + rb"\"|(?<=')(?<!\\')(?!')" + _BETWEEN + rb"')"
)


class Plain:
    """The text, and where each of its pieces stands in the source."""

    def __init__(self, source: bytes) -> None:
        pieces: list[bytes] = []
        #: Where a piece begins in the text, where in the source, and where it ends there.
        self._views: list[int] = []
        self._spans: list[tuple[int, int]] = []
        self.changes: list[int] = []
        view = at = 0
        for match in _REPLACED.finditer(source):
            for piece, span in (
                (source[at : match.start()], (at, match.start())),
                (_letter(match), match.span()),
            ):
                if piece:
                    pieces.append(piece)
                    self._views.append(view)
                    self._spans.append(span)
                    view += len(piece)
            self.changes.append(view)
            at = match.end()
        self._views.append(view)
        self._spans.append((at, len(source)))
        self.text = b"".join([*pieces, source[at:]])

    def spans(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Where a part of the text stands in the source; what was taken out between its pieces stays out."""
        span_before: tuple[int, int] | None = None
        for index in range(max(0, bisect_right(self._views, start) - 1), len(self._views)):
            view = self._views[index]
            if view >= end:
                break
            first, last = self._spans[index]
            if self._is_letter(index):
                span = first, last
            else:
                span = first + max(0, start - view), min(last, first + end - view)
            if span_before is not None and span_before[1] == span[0]:
                span_before = span_before[0], span[1]
                continue
            if span_before is not None:
                yield span_before
            span_before = span
        if span_before is not None and span_before[0] < span_before[1]:
            yield span_before

    def _is_letter(self, index: int) -> bool:
        if index + 1 == len(self._views):
            return False
        first, last = self._spans[index]
        return self._views[index + 1] - self._views[index] != last - first

    def windows(self) -> Iterator[tuple[int, int]]:
        """The lines around what was changed, where something may be seen that the source hides."""
        window: tuple[int, int] | None = None
        for change in self.changes:
            if window is not None and change < window[1]:
                continue
            start, end = self._lines_before(change), self._lines_behind(change)
            if window is not None and start <= window[1]:
                window = window[0], end
                continue
            if window is not None:
                yield window
            window = start, end
        if window is not None:
            yield window

    def _lines_before(self, at: int) -> int:
        for _ in range(2):
            at = self.text.rfind(b"\n", 0, at)
            if at < 0:
                return 0
        return at + 1

    def _lines_behind(self, at: int) -> int:
        end = self.text.find(b"\n", at)
        return end + 1 if end >= 0 else len(self.text)


def _letter(match: re.Match[bytes]) -> bytes:
    sign = match[0]
    if match["escape"] is not None:
        return bytes((int(sign[-2:], 16),))
    if match["number"] is None:
        return b""
    digits = sign[2:-1]
    code = int(digits[1:], 16) if digits[:1] in {b"x", b"X"} else int(digits)
    return bytes((code,)) if 32 <= code < 127 else b" "
