"""A guide's blocks as the site's Markdown: links lead to pages of the site, its pictures are shown. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from agents.codebase.guides import markup
from agents.codebase.guides.source import Repository
from agents.contracts.documentation import Admonition, Block, Code, Definitions, Heading, Listing, Paragraph, Table
from agents.pages.addresses import image_place, link
from agents.pages.words import Words
from agents.roles.editor import markdown
from agents.roles.editor.html_blocks import as_html
from agents.roles.editor.html_blocks import text as plain_html
from agents.roles.editor.inline import InlineWriter, unquoted
from agents.text import marked
from agents.text.marked import SYMBOL, Run, runs

BADGE = re.compile(
    r"badge|shields\.io|travis-ci|codecov|coveralls|circleci|appveyor|/workflows/|\.svg\?branch=", re.IGNORECASE
)
_KINDS = {"note", "tip", "info", "warning", "danger", "success", "question", "example", "abstract", "bug", "quote"}
_HOSTED = re.compile(
    r"^https?://(?:www\.)?(?:raw\.githubusercontent\.com/[^/]+/(?P<raw>[^/]+)|github\.com/[^/]+/(?P<hub>[^/]+)/(?:blob|raw|tree))"
    r"/(?:refs/heads/)?[^/]+/(?P<path>[^?#]+)"
)
_OUTSIDE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//|www\.)", re.IGNORECASE)
_LINE = re.compile(r"^L(\d+)")
_DEEPEST = 6
#: Names of the theme's own elements: a heading of that name has another anchor (publisher/theme/hooks/page_shell.py).
_OF_THEME = re.compile(r"__(?:config|drawer|nav|palette|search|skip|toc)|swarm-search")


@dataclass
class Shelf:
    """What links of guides may lead to. `pages` and `sources` are pages of the site by path, `labels` are places."""

    repository: Repository
    pages: Mapping[str, str]
    sources: Mapping[str, str]
    line_counts: Mapping[str, int]
    images: Mapping[str, int]
    #: Pictures of the repository, also those that the snapshot has no copy of.
    pictures: Collection[str] = ()
    labels: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    symbol: Callable[[str], str] = lambda _name: ""
    name: str = ""
    words: Words = field(default_factory=Words)
    #: Bytes of pictures that may still be shown.
    left: int = 5_000_000
    cited_files: set[str] = field(default_factory=set)

    def show(self, path: str) -> bool:
        """Whether a picture may be shown: it is in the snapshot, and there is room for it."""
        if path not in self.images:
            return False
        if path not in self.cited_files:
            if self.images[path] > self.left:
                return False
            self.left -= self.images[path]
            self.cited_files.add(path)
        return True


class GuideWriter(InlineWriter):
    """Writes one guide's blocks on one page; `images` are the pictures that it showed, by path."""

    def __init__(self, shelf: Shelf, guide: str, page: str, headings: Iterable[str] = ()) -> None:
        self._shelf, self._guide, self._page = shelf, guide, page
        self._anchors = frozenset(slug(heading) for heading in headings)
        self.images: dict[str, None] = {}

    def markdown(self, blocks: Sequence[Block], depth: int = 0) -> str:
        """The blocks as Markdown; a list's or a call-out's content is indented below it."""
        written: list[str] = []
        for block in blocks:
            text = self._block(block, depth)
            if text.strip():
                written.append(text)
        return "\n\n".join(written)

    def line(self, text: str) -> str:
        """Inline text on one line."""
        return "".join(self.written(runs(text), first=True)).strip()

    def _block(self, block: Block, depth: int) -> str:
        if depth > _DEEPEST:
            return as_html([block])
        if isinstance(block, Paragraph):
            return self.line(block.text)
        if isinstance(block, Code):
            return markdown.fence(block.text, block.language) if block.text.strip() else ""
        if isinstance(block, Heading):
            text = self.line(block.text)
            if depth:
                return f"<strong>{text}</strong>" if text else ""
            return f"{'#' * min(max(block.level, 2), 4)} {text}" if text else ""
        if isinstance(block, Table):
            return self._table(block)
        if isinstance(block, Listing):
            return self._list(block, depth)
        if isinstance(block, Definitions):
            return as_html([block])
        return self._admonition(block, depth)

    def _table(self, table: Table) -> str:
        rows = [[self.line(cell) for cell in row] for row in table.rows]
        header = [self.line(cell) or " " for cell in table.header]
        return markdown.table(header, rows) if rows else " · ".join(header)

    def _list(self, listing: Listing, depth: int) -> str:
        rows = []
        for number, item in enumerate(listing.items, listing.start):
            mark = f"{number}. " if listing.ordered else "- "
            words = item[0] if item and isinstance(item[0], Paragraph) else None
            first = self.line(words.text) if words is not None else ""
            rest = self.markdown(item[1:] if words is not None else item, depth + 1)
            if first or rest:
                rows.append(f"{mark}{first or '&nbsp;'}" + (f"\n\n{_indented(rest)}" if rest else ""))
        return ("\n\n" if any("\n" in row for row in rows) else "\n").join(rows)

    def _admonition(self, admonition: Admonition, depth: int) -> str:
        if admonition.label == "quote":
            if all(isinstance(inner, Paragraph) for inner in admonition.blocks):
                lines = self.markdown(admonition.blocks, depth + 1).split("\n")
                return "\n".join(f"> {line}" if line else ">" for line in lines)
            return self.markdown(admonition.blocks, depth + 1)
        body = self.markdown(admonition.blocks, depth + 1) or "&nbsp;"
        title = " ".join(marked.words(admonition.title).split()) or self._shelf.words(admonition.label.capitalize())
        return markdown.admonition(admonition.label if admonition.label in _KINDS else "note", plain_html(title), body)

    def link(self, run: Run) -> str:
        target = unquoted(run.target)
        label_text = "".join(part.text for part in run.inside)
        if target.startswith(markup.IMAGE):
            return self._image(target.removeprefix(markup.IMAGE), label_text)
        label = "".join(self.written(run.inside)).strip()
        if target.startswith(SYMBOL):
            href = self._shelf.symbol(target.removeprefix(SYMBOL))
        elif target.startswith(markup.LABEL):
            href, label_of_it = self._label(target.removeprefix(markup.LABEL))
            # A label is a word for authors: its place's title is what a reader sees.
            label = (
                markdown.escape(label_of_it)
                if label_of_it and label_text == target.removeprefix(markup.LABEL)
                else label
            )
        else:
            href = self._place(target)
            if not href and not target.startswith("#"):
                return markdown.code(target) if label_text == target else f"{label} ({markdown.code(target)})"
        return f"[{label}]({href})" if href and label else label

    def _image(self, address: str, alt: str) -> str:
        path = self._path_of(address)
        if path and self._shelf.show(path):
            self.images[path] = None
            return f"![{markdown.escape(alt)}]({link(self._page, image_place(path))})"
        words = "" if BADGE.search(address) or alt == "image" else f"<em>{markdown.escape(alt)}</em>"
        if path in self._shelf.pictures:
            missing = "the picture {picture} is not on this site: it is too large, or not safe to show"
            return f"{words} ({self._shelf.words(missing, picture=markdown.code(path))})".strip()
        return words

    def _label(self, name: str) -> tuple[str, str]:
        path, title = self._shelf.labels.get(" ".join(name.lower().split()), ("", ""))
        page = self._shelf.pages.get(path)
        return (link(self._page, page, slug(title)) if page else "", title)

    def _path_of(self, address: str) -> str:
        """The file of the repository that an address means, also one that names the repository's host."""
        hosted = _HOSTED.match(address)
        if hosted and (hosted["raw"] or hosted["hub"]).casefold() == self._shelf.name.casefold():
            path = unquote(hosted["path"]).rstrip("/")
            return path if path in self._shelf.repository.paths or path in self._shelf.images else ""
        if _OUTSIDE.match(address):
            return ""
        plain = unquote(re.split(r"[?#]", address, maxsplit=1)[0])
        return self._shelf.repository.resolve(plain, self._guide) if plain else ""

    def _place(self, target: str) -> str:
        """Where an address leads on the site; empty when it leads out of it, or nowhere."""
        fragment = unquote(target.partition("#")[2])
        if target.startswith("#"):
            own = self._shelf.pages.get(self._guide, self._page)
            elsewhere = link(self._page, own) if own != self._page else ""
            return f"{elsewhere}#{slug(fragment)}" if slug(fragment) in self._anchors else ""
        path = self._path_of(target)
        if page := self._shelf.pages.get(path):
            return link(self._page, page, slug(fragment))
        if source := self._shelf.sources.get(path):
            line = _LINE.match(fragment)
            is_a_line = line and int(line.group(1)) <= self._shelf.line_counts.get(path, 0)
            return link(self._page, source, f"L{line.group(1)}" if line and is_a_line else "")
        return ""


def slug(title: str) -> str:
    """The anchor of a heading, as mkdocs writes it; what hosts write for the same heading becomes it as well."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    anchor = re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower()).strip("-")
    return f"heading-{anchor}" if _OF_THEME.match(anchor) else anchor


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.split("\n"))
