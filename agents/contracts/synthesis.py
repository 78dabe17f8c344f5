"""The merged picture of a repository: modules, their graph, and what is said of them."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from agents.contracts.base import Contract, Lines, RepositoryPath, RepositoryText, SessionId, SpokenText


class CitedStatement(Contract):
    """A sentence and the file and lines that prove it."""

    text: SpokenText
    path: RepositoryPath
    lines: Lines | None = None


class Dependency(Contract):
    """An import that was resolved to a file of the same snapshot."""

    source: RepositoryPath
    target: RepositoryPath
    lines: Lines


class Module(Contract):
    """A folder's files as one module. `name` is the folder's path, or the repository's name for its root."""

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
    dropped_claims: int = Field(default=0, description="claims of a model that the snapshot does not support")
    demands: tuple[RepositoryText, ...] = Field(
        default=(), description="words that text in the snapshot orders language models to write"
    )
    model: str = Field(default="", description="whose sentences the overview and the summaries are")
