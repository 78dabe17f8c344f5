"""Jobs of continuous integration in documents that only their names tell from others. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from agents.codebase.structure.artefacts.yaml_outline import YamlEntry

_Named: TypeAlias = Iterator[tuple[str, YamlEntry]]


def ci_service(path: str) -> str:
    """The service whose jobs a document holds, by its path; empty for a document of none."""
    return next((name for name, (pattern, _) in _SERVICES.items() if pattern.search(path)), "")


def ci_jobs(service: str, entries: Sequence[YamlEntry]) -> _Named:
    """The jobs of a service's document, each with the entry that names it."""
    yield from _SERVICES[service][1](entries)


def _circle_ci(entries: Sequence[YamlEntry]) -> _Named:
    yield from ((entry.path[1], entry) for entry in entries if len(entry.path) == 2 and entry.path[0] == "jobs")


def _azure(entries: Sequence[YamlEntry]) -> _Named:
    """Jobs below stages and alone; a pipeline without any has its steps, by the names that people see."""
    jobs = [(entry.value, entry) for entry in entries if entry.path[-2:-1] == ("[]",) and entry.path[-1] in _AZURE_JOBS]
    title = ("steps", "[]", "displayName")
    yield from jobs or ((entry.value, entry) for entry in entries if entry.path == title)


def _travis(entries: Sequence[YamlEntry]) -> _Named:
    for entry in entries:
        is_included = len(entry.path) == 4 and entry.path[0] in {"jobs", "matrix"} and entry.path[1] == "include"
        if is_included and entry.path[3] in {"name", "stage"} and entry.value:
            yield entry.value, entry


def _bitbucket(entries: Sequence[YamlEntry]) -> _Named:
    yield from ((entry.value, entry) for entry in entries if entry.path[-2:] == ("step", "name") and entry.value)


def _steps(entries: Sequence[YamlEntry]) -> _Named:
    """The steps of a list by name or label, and those that are keys."""
    for entry in entries:
        if entry.path[:1] == ("steps",) and entry.path[-2:-1] == ("[]",) and entry.path[-1] in {"name", "label"}:
            if entry.value:
                yield entry.value, entry
        elif len(entry.path) == 2 and entry.path[0] in {"steps", "pipeline"} and entry.path[1] != "[]":
            yield entry.path[1], entry


def _cirrus(entries: Sequence[YamlEntry]) -> _Named:
    for entry in entries:
        if len(entry.path) == 1 and entry.path[0].endswith("_task"):
            yield entry.path[0].removesuffix("_task"), entry
        elif entry.path == ("task", "name") and entry.value:
            yield entry.value, entry


_AZURE_JOBS: Final = frozenset({"job", "deployment"})
#: A service's documents, and how its jobs are read.
_SERVICES: Final[Mapping[str, tuple[re.Pattern[str], Callable[[Sequence[YamlEntry]], _Named]]]] = {
    "CircleCI": (re.compile(r"(?:^|/)\.circleci/\w[\w.-]*\.ya?ml$"), _circle_ci),
    "Azure Pipelines": (
        re.compile(r"(?:^|/)\.?azure-?(?:pipelines?[\w.-]*|(?:pipelines|devops)/.+)\.ya?ml$", re.IGNORECASE),
        _azure,
    ),
    "Travis CI": (re.compile(r"(?:^|/)\.travis\.ya?ml$"), _travis),
    "Bitbucket Pipelines": (re.compile(r"(?:^|/)bitbucket-pipelines\.ya?ml$"), _bitbucket),
    "Drone": (re.compile(r"(?:^|/)\.drone\.ya?ml$"), _steps),
    "Woodpecker": (re.compile(r"(?:^|/)\.woodpecker(?:/[\w.-]+)?\.ya?ml$"), _steps),
    "Buildkite": (re.compile(r"(?:^|/)\.buildkite/[\w.-]+\.ya?ml$"), _steps),
    "Cirrus CI": (re.compile(r"(?:^|/)\.cirrus\.ya?ml$"), _cirrus),
}
