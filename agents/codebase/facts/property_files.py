"""Settings that a program's own files of properties hold: `application.properties` and what is like it. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import Final

import yaml

from agents.codebase.facts.setting_words import PROPERTY
from agents.codebase.secrets import STARS
from agents.codebase.structure.artefacts.yaml_outline import outline
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Structure, Symbol

#: Files of these names configure a program; other properties are texts in several languages.
_CONFIGURES: Final = re.compile(
    r"^(?:application|bootstrap|config(?:uration)?|settings|server|gradle|quarkus|microprofile-config|log4j2?)(?:-[\w.]+)?"
    r"\.(?P<ending>properties|ya?ml)$"
)
_SPRING: Final = re.compile(r"^(?:application|bootstrap)(?:-\w+)?\.ya?ml$")
_VALUE: Final = re.compile(r"^[^=:]*[=:]\s*(.*)$")
_DEEPEST, _LONGEST = 10, 200_000


def configures(path: str) -> bool:
    """Whether a file holds settings of the program."""
    matched = _CONFIGURES.match(posixpath.basename(path))
    return matched is not None and (matched["ending"] == "properties" or _SPRING.match(matched[0]) is not None)


def properties_of(path: str, structure: Structure, text: str) -> Iterator[Fact]:
    """The settings of one file; its text is as pages show it, without secrets."""
    if len(text) > _LONGEST:
        return
    if path.endswith(".properties"):
        yield from _keys(structure.symbols, text.split("\n"))
        return
    try:
        entries = outline(text.replace(STARS, "…"), _DEEPEST)
    except (yaml.YAMLError, ValueError, RecursionError):
        return
    for entry in entries:
        if entry.value:
            yield _setting(".".join(entry.path), entry.value, Lines(start=entry.line, end=entry.line))


def _keys(symbols: Sequence[Symbol], lines: Sequence[str]) -> Iterator[Fact]:
    for symbol in symbols:
        matched = _VALUE.match(lines[symbol.lines.start - 1]) if symbol.lines.start <= len(lines) else None
        yield _setting(symbol.name, matched[1].strip() if matched else "", symbol.lines, symbol.doc)


def _setting(name: str, value: str, lines: Lines, text: str = "") -> Fact:
    return Fact(kind=FactKind.SETTING, name=name, source=PROPERTY, lines=lines, default=value, text=text)
