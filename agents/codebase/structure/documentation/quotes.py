"""Quotes of Markdown that are notes: GitHub's `> [!TIP]` and DocC's `> Tip: words`. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agents.codebase.structure.documentation.draft import ADMONITIONS
from agents.contracts.documentation import Admonition, Block, Paragraph

_ALERT = re.compile(r"\\?\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\\?\]\s*", re.IGNORECASE)
_ASIDE = re.compile(r"([A-Za-z]{3,20}):\s+")


def quote(inside: Sequence[Block]) -> list[Block]:
    """What a quote holds, as a note where its first words say that it is one."""
    if not inside:
        return []
    first = inside[0]
    named = (_ALERT.match(first.text) or _ASIDE.match(first.text)) if isinstance(first, Paragraph) else None
    label = ADMONITIONS.get(named.group(1).lower()) if named is not None else None
    if named is None or label is None or not isinstance(first, Paragraph):
        return [Admonition(label="quote", blocks=tuple(inside))]
    rest = first.text[named.end() :]
    return [Admonition(label=label, blocks=(*([Paragraph(text=rest)] if rest else []), *inside[1:]))]
