"""Reads JSON as editors allow it: with comments and trailing commas. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal

# Strings and comments match unclosed as well, so that no place is scanned twice.
TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"?|//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)|[{}\[\]:,]|[^\s{}\[\]:,"/]+|/')


def load_json(text: str, integer: Callable[[str], object] = Decimal) -> object:
    """JSON with the comments and trailing commas that editors allow; integers are decimals. Raises ValueError."""
    try:
        return json.loads(text, parse_int=integer)
    except ValueError:
        pieces = [match.group() for match in TOKEN.finditer(text) if not match.group().startswith(("//", "/*"))]
        code_lines = [
            piece
            for piece, following in zip(pieces, [*pieces[1:], ""], strict=True)
            if not (piece == "," and following in {"}", "]"})
        ]
        return json.loads(" ".join(code_lines), parse_int=integer)
