"""A package as a manifest describes it, and the values that manifests hold. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from agents.codebase.manifest_values import table, words

_MOST_COMMANDS = 40


@dataclass(frozen=True)
class PackageFacts:
    """A package as its manifest describes it; what the manifest does not say is empty. `install` is a command line."""

    file: str
    ecosystem: str
    name: str = ""
    version: str = ""
    description: str = ""
    licence: str = ""
    requires: str = ""
    homepage: str = ""
    repository: str = ""
    commands: tuple[tuple[str, str], ...] = ()
    install: str = ""


def commands(value: Any) -> tuple[tuple[str, str], ...]:
    """Names and what they start."""
    rows = [(words(name), words(target)) for name, target in table(value).items()]
    return tuple((name, target) for name, target in rows if name and target)[:_MOST_COMMANDS]


def link(urls: Any, *wanted: str) -> str:
    """The first address of these names."""
    by_name = {re.sub(r"[^a-z]", "", name.lower()): words(url) for name, url in table(urls).items()}
    return next((by_name[name] for name in wanted if by_name.get(name)), "")
