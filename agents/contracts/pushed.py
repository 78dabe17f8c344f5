"""The push that an upload comes from: the fetcher writes it into the upload's metadata, and OpenSession reads it."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Self
from urllib.parse import quote

from pydantic import Field, ValidationError

from agents.contracts.base import Contract
from agents.contracts.webhook import Commit, Push

#: S3 takes 2 KB of metadata for one object.
_LONGEST_REF = 1_000


class PushedCommit(Contract):
    """A commit that was pushed to a branch or tag; all of it is ASCII."""

    repository: str = Field(min_length=1, max_length=600, description="the full name: host, owner and name")
    ref: str = Field(min_length=1, max_length=2 * _LONGEST_REF, description="`branch/…` or `tag/…`, quoted as in a URL")
    commit: Commit
    pushed_at: int = Field(ge=0, description="seconds since 1970 as the host says, 0 where it does not")
    arrival: int = Field(ge=0, lt=10**20, description="nanoseconds since 1970, when the webhook came in")

    @property
    def order(self) -> str:
        """Sorts the pushes of one ref: by the host's time, then by arrival.

        A time after the arrival is no time of this push: it would stop every later push from counting.
        """
        arrived = self.arrival // 1_000_000_000
        return f"{min(self.pushed_at or arrived, arrived):011d}.{self.arrival:020d}"

    @classmethod
    def of(cls, push: Push, repository: str, commit: str, arrival: int) -> Self:
        """What is known of a push. A ref too long for metadata is cut, and its digest makes it unique."""
        ref = quote(f"{push.kind}/{push.ref}")
        if len(ref) > _LONGEST_REF:
            ref = f"{ref[:_LONGEST_REF]}~{sha256(ref.encode()).hexdigest()}"
        return cls(repository=repository, ref=ref, commit=commit, pushed_at=push.pushed_at, arrival=arrival)

    @classmethod
    def in_metadata(cls, metadata: Mapping[str, str]) -> Self | None:
        """The push that an object's metadata names; None for an upload that somebody made by hand."""
        try:
            return cls.model_validate({name: metadata.get(_written(name)) for name in cls.model_fields})
        except ValidationError:
            return None

    @property
    def metadata(self) -> dict[str, str]:
        """The same as metadata of S3."""
        return {_written(name): str(value) for name, value in self.model_dump().items()}


def _written(field: str) -> str:
    return field.replace("_", "-")
