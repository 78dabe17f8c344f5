"""The published versions of a repository's site."""

from __future__ import annotations

from pydantic import Field

from agents.contracts.base import Contract, RepositoryText, SessionId
from agents.contracts.session import SessionStatus


class SiteVersion(Contract):
    """One version of a repository's site, as it is hosted: its folder never changes once it is listed."""

    session_id: SessionId
    repository: RepositoryText
    name: str = Field(pattern=r"^[A-Za-z0-9._-]+$", description="its folder's name: snapshot and content")
    snapshot: RepositoryText = Field(description="the archive's file name without its suffix: a commit, or a digest")
    status: SessionStatus
    model: RepositoryText
    published_at: int = Field(description="seconds since 1970")
    readable_until: int = Field(description="seconds since 1970")
