"""Where a symbol stands on its file's API page: one anchor for each name, for whoever writes or links it. Pure.

No heading's own anchor holds a dot, so the two never clash.
"""

from __future__ import annotations

from urllib.parse import quote

from agents.contracts.structure import Symbol


def symbol_anchor(name: str, number: int = 1) -> str:
    """The anchor of a name that a file defines; `number` counts definitions of the same name."""
    return f"s.{quote(name, safe='')}" + (f"~{number}" if number > 1 else "")


def anchored(symbol: Symbol, number: int = 1) -> str:
    """The anchor as an element, with the symbol's kind for the search."""
    return f'<a id="{symbol_anchor(symbol.name, number)}" class="{symbol.kind.value}"></a>'
