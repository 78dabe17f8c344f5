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
        said = "\n\n".join(_said(document.deprecated))
        yield f"Deprecated: {f'{since}: {said}' if since and said else since or said or 'do not use it.'}"
    yield from _blocks(document.blocks)
    for one in [*document.type_parameters, *document.parameters, *document.attributes]:
        yield from _entry(one)
    for label, entries in (("Returns", document.returns), ("Yields", document.yields)):
        for one in entries:
            said = "\n\n".join(_said(one))
            typed = f"`{one.type}`" if one.type else ""
            named = f"`{one.name}`" if one.name else ""
            head = " ".join(part for part in (named, typed) if part)
            yield f"{label}: {f'{head}: {said}' if head and said else head or said}"
    for label, entries in (("Raises", document.raises), ("Warns", document.warns)):
        for one in entries:
            said = "\n\n".join(_said(one))
            head = f"{label} `{one.type or one.name}`" if one.type or one.name else label
            yield f"{head}: {said}" if said else f"{head}."
    if document.examples:
        yield "Example:"
        yield from _blocks(document.examples)
    if document.since:
        yield f"Since: {plain(document.since)}"
    if document.see_also:
        references = (
            "; ".join(part for part in (f"`{one.name}`" if one.name else "", *_said(one)) if part)
            for one in document.see_also
        )
        yield "See also: " + ", ".join(references)


def _entry(one: Entry) -> Iterator[str]:
    said = "\n\n".join(_said(one))
    typed = f" ({one.type})" if one.type else ""
    if one.name:
        yield f"`{one.name}`{typed}: {said}" if said else f"`{one.name}`{typed}."
    elif said:
        yield said


def _said(one: Entry) -> list[str]:
    return [*([plain(one.text)] if one.text else []), *_blocks(one.blocks)]


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    for one in blocks:
        if isinstance(one, Paragraph):
            yield plain(one.text)
        elif isinstance(one, Code):
            yield indent(one.text, "    ")
        elif isinstance(one, Heading):
            yield f"{plain(one.text).rstrip(':')}:"
        elif isinstance(one, Listing):
            yield "\n".join(_items(one))
        elif isinstance(one, Table):
            yield "\n".join(" | ".join(plain(cell) for cell in row) for row in (one.header, *one.rows))
        elif isinstance(one, Admonition):
            inside = "\n\n".join(_blocks(one.blocks))
            title = plain(one.title)
            head = one.label.capitalize() + (f" {title}" if title else "")
            yield inside if one.label == "quote" else f"{head}: {inside}" if inside else f"{head}."
        elif isinstance(one, Definitions):
            for entry in one.entries:
                yield from _entry(entry)


def _items(listing: Listing) -> Iterator[str]:
    for number, item in enumerate(listing.items, start=listing.start):
        sign = f"{number}. " if listing.ordered else "- "
        said = "\n".join(_blocks(item))
        yield sign + indent(said, _INDENT).strip()
