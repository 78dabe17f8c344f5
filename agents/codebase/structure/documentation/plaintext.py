"""Comments of languages without a dialect of their own: Markdown, which is how people write without thinking of it."""

from __future__ import annotations

from agents.codebase.structure.documentation import tags
from agents.codebase.structure.documentation.jsdoc import blocks
from agents.contracts.documentation import Documentation


def read(text: str) -> Documentation | None:
    """A plain comment as a document."""
    return tags.read(text, blocks, tags.named).finish()
