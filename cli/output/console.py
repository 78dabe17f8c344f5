"""The consoles of every command: no text, whoever wrote it, gives the terminal an order."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from cli.errors import printable


class PlainConsole(Console):
    """Shows escapes of a terminal in what it prints instead of sending them; Rich's own colours come later."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """The pieces of what is printed, from which Rich makes lines."""
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else printable(text), style, control)
