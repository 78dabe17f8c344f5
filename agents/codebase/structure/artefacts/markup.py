"""XML, HTML and CSS: elements, headings and sections."""

from __future__ import annotations

import re
from bisect import bisect_right
from html import unescape
from xml.parsers import expat

from agents.codebase.structure.artefacts.parts import MAX_PARTS, Parts, SectionHeading, part, sections, split_lines
from agents.codebase.structure.artefacts.plain_text import unreadable
from agents.codebase.structure.comments import plain
from agents.codebase.structure.documentation.comment_text import banner_title, is_licence
from agents.codebase.structure.source import fold
from agents.contracts.base import Lines
from agents.contracts.structure import Import, Symbol, SymbolKind

_HEADING = re.compile(r"<(title|h[1-6])\b[^<>]{0,500}>", re.IGNORECASE)
_ID = re.compile(r"<(\w+)\s(?:[^<>]{0,200}\s)?id\s*=\s*[\"']([^\"'<>]{1,80})[\"']", re.IGNORECASE)
_LINKED = re.compile(
    r"<(?:script|link|img|iframe)\s[^<>]{0,400}?(?:src|href)\s*=\s*[\"']([^\"'<>]{1,300})[\"']", re.IGNORECASE
)
_TEMPLATE = re.compile(r"\{%[^{}\n]{0,200}%\}|\{\{[^{}\n]{0,200}\}\}|<\?[^<>]{0,200}\?>")
#: What a browser shows nothing of.
_UNSEEN_BEGIN = re.compile(r"<!--|<(script|style)\b[^<>]{0,500}>", re.IGNORECASE)
_UNSEEN_END = {
    "": re.compile("-->"),
    "script": re.compile("</script", re.IGNORECASE),
    "style": re.compile("</style", re.IGNORECASE),
}
_TAGS = re.compile(r"<[^<>]{0,300}>")
# An unclosed comment matches to the end, so that no place is scanned twice.
_CSS_COMMENT = re.compile(r"/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)")
_CSS_IMPORT = re.compile(r"@import\s+(?:url\(\s*)?[\"']?([^\"')\s;]{1,300})", re.IGNORECASE)


class _Elements:
    """The root and its children, from expat's events; entities that a file declares are refused."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.EntityDeclHandler = self._refuse
        self.places: list[tuple[str, int, int]] = []
        self._open: list[int] = []
        self._depth = 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth <= 2 and len(self.places) < MAX_PARTS:
            identifier = next((attributes[key] for key in ("id", "name", "key") if attributes.get(key)), "")
            full = f"{name}[{fold(identifier, 60)}]" if identifier else name
            path = full if self._depth == 1 else f"{self.places[0][0]}.{full}"
            self._open.append(len(self.places))
            self.places.append((path, self.parser.CurrentLineNumber, self.parser.CurrentLineNumber))

    def _end(self, _name: str) -> None:
        if self._depth <= 2 and len(self._open) >= self._depth:
            at = self._open.pop()
            path, start, _ = self.places[at]
            self.places[at] = (path, start, self.parser.CurrentLineNumber)
        self._depth -= 1

    def _refuse(self, *_declaration: object) -> None:
        raise ValueError("declares entities")


def xml(text: str) -> Parts:
    """The root and its children, once for each name."""
    elements = _Elements()
    errors = 0
    try:
        elements.parser.Parse(text.lstrip("\ufeff"), True)
    except (expat.ExpatError, ValueError):
        errors = 1
    if errors and not elements.places:
        return unreadable(text)
    seen: dict[str, Symbol] = {}
    for path, start, end in elements.places:
        name = path.rsplit(".", 1)[-1] if "." in path else path
        seen.setdefault(path, part(path, SymbolKind.SECTION, f"<{name}>", start, end))
    return Parts(tuple(seen.values()), parse_errors=errors)


def html(text: str) -> Parts:
    """Title, headings and ids; scripts and sheets it loads are its imports."""
    newlines = [match.start() for match in re.finditer("\n", text)]

    def line(offset: int) -> int:
        return bisect_right(newlines, offset - 1) + 1

    lines = split_lines(text)
    headings: list[SectionHeading] = []
    doc, doc_lines = "", None
    visible = _shown(text)
    for match in _HEADING.finditer(visible):
        words = fold(_words(visible[match.end() : match.end() + 400].split(f"</{match.group(1)}")[0]), 120)
        if match.group(1).lower() == "title":
            doc, doc_lines = doc or words, doc_lines or Lines(start=line(match.start()), end=line(match.start()))
        elif words and len(headings) < MAX_PARTS:
            headings.append(SectionHeading(words, int(match.group(1)[1]), line(match.start()), len(lines) + 1))
    titled = [symbol.model_copy(update={"doc": ""}) for symbol in sections(headings, lines)]
    ids = [
        part(f"#{match.group(2)}", SymbolKind.SECTION, f"<{match.group(1)} id={match.group(2)}>", at, at)
        for match in _ID.finditer(visible)
        for at in [line(match.start())]
    ]
    imports = [
        Import(target=match.group(1), lines=Lines(start=line(match.start()), end=line(match.start())))
        for match in _LINKED.finditer(text)
        if not match.group(1).startswith("data:")
    ]
    symbols = sorted([*titled, *ids[:MAX_PARTS]], key=lambda symbol: symbol.lines.start)
    return Parts(tuple(symbols), tuple(imports[:MAX_PARTS]), doc, doc_lines if doc else None)


def _shown(text: str) -> str:
    """The page without the words of its comments, scripts and sheets; every offset stays."""
    pieces: list[str] = []
    at = 0
    while begin := _UNSEEN_BEGIN.search(text, at):
        closing = _UNSEEN_END[(begin.group(1) or "").lower()].search(text, begin.end())
        end = closing.start() if closing else len(text)  # unclosed it reaches to the end: no place is scanned twice
        pieces += [text[at : begin.end()], " " * (end - begin.end())]
        at = end
    return "".join([*pieces, text[at:]])


def _words(markup: str) -> str:
    """A heading's words: no tags, no template's blocks, entities as the characters they stand for."""
    return unescape(_TEMPLATE.sub("", _TAGS.sub("", markup))).strip(" \t\n|-–—·:")


def css(text: str) -> Parts:
    """Sections by the comments that begin a line; sheets it imports."""
    lines = split_lines(text)
    newlines = [match.start() for match in re.finditer("\n", text)]
    headings: list[SectionHeading] = []
    doc, doc_lines = "", None
    for match in _CSS_COMMENT.finditer(text):
        words = plain(match.group()[:5000]) or banner_title(match.group()[:300])
        start = bisect_right(newlines, match.start() - 1) + 1
        end = bisect_right(newlines, match.end() - 1) + 1
        if (
            not words
            or is_licence(words)
            or match.group().startswith("/*!")
            or text[max(0, match.start() - 1) : match.start()].strip("\n")
        ):
            continue
        if not headings and not doc and not text[: match.start()].strip():
            doc, doc_lines = words, Lines(start=start, end=end)
        elif len(headings) < MAX_PARTS:
            headings.append(SectionHeading(fold(words.split("\n")[0], 120), 1, start, end + 1))
    imports = tuple(
        Import(target=match.group(1), lines=Lines(start=at, end=at))
        for match in _CSS_IMPORT.finditer(text)
        for at in [bisect_right(newlines, match.start() - 1) + 1]
    )
    symbols = tuple(symbol.model_copy(update={"doc": ""}) for symbol in sections(headings, lines))
    return Parts(symbols, imports[:MAX_PARTS], doc, doc_lines)
