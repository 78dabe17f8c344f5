"""The pages of the repository's own guides, and the page that lists them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property, partial

from agents.codebase.guides.paths import dialect, guides
from agents.codebase.guides.reading import Guide, included_whole, read, without_images
from agents.codebase.guides.rest import labels
from agents.codebase.guides.source import Repository
from agents.contracts.documentation import Heading, Paragraph
from agents.contracts.draft import Page, PageKind
from agents.pages.addresses import GUIDES, guide_pages, link
from agents.pages.words import Words
from agents.roles.editor import markdown
from agents.roles.editor.guide_writer import GuideWriter, Shelf
from agents.roles.editor.material import Material
from agents.roles.editor.page_builder import PageBuilder
from agents.text import marked
from agents.text.sentences import first_sentence

#: Guides that have a page, bytes of one, and bytes of all: the rest is listed with its source page.
MOST = 300
_LONGEST = 1_000_000
_ALL = 4_000_000
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg)$", re.IGNORECASE)
#: Guides that are read once, and bytes of one that may be nothing but an inclusion.
_REMEMBERED, _INCLUDING = 50, 1_000
LIST = f"{GUIDES}index.md"


class Guides:
    """The guides of a session's snapshot."""

    def __init__(self, material: Material) -> None:
        self.material = material
        notes = {note.source for note in material.notes}
        documents = guides(material.line_counts) if material.texts is not None else []
        paths = [path for path in documents if path not in notes]
        bytes_of = {entry.path: entry.bytes for entry in material.manifest.documented}
        self.paths: list[str] = []
        self.left_out: list[str] = []
        total = 0
        for path in paths:
            fits = len(self.paths) < MOST and bytes_of[path] <= _LONGEST and total + bytes_of[path] <= _ALL
            (self.paths if fits else self.left_out).append(path)
            total += bytes_of[path] if fits else 0
        self.places = guide_pages(self.paths)
        self._texts: dict[str, str] = {}
        self._remembered: dict[str, Guide] = {}
        images = material.texts.images if material.texts is not None else {}
        pictures = {entry.path for entry in material.manifest.entries if _PICTURE.search(entry.path)}
        self.repository = Repository(frozenset({*material.line_counts, *images, *pictures}), self.text)
        self._shelf = Shelf(
            repository=self.repository,
            pages=self.places,
            sources=material.sources,
            line_counts=material.line_counts,
            images=images,
            pictures=frozenset({*images, *pictures}),
            labels=self._labels(),
            name=material.manifest.name,
            words=Words(material.manifest.site.language),
        )

    def text(self, path: str) -> str:
        """A file's text as pages show it; empty for a file that is not there. Guides' texts are few, and remembered."""
        if path not in self.places:
            return self.material.published(path)
        if path not in self._texts:
            self._texts[path] = self.material.published(path)
        return self._texts[path]

    def read(self, path: str) -> Guide:
        """A guide's title and blocks, remembered: pages other than its own show it as well.

        Of a guide that includes another one and says nothing else, this is the other one.
        """
        path = self._whole.get(path, path)
        if path in self._remembered or len(self._remembered) >= _REMEMBERED:
            return self._remembered.get(path) or self._parsed(path)
        self._remembered[path] = self._parsed(path)
        return self._remembered[path]

    def _parsed(self, path: str) -> Guide:
        return read(path, self.text(path), self.repository)

    @cached_property
    def _whole(self) -> dict[str, str]:
        """Guides by those that are nothing but them: `docs/changes.rst` often includes `CHANGES.rst`."""
        short = [entry.path for entry in self.material.manifest.documented if entry.bytes <= _INCLUDING]
        included = ((path, included_whole(self.text(path))) for path in short if path in self.places)
        resolved = {path: self.repository.resolve(target, path) for path, target in included if target}
        return {path: target for path, target in resolved.items() if target in self.places and target not in resolved}

    def writer(self, guide: Guide, page: str) -> GuideWriter:
        """Writes a guide's blocks on a page."""
        titles = (marked.words(block.text) for block in guide.blocks if isinstance(block, Heading))
        self._shelf.symbol = partial(self._symbol, page)
        return GuideWriter(self._shelf, guide.path, page, titles)

    def writer_of(self, path: str, page: str) -> GuideWriter:
        """Writes blocks of a file that is no guide, such as a note, on a page."""
        return self.writer(Guide(path, "", ()), page)

    def pages(self, parsed: Iterable[Guide] | None = None) -> Iterator[Page]:
        """A page for each guide, then their list; what is not `parsed` yet is parsed one by one."""
        listed: list[tuple[str, str, str]] = []
        for path, guide in zip(self.paths, map(self.of_page, self.paths) if parsed is None else parsed, strict=True):
            listed.append((path, guide.title, _opening(guide)))
            yield self._page(path, guide)
        if listed:
            yield self._list(listed)

    def of_page(self, path: str) -> Guide:
        """The guide of a page. All guides do not fit into memory: only what more than one page shows is remembered."""
        source = self._whole.get(path, path)
        is_shared = source in self._remembered or source in self._whole.values()
        return self.read(path) if is_shared else self._parsed(path)

    def _page(self, path: str, guide: Guide) -> Page:
        builder = PageBuilder(self.material, self.places[path], PageKind.GUIDE, guide.title, subject=path)
        builder.add(builder.words("The repository's own text, from {place}", place=builder.cite(guide.path)))
        writer = self.writer(guide, self.places[path])
        builder.add(writer.markdown(guide.blocks))
        return builder.page().with_changes(images=tuple(writer.images))

    def _list(self, listed: list[tuple[str, str, str]]) -> Page:
        builder = PageBuilder(self.material, LIST, PageKind.GUIDE, "All guides")
        count = builder.words.counted(len(listed), "document")
        builder.add(builder.words("{count} of the repository, each on a page of its own.", count=count))
        rows = [
            (markdown.to(markdown.escape(title), LIST, self.places[path]), markdown.code(path), markdown.prose(opening))
            for path, title, opening in listed
        ]
        builder.table(("Guide", "File", "How it begins"), rows)
        if self.left_out:
            builder.heading("Without a page")
            builder.add(
                builder.words(
                    "A site shows {most} guides, {all} MB of them, none above {longest} MB. These are left out, and "
                    "stand in the source view:",
                    most=MOST,
                    all=_ALL // 1_000_000,
                    longest=_LONGEST // 1_000_000,
                )
            )
            builder.add("\n".join(f"- {builder.cite(path)}" for path in self.left_out))
        return builder.page()

    def _labels(self) -> dict[str, tuple[str, str]]:
        places: dict[str, tuple[str, str]] = {}
        for path in self.paths:
            if dialect(path) == "rest":
                places |= {name: (path, title) for name, title in labels(self.text(path)).items()}
        return places

    def _symbol(self, page: str, name: str) -> str:
        """The page of a symbol that a guide names."""
        path = self._symbols.get(name) or self._symbols.get(name.partition(".")[2]) or ""
        api = self.material.api.get(path)
        return link(page, api) if api else ""

    @cached_property
    def _symbols(self) -> dict[str, str]:
        return {
            symbol.name: path
            for path, analysis in sorted(self.material.analyses.items(), reverse=True)
            for symbol in analysis.structure.definitions
            if symbol.public
        }


def _opening(guide: Guide) -> str:
    for block in guide.blocks:
        if isinstance(block, Paragraph):
            words = " ".join(marked.plain(without_images(block.text)).split())
            if len(words.split()) > 2:
                return first_sentence(words)
    return ""
