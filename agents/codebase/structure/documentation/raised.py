"""What stands above or below a line, `10<sup>9</sup>`, as text that says the same. Pure."""

from __future__ import annotations

import re

RAISED = frozenset({"sup", "sub"})
_ABOVE = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_BELOW = str.maketrans("0123456789+-−=()ij", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ᵢⱼ")
#: `1<sup>st</sup>` and `Java<sup>TM</sup>` are read without a sign.
_SILENT = re.compile(r"st|nd|rd|th|tm|sm|®|™", re.IGNORECASE)
#: What a formula holds; words with blanks between them are a remark in small letters.
_FORMULA = re.compile(r"[\w.]+(?:\s*[-+−*/=,]\s*[\w.]+)*|[-+−]|[-−][\w.]+")
_LONGEST = 24


def with_sign(element: str, text: str) -> str:
    """The text of a `sup` or `sub` element with the sign that it needs behind what stands before it."""
    plain = text.strip()
    if len(plain) > _LONGEST or not _FORMULA.fullmatch(plain) or _SILENT.fullmatch(plain):
        return text
    shapes = _ABOVE if element == "sup" else _BELOW
    if {ord(sign) for sign in plain} <= {*shapes, 32}:
        return plain.translate(shapes).replace(" ", "")
    sign = "^" if element == "sup" else "_"
    return f"{sign}{plain}" if re.fullmatch(r"[\w.]+", plain) else f"{sign}({plain})"
