"""TOML in bounded time: the library takes time by the square of a key's length. Pure."""

from __future__ import annotations

import re
import tomllib
from typing import Any

#: A key of so many parts, `a.a.a…`: authors write five.
_ENDLESS_KEY = re.compile(r"(?:\.[ \t]*+[\w\"'-]{1,64}+[ \t]*+){500}")


def load_toml(text: str) -> dict[str, Any]:
    """The document as a table. Raises ValueError for what is no TOML, and for a key of hundreds of parts."""
    if _ENDLESS_KEY.search(text):
        raise ValueError("a key has hundreds of parts")
    return tomllib.loads(text)
