"""Which symbol a line stands in. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from agents.contracts.structure import Symbol


def innermost(symbols: Iterable[Symbol], line: int) -> Symbol | None:
    """The shortest symbol around a line, of several that are as short the first; None at the top of the file."""
    around = (item for item in symbols if item.lines.start <= line <= item.lines.end)
    return min(around, key=lambda item: item.lines.end - item.lines.start, default=None)
