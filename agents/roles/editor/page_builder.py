"""A page being written: safe blocks, and every citation in them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from agents.contracts.base import Lines
from agents.contracts.draft import Citation, Page, PageKind
from agents.contracts.structure import Symbol
from agents.contracts.synthesis import CitedStatement
from agents.pages.addresses import link
from agents.pages.anchors import anchored, symbol_anchor
from agents.pages.template_sentences import TemplateSentences
from agents.pages.words import Words
from agents.roles.editor import markdown
from agents.roles.editor.material import Material
from agents.text.sentences import first_sentence

_NAMED_BY_CODE = (PageKind.OVERVIEW, PageKind.MODULE, PageKind.API)
Paragraphs = Sequence[Sequence[CitedStatement]]


class PageBuilder:
    """Collects a page's blocks; what it links and cites resolves, because it looks everything up."""

    def __init__(self, material: Material, path: str, kind: PageKind, title: str, subject: str = "") -> None:
        self.material = material
        self.path = path
        self._kind = kind
        self.words = Words(material.manifest.site.language)
        self.templates = TemplateSentences(material.manifest.site.language)
        # A repository, a module or a file is called what it is called in every language.
        title = title if kind in _NAMED_BY_CODE else self.words(title)
        self._title = title
        self._subject = subject
        self._blocks = [f"# {markdown.escape(title)}"]
        self._citations: dict[tuple[str, Lines | None], Citation] = {}
        self._anchored: Counter[str] = Counter()

    def add(self, *blocks: str) -> None:
        """Append safe Markdown blocks; empty ones are left out."""
        self._blocks += [block for block in blocks if block.strip()]

    def heading(self, text: str, level: int = 2) -> None:
        """Append a heading of safe Markdown, in the site's language where it is one of our own."""
        self.add("#" * level + " " + self.words(text))

    def table(self, headers: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> None:
        """Append a table; its headers are our own words."""
        self.add(markdown.table([header and self.words(header) for header in headers], rows, numbers=numbers))

    def facts(self, rows: Iterable[tuple[str, str]]) -> None:
        """Append a table of labels, which are our own words, and what they say; an empty value has no row."""
        self.table(("", ""), [(f"**{self.words(label)}**", value) for label, value in rows if value])

    def paragraphs(self, paragraphs: Paragraphs) -> None:
        """Append paragraphs of cited statements."""
        self.add(*(" ".join(self.statement(statement) for statement in paragraph) for paragraph in paragraphs))

    def diagram(self, text: str) -> None:
        """Append a flowchart; one that is empty is left out."""
        if text:
            self.add(markdown.diagram(text))

    def statement(self, statement: CitedStatement) -> str:
        """A sentence followed by its citation."""
        text = self.localised(statement.text, statement.path)
        return f"{markdown.prose(sentence(text))} {self.cite(statement.path, statement.lines)}"

    def localised(self, text: str, path: str) -> str:
        """A sentence about a file, in the site's language where a template made it; an author's stays as it is."""
        translated = self.templates(text)
        analysis = self.material.analyses.get(path) if translated != text else None
        authors = " ".join(analysis.structure.doc.split()) if analysis is not None else ""
        return text if text in authors else translated

    def summary(self, path: str) -> str:
        """What a list says of a file."""
        return markdown.prose(first_sentence(self.localised(self.material.summary(path), path)))

    def cite(self, path: str, lines: Lines | None = None) -> str:
        """A citation linked to the source view; plain text when the file has none."""
        source = self.material.sources.get(path)
        if source is None:
            return markdown.code(path)
        if (path, lines) not in self._citations:
            digest = self.material.digest(path, lines)
            self._citations[path, lines] = Citation(path=path, lines=lines, digest=digest)
        return markdown.cite(self.path, path, source, lines)

    def file(self, path: str, label: str = "") -> str:
        """A link to a file's API page, or its path where it has none."""
        page = self.material.api.get(path)
        written = markdown.code(label or path)
        return markdown.to(written, self.path, page) if page else written

    def symbol(self, path: str, name: str, label: str = "") -> str:
        """A link to a symbol's own place on its file's API page, or its name where that has none."""
        page = self.material.api.get(path)
        written = markdown.code(label or name)
        return markdown.to(written, self.path, page, symbol_anchor(name)) if page else written

    def called(self, name: str, path: str, owner: str) -> str:
        """A name that code of `path` calls or raises, linked where its definition is known."""
        place = self.material.symbols.called(name, path, owner)
        return self.symbol(*place, label=name) if place else markdown.code(name)

    def resolver(self, path: str, owner: str = "") -> Callable[[str], str]:
        """For names in an author's documentation: the address of what each means, empty where that is unknown."""

        def resolve(name: str) -> str:
            place = self.material.symbols.mentioned(name, path, owner)
            page = self.material.api.get(place[0]) if place else None
            return link(self.path, page, symbol_anchor(place[1])) if place and page else ""

        return resolve

    def anchor(self, symbol: Symbol) -> str:
        """A symbol's own anchor, to be written once where the symbol is described."""
        self._anchored[symbol.name] += 1
        return anchored(symbol, self._anchored[symbol.name])

    def module(self, name: str) -> str:
        """A link to a module's page."""
        page = self.material.module_pages.get(name)
        return markdown.to(markdown.code(name), self.path, page) if page else markdown.code(name)

    def modules(self, names: Iterable[str], most: int = 12) -> str:
        """Links to modules in a row."""
        listed = list(names)
        shortened = ", ".join(self.module(name) for name in listed[:most])
        return self.with_rest(shortened, len(listed) - most)

    def with_rest(self, listed: str, left: int) -> str:
        """Names in a row, and how many are not in it."""
        return self.words("{names} and {count} more", names=listed, count=left) if left > 0 else listed

    def and_more(self, count: int, noun: str) -> None:
        """Say how many things of a kind are not listed; nothing when all are."""
        if count > 0:
            self.add(self.words("And {count} not listed here.", count=self.words.counted(count, noun)))

    def page(self) -> Page:
        """The finished page."""
        return Page(
            path=self.path,
            kind=self._kind,
            title=self._title,
            subject=self._subject,
            markdown="\n\n".join(self._blocks) + "\n",
            citations=tuple(self._citations.values()),
        )


def sentence(text: str) -> str:
    """A statement with its full stop."""
    flat = text.strip()
    return flat if not flat or flat[-1] in ".!?:…" else flat + "."


def percent(part: int, whole: int, words: Words) -> str:
    """A share for people; a whole of nothing has no share."""
    if not whole:
        return "–"
    share = 100 * part / whole
    return "100 %" if part == whole else f"{words.decimal(min(share, 99.9), 1)} %" if share > 99 else f"{share:.0f} %"
