"""What every contract has in common: frozen, closed, and clean of a repository's control characters."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

#: Part of every analysis key: raise it when a contract or a reader changes what an analysis holds.
CONTRACT_VERSION = "2"


class Contract(BaseModel):
    """A frozen model that refuses fields it does not know."""

    # Validators are built at a contract's first use: a function that starts cold would build all, and uses few.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
_KEPT = {"\n", "\t"}
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


def clean_text(text: str) -> str:
    """Text of an uploaded repository without terminal escapes, control, bidirectional or invisible characters."""
    # What is printable holds none of these; the analyses of a large repository are a million such texts.
    if text.isprintable() or text.replace("\n", "").replace("\t", "").isprintable():
        return text
    visible = _ANSI.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in visible if c in _KEPT or unicodedata.category(c) not in _INVISIBLE)


def relative_path(path: str) -> str:
    """A repository path: relative, with forward slashes, no way out of its root.

    Raises:
        ValueError: the path is absolute, empty or climbs out.
    """
    parts = path.split("/")
    if not path or path.startswith("/") or ".." in parts or "" in parts or "\x00" in path:
        raise ValueError(f"not a path inside a repository: {path!r}")
    return path


#: Untrusted text from a repository or a model.
RepositoryText = Annotated[str, AfterValidator(clean_text)]
#: A file's path inside the snapshot, as it is written in citations.
RepositoryPath = Annotated[str, AfterValidator(clean_text), AfterValidator(relative_path)]
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

    text: RepositoryText
    lines: Lines | None = None
