"""A file's text as the site shows it: secrets and orders to models are stars, lines keep their numbers. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from agents.codebase.secrets import STARS, without_secrets
from agents.contracts.structure import Evidence
from agents.text.visible import visible_text

#: What a page does not repeat: secrets, and orders to the language models that read the site.
HIDDEN = ("secret-", "model-order")


def published_lines(text: str, evidence: Iterable[Evidence]) -> list[str]:
    """The lines of a file as the site shows them."""
    # Cleaned before it is searched; evidence has a limit, so the text itself is searched once more.
    return masked(without_secrets(visible_text(text)).split("\n"), evidence)


def masked(lines: list[str], evidence: Iterable[Evidence]) -> list[str]:
    """The lines with stars in the place of every secret and every order to a language model."""
    shown = list(lines)
    for one in evidence:
        if not one.rule.startswith(HIDDEN):
            continue
        whole = one.lines.end > one.lines.start
        for number in range(one.lines.start - 1, min(one.lines.end, len(lines))):
            line = lines[number]
            indent = line[: len(line) - len(line.lstrip())]
            # The reader knew where the value stands; a secret of several lines, such as a key, is hidden whole.
            hidden = STARS if whole or not one.excerpt else one.excerpt
            shown[number] = indent + hidden if line.strip() else line
    return shown
