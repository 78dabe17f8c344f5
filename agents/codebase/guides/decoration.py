"""What of a document decorates or leads elsewhere: badges, rows of links, tables of contents. Pure."""

from __future__ import annotations

import re

from agents.contracts.documentation import Block, Heading, Listing, Paragraph
from agents.text import marked

BADGE = re.compile(
    r"badge|shields\.io|travis|codecov|coveralls|circleci|appveyor|/workflows/|opencollective|pepy", re.IGNORECASE
)


_RECORD = re.compile(
    r"^(?:version|web(?:site| site| page)?|home ?page|url|download|source(?: code)?|code|repository|repo|keywords|tags|"
    r"licen[cs]e|authors?|maintainers?|contact|e-?mail|doc(?:umentation|s)?|bug ?tracker|issue ?tracker|issues|bugs|"
    r"mailing ?list|irc|chat|status|release|date|python(?: versions?)?|pypi|changelog|copyright|organi[sz]ation|"
    r"funding|support|ci|tests?)\s*:",
    re.IGNORECASE,
)


def is_content(block: Block) -> bool:
    if isinstance(block, Paragraph):
        return not _is_row_of_links(block.text)
    if isinstance(block, Listing):
        is_links = all(len(item) >= 1 and all(_only_links(inner) for inner in item) for item in block.items)
        return not is_contents(block) and not is_links and not _is_record(block)
    return not isinstance(block, Heading)


def _is_record(block: Listing) -> bool:
    """Whether a list says what a manifest says: `Version: 5.4.0`, `Download: …`, `Keywords: …`."""
    firsts = [marked.words(item[0].text) if item and isinstance(item[0], Paragraph) else "" for item in block.items]
    return len(firsts) > 1 and all(_RECORD.match(first) for first in firsts)


def is_contents(block: Listing) -> bool:
    """Whether each item begins with a link into the same page: a table of contents, whatever stands behind."""
    firsts = [marked.runs(item[0].text)[:1] for item in block.items if item and isinstance(item[0], Paragraph)]
    return len(firsts) == len(block.items) > 2 and all(
        bool(first) and first[0].kind == "link" and first[0].target.startswith("#") for first in firsts
    )


def _only_links(block: Block) -> bool:
    if isinstance(block, Listing):
        return all(_only_links(inner) for item in block.items for inner in item)
    return isinstance(block, Paragraph) and _is_row_of_links(block.text)


def _is_row_of_links(text: str) -> bool:
    """Whether a paragraph is made of links, pictures and signs alone."""
    pieces = marked.runs(text)
    links = [piece for piece in pieces if piece.kind == "link" or any(part.kind == "link" for part in piece.inside)]
    loose = "".join(piece.text for piece in pieces if piece.kind in {"text", "code"})
    loose += " ".join(
        part.text
        for piece in pieces
        if piece.kind in {"emphasis", "strong"}
        for part in piece.inside
        if part.kind == "text"
    )
    words = re.findall(r"\w{2,}", loose)
    if not links:
        return not words
    only = all(BADGE.search(link.target) or link.target.startswith("image:") for link in links if link.kind == "link")
    return not words or (len(words) < 2 and (only or len(links) > 1))
