"""Inline text of the document model as the site's Markdown; where a link leads is for each page to say. Pure."""

from __future__ import annotations

from agents.roles.editor import markdown
from agents.text.marked import Run


class InlineWriter:
    """Writes pieces of inline text."""

    def written(self, pieces: list[Run], *, first: bool = False) -> list[str]:
        """The pieces as Markdown; `first` for those that begin a line."""
        result: list[str] = []
        for one in pieces:
            if one.kind == "text":
                lines = one.text.split("\n")
                parts = [markdown.inside(part, first=first and not result and not n) for n, part in enumerate(lines)]
                result.append("<br>".join(parts))
            elif one.kind == "code":
                result.append(markdown.code(one.text))
            elif one.kind == "link":
                result.append(self.link(one))
            else:
                tag = "em" if one.kind == "emphasis" else "strong"
                result.append(f"<{tag}>{''.join(self.written(one.inside))}</{tag}>")
        return result

    def link(self, one: Run) -> str:
        """A link as Markdown."""
        raise NotImplementedError


def unquoted(target: str) -> str:
    """A link's target without the escapes of agents.text.marked."""
    for sign in "() <>\\\"'`":
        target = target.replace(f"%{ord(sign):02X}", sign)
    return target
