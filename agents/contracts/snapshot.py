"""What the scanner finds and plans: the manifest, its entries, the batches."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Literal

from pydantic import Field, model_validator

from agents.contracts.base import Contract, Digest, RepositoryPath, RepositoryText, SessionId
from agents.contracts.context import ImportedFile, Neighbour
from agents.contracts.site_settings import SiteSettings, WritingStyle


class Route(StrEnum):
    """Where a batch runs, or a state that reads the whole repository."""

    LAMBDA = "lambda"
    FARGATE = "fargate"
    BATCH_INFERENCE = "batch-inference"


class SkipReason(StrEnum):
    """Why a file is left out on purpose. A file left out by failure is a gap instead."""

    EMPTY = "empty"
    BINARY = "binary"
    VENDORED = "vendored"
    GENERATED = "generated"
    MINIFIED = "minified"
    LOCK_FILE = "lock-file"
    LFS_POINTER = "lfs-pointer"
    CREDENTIALS = "credentials"
    LINK = "link"
    NOT_A_FILE = "not-a-file"
    EXCLUDED = "excluded"


class Gap(Contract):
    """A file that was not documented although it should have been.

    `extracted`: what the model replied was refused, so the file's page has its author's documentation alone.
    """

    path: RepositoryPath
    reason: str = Field(description="an error name, such as FileTooLarge")
    detail: RepositoryText
    extracted: bool = False


class FileChange(StrEnum):
    """Why a file is analysed in this session, against the session before."""

    NEW = "new"
    BYTES = "bytes"
    LEFT_OUT_BEFORE = "left-out-before"
    UNFINISHED = "unfinished"
    IMPORTS_CHANGED = "imports-changed"
    IMPORTS_ADDED = "imports-added"
    IMPORTS_GONE = "imports-gone"
    MODEL = "model"
    INSTRUCTIONS = "instructions"
    RELEASE = "release"


class ManifestEntry(Contract):
    """One file of the snapshot: exactly one of planned, reused, skipped or gap."""

    path: RepositoryPath
    language: str = Field(description="lower-case name as in LANGUAGES of the scanner, 'text' when unknown")
    bytes: int = Field(ge=0)
    lines: int = Field(ge=0)
    digest: Digest
    analysis_key: Digest | None = Field(description="where its analysis is, or will be, stored; None if it has none")
    batch_id: str | None = None
    reused: bool = False
    answered_by: str = Field(default="", description="the model that describes it, where it is not the analyst's own")
    stepped_down: RepositoryText = Field(default="", description="why it is another one; empty if nothing was saved")
    extractive_key: Digest | None = Field(default=None, description="its analysis's key if no model can be paid")
    skipped: SkipReason | None = None
    gap: Gap | None = None
    refused: Gap | None = Field(default=None, description="a gap whose analysis the extractive model made instead")
    is_documentation: bool = Field(
        default=False, description="`.gitattributes` says so (linguist-documentation): not counted among the languages"
    )
    imports: tuple[RepositoryPath, ...] = Field(
        default=(), description="files of the snapshot whose bytes are part of its analysis's key: what it imports"
    )
    change: FileChange | None = Field(default=None, description="why a planned file is analysed (again)")
    why: RepositoryText = Field(default="", description="the same as a sentence, for people")

    @model_validator(mode="after")
    def exactly_one_fate(self) -> ManifestEntry:
        fates = [self.batch_id is not None, self.reused, self.skipped is not None, self.gap is not None]
        if sum(fates) != 1:
            raise ValueError(f"{self.path}: a file is planned, reused, skipped or a gap, and only one of these")
        return self


class TaskSize(Contract):
    """What a Fargate task is given: CPU in units of 1/1024 vCPU, memory in MiB, disk in GiB."""

    cpu_units: int = Field(default=2048, ge=256)
    memory_megabytes: int = Field(default=8192, ge=512)
    disk_gigabytes: int = Field(default=21, ge=21, le=200)
    larger: TaskSize | None = Field(default=None, description="what a task gets after this one ran out of memory, once")


class PlannedBatch(Contract):
    """One item of the Distributed Map: a few words; the sources are in a blob beside it."""

    batch_id: str = Field(pattern=r"^b[0-9]{5}$")
    route: Route
    reason: str = Field(description="why this route, for people")
    files: int = Field(ge=1)
    bytes: int = Field(ge=0)
    predicted_seconds: float = Field(default=0, ge=0)
    predicted_megabytes: int = Field(default=0, ge=0, description="memory")
    task: TaskSize = Field(
        default=TaskSize(), description="what a Fargate task of this batch gets, also an escalated one"
    )
    wave: int = Field(default=0, ge=0, description="batches of a wave run side by side, after those of the one before")


class RepositoryRoute(Contract):
    """Where the states run that read what is known of every file: reviews, synthesis, editing, critique, publishing."""

    route: Literal[Route.LAMBDA, Route.FARGATE]
    reason: str = Field(description="why this route, for people")
    task: TaskSize = Field(description="what a Fargate task of such a state gets, also an escalated one")


class Manifest(Contract):
    """Every file of one snapshot."""

    session_id: SessionId
    repository: RepositoryText
    entries: tuple[ManifestEntry, ...]
    batches: tuple[PlannedBatch, ...] = Field(default=(), description="where each batch runs, and why")
    model: str = Field(default="", description="the analyst's")
    instructions: str = Field(default="", description="fingerprint of the analyst's instructions")
    previous: str = Field(default="", description="the session that scanned this repository before, empty if none did")
    site: SiteSettings = Field(default=SiteSettings(), description="what the repository's swarm.toml says")
    context: RepositoryText = Field(default="", description="what a prompt says of other files, or why not, for people")

    @property
    def title(self) -> str:
        """The site's title."""
        return self.site.title or self.repository

    @property
    def name(self) -> str:
        """The repository's name without its host and owner, as its root module and its overview are called."""
        return self.repository.rpartition("/")[2] or self.repository

    @property
    def documented(self) -> tuple[ManifestEntry, ...]:
        """The entries that have, or should get, an analysis."""
        return tuple(entry for entry in self.entries if entry.analysis_key is not None)

    def with_unpaid(self, paths: Collection[str], why: str) -> Manifest:
        """The manifest as it ended: these files have extractive analyses, because there was no money for others."""
        return self._extracted({path: {"stepped_down": why} for path in paths})

    def with_refused(self, gaps: Iterable[Gap]) -> Manifest:
        """The manifest as it ended: gaps that have an extractive analysis point at it, and stay gaps."""
        return self._extracted({gap.path: {"refused": gap} for gap in gaps if gap.extracted})

    def _extracted(self, why: Mapping[str, Mapping[str, object]]) -> Manifest:
        """With the extractive analyses of these files, by path, and what their entries say of the reason."""
        if not why:
            return self

        def as_it_came_out(entry: ManifestEntry) -> ManifestEntry:
            if entry.path not in why or entry.extractive_key is None:
                return entry
            instead = {"analysis_key": entry.extractive_key, "answered_by": "extractive", **why[entry.path]}
            return entry.with_changes(**instead)

        return self.with_changes(entries=tuple(as_it_came_out(entry) for entry in self.entries))


class SourceFile(Contract):
    """A file handed to an analyst. `text` is decoded with replacement, never cleaned: line numbers must hold."""

    path: RepositoryPath
    language: str
    analysis_key: Digest
    text: str
    model: str = Field(default="", description="who describes it; empty for the analyst's own model")
    extractive_key: Digest | None = Field(default=None, description="its analysis's key if no model can be paid")
    together: str = Field(default="", description="files with the same word here are asked about in one question")
    imports: tuple[ImportedFile, ...] = ()
    siblings: tuple[RepositoryPath, ...] = ()


class Sources(Contract):
    """The files of one batch, stored as one blob, and what is known of the files around them."""

    batch_id: str
    files: tuple[SourceFile, ...]
    outline: RepositoryText = Field(default="", description="the repository's folders: the same for every batch")
    neighbours: tuple[Neighbour, ...] = ()
    style: WritingStyle = Field(default=WritingStyle(), description="how the analyst's model is asked to write")
