"""What a test of a release found: one record, stored beside the release. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

#: A check that was not made, and why; such a check neither passes nor fails.
NOT_RUN = "not run: "


class GateModel(BaseModel):
    """A part of the record."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RepositoryFigures(GateModel):
    """One golden repository's session in figures; shares are of 0 to 100."""

    status: str
    session_id: str
    files: int = 0
    gaps: int = 0
    coverage: float = 0.0
    citations: int = 0
    citations_resolved: float = 0.0
    invented_symbols: int = 0
    public_symbols: int = 0
    recall: float = 0.0
    score: int = 0
    dropped_claims: int = 0
    seconds: float = 0.0
    usd: float = 0.0
    payload_bytes: int = 0
    fargate_files: int = 0


class GateRecord(GateModel):
    """A test of one release, `at` in seconds since 1970. A check says `passed`, `failed: …` or `not run: …`."""

    release: str
    stack: str
    at: int
    repositories: Mapping[str, RepositoryFigures]
    checks: Mapping[str, str]
    compared_with: str = Field(default="", description="the release whose record the tolerances were measured from")
    problems: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing was found that forbids a promotion."""
        return not self.problems
