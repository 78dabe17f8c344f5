"""Markdown, reStructuredText and plain text: headings as sections, the first words as the file's doc."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from agents.codebase.structure.artefacts.parts import (
    Parts,
    SectionHeading,
    head,
    paragraph,
    sections,
    split_lines,
)
from agents.codebase.structure.artefacts.plain_text import UNDERLINE, plain_text
from agents.codebase.structure.documentation import markdown as documents
from agents.codebase.structure.documentation import rest_inline
from agents.contracts.base import Lines
from agents.text import marked

_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.*)")
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_LINK = re.compile(r"!?\[([^\[\]]{0,200})\]\([^()\s]{0,300}\)")
_ELEMENT = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
#: An attribute list behind a heading: `{#id .class}`.
_ATTRIBUTES = re.compile(r"[ \t]*\{:?[ \t]*[#.][^{}]{0,200}\}[ \t]*$")
_HTML_TITLE = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1\s*>", re.IGNORECASE | re.DOTALL)
_LINKED = re.compile(
    r"<a\b[^>]*>\s*(?:<img\b[^>]*>\s*)*</a>|<!--.{0,5000}?-->|<script\b.{0,5000}?</script>", re.IGNORECASE | re.DOTALL
)
_ANCHOR = re.compile(r"<a\b[^>]*>.*?</a>", re.IGNORECASE | re.DOTALL)
#: An image, and any link, in inline text.
_PICTURE = re.compile(
    r"\[(?:!?\[[^\[\]]{0,300}\]\([^()\s]{0,1000}\)|(?:[^\[\]\\]|\\.)){0,500}\]\([^()\s]{0,1000}?(?:badge|shields|\.svg|"
    r"\.png|\.gif|\.jpe?g)[^()\s]{0,1000}\)"
)
_MARKED_LINK = re.compile(r"\[(?:[^\[\]\\]|\\.){0,500}\]\([^()\s]{0,1000}\)")
#: Elements that a paragraph may hold, and that no sentence needs.
_TAGS = re.compile(
    r"</?(?:img|br|a|p|div|span|picture|source|sub|sup|kbd|b|i|em|strong|center)\b[^<>]{0,500}>", re.IGNORECASE
)
_INTRODUCES = re.compile(
    r"\b(?:about|description|overview|introduction|what is|summary|why|purpose|features)\b", re.IGNORECASE
)
_MARKS = re.compile(r"[*`]{1,3}(?=\S)|(?<=\S)[*`]{1,3}")


def markdown(text: str) -> Parts:
    """Headings outside code, comments and front matter, also those written in HTML."""
    lines = split_lines(text)
    start = _after_front_matter(lines)
    tokens = documents.tokens("\n".join(["", *[""] * (start - 1), *lines[start:]] if start else lines))
    if tokens is None:
        return _by_lines(lines)
    headings: list[SectionHeading] = []
    words: list[tuple[int, int, str]] = []
    for at, token in enumerate(tokens):
        first, end = token.map or (0, 0)
        if token.type == "heading_open" and token.level == 0:
            title = _title_of(documents.inline_text(tokens[at + 1].children or []))
            headings.append(SectionHeading(title, int(token.tag[1]), first + 1, end + 1))
        elif token.type == "html_block":
            for match in _HTML_TITLE.finditer(token.content):
                title = " ".join(unescape(_ELEMENT.sub(" ", match.group(2))).split())
                line = first + 1 + token.content.count("\n", 0, match.start())
                headings.append(SectionHeading(title, int(match.group(1)), line, line + match.group().count("\n") + 1))
            rest = " ".join(unescape(_ELEMENT.sub(" ", _LINKED.sub(" ", _HTML_TITLE.sub(" ", token.content)))).split())
            loose = unescape(_ELEMENT.sub(" ", _ANCHOR.sub(" ", _LINKED.sub(" ", _HTML_TITLE.sub(" ", token.content)))))
            if len(re.findall(r"\w{2,}", loose)) > 1 and not token.content.startswith("<!--"):
                words.append((first + 1, end, rest))
        elif token.type == "paragraph_open" and (prose := _said(documents.inline_text(tokens[at + 1].children or []))):
            # A quotation's words count where there are no others, so they are marked by a negative line.
            quoted = token.level > 0
            words.append((-(first + 1) if quoted else first + 1, end, prose))
    return _document(headings, words, lines, start)


def _title_of(marked_title: str) -> str:
    title = " ".join(_ELEMENT.sub(" ", marked.words(_PICTURE.sub("", marked_title))).split())
    return _ATTRIBUTES.sub("", title).strip()


def _said(text: str) -> str:
    """A paragraph in plain words; empty when it is made of pictures and links."""
    bare = _TAGS.sub(" ", _PICTURE.sub("", text))
    loose = re.findall(r"\w{2,}", marked.words(_MARKED_LINK.sub(" ", bare)))
    text_of_it = " ".join(marked.plain(bare).split())[:600].strip()
    # A sentence may be mostly links; a row of links has next to nothing between them.
    return text_of_it if len(loose) > 1 or (loose and text_of_it.endswith((".", "!", "?", ":"))) else ""


def _document(headings: list[SectionHeading], words: list[tuple[int, int, str]], lines: list[str], start: int) -> Parts:
    titled = [heading for heading in headings if heading.title]
    if not titled and not words:
        return plain_text("\n".join(lines)) if start == 0 else Parts()

    def first_words(begin: int, stop: int, *, quoted: bool) -> tuple[int, int, str] | None:
        inside = [word for word in words if begin <= abs(word[0]) < stop]
        plain = next((line for line in inside if line[0] > 0), None)
        return plain or (next(iter(inside), None) if quoted else None)

    ends = [*(heading.line for heading in titled), len(lines) + 1][1:]
    below = [first_words(heading.content, end, quoted=True) for heading, end in zip(titled, ends, strict=True)]
    headed = [replace(heading, words=text[2] if text else "") for heading, text in zip(titled, below, strict=True)]
    first_line = titled[0].line if titled else len(lines) + 1
    title = titled[0].title if titled else ""
    before = first_words(1, first_line, quoted=not titled or titled[0].level > 1)
    if before is not None and titled and titled[0].level > 1:
        # A document without a title begins with its words: its first heading is a section's.
        title, below[0] = "", before
    own = (below[0] if titled else None) or before
    if own is None and titled and titled[0].level == 1:
        # Nothing stands directly below the title: an introduction of its own says what the document is about.
        section = next((heading for heading in headed[1:] if heading.words and _INTRODUCES.search(heading.title)), None)
        own = (section.content, section.content, section.words or "") if section else None
    opening = own[2] if own else ""
    if not title and not opening:
        return Parts(symbols=sections(headed, lines))
    places = [*([titled[0].line] if title else []), *([abs(own[0])] if own else [])]
    begins, finishes = min(places), max(places)
    text = f"{title}\n\n{opening}" if title and opening else title or opening
    return Parts(symbols=sections(headed, lines), doc=text, doc_lines=Lines(start=begins, end=max(begins, finishes)))


def _by_lines(lines: list[str]) -> Parts:
    """The same for a text that a parser would take too long for: headings outside code and front matter."""
    headings: list[SectionHeading] = []
    fence = ""
    start = _after_front_matter(lines)
    lines = _without_comments(lines)
    for at in range(start, len(lines)):
        line = lines[at]
        if not line:  # a file may have millions of them
            continue
        if fenced := _FENCE.match(line):
            # Only as many marks or more, with nothing behind them, close a fence.
            closes = fence and fenced.group(1).startswith(fence) and not line[fenced.end() :].strip()
            fence = "" if closes else fence or fenced.group(1)
        elif fence:
            continue
        elif atx := _ATX.match(line):
            headings.append(SectionHeading(_plain(atx.group(2).rstrip("# \t")), len(atx.group(1)), at + 1, at + 2))
        elif at > start and _is_setext(lines[at - 1], line):
            headings.append(
                SectionHeading(_plain(lines[at - 1]), 1 if line.lstrip().startswith("=") else 2, at, at + 2)
            )
    return titled_parts(headings, lines, start)


def _without_comments(lines: list[str]) -> list[str]:
    """The lines without `<!-- … -->` outside code; a comment that nothing closes is none."""
    last = max((at for at, line in enumerate(lines) if "-->" in line), default=-1)
    result: list[str] = []
    fence, hidden = "", False
    for at, written in enumerate(lines):
        line = written
        if not line:
            pass
        elif hidden:
            _, end, line = line.partition("-->")
            hidden = not end
        elif fenced := _FENCE.match(line):
            closes = fence and fenced.group(1).startswith(fence) and not line[fenced.end() :].strip()
            fence = "" if closes else fence or fenced.group(1)
        while not fence and not hidden and "<!--" in line and "`" not in line:
            before, _, rest = line.partition("<!--")
            if "-->" in rest:
                line = before + rest.partition("-->")[2]
            elif at < last:
                line, hidden = before, True
            else:
                break
        result.append(line)
    return result


def _after_front_matter(lines: list[str]) -> int:
    if lines and lines[0].strip() == "---":
        return next((at + 1 for at in range(1, min(len(lines), 200)) if lines[at].strip() == "---"), 0)
    return 0


def _is_setext(title: str, under: str) -> bool:
    stripped = under.strip()
    if len(stripped) < 3 or set(stripped) not in ({"="}, {"-"}):
        return False
    above = title.strip()
    return bool(above) and not above.startswith(("#", "|", "-", "*", ">", "=", "<", "`", "+"))


def _plain(title: str) -> str:
    title = _ATTRIBUTES.sub("", title) or title
    return _MARKS.sub("", _LINK.sub(r"\1", _ELEMENT.sub("", title))).strip() or title.strip()


def restructuredtext(text: str) -> Parts:
    """Underlined titles; the order in which marks first appear gives their levels."""
    lines = split_lines(text)
    headings: list[SectionHeading] = []
    levels: list[tuple[str, bool]] = []
    for at in range(1, len(lines)):
        title, under = lines[at - 1], UNDERLINE.match(lines[at])
        if not under or not title.strip() or (title[:1].isspace() and at < 2) or UNDERLINE.match(title):
            continue
        over = at > 1 and bool(UNDERLINE.match(lines[at - 2]))
        if len(lines[at].strip()) < len(title.strip()) - 2:
            continue
        mark = (under.group(1), over)
        if mark not in levels:
            levels.append(mark)
        headings.append(SectionHeading(title.strip(), levels.index(mark) + 1, at - over, at + 2))
    read = titled_parts(headings, _without_directives(lines), 0)
    symbols = tuple(symbol.model_copy(update={"doc": _spoken(symbol.doc)}) for symbol in read.symbols)
    return replace(read, symbols=symbols, doc="\n\n".join(_spoken(part) for part in read.doc.split("\n\n")))


def _without_directives(lines: list[str]) -> list[str]:
    """The lines without what is indented below a directive: a note's words are not those of its section."""
    result: list[str] = []
    inside = False
    for line in lines:
        inside = line.startswith("..") or (inside and (not line.strip() or line[:1] in " \t"))
        result.append("" if inside and line[:1] in " \t" else line)
    return result


def _spoken(text: str) -> str:
    """A paragraph of reStructuredText without its marks."""
    return marked.plain(rest_inline.inline(text))


def titled_parts(headings: list[SectionHeading], lines: list[str], start: int) -> Parts:
    """A document's sections, and its title with the first words below it."""
    titled = [heading for heading in headings if heading.title]
    if not titled:
        return plain_text("\n".join(lines))
    words = paragraph(lines[titled[0].content - 1 : titled[0].content + 60])
    before = paragraph(lines[start : titled[0].line - 1]) if titled[0].line - start > 1 else ""
    doc, doc_lines = head(titled[0].title, words or before, titled[0].line, lines)
    return Parts(symbols=sections(titled, lines), doc=doc, doc_lines=doc_lines)
