"""An author's documentation as safe Markdown: nothing is cut, what is long folds, entries are tables. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from agents.contracts.documentation import (
    Admonition,
    Block,
    Code,
    Documentation,
    Entry,
    Heading,
    Listing,
    Paragraph,
    Table,
)
from agents.pages.words import Words
from agents.roles.editor import markdown
from agents.roles.editor.html_blocks import as_html, as_html_line
from agents.roles.editor.inline import InlineWriter, unquoted
from agents.text.marked import SYMBOL, Run, runs

#: Characters of description after which the rest folds.
_SHOWN = 2_000

#: The page of a symbol that an author names, relative to the page being written; empty when there is none.
Resolve = Callable[[str], str]


class Known(Protocol):
    """A parameter as the signature has it."""

    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def default(self) -> str: ...


def nowhere(_name: str) -> str:
    """Links no symbol."""
    return ""


def rendered(
    document: Documentation,
    language: str = "",
    resolve: Resolve = nowhere,
    signature: Sequence[Known] = (),
    typed: Callable[[str], str] = markdown.code,
    words: Words | None = None,
) -> str:
    """The whole document. `language` is the file's, for examples that name none of their own; `typed` writes a type.

    `words` are the labels in the site's language.
    """
    words = words or Words()
    page = _Page(language, resolve, typed, words)
    parts = [page.line(document.summary)]
    if document.deprecated is not None:
        since = document.deprecated.name
        version = " " + words("since {version}", version=markdown.escape(since)) if since else ""
        parts.append(page.labelled(f"**{words('Deprecated')}**{version}", document.deprecated))
    parts += page.description(document.blocks)
    parts += page.entries("Type parameters", document.type_parameters)
    parts += page.entries("Parameters", joined(document.parameters, signature))
    parts += page.entries("Attributes", document.attributes)
    parts += page.entries("Returns", document.returns)
    parts += page.entries("Yields", document.yields)
    parts += page.entries("Raises", document.raises)
    parts += page.entries("Warns", document.warns)
    if document.examples:
        parts += [f"**{words('Example')}**", *page.folded(document.examples)]
    if document.since:
        parts.append(f"**{words('Since')}** {page.line(document.since)}")
    if document.see_also:
        parts.append(f"**{words('See also')}** " + "; ".join(page.short(entry) for entry in document.see_also))
    if document.facts:
        parts.append(" · ".join(f"{markdown.escape(fact.name)}{page.after(fact)}" for fact in document.facts))
    return "\n\n".join(part for part in parts if part.strip())


def joined(entries: Sequence[Entry], signature: Sequence[Known]) -> list[Entry]:
    """The author's entries with the types and defaults of the signature where he gave none."""
    by_name = {_bare(entry.name): entry for entry in signature}
    result = []
    for entry in entries:
        declared = by_name.get(_bare(entry.name))
        update = (
            {"type": entry.type or declared.type, "default": entry.default or declared.default}
            if declared is not None
            else {}
        )
        result.append(entry.with_changes(**update))
    return result


def _bare(name: str) -> str:
    return name.lstrip("*&$.").strip("`")


