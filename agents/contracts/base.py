"""What every contract has in common: frozen, closed, and clean of a repository's control characters."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from agents.text.cleaning import author_text, clean_text, spoken_text

__all__ = [
    "CONTRACT_VERSION",
    "AuthorText",
    "Contract",
    "Digest",
    "Lines",
    "RepositoryPath",
    "RepositoryText",
    "SessionId",
    "SpokenText",
    "Statement",
    "build_validators",
    "clean_text",
    "relative_path",
]  # fmt: skip

#: Part of every analysis key: raise it when a contract or a reader changes what an analysis holds.
CONTRACT_VERSION = "14"


class Contract(BaseModel):
    """A frozen model that refuses fields it does not know."""

    # Validators are built at a contract's first use, or all at once by who has time: most who import them use few.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def with_changes(self, **changes: Any) -> Self:
        """A copy with other values of some fields, validated: pydantic's `model_copy(update=...)` validates nothing.

        Raises pydantic.ValidationError.
        """
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate({**values, **changes}, by_name=True)


def build_validators() -> None:
    """Build the validators of every contract that is imported: 50 ms for a hundred of them."""
    kinds = Contract.__subclasses__()
    while kinds:
        kind = kinds.pop()
        kind.model_rebuild()
        kinds += kind.__subclasses__()


def relative_path(path: str) -> str:
    """A repository path: relative, with forward slashes, no way out of its root.

    Raises:
        ValueError: the path is absolute, empty or climbs out.
    """
    parts = path.split("/")
    if not path or path.startswith("/") or ".." in parts or "" in parts or "\x00" in path:
        raise ValueError(f"not a path inside a repository: {path!r}")
    return path


# A draft cites each file many times, and who reads it validates each citation.
@lru_cache(maxsize=8_192)
def _clean_path(path: str) -> str:
    return relative_path(clean_text(path))


#: Untrusted text from a repository or a model.
RepositoryText = Annotated[str, AfterValidator(clean_text)]
#: An author's words, as an API page repeats them: without orders to a language model.
AuthorText = Annotated[str, AfterValidator(author_text)]
#: A sentence that a page will show, a model's above all: without markup, links, images and orders.
SpokenText = Annotated[str, AfterValidator(spoken_text)]
#: A file's path inside the snapshot, as it is written in citations.
RepositoryPath = Annotated[str, AfterValidator(_clean_path)]
SessionId = Annotated[str, Field(pattern=r"^s[0-9a-f]{20}$")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Lines(Contract):
    """A range of lines in one file, counted from 1, both ends included."""

    start: int = Field(ge=1)
    end: int = Field(ge=1)

    def cite(self, path: str) -> str:
        """The citation in the form `path#L3-L9`, or `path#L3` for one line."""
        return f"{path}#L{self.start}" + (f"-L{self.end}" if self.end != self.start else "")


class Statement(Contract):
    """A sentence and the lines that prove it; the path is known where the statement is kept.

    `text` is plain text: whoever renders it escapes it. `lines` is None only for a statement about a whole file.
    """

    text: SpokenText
    lines: Lines | None = None
