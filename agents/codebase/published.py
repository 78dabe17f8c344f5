"""A file's text as the site shows it: secrets and orders to models are stars, lines keep their numbers. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from agents.codebase.secrets import STARS, without_secrets
from agents.contracts.structure import Evidence, Structure
from agents.text.visible import visible_text

#: What a page does not repeat: secrets, and orders to the language models that read the site.
HIDDEN = ("secret-", "model-order")


class Hidden(NamedTuple):
    """What a file's reading knows of what a page must not repeat: an unread file may hold anything."""

    evidence: tuple[Evidence, ...] = ()
    holds_secrets: bool = True


def hidden_in(structure: Structure | None) -> Hidden:
    """What the reading of a file, if there is one, knows of it."""
    if structure is None:
        return Hidden()
    evidence = tuple(item for item in structure.evidence if item.rule.startswith(HIDDEN))
    return Hidden(evidence, structure.holds_secrets)


def text_without_secrets(text: str, holds_secrets: bool) -> str:
    """A file's text with stars for its secrets; it is not searched again where reading has seen none."""
    # Cleaned before it is searched: an invisible character would hide a key from the search only.
    visible = visible_text(text)
    return without_secrets(visible) if holds_secrets else visible


def published_lines(text: str, hidden: Hidden) -> list[str]:
    """The lines of a file as the site shows them."""
    # Evidence has a limit, so a text with secrets is searched once more.
    return masked(text_without_secrets(text, hidden.holds_secrets).split("\n"), hidden.evidence)


def masked(lines: list[str], evidence: Iterable[Evidence]) -> list[str]:
    """The lines with stars in the place of every secret and every order to a language model."""
    masked_lines = list(lines)
    for item in evidence:
        if not item.rule.startswith(HIDDEN):
            continue
        whole = item.lines.end > item.lines.start
        for number in range(item.lines.start - 1, min(item.lines.end, len(lines))):
            line = lines[number]
            indent = line[: len(line) - len(line.lstrip())]
            # The reader knew where the value stands; a secret of several lines, such as a key, is hidden whole.
            hidden = STARS if whole or not item.excerpt else item.excerpt
            masked_lines[number] = indent + hidden if line.strip() else line
    return masked_lines
