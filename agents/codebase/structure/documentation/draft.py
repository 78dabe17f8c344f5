"""A document while a dialect's parser fills it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from textwrap import dedent

from agents.contracts.documentation import Admonition, Block, Code, Documentation, Entry, Paragraph
from agents.text.marked import escaped

#: What a paragraph is introduced by when an author's tag or section says what it is.
ADMONITIONS = {
    "note": "note", "notes": "note", "remark": "note", "remarks": "note", "info": "note", "apinote": "note",
    "implnote": "note", "implspec": "note", "hint": "tip", "tip": "tip", "important": "important",
    "attention": "warning", "warning": "warning", "warnings": "warning", "caution": "warning", "danger": "warning",
    "error": "warning", "bug": "warning", "experiment": "note", "todo": "todo", "fixme": "todo", "pre": "precondition",
    "precondition": "precondition", "requires": "precondition", "post": "postcondition",
    "postcondition": "postcondition", "invariant": "invariant", "complexity": "note", "safety": "safety",
    "context": "note", "methodology": "note",
}  # fmt: skip


@dataclass(slots=True)
class DocumentationDraft:
    """What was read so far; each list is a field of Documentation."""

    blocks: list[Block] = field(default_factory=list)
    type_parameters: list[Entry] = field(default_factory=list)
    parameters: list[Entry] = field(default_factory=list)
    attributes: list[Entry] = field(default_factory=list)
    returns: list[Entry] = field(default_factory=list)
    yields: list[Entry] = field(default_factory=list)
    raises: list[Entry] = field(default_factory=list)
    warns: list[Entry] = field(default_factory=list)
    examples: list[Block] = field(default_factory=list)
    deprecated: Entry | None = None
    since: str = ""
    see_also: list[Entry] = field(default_factory=list)
    facts: list[Entry] = field(default_factory=list)

    def admonition(self, name: str, blocks: Iterable[Block], title: str = "") -> None:
        """Add a note, a warning or the like; one that says nothing is left out."""
        inside = tuple(blocks)
        if inside or title:
            self.blocks.append(Admonition(label=ADMONITIONS.get(name.lower(), "note"), title=title, blocks=inside))

    def deprecate(self, blocks: Iterable[Block], version: str = "") -> None:
        """Mark the symbol as deprecated; several reasons are joined."""
        note = entry(version, blocks=blocks)
        if self.deprecated is not None:
            note = merged(self.deprecated, note)
        self.deprecated = note

    def since_when(self, words: list[Block]) -> None:
        """Keep since when something exists; more than a sentence is a fact of its own."""
        if len(words) == 1 and isinstance(words[0], Paragraph) and not self.since:
            self.since = words[0].text
        elif words:
            self.facts.append(entry("since", blocks=words))

    def finish(self) -> Documentation | None:
        """The document, None when the comment says nothing."""
        blocks = list(self.blocks)
        summary = ""
        if blocks and isinstance(blocks[0], Paragraph):
            summary = blocks.pop(0).text  # type: ignore[union-attr]  # the block is a paragraph
        if self.deprecated is None and summary.startswith("Deprecated:"):
            self.deprecated, summary = Entry(text=summary.removeprefix("Deprecated:").strip()), ""
        document = Documentation(
            summary=summary,
            blocks=tuple(blocks),
            type_parameters=tuple(self.type_parameters),
            parameters=tuple(self.parameters),
            attributes=tuple(self.attributes),
            returns=tuple(self.returns),
            yields=tuple(self.yields),
            raises=tuple(self.raises),
            warns=tuple(self.warns),
            examples=tuple(self.examples),
            deprecated=self.deprecated,
            since=self.since,
            see_also=tuple(self.see_also),
            facts=tuple(self.facts),
        )
        return None if document == Documentation() else document


def entry(
    name: str = "", kind: str = "", blocks: Iterable[Block] = (), default: str = "", optional: bool = False
) -> Entry:
    """An entry whose first paragraph is its text."""
    inside = list(blocks)
    text = ""
    if inside and isinstance(inside[0], Paragraph):
        text = inside.pop(0).text  # type: ignore[union-attr]  # the block is a paragraph
    return Entry(
        name=name.strip(), type=" ".join(kind.split()), default=default.strip(), optional=optional, text=text,
        blocks=tuple(inside),
    )  # fmt: skip


def merged(first: Entry, second: Entry) -> Entry:
    """Both entries as one, nothing lost: where they name two types or two defaults, the entry has both."""
    more = [Paragraph(text=second.text)] if second.text else []
    text, blocks = first.text, (*first.blocks, *more, *second.blocks)
    if not first.text and not first.blocks:
        text, blocks = second.text, second.blocks
    # A copy, since validating all blocks again for each addition would take the square of their number.
    return first.model_copy(
        update={
            "name": first.name or second.name,
            "type": _both(first.type, second.type),
            "default": _both(first.default, second.default),
            "optional": first.optional or second.optional,
            "text": text,
            "blocks": blocks,
        }
    )


def _both(first: str, second: str) -> str:
    return " | ".join(dict.fromkeys(part for part in (first, second) if part))


def paragraph(text: str) -> list[Block]:
    """Plain text as at most one paragraph that shows it."""
    flat = " ".join(text.split())
    return [Paragraph(text=escaped(flat))] if flat else []


def code_block(text: str, language: str = "") -> list[Block]:
    """Code as at most one block, its common indentation removed."""
    inside = dedent(text.expandtabs(4) if "\t" in text else text).strip("\n").rstrip()
    return [Code(text=inside, language=language.strip().lower())] if inside.strip() else []


def dedented(first: str, rest: Iterable[str]) -> str:
    """A tag's text: its first line, and the lines below without their common indentation."""
    below = dedent("\n".join(rest))
    return f"{first.strip()}\n{below}".strip("\n").rstrip() if below.strip() else first.strip()


_BALANCE = {"<": ">", "{": "}", "(": ")", "[": "]"}


def balanced(text: str, start: int = 0) -> int:
    """The offset after the bracket that closes the one at `start`; -1 when none does."""
    depth = 0
    opening, closing = text[start], _BALANCE[text[start]]
    for match in re.compile(f"[{re.escape(opening + closing)}]").finditer(text, start):
        depth += 1 if match.group() == opening else -1
        if not depth:
            return match.end()
    return -1


def type_end(text: str) -> int:
    """Where a type ends that is followed by words: at the first blank outside brackets."""
    depth = 0
    for at, sign in enumerate(text):
        if sign in "<({[":
            depth += 1
        elif sign in ">)}]" and depth and text[at - 1 : at + 1] not in {"->", "=>"}:
            depth -= 1
        elif sign.isspace() and not depth:
            before, after = text[:at].rstrip(), text[at:].lstrip()
            if before.endswith(("|", "&", ":")) or after.startswith(("|", "&")):
                continue
            return at
    return len(text) if not depth else (text.find(" ") if " " in text else len(text))
