"""A document as plain text: what prompts, search and first sentences read. Code keeps an indentation of four."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import indent

from agents.contracts.documentation import (
    Admonition,
    Block,
    Code,
    Definitions,
    Documentation,
    Entry,
    Heading,
    Listing,
    Paragraph,
    Table,
)
from agents.text.marked import plain

_INDENT = "  "


def text_of(document: Documentation | None) -> str:
    """The whole document in words, paragraphs parted by an empty line; empty when it holds nothing but other tags."""
    return "\n\n".join(_parts(document)) if document is not None else ""


def is_plain(document: Documentation) -> bool:
    """Whether its text says all: one paragraph without a mark."""
    return document == Documentation(summary=document.summary) and plain(document.summary) == document.summary


def _parts(document: Documentation) -> Iterator[str]:  # noqa: C901 (one branch for each kind)
    if document.summary:
        yield plain(document.summary)
    if document.deprecated is not None:
        since = f"since {document.deprecated.name}" if document.deprecated.name else ""
        text = "\n\n".join(_said(document.deprecated))
        yield f"Deprecated: {f'{since}: {text}' if since and text else since or text or 'do not use it.'}"
    yield from _blocks(document.blocks)
    for entry in [*document.type_parameters, *document.parameters, *document.attributes]:
        yield from _entry(entry)
    for label, entries in (("Returns", document.returns), ("Yields", document.yields)):
        for entry in entries:
            text = "\n\n".join(_said(entry))
            typed = f"`{entry.type}`" if entry.type else ""
            named = f"`{entry.name}`" if entry.name else ""
            head = " ".join(part for part in (named, typed) if part)
            yield f"{label}: {f'{head}: {text}' if head and text else head or text}"
    for label, entries in (("Raises", document.raises), ("Warns", document.warns)):
        for entry in entries:
            text = "\n\n".join(_said(entry))
            head = f"{label} `{entry.type or entry.name}`" if entry.type or entry.name else label
            yield f"{head}: {text}" if text else f"{head}."
    if document.examples:
        yield "Example:"
        yield from _blocks(document.examples)
    if document.since:
        yield f"Since: {plain(document.since)}"
    if document.see_also:
        references = (
            "; ".join(part for part in (f"`{reference.name}`" if reference.name else "", *_said(reference)) if part)
            for reference in document.see_also
        )
        yield "See also: " + ", ".join(references)


def _entry(entry: Entry) -> Iterator[str]:
    text = "\n\n".join(_said(entry))
    typed = f" ({entry.type})" if entry.type else ""
    if entry.name:
        yield f"`{entry.name}`{typed}: {text}" if text else f"`{entry.name}`{typed}."
    elif text:
        yield text


def _said(entry: Entry) -> list[str]:
    return [*([plain(entry.text)] if entry.text else []), *_blocks(entry.blocks)]


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield plain(block.text)
        elif isinstance(block, Code):
            yield indent(block.text, "    ")
        elif isinstance(block, Heading):
            yield f"{plain(block.text).rstrip(':')}:"
        elif isinstance(block, Listing):
            yield "\n".join(_items(block))
        elif isinstance(block, Table):
            yield "\n".join(" | ".join(plain(cell) for cell in row) for row in (block.header, *block.rows))
        elif isinstance(block, Admonition):
            inside = "\n\n".join(_blocks(block.blocks))
            title = plain(block.title)
            head = block.label.capitalize() + (f" {title}" if title else "")
            yield inside if block.label == "quote" else f"{head}: {inside}" if inside else f"{head}."
        elif isinstance(block, Definitions):
            for entry in block.entries:
                yield from _entry(entry)


def _items(listing: Listing) -> Iterator[str]:
    for number, item in enumerate(listing.items, start=listing.start):
        sign = f"{number}. " if listing.ordered else "- "
        text = "\n".join(_blocks(item))
        yield sign + indent(text, _INDENT).strip()
