"""A documentation comment as a document: what an author wrote of a file or a symbol, whatever the comment's dialect."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from agents.contracts.base import AuthorText, Contract
from agents.text.marked import marked_without_orders

#: Inline text with the marks of agents.text.marked, clean and without orders to a language model.
MarkedText = Annotated[str, AfterValidator(marked_without_orders)]


def _is_empty(value: Any) -> bool:
    return not value


def _optional(default: Any = "") -> Any:
    """A field that is not written while it is empty: a repository's documentation is thousands of these models."""
    return Field(default=default, exclude_if=_is_empty)


class Paragraph(Contract):
    """One paragraph."""

    kind: Literal["paragraph"] = "paragraph"
    text: MarkedText


class Code(Contract):
    """A block of code, as it is written; `language` is empty for the language of the file itself or an unknown one."""

    kind: Literal["code"] = "code"
    text: AuthorText
    language: AuthorText = _optional()


class Heading(Contract):
    """A heading inside a comment; levels count from 1."""

    kind: Literal["heading"] = "heading"
    text: MarkedText
    level: int = Field(default=1, ge=1, le=6)


class Listing(Contract):
    """A list; an item is blocks."""

    kind: Literal["list"] = "list"
    items: tuple[tuple[Block, ...], ...]
    ordered: bool = _optional(False)
    start: int = Field(default=1, ge=0, exclude_if=lambda value: value == 1)


class Table(Contract):
    """A table; every row is as long as its header."""

    kind: Literal["table"] = "table"
    header: tuple[MarkedText, ...]
    rows: tuple[tuple[MarkedText, ...], ...]


class Admonition(Contract):
    """A note, a warning, a quotation: `label` says which, `title` is the author's own."""

    kind: Literal["admonition"] = "admonition"
    label: AuthorText
    blocks: tuple[Block, ...]
    title: MarkedText = _optional()


class Entry(Contract):
    """A parameter, a returned value, an error, a term: its name, its type as written, and what is said of it."""

    name: AuthorText = _optional()
    type: AuthorText = _optional()
    default: AuthorText = _optional()
    optional: bool = _optional(False)
    text: MarkedText = _optional()
    blocks: tuple[Block, ...] = _optional(())


class Definitions(Contract):
    """A list of terms and what they mean."""

    kind: Literal["definitions"] = "definitions"
    entries: tuple[Entry, ...]


Block = Annotated[Paragraph | Code | Heading | Listing | Table | Admonition | Definitions, Field(discriminator="kind")]


class Documentation(Contract):
    """A whole comment. `summary` is its first paragraph, `blocks` what follows in the author's order."""

    summary: MarkedText = _optional()
    blocks: tuple[Block, ...] = _optional(())
    type_parameters: tuple[Entry, ...] = _optional(())
    parameters: tuple[Entry, ...] = _optional(())
    attributes: tuple[Entry, ...] = _optional(())
    returns: tuple[Entry, ...] = _optional(())
    yields: tuple[Entry, ...] = _optional(())
    raises: tuple[Entry, ...] = _optional(())
    warns: tuple[Entry, ...] = _optional(())
    examples: tuple[Block, ...] = _optional(())
    deprecated: Entry | None = Field(default=None, exclude_if=_is_empty)
    since: MarkedText = _optional()
    see_also: tuple[Entry, ...] = _optional(())
    facts: tuple[Entry, ...] = Field(
        default=(), exclude_if=_is_empty, description="other tags: author, version, access; name and text"
    )
