"""Reads `swarm.toml`, and says which files its patterns leave out. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pydantic import ValidationError

from agents.codebase.files.ignore_patterns import ignore_spec
from agents.codebase.structure.artefacts.bounded_toml import load_toml
from agents.contracts.site_settings import SiteSettings

FILE_NAME = "swarm.toml"


def site_settings(text: str) -> SiteSettings:
    """The settings of a file's text. Raises ValueError with one sentence for people."""
    try:
        values = load_toml(text)
    except ValueError as error:
        raise ValueError(f"{FILE_NAME} is no TOML: {error}") from error
    except RecursionError as error:
        raise ValueError(f"{FILE_NAME} is no TOML that can be read: it is nested too deeply") from error
    if unknown := sorted(set(values) - set(SiteSettings.model_fields)):
        keys = ", ".join(SiteSettings.model_fields)
        raise ValueError(f"{FILE_NAME} has unknown keys: {', '.join(unknown)[:200]}; it may have {keys}")
    try:
        settings = SiteSettings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{FILE_NAME}: {key}: {first['msg']}") from error
    try:
        left_out(settings.exclude)
    except ValueError as error:
        raise ValueError(f"{FILE_NAME}: exclude: {error}") from error
    return settings


def left_out(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Whether a path is left out by patterns as in .gitignore. Raises ValueError for a pattern that is none."""
    given = list(patterns)
    try:
        matches = ignore_spec(given)
    except ValueError as error:
        raise ValueError(f"a pattern of .gitignore is needed: {error}") from error
    return lambda path: bool(given) and matches.match_file(path)
