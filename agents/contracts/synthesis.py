"""The merged picture of a repository: modules, their graph, and what is said of them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from pydantic import Field

from agents.contracts.base import Contract, Lines, RepositoryPath, RepositoryText, SessionId

_SPEAKERS = re.compile(
    r"^(__init__\.py|readme(\.[a-z]+)?|doc\.go|mod\.rs|lib\.rs|index\.[jt]sx?|package-info\.java)$", re.IGNORECASE
)


def speaks_for_folder(path: str) -> bool:
    """Whether what a file says of itself is meant for its whole folder."""
    return bool(_SPEAKERS.match(posixpath.basename(path)))


class CitedStatement(Contract):
    """A sentence and the file and lines that prove it."""

    text: RepositoryText
    path: RepositoryPath
    lines: Lines | None = None


def resolves(path: str, lines: Lines | None, line_counts: Mapping[str, int]) -> bool:
    """Whether a citation names a file of the snapshot and lines that it has; `line_counts` is keyed by path."""
    if path not in line_counts:
        return False
    return lines is None or lines.start <= lines.end <= line_counts[path]


def standing(
    statements: Iterable[CitedStatement], line_counts: Mapping[str, int]
) -> tuple[tuple[CitedStatement, ...], int]:
    """The statements whose citation resolves, and how many were struck."""
    everything = tuple(statements)
    kept = tuple(one for one in everything if one.text.strip() and resolves(one.path, one.lines, line_counts))
    return kept, len(everything) - len(kept)


class Dependency(Contract):
    """An import that was resolved to a file of the same snapshot."""

    source: RepositoryPath
    target: RepositoryPath
    lines: Lines


class Module(Contract):
    """A folder's files, told as one thing. `name` is the folder's path, or the repository's name for its root."""

    name: RepositoryText
    files: tuple[RepositoryPath, ...]
    languages: dict[str, int] = Field(description="language -> number of files")
    symbols: int
    depends_on: tuple[RepositoryText, ...] = Field(default=(), description="names of modules it imports")
    external: tuple[RepositoryText, ...] = Field(
        default=(), description="imports from outside the snapshot, most used first"
    )
    entry_points: tuple[RepositoryPath, ...] = ()


class ModuleBrief(Contract):
    """A module and what is known of its files, for a model to summarise."""

    module: Module
    statements: tuple[CitedStatement, ...]


class Part(StrEnum):
    """What of the picture a question is about."""

    WHOLE = "whole"
    OVERVIEW = "overview"
    MODULE = "module"


class SynthesizerBrief(Contract):
    """What the synthesizer asks a model: the whole repository at once, its overview, or one module."""

    part: Part = Part.WHOLE
    repository: RepositoryText
    modules: tuple[ModuleBrief, ...]
    readme: tuple[CitedStatement, ...] = ()


class ModuleSummary(Contract):
    """What is said of one module."""

    module: RepositoryText
    statements: tuple[CitedStatement, ...]


class SynthesizerReply(Contract):
    """A model's answer: the repository in a few sentences, and each module."""

    overview: tuple[CitedStatement, ...] = ()
    modules: tuple[ModuleSummary, ...] = ()


class Synthesis(Contract):
    """The merged picture, stored as one blob; analyses stay where they are."""

    session_id: SessionId
    repository: RepositoryText
    overview: tuple[CitedStatement, ...]
    modules: tuple[Module, ...]
    summaries: tuple[ModuleSummary, ...]
    dependencies: tuple[Dependency, ...]
    struck: int = Field(default=0, description="statements of a model that cited nothing real")
