"""What a webhook of a code host says, in words that are the same for every host."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from agents.contracts.base import Contract


class HostKind(StrEnum):
    """Who sends webhooks; `plain` is anybody who signs with our own header."""

    GITHUB = "github"
    GITLAB = "gitlab"
    BITBUCKET = "bitbucket"
    GITEA = "gitea"
    PLAIN = "plain"


class RefKind(StrEnum):
    """What a commit was pushed to."""

    BRANCH = "branch"
    TAG = "tag"


#: SHA-1 or SHA-256 of Git, in full: a shortened one may name two commits.
Commit = Annotated[str, Field(pattern=r"^(?:[0-9a-f]{40}|[0-9a-f]{64})$")]
#: `owner/name`, with groups in between on GitLab; no part begins with a dot or a dash.
RepositoryName = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*){1,10}$", max_length=255)
]


#: What Git takes in no ref, and a line of a log neither: https://git-scm.com/docs/git-check-ref-format
_NEVER_IN_REF = re.compile(r"[\x00-\x20\x7f-\x9f]|\.\.")
#: Bytes of a ref: with its kind it is part of a key of DynamoDB, which takes 1,024.
_LONGEST_REF_BYTES = 1_000


def _ref(name: str) -> str:
    """A name that Git takes. Raises ValueError."""
    if _NEVER_IN_REF.search(name):
        raise ValueError("no name that Git takes for a branch or a tag")
    if len(name.encode("utf-8")) > _LONGEST_REF_BYTES:  # half a pair of surrogates is a ValueError, too
        raise ValueError(f"more than {_LONGEST_REF_BYTES} bytes")
    return name


#: A branch's or tag's name without refs/…; empty where a payload does not say it.
RefName = Annotated[str, Field(max_length=255), AfterValidator(_ref)]


class Push(Contract):
    """One commit that arrived at a branch or a tag of a repository."""

    provider: HostKind
    repository: RepositoryName
    kind: RefKind
    ref: RefName = Field(min_length=1)
    commit: Commit | None = Field(description="None where the host does not say it: a release names a tag alone")
    default_branch: RefName = Field(default="", description="the repository's, where the payload says it")
    pushed_at: int = Field(default=0, ge=0, le=10**11, description="seconds since 1970, where the payload says it")


class FetchSnapshotInput(Contract):
    """Which commit to fetch; `arrival` orders pushes whose host does not say when they happened."""

    push: Push
    arrival: int = Field(default=0, ge=0, description="nanoseconds since 1970, when the webhook came in; 0 means now")
    only_changed: bool = Field(default=False, description="of a schedule: fetch nothing that was fetched last")


class FetchSnapshotOutput(Contract):
    """What was stored."""

    key: str = Field(description="of the upload, whose arrival starts the session; empty where nothing has changed")
    commit: Commit
    size: int = Field(ge=0)
