"""The files that a session analysed and the pages that it asked a model about, each with the reason."""

from __future__ import annotations

from pydantic import Field

from agents.contracts.base import Contract, RepositoryPath, RepositoryText, SessionId


class RerunFile(Contract):
    """A file that was analysed in this session."""

    path: RepositoryPath
    why: RepositoryText


class RerunPage(Contract):
    """A page with prose: `why` a model was asked for it, empty if an earlier session's answer served."""

    page: str
    why: RepositoryText = ""
    cites: tuple[RepositoryPath, ...] = Field(default=(), description="files whose statements its prose uses")


class Reruns(Contract):
    """A session compared with the previous one of the same repository; `previous` is empty when there was none."""

    session_id: SessionId
    previous: str = ""
    model: str = Field(default="", description="the editor's")
    instructions: str = Field(default="", description="fingerprint of the editor's instructions")
    files: tuple[RerunFile, ...] = ()
    files_reused: int = 0
    pages: tuple[RerunPage, ...] = ()

    @property
    def pages_asked(self) -> tuple[RerunPage, ...]:
        """The pages that a model was asked for."""
        return tuple(page for page in self.pages if page.why)