class _Page(InlineWriter):
    """Writes blocks of one language on one page."""

    def __init__(self, language: str, resolve: Resolve, typed: Callable[[str], str], words: Words) -> None:
        self._words = words
        self._typed = typed
        self._language = language
        self._resolve = resolve

    def line(self, marked: str) -> str:
        """Inline text on one line."""
        return "".join(self.written(runs(marked), first=True)).strip()

    def labelled(self, label: str, entry: Entry) -> str:
        """A label, and what an entry says behind it."""
        head = f"{label} {self.line(entry.text)}".rstrip() if entry.text else label
        return "\n\n".join([head, *self._blocks(entry.blocks)])

    def short(self, entry: Entry) -> str:
        """An entry inside a sentence."""
        named = markdown.code(entry.name) if entry.name else ""
        text = " ".join(part for part in (self.line(entry.text), as_html_line(entry.blocks)) if part)
        return f"{named} {text}".strip()

    def after(self, entry: Entry) -> str:
        """What a fact says behind its name."""
        text = " ".join(part for part in (self.line(entry.text), as_html_line(entry.blocks)) if part)
        return f": {text}" if text else ""

    def description(self, blocks: Sequence[Block]) -> list[str]:
        """The description, its end folded where it is long."""
        visible: list[Block] = []
        size = 0
        for number, block in enumerate(blocks):
            if size > _SHOWN and len(blocks) - number > 1:
                return [*self._blocks(visible), _details(blocks[number:], self._words("More"))]
            size += len(block.model_dump_json())
            visible.append(block)
        return self._blocks(visible)

    def folded(self, blocks: Sequence[Block]) -> list[str]:
        """Blocks, the ones after the first folded where they are long."""
        size = sum(len(block.model_dump_json()) for block in blocks)
        if size <= 2 * _SHOWN or len(blocks) < 3:
            return self._blocks(blocks)
        return [*self._blocks(blocks[:2]), _details(blocks[2:], self._words("More"))]

    def entries(self, title: str, entries: Sequence[Entry]) -> list[str]:
        """Parameters, values or errors: one that says a sentence is a sentence, else a table."""
        if not entries:
            return []
        title = self._words(title)
        only = entries[0]
        if len(entries) == 1 and not only.name and not only.type:
            return [self.labelled(f"**{title}**", only)]
        columns = [
            ("Name", [markdown.code(entry.name) for entry in entries]),
            ("Type", [self._typed(entry.type) for entry in entries]),
            (
                "Default",
                [
                    markdown.code(entry.default) or (self._words("optional") if entry.optional else "")
                    for entry in entries
                ],
            ),
            ("Meaning", [self._meaning(entry) for entry in entries]),
        ]
        used = [(head, cells) for head, cells in columns if any(cells)] or columns[:1]
        rows = zip(*(cells for _, cells in used), strict=True)
        return [f"**{title}**", markdown.table([self._words(head) for head, _ in used], rows)]

    def _meaning(self, entry: Entry) -> str:
        return " ".join(part for part in (self.line(entry.text), as_html_line(entry.blocks)) if part)

    def _blocks(self, blocks: Iterable[Block]) -> list[str]:
        return [part for block in blocks for part in self._block(block)]

    def _block(self, block: Block) -> list[str]:
        if isinstance(block, Paragraph):
            return [self.line(block.text)]
        if isinstance(block, Code):
            return [markdown.fence(block.text, block.language or self._language)] if block.text.strip() else []
        if isinstance(block, Heading):
            return [f"<strong>{self.line(block.text)}</strong>"]
        if isinstance(block, Table):
            rows = [[self.line(cell) for cell in row] for row in block.rows]
            header = [self.line(cell) or " " for cell in block.header]
            return [markdown.table(header, rows)] if rows else [" · ".join(header)]
        if isinstance(block, Listing) and not block.ordered and all(_is_short(item) for item in block.items):
            # The items are paragraphs.
            return ["\n".join(f"- {self.line(item[0].text)}" for item in block.items)]  # type: ignore[union-attr]
        if isinstance(block, Admonition) and block.label != "quote":
            title = f" {self.line(block.title)}" if block.title else ""
            label = markdown.escape(self._words(_LABELS.get(block.label, block.label.capitalize())))
            first, rest = block.blocks[:1], block.blocks
            head = f"<strong>{label}</strong>{title}"
            if first and isinstance(first[0], Paragraph):
                head, rest = f"{head}: {self.line(first[0].text)}", block.blocks[1:]
            return [head, *self._blocks(rest)]
        return [as_html([block])]

    def link(self, run: Run) -> str:
        label = "".join(self.written(run.inside))
        if run.target.startswith(SYMBOL):
            href = self._resolve(_name_of(run.target))
            return f"[{label}]({href})" if href else label
        # Pages lead nowhere outside the site: an address is shown, not linked.
        label_text = "".join(part.text for part in run.inside)
        address = unquoted(run.target)
        return markdown.code(address) if label_text == address else f"{label} ({markdown.code(address)})"


_LABELS = {
    "versionadded": "New in version",
    "versionchanged": "Changed in version",
    "versionremoved": "Removed in version",
}


def _is_short(item: Sequence[Block]) -> bool:
    return len(item) == 1 and isinstance(item[0], Paragraph) and "\n" not in item[0].text


def _details(blocks: Sequence[Block], label: str) -> str:
    return f"<details><summary>{label}</summary>{as_html(blocks)}</details>"


def _name_of(target: str) -> str:
    return unquoted(target.removeprefix(SYMBOL))
