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
) -> str:
    """The whole document. `language` is the file's, for examples that name none of their own; `typed` writes a type."""
    page = _Page(language, resolve, typed)
    parts = [page.line(document.summary)]
    if document.deprecated is not None:
        version = f" since {markdown.escape(document.deprecated.name)}" if document.deprecated.name else ""
        parts.append(page.labelled(f"**Deprecated**{version}", document.deprecated))
    parts += page.description(document.blocks)
    parts += page.entries("Type parameters", document.type_parameters)
    parts += page.entries("Parameters", joined(document.parameters, signature))
    parts += page.entries("Attributes", document.attributes)
    parts += page.entries("Returns", document.returns)
    parts += page.entries("Yields", document.yields)
    parts += page.entries("Raises", document.raises)
    parts += page.entries("Warns", document.warns)
    if document.examples:
        parts += ["**Example**", *page.folded(document.examples)]
    if document.since:
        parts.append(f"**Since** {page.line(document.since)}")
    if document.see_also:
        parts.append("**See also** " + "; ".join(page.short(one) for one in document.see_also))
    if document.facts:
        parts.append(" · ".join(f"{markdown.escape(one.name)}{page.after(one)}" for one in document.facts))
    return "\n\n".join(part for part in parts if part.strip())


def joined(entries: Sequence[Entry], signature: Sequence[Known]) -> list[Entry]:
    """The author's entries with the types and defaults of the signature where he gave none."""
    by_name = {_bare(one.name): one for one in signature}
    result = []
    for one in entries:
        known = by_name.get(_bare(one.name))
        update = {"type": one.type or known.type, "default": one.default or known.default} if known is not None else {}
        result.append(one.with_changes(**update))
    return result


def _bare(name: str) -> str:
    return name.lstrip("*&$.").strip("`")


class _Page(InlineWriter):
    """Writes blocks of one language on one page."""

    def __init__(self, language: str, resolve: Resolve, typed: Callable[[str], str]) -> None:
        self._typed = typed
        self._language = language
        self._resolve = resolve

    def line(self, marked: str) -> str:
        """Inline text on one line."""
        return "".join(self.written(runs(marked), first=True)).strip()

    def labelled(self, label: str, one: Entry) -> str:
        """A label, and what an entry says behind it."""
        head = f"{label} {self.line(one.text)}".rstrip() if one.text else label
        return "\n\n".join([head, *self._blocks(one.blocks)])

    def short(self, one: Entry) -> str:
        """An entry inside a sentence."""
        named = markdown.code(one.name) if one.name else ""
        said = " ".join(part for part in (self.line(one.text), as_html_line(one.blocks)) if part)
        return f"{named} {said}".strip()

    def after(self, one: Entry) -> str:
        """What a fact says behind its name."""
        said = " ".join(part for part in (self.line(one.text), as_html_line(one.blocks)) if part)
        return f": {said}" if said else ""

    def description(self, blocks: Sequence[Block]) -> list[str]:
        """The description, its end folded where it is long."""
        shown: list[Block] = []
        size = 0
        for number, one in enumerate(blocks):
            if size > _SHOWN and len(blocks) - number > 1:
                return [*self._blocks(shown), _details(blocks[number:])]
            size += len(one.model_dump_json())
            shown.append(one)
        return self._blocks(shown)

    def folded(self, blocks: Sequence[Block]) -> list[str]:
        """Blocks, the ones after the first folded where they are long."""
        size = sum(len(one.model_dump_json()) for one in blocks)
        if size <= 2 * _SHOWN or len(blocks) < 3:
            return self._blocks(blocks)
        return [*self._blocks(blocks[:2]), _details(blocks[2:])]

    def entries(self, title: str, entries: Sequence[Entry]) -> list[str]:
        """Parameters, values or errors: one that says a sentence is a sentence, else a table."""
        if not entries:
            return []
        only = entries[0]
        if len(entries) == 1 and not only.name and not only.type:
            return [self.labelled(f"**{title}**", only)]
        columns = [
            ("Name", [markdown.code(one.name) for one in entries]),
            ("Type", [self._typed(one.type) for one in entries]),
            ("Default", [markdown.code(one.default) or ("optional" if one.optional else "") for one in entries]),
            ("Meaning", [self._meaning(one) for one in entries]),
        ]
        used = [(head, cells) for head, cells in columns if any(cells)] or columns[:1]
        rows = zip(*(cells for _, cells in used), strict=True)
        return [f"**{title}**", markdown.table([head for head, _ in used], rows)]

    def _meaning(self, one: Entry) -> str:
        return " ".join(part for part in (self.line(one.text), as_html_line(one.blocks)) if part)

    def _blocks(self, blocks: Iterable[Block]) -> list[str]:
        return [part for one in blocks for part in self._block(one)]

    def _block(self, one: Block) -> list[str]:
        if isinstance(one, Paragraph):
            return [self.line(one.text)]
        if isinstance(one, Code):
            return [markdown.fence(one.text, one.language or self._language)] if one.text.strip() else []
        if isinstance(one, Heading):
            return [f"<strong>{self.line(one.text)}</strong>"]
        if isinstance(one, Table):
            rows = [[self.line(cell) for cell in row] for row in one.rows]
            header = [self.line(cell) or " " for cell in one.header]
            return [markdown.table(header, rows)] if rows else [" · ".join(header)]
        if isinstance(one, Listing) and not one.ordered and all(_is_short(item) for item in one.items):
            # The items are paragraphs.
            return ["\n".join(f"- {self.line(item[0].text)}" for item in one.items)]  # type: ignore[union-attr]
        if isinstance(one, Admonition) and one.label != "quote":
            title = f" {self.line(one.title)}" if one.title else ""
            label = markdown.escape(_LABELS.get(one.label, one.label.capitalize()))
            first, rest = one.blocks[:1], one.blocks
            head = f"<strong>{label}</strong>{title}"
            if first and isinstance(first[0], Paragraph):
                head, rest = f"{head}: {self.line(first[0].text)}", one.blocks[1:]
            return [head, *self._blocks(rest)]
        return [as_html([one])]

    def link(self, one: Run) -> str:
        label = "".join(self.written(one.inside))
        if one.target.startswith(SYMBOL):
            href = self._resolve(_name_of(one.target))
            return f"[{label}]({href})" if href else label
        # Pages lead nowhere outside the site: an address is shown, not linked.
        shown = "".join(part.text for part in one.inside)
        address = unquoted(one.target)
        return markdown.code(address) if shown == address else f"{label} ({markdown.code(address)})"


_LABELS = {
    "versionadded": "New in version",
    "versionchanged": "Changed in version",
    "versionremoved": "Removed in version",
}


def _is_short(item: Sequence[Block]) -> bool:
    return len(item) == 1 and isinstance(item[0], Paragraph) and "\n" not in item[0].text


def _details(blocks: Sequence[Block]) -> str:
    return f"<details><summary>More</summary>{as_html(blocks)}</details>"


def _name_of(target: str) -> str:
    return unquoted(target.removeprefix(SYMBOL))
