"""One comment of a file, as it stands there."""

from __future__ import annotations

from dataclasses import dataclass

from agents.codebase.structure.documentation.comment_text import BLOCK_OPEN


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment that begins its line; rows count from 0."""

    first: int
    last: int
    end: int
    text: str

    @property
    def block(self) -> bool:
        """Whether it is one comment of its own, not a line of a run."""
        return bool(BLOCK_OPEN.match(self.text))

    @property
    def marker(self) -> str:
        """What a line comment starts with, so that `//` and `///` are not one run."""
        if self.text.startswith("////"):
            return "////"
        return self.text[:3] if self.text[:3] in {"///", "//!"} else self.text[:1]
