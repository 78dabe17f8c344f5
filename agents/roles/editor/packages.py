"""The pages of a repository's packages where it holds several, and the page that lists them. Pure."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property

from agents.codebase.guides.front import front
from agents.codebase.guides.paths import readme_of
from agents.codebase.package_facts.workspace import MOST, package_of, workspace
from agents.codebase.paths import is_product
from agents.contracts.documentation import Paragraph
from agents.contracts.draft import Page, PageKind
from agents.contracts.synthesis import Module
from agents.pages.addresses import PACKAGES, package_pages
from agents.roles.editor import markdown
from agents.roles.editor.front_page import add_front, spoken
from agents.roles.editor.guides import Guides
from agents.roles.editor.mermaid import flowchart
from agents.roles.editor.module_table import module_table
from agents.roles.editor.page_builder import PageBuilder, sentence
from agents.text import marked
from agents.text.sentences import first_sentence

LIST = f"{PACKAGES}index.md"
#: Packages in the overview's table and in a diagram; the rest is on the page that lists all.
_SHOWN = 20


class PackagePages:
    """The packages of a session's snapshot; none where its manifests declare fewer than two."""

    def __init__(self, guides: Guides) -> None:
        self._guides = guides
        self._material = guides.material
        self._found = workspace(self._material.line_counts, guides.text) if self._material.texts is not None else {}
        self._places = package_pages(self._found)

    def pages(self) -> Iterator[Page]:
        """The page that lists the packages, then a page for each."""
        if self._found:
            yield self._list()
        for folder in self._found:
            yield self._page(folder)

    def add_to(self, builder: PageBuilder) -> None:
        """Append the packages to the overview."""
        if not self._found:
            return
        builder.heading("Packages")
        self._table(builder, list(self._found)[:_SHOWN])
        if len(self._found) > _SHOWN:
            page = markdown.to(builder.words("all in one list"), builder.path, LIST)
            count = builder.words.number(len(self._found) - _SHOWN)
            builder.add(builder.words("And {count} more, {page}.", count=count, page=page))

    def _list(self) -> Page:
        builder = PageBuilder(self._material, LIST, PageKind.PACKAGE, "All packages")
        count = builder.words.counted(len(self._found), "package")
        builder.add(builder.words("{count} declared by manifests of this repository.", count=count))
        if len(self._found) >= MOST:
            builder.add(builder.words("No more than {count} are listed.", count=MOST))
        self._table(builder, self._found)
        joined = sorted({end for pair in self._arrows for end in pair})
        if 1 < len(joined) <= _SHOWN:
            arrows = [(source, target, count) for (source, target), count in sorted(self._arrows.items())]
            builder.heading("How they depend on each other")
            builder.add(
                builder.words(
                    "An arrow points from the package that imports; its number counts imports of a file by a file."
                )
            )
            builder.add(markdown.diagram(flowchart({folder: self._name(folder) for folder in joined}, arrows, "LR")))
        return builder.page()

    def _table(self, builder: PageBuilder, folders: Iterable[str]) -> None:
        rows = [
            (
                self._link(builder, folder),
                markdown.code(folder or "."),
                self._sentence(builder, folder),
                self._links(builder, self._needs(folder)),
                self._links(builder, self._users(folder)),
            )
            for folder in folders
        ]
        builder.table(("Package", "Folder", "What it is", "Depends on", "Used by"), rows)

    def _page(self, folder: str) -> Page:
        builder = PageBuilder(
            self._material, self._places[folder], PageKind.PACKAGE, self._name(folder), subject=folder or "."
        )
        facts = self._found[folder][0]
        words, values = builder.words, {"ecosystem": markdown.escape(facts.ecosystem), "file": builder.cite(facts.file)}
        where = (
            words("{ecosystem} package in {folder}, declared by {file}", folder=markdown.code(folder), **values)
            if folder
            else words("{ecosystem} package at the root, declared by {file}", **values)
        )
        builder.add(f"{where}; {markdown.to(words('all packages'), builder.path, LIST)}.")
        _, images = add_front(builder, self._guides, folder)
        self._neighbours(builder, folder)
        modules = self._modules(folder)
        if modules:
            builder.heading("Modules")
            module_table(builder, modules)
        return builder.page().with_changes(images=images)

    def _neighbours(self, builder: PageBuilder, folder: str) -> None:
        outside = Counter(name for module in self._modules(folder) for name in module.external)
        rows = [
            ("Depends on", self._links(builder, self._needs(folder))),
            ("Used by", self._links(builder, self._users(folder))),
            ("From outside", ", ".join(markdown.code(name) for name, _ in outside.most_common(30))),
        ]
        if any(value for _, value in rows):
            builder.heading("Dependencies")
            builder.add(builder.words("By what its files import, and what imports them."))
            builder.facts(rows)

    def _modules(self, folder: str) -> list[Module]:
        return [module for module in self._material.synthesis.modules
                if all(package_of(path, self._found) == folder for path in module.files)]  # fmt: skip

    def _sentence(self, builder: PageBuilder, folder: str) -> str:
        """What a package is, in one sentence with its source: its manifest's, its README's, its code's."""
        described = next((package for package in self._found[folder] if package.description), None)
        if described is not None:
            return f"{markdown.prose(sentence(first_sentence(described.description)))} {builder.cite(described.file)}"
        readme = readme_of(self._guides.paths, folder)
        opening = front(self._guides.read(readme)).introduction if readme else ()
        sentence_of_file = next((block.text for block in opening if isinstance(block, Paragraph)), "")
        if sentence_of_file:
            words = first_sentence(" ".join(marked.plain(sentence_of_file).split()))
            return f"{markdown.prose(sentence(words))} {builder.cite(readme)}"
        speaker = spoken(self._material, folder)
        if not speaker:
            modules = self._modules(folder)
            line = self._material.module_line(modules[0]) if modules else None
            return builder.statement(line.with_changes(text=first_sentence(line.text))) if line else ""
        structure = self._material.analyses[speaker].structure
        return f"{markdown.prose(sentence(first_sentence(structure.doc)))} {builder.cite(speaker, structure.doc_lines)}"

    @cached_property
    def _arrows(self) -> dict[tuple[str, str], int]:
        """Imports of the product between packages, counted."""
        counts: Counter[tuple[str, str]] = Counter()
        for dependency in self._material.synthesis.dependencies:
            source, target = package_of(dependency.source, self._found), package_of(dependency.target, self._found)
            if source is not None and target is not None and source != target and is_product(dependency.source):
                counts[source, target] += 1
        return dict(counts)

    def _needs(self, folder: str) -> list[str]:
        return sorted(target for source, target in self._arrows if source == folder)

    def _users(self, folder: str) -> list[str]:
        return sorted(source for source, target in self._arrows if target == folder)

    def _name(self, folder: str) -> str:
        return self._found[folder][0].name or posixpath.basename(folder)

    def _link(self, builder: PageBuilder, folder: str) -> str:
        return markdown.to(markdown.code(self._name(folder)), builder.path, self._places[folder])

    def _links(self, builder: PageBuilder, folders: list[str]) -> str:
        listed = ", ".join(self._link(builder, folder) for folder in folders[:_SHOWN])
        return builder.with_rest(listed, len(folders) - _SHOWN)
