"""Inline text of the document model as the site's Markdown; where a link leads is for each page to say. Pure."""

from __future__ import annotations

from agents.roles.editor import markdown
from agents.text.marked import Run


class InlineWriter:
    """Writes pieces of inline text."""

    def written(self, pieces: list[Run], *, first: bool = False) -> list[str]:
        """The pieces as Markdown; `first` for those that begin a line."""
        result: list[str] = []
        for piece in pieces:
            if piece.kind == "text":
                lines = piece.text.split("\n")
                parts = [markdown.inside(part, first=first and not result and not n) for n, part in enumerate(lines)]
                result.append("<br>".join(parts))
            elif piece.kind == "code":
                result.append(markdown.code(piece.text))
            elif piece.kind == "link":
                result.append(self.link(piece))
            else:
                tag = "em" if piece.kind == "emphasis" else "strong"
                result.append(f"<{tag}>{''.join(self.written(piece.inside))}</{tag}>")
        return result

    def link(self, run: Run) -> str:
        """A link as Markdown."""
        raise NotImplementedError


def unquoted(target: str) -> str:
    """A link's target without the escapes of agents.text.marked."""
    for sign in "() <>\\\"'`":
        target = target.replace(f"%{ord(sign):02X}", sign)
    return target
