"""Settings that files hold: properties, examples of an environment, a chart's values, an action's inputs. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final, TypeAlias

from agents.codebase.facts.settings.words import PROPERTY, VARIABLE
from agents.codebase.secrets import STARS
from agents.codebase.structure.artefacts.parts import comment_above
from agents.codebase.structure.artefacts.yaml_outline import YamlEntry, readable_outline
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Structure

#: Files of these names configure a program; other properties are texts in several languages.
_PROPERTIES: Final = re.compile(
    r"^(?:application|bootstrap|config(?:uration)?|settings|server|gradle|quarkus|microprofile-config|log4j2?)(?:-[\w.]+)?"
    r"\.properties$"
)
_SPRING: Final = re.compile(r"^(?:application|bootstrap)(?:-\w+)?\.ya?ml$")
_APP_SETTINGS: Final = re.compile(r"^appsettings(?:\.\w+)?\.json$")
#: What shows people which variables to set: `.env.example`, `example.env`, `.env-dist`.
_EXAMPLE = r"(?:example|sample|dist|defaults?|template|tmpl)"
_ENVIRONMENT: Final = re.compile(rf"^(?:\.?env[.-]{_EXAMPLE}|\.?{_EXAMPLE}[.-]env|\.env\.[\w-]+\.{_EXAMPLE})$")
_VALUES: Final = re.compile(r"^values\.ya?ml$")
_ACTION: Final = re.compile(r"^action\.ya?ml$")
_CHART: Final = ("Chart.yaml", "Chart.yml")
_VALUE: Final = re.compile(r"^[^=:]*[=:]\s*(.*)$")
#: A line of an environment; a remark may hold one that is switched off.
_GIVEN: Final = re.compile(r"^(?P<off>#\s?)?(?:export\s+)?(?P<name>[A-Za-z_]\w*)=(?P<value>.*)$")
_OFF: Final = re.compile(r"^[A-Z][A-Z0-9_]*$")
#: Marks of helm-docs and of bitnami's charts, before what a remark says.
_MARKS: Final = re.compile(r"^(?:--\s+|@param\s+(?P<name>\S+)\s+(?:\[[^\]]*\]\s*)?)")
_DEEPEST, _LONGEST = 10, 200_000
_Reader: TypeAlias = Callable[[Structure, str], Iterator[Fact]]
VALUE_OF_CHART, INPUT_OF_ACTION = "value of a chart", "input of an action"


def configures(path: str, paths: Collection[str]) -> bool:
    """Whether a file holds settings of the program; `paths` are all of the repository."""
    return _reader(path, paths) is not None


def settings_of_file(path: str, structure: Structure, text: str, paths: Collection[str]) -> Iterator[Fact]:
    """The settings of one file; its text is as pages show it, without secrets."""
    reader = _reader(path, paths)
    if reader is not None and len(text) <= _LONGEST:
        yield from reader(structure, text)


def _reader(path: str, paths: Collection[str]) -> _Reader | None:
    folder, name = posixpath.split(path)
    if _VALUES.match(name) and not any(posixpath.join(folder, chart) in paths for chart in _CHART):
        return None
    return next((reader for pattern, reader in _READERS.items() if pattern.match(name)), None)


def _properties(structure: Structure, text: str) -> Iterator[Fact]:
    lines = text.split("\n")
    for symbol in structure.symbols:
        line = symbol.lines.start
        matched = _VALUE.match(lines[line - 1]) if line <= len(lines) else None
        yield _setting(symbol.name, PROPERTY, matched[1].strip() if matched else "", line, symbol.doc)


def _environment(_outline: Structure, text: str) -> Iterator[Fact]:
    """The variables of an example, with the remark above or behind each."""
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        given = _GIVEN.match(line)
        if given is None or (given["off"] and not _OFF.match(given["name"])):
            continue
        value, _, behind = given["value"].partition(" #")
        remark = _remark(lines, number) or behind.strip()
        yield _setting(given["name"], VARIABLE, value.strip().strip("\"'"), number, remark)


def _flat(_outline: Structure, text: str) -> Iterator[Fact]:
    """Each plain value of a document, by its path; JSON's sections are named as .NET names them."""
    is_json = text.lstrip().startswith("{")
    for entry in _entries(text):
        if entry.value and "[]" not in entry.path:
            yield _setting((":" if is_json else ".").join(entry.path), PROPERTY, entry.value, entry.line)


def _chart_values(_outline: Structure, text: str) -> Iterator[Fact]:
    """The values that a chart takes, with what its author says of each above it."""
    lines = text.split("\n")
    entries = _entries(text)
    plain = [entry for entry in entries if "[]" not in entry.path]
    holders = {entry.path[:-1] for entry in plain}
    for entry in plain:
        if entry.path not in holders:
            remark = _remark(lines, entry.line)
            yield _setting(".".join(entry.path), VALUE_OF_CHART, entry.value, entry.line, remark)


def _action_inputs(_outline: Structure, text: str) -> Iterator[Fact]:
    """The inputs of a GitHub action, with description and default."""
    entries = _entries(text)
    values = {entry.path: entry.value for entry in entries}
    for entry in entries:
        if len(entry.path) == 2 and entry.path[0] == "inputs":
            lines = Lines(start=entry.line, end=max(entry.line, entry.end))
            yield Fact(
                kind=FactKind.SETTING,
                name=entry.path[1],
                source=INPUT_OF_ACTION,
                lines=lines,
                default=values.get((*entry.path, "default"), ""),
                text=values.get((*entry.path, "description"), ""),
                marks=("required",) if values.get((*entry.path, "required")) == "true" else (),
            )


def _entries(text: str) -> list[YamlEntry]:
    return readable_outline(text.replace(STARS, "…"), _DEEPEST)


def _remark(lines: list[str], line: int) -> str:
    """What the remark directly above a line says; a setting that is switched off is none."""
    parts = comment_above(lines, line, "#").split("\n")
    last_off = max((at for at, part in enumerate(parts, 1) if _is_off(part)), default=0)
    return " ".join(words for part in parts[last_off:] if (words := _MARKS.sub("", part.strip("# "))))


def _is_off(remark: str) -> bool:
    given = _GIVEN.match(remark.strip("# "))
    return given is not None and _OFF.match(given["name"]) is not None


def _setting(name: str, source: str, value: str, line: int, text: str = "") -> Fact:
    lines = Lines(start=line, end=line)
    return Fact(kind=FactKind.SETTING, name=name, source=source, lines=lines, default=value, text=text)


_READERS: Final[Mapping[re.Pattern[str], _Reader]] = {
    _PROPERTIES: _properties,
    _SPRING: _flat,
    _APP_SETTINGS: _flat,
    _ENVIRONMENT: _environment,
    _VALUES: _chart_values,
    _ACTION: _action_inputs,
}
