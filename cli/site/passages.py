"""What a site says, in passages that can be found and cited: symbols, sections of documents, paragraphs of pages."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from agents.contracts.base import Lines
from agents.text.wording import one_line
from cli.site.finished import CitedLines, FinishedSite, NotOnSite, SiteFile

_DOCUMENTS = (".md", ".rst", ".adoc", ".txt", ".markdown")
_HEADING = re.compile(r"^(#{1,6}\s+|=+\s)(?=.*\w)\S")
#: What stands below a heading of reStructuredText, or of Markdown.
_UNDERLINE = re.compile(r"([=\-~^\"'`#*+.:_])\1{2,}")
_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
_LINK = re.compile(r"(?<!\\)\[((?:[^\[\]\\\n]|\\.)*)\]\(([^()\s]*)\)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
_CITED = re.compile(r"#L(\d+)(?:-L(\d+))?$")
#: Lines of a document in one passage, and characters of a passage that are shown.
_SECTION_LINES, _LONGEST = 40, 1_200


@dataclass(frozen=True)
class Passage:
    """A piece of the site: its `title`, its text, the lines that it rests on, and the page to open.

    `above` are the headings around a section of a document, which say what it is about, too.
    """

    kind: str
    title: str
    text: str
    cites: tuple[CitedLines, ...]
    link: str
    above: str = ""


def passages(site: FinishedSite) -> Iterator[Passage]:
    """Every passage of the site, always in the same order."""
    for file in site.files.values():
        yield from _of_file(site, file)
    for page in site.pages:
        yield from _of_page(site, page)


def _of_file(site: FinishedSite, file: SiteFile) -> Iterator[Passage]:
    if file.path.lower().endswith(_DOCUMENTS):
        yield from _sections(site, file)
        return
    if file.doc and file.lines:
        yield Passage("file", file.path, file.doc, (CitedLines(file.path, Lines(start=1, end=1)),), file.link)
    for symbol in file.symbols:
        yield Passage(
            symbol.kind, symbol.name, f"{symbol.signature}\n{symbol.doc}".strip(), (symbol.place,), symbol.link
        )


def _sections(site: FinishedSite, file: SiteFile) -> Iterator[Passage]:
    try:
        lines = site.text(file.path)
    except NotOnSite:
        return
    stem = posixpath.splitext(posixpath.basename(file.path))[0]
    trail: list[tuple[str, str]] = []
    title, start, fence = file.path, 0, ""
    for number in range(len(lines) + 1):
        # A comment in a piece of code looks like a heading.
        if number < len(lines) and (mark := _FENCE.match(lines[number])):
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        heading = None if fence else _heading(lines, number)
        if number == len(lines) or heading or number - start >= _SECTION_LINES:
            text = "\n".join(lines[start:number]).strip()
            if text:
                place = CitedLines(file.path, Lines(start=start + 1, end=number))
                above = " ".join([stem, *(around for _, around in trail[:-1])])
                yield Passage("document", title, text[:_LONGEST], (place,), file.link, above)
            start = number
        if heading:
            title, level = heading
            known = next((at for at, (other, _) in enumerate(trail) if other == level), len(trail))
            trail[known:] = [(level, title)]


def _heading(lines: Sequence[str], number: int) -> tuple[str, str] | None:
    """The heading that begins on this line, and what marks its level: signs before it, or the line below it."""
    if number >= len(lines):
        return None
    if _HEADING.match(lines[number]):
        return one_line(lines[number].lstrip("#= ")), lines[number].split()[0]
    below = lines[number + 1] if number + 1 < len(lines) else ""
    written = lines[number].strip()
    underlined = _UNDERLINE.fullmatch(below.rstrip())
    if underlined is None or not written or lines[number] != lines[number].lstrip() or _UNDERLINE.fullmatch(written):
        return None
    # A line of a table, or the end of a longer paragraph, has something else below it.
    is_long = len(underlined[0]) >= len(written) and (number == 0 or not lines[number - 1].strip() or number == 1)
    over = number > 0 and lines[number - 1].strip() == underlined[0]
    return (one_line(written), below[:1]) if is_long or over else None


def _of_page(site: FinishedSite, page: str) -> Iterator[Passage]:
    try:
        blocks = site.page(page).split("\n\n")
    except NotOnSite:
        return
    title = site.pages[page]
    for block in blocks:
        if block.startswith("#"):
            title = plain(block.lstrip("# "))
            continue
        for line in block.split("\n") if block.lstrip().startswith(("- ", "* ", "|")) else [block]:
            cites = tuple(_cited(site, page, line))
            if cites and not line.startswith(("```", "!!!")):
                yield Passage("page", title, plain(line)[:_LONGEST], cites, page.removesuffix(".md") + ".html")


def _cited(site: FinishedSite, page: str, text: str) -> Iterator[CitedLines]:
    for label, target in _LINK.findall(text):
        cited = _CITED.search(label.replace("\\", ""))
        source = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(target.partition("#")[0])))
        path = site.path_of_source(source)
        if cited and path:
            start, end = int(cited[1]), int(cited[2] or cited[1])
            if 1 <= start <= end <= site.line_counts[path]:
                yield CitedLines(path, Lines(start=start, end=end))


def plain(markdown: str) -> str:
    """A paragraph without addresses of links, citations and escapes."""
    without = _LINK.sub(lambda link: "" if _CITED.search(link[1]) else link[1], markdown)
    return one_line(html.unescape(_ESCAPED.sub(r"\1", without))).strip(" -*|")
