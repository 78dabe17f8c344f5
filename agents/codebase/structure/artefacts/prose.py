"""Markdown, reStructuredText and plain text: headings as sections, the first words as the file's doc."""

from __future__ import annotations

import re

from agents.codebase.structure.artefacts.parts import (
    MAX_PARTS,
    Parts,
    SectionHeading,
    head,
    paragraph,
    part,
    sections,
    split_lines,
)
from agents.contracts.base import Lines
from agents.contracts.structure import Symbol, SymbolKind

_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.*)")
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_LINK = re.compile(r"!?\[([^\[\]]{0,200})\]\([^()\s]{0,300}\)")
_ELEMENT = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_UNDERLINE = re.compile(r"([=\-~^\"'`#*+.:_])\1{2,}\s*$")
_NUMBERED = re.compile(r"(?:\d{1,2}\.){1,3}\d{0,2}\s+[A-Z]\S*")
#: An attribute list behind a heading: `{#id .class}`.
_ATTRIBUTES = re.compile(r"[ \t]*\{:?[ \t]*[#.][^{}]{0,200}\}[ \t]*$")
_COMMENT_MARK = re.compile(r"^[ \t]*(?:#+|//+|--+|;+|%+|\{-+|<#|/\*+|\(\*+)[ \t]+|[ \t]*(?:\*/|-\}|#>)[ \t]*$")
_DELIMITER = re.compile(r"(?:-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|/{4,}|`{3,}\w*|--|\|===)")
_ADOC_TITLE = re.compile(r"(={1,6})[ \t]+(\S.*)")
_DEFINED = re.compile(r"\{\{-?[ \t]*define[ \t]+\"([^\"\n]{1,160})\"")
_RESOURCE = re.compile(r"kind:[ \t]*(\w{1,80})[ \t]*$")
_HELM_COMMENT = re.compile(r"\s*\{\{-?[ \t]*/\*((?:[^*]|\*(?!/)){0,5000})\*/")
_MARKS = re.compile(r"[*`]{1,3}(?=\S)|(?<=\S)[*`]{1,3}")


def markdown(text: str) -> Parts:
    """ATX and setext headings outside code and front matter."""
    lines = split_lines(text)
    headings: list[SectionHeading] = []
    fence = ""
    start = _after_front_matter(lines)
    lines = _without_comments(lines)
    for at in range(start, len(lines)):
        line = lines[at]
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
    return _parts(headings, lines, start)


def _without_comments(lines: list[str]) -> list[str]:
    """The lines without `<!-- … -->` outside code; a comment that nothing closes is none."""
    last = max((at for at, line in enumerate(lines) if "-->" in line), default=-1)
    result: list[str] = []
    fence, hidden = "", False
    for at, written in enumerate(lines):
        line = written
        if hidden:
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
    above = title.strip()
    return (
        len(stripped) >= 3
        and set(stripped) in ({"="}, {"-"})
        and bool(above)
        and not above.startswith(("#", "|", "-", "*", ">", "=", "<", "`", "+"))
    )


def _plain(title: str) -> str:
    title = _ATTRIBUTES.sub("", title) or title
    return _MARKS.sub("", _LINK.sub(r"\1", _ELEMENT.sub("", title))).strip() or title.strip()


def restructuredtext(text: str) -> Parts:
    """Underlined titles; the order in which marks first appear gives their levels."""
    lines = split_lines(text)
    headings: list[SectionHeading] = []
    levels: list[tuple[str, bool]] = []
    for at in range(1, len(lines)):
        title, under = lines[at - 1], _UNDERLINE.match(lines[at])
        if not under or not title.strip() or (title[:1].isspace() and at < 2) or _UNDERLINE.match(title):
            continue
        over = at > 1 and bool(_UNDERLINE.match(lines[at - 2]))
        if len(lines[at].strip()) < len(title.strip()) - 2:
            continue
        mark = (under.group(1), over)
        if mark not in levels:
            levels.append(mark)
        headings.append(SectionHeading(title.strip(), levels.index(mark) + 1, at - over, at + 2))
    return _parts(headings, lines, 0)


def asciidoc(text: str) -> Parts:
    """Titles by equals signs outside delimited blocks; the author's and attributes' lines are no words."""
    lines = split_lines(text)
    headings: list[SectionHeading] = []
    block = ""
    for at, line in enumerate(lines):
        delimiter = _DELIMITER.fullmatch(line.rstrip())
        if delimiter:
            block = "" if block == line.rstrip() else block or line.rstrip()
        elif not block and (title := _ADOC_TITLE.match(line)):
            content = at + 2
            if len(title.group(1)) == 1:  # the document's head reaches to the first blank line
                while content <= len(lines) and lines[content - 1].strip():
                    content += 1
            headings.append(SectionHeading(_plain(title.group(2)), len(title.group(1)), at + 1, content))
    return _parts(headings, lines, 0)


def template(text: str) -> Parts:
    """A Helm template: the kinds of resources it writes, and the templates it defines."""
    lines = split_lines(text)
    symbols: list[Symbol] = []
    for at, line in enumerate(lines, 1):
        if found := _DEFINED.search(line):
            symbols.append(part(found.group(1), SymbolKind.FUNCTION, f'define "{found.group(1)}"', at, at))
        elif found := _RESOURCE.match(line):
            symbols.append(part(found.group(1), SymbolKind.KEY, line, at, at))
        if len(symbols) >= MAX_PARTS:
            break
    comment = _HELM_COMMENT.match(text)
    doc = " ".join(comment.group(1).split()) if comment else ""
    end = text.count("\n", 0, comment.end()) + 1 if comment else 1
    return Parts(tuple(symbols), (), doc, Lines(start=1, end=end) if doc else None)


def _parts(headings: list[SectionHeading], lines: list[str], start: int) -> Parts:
    found = [heading for heading in headings if heading.title]
    if not found:
        return plain_text("\n".join(lines))
    words = paragraph(lines[found[0].content - 1 : found[0].content + 60])
    before = paragraph(lines[start : found[0].line - 1]) if found[0].line - start > 1 else ""
    doc, doc_lines = head(found[0].title, words or before, found[0].line, lines)
    return Parts(symbols=sections(found, lines), doc=doc, doc_lines=doc_lines)


def plain_text(text: str) -> Parts:
    """Underlined, numbered or capital lines that stand alone as sections; the first line as the doc."""
    lines = split_lines(text)
    headings: list[SectionHeading] = []
    for at, line in enumerate(lines):
        title = line.strip()
        if not title or len(title) > 80:
            continue
        alone = (at == 0 or not lines[at - 1].strip()) and (at + 1 == len(lines) or not lines[at + 1].strip())
        under = at + 1 < len(lines) and _UNDERLINE.match(lines[at + 1].strip()) and not _UNDERLINE.match(title)
        capital = title.isupper() and any(letter.isalpha() for letter in title) and len(title) > 3
        if under or (alone and (capital or _NUMBERED.match(title))):
            headings.append(SectionHeading(title, 1, at + 1, at + 3 if under else at + 2))
    first = next((at for at, line in enumerate(lines) if line.strip() and not line.startswith("#!")), None)
    if first is None:
        return Parts()
    # A script's or a template's first words are a comment as a rule: its marks are no words.
    title = _COMMENT_MARK.sub("", lines[first]).strip()[:200]
    doc, doc_lines = head(title, "", first + 1, lines)
    return Parts(symbols=sections(headings, lines), doc=doc, doc_lines=doc_lines)
