"""Manifests as tables of values, whatever their authors put where: a value of another type is empty. Pure."""

from __future__ import annotations

import configparser
import re
from typing import Any

from agents.codebase.structure.artefacts.bounded_toml import load_toml
from agents.codebase.structure.artefacts.lenient_json import load_json

#: The parser takes time by the square of the lines that it cannot read, and of blanks in a row.
_MOST_INI_LINES = 10_000
_LONG_BLANK = re.compile(r"[^\S\n]{100,}+")


def json_table(text: str) -> dict[str, Any]:
    """JSON, also with comments and trailing commas. Raises ValueError."""
    return table(load_json(text.removeprefix("\ufeff"), int))


def toml_table(text: str) -> dict[str, Any]:
    """TOML, also with the line ends of Windows. Raises ValueError."""
    return load_toml(text.removeprefix("\ufeff").replace("\r\n", "\n"))


def ini_file(text: str) -> configparser.ConfigParser:
    """A file of sections such as setup.cfg. Raises ValueError."""
    if text.count("\n") > _MOST_INI_LINES:
        raise ValueError(f"more than {_MOST_INI_LINES} lines")
    data = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        data.read_string(_LONG_BLANK.sub(" " * 100, text))
    except configparser.Error as error:
        raise ValueError(error.message) from error
    return data


def table(value: Any) -> dict[str, Any]:
    """A table; empty for any other value."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """A list; empty for any other value."""
    return value if isinstance(value, list) else []


def texts(value: Any) -> list[str]:
    """The texts of a list."""
    return [item for item in items(value) if isinstance(item, str)]


def text_of(value: Any) -> str:
    """A text as it stands; empty for any other value."""
    return value if isinstance(value, str) else ""


def words(value: Any) -> str:
    """A text on one line; empty for any other value."""
    return " ".join(text_of(value).split())
