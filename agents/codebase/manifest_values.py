"""Manifests as tables of values, whatever their authors put where: a value of another type is empty. Pure."""

from __future__ import annotations

from typing import Any

from agents.codebase.structure.artefacts.bounded_toml import load_toml
from agents.codebase.structure.artefacts.lenient_json import load_json


def json_table(text: str) -> dict[str, Any]:
    """JSON, also with comments and trailing commas. Raises ValueError."""
    return table(load_json(text.removeprefix("\ufeff"), int))


def toml_table(text: str) -> dict[str, Any]:
    """TOML, also with the line ends of Windows. Raises ValueError."""
    return load_toml(text.removeprefix("\ufeff").replace("\r\n", "\n"))


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
