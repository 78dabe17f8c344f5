"""Plain text, and what no reader knows: titles that stand alone as sections, the first words as the file's doc."""

from __future__ import annotations

import re

from agents.codebase.structure.artefacts.manual_pages import is_manual_page, name_of
from agents.codebase.structure.artefacts.parts import Parts, SectionHeading, sections, split_lines
from agents.contracts.base import Lines

UNDERLINE = re.compile(r"([=\-~^\"'`#*+.:_])\1{2,}\s*$")
_MANUAL_SECTION = re.compile(r"^\.S[Hh]\s+(\S.*)$")
#: A certificate or a key that is no secret: its letters are no words.
_ENCODED = re.compile(r"\s*-----BEGIN ([A-Z0-9 ]*(?:CERTIFICATE|CERTIFICATE REQUEST|PUBLIC KEY|PARAMETERS|CRL))-----")
_NUMBERED = re.compile(r"(?:\d{1,2}\.){1,3}\d{0,2}\s+[A-Z]\S*")
#: What opens or closes a comment's line in any language, those of documentation first.
_COMMENT_MARK = re.compile(
    r"^[ \t]*(?:#+'?|//+!?|--+(?:[ \t]*[|^])?|;+|%+|\{-+(?:[ \t]*\|)?|<#|/\*+!?|\(\*+)[ \t]+"
    r"|[ \t]*(?:\*/|-\}|#>)[ \t]*$"
)
#: `Manifest-Version: 1.0`
_FIELD = re.compile(r"[A-Z][\w-]*: *\S")
#: Code, data or markup, whose first line nobody would read as a sentence.
_CODE = re.compile(
    r"^(?:<[?!/a-z]|\\\w+[\[{]|[\w.]+\(|[{\[]|[^\s,;]+(?:[,;][^\s,;]+)+(?:\s|$)|[\w.-]+:(?:\s*$|\s+[\w.-]+:))|[{};]$",
    re.IGNORECASE,
)


def plain_text(text: str) -> Parts:
    """Underlined, numbered or capital lines that stand alone as sections; the first line as the doc."""
    lines = split_lines(text)
    if manual := _manual_page(text):
        return manual
    if encoded := _ENCODED.match(text):
        return Parts(doc=f"{encoded[1].capitalize()} in PEM form.", doc_lines=Lines(start=1, end=1))
    headings: list[SectionHeading] = []
    for at, line in enumerate(lines):
        title = line.strip()
        if not title or len(title) > 80:
            continue
        alone = (at == 0 or not lines[at - 1].strip()) and (at + 1 == len(lines) or not lines[at + 1].strip())
        under = at + 1 < len(lines) and UNDERLINE.match(lines[at + 1].strip()) and not UNDERLINE.match(title)
        capital = title.isupper() and any(letter.isalpha() for letter in title) and len(title) > 3
        if under or (alone and (capital or _NUMBERED.match(title))):
            headings.append(SectionHeading(title, 1, at + 1, at + 3 if under else at + 2))
    doc, doc_lines = _opening(lines)
    return Parts(symbols=sections(headings, lines), doc=doc, doc_lines=doc_lines)


def _manual_page(text: str) -> Parts | None:
    """A manual page's sections, and its NAME as the doc; None for any other text."""
    if not is_manual_page(text):
        return None
    lines = split_lines(text)
    headings = [
        SectionHeading(match[1].strip('"'), 1, at + 1, at + 2)
        for at, line in enumerate(lines)
        if (match := _MANUAL_SECTION.match(line))
    ]
    name = name_of(text)
    doc_lines = Lines(start=name.first, end=name.last) if name else None
    return Parts(symbols=sections(headings, lines), doc=name.words if name else "", doc_lines=doc_lines)


def _is_said(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#!")


def _opening(lines: list[str]) -> tuple[str, Lines | None]:
    """The title, if a line stands alone or underlined at the top, and the first paragraph below it, whole."""
    blocks: list[tuple[int, list[str]]] = []
    begins_as_comment = bool(_COMMENT_MARK.match(next((line for line in lines if _is_said(line)), "")))
    for at, written in enumerate(lines[:200]):
        if begins_as_comment and blocks and written.strip() and not _COMMENT_MARK.search(written):
            break  # a script's code begins
        # A script's or a template's first words are a comment as a rule: its marks are no words.
        line = "" if at == 0 and written.startswith("#!") else _COMMENT_MARK.sub("", written)
        if UNDERLINE.match(line.strip()):
            # What is underlined is a block of its own.
            blocks.append((at, []))
        elif not line.strip():
            blocks.append((at + 1, []))
        elif blocks:
            blocks[-1][1].append(line.strip())
        else:
            blocks.append((at, [line.strip()]))
    filled = [(at, rows) for at, rows in blocks if rows]
    if not filled:
        return "", None
    rows = filled[0][1]
    # A `#!` below the first line is a comment's word above, and nothing said here.
    sayings = (at for at, line in enumerate(lines) if _is_said(line) and not UNDERLINE.match(line.strip()))
    first = next(sayings, min(filled[0][0], len(lines) - 1))
    is_title = len(rows) == 1 and len(rows[0]) <= 80 and not rows[0].endswith((".", "!", "?")) and len(filled) > 1
    last = filled[1] if is_title else filled[0]
    words = " ".join(last[1])[:600]
    if not begins_as_comment and (all(map(_FIELD.match, [*rows, *last[1]])) or _CODE.search(" ".join(rows[:3]))):
        return "", None
    text = f"{rows[0]}\n\n{words}" if is_title else words
    end = max(first + 1, min(len(lines), last[0] + len(last[1])))
    return text, Lines(start=first + 1, end=end)


def unreadable(text: str) -> Parts:
    """A file of a format that its own reader refuses: a comment on top is its doc, and nothing else is."""
    first = next((line for line in text.lstrip("\ufeff").split("\n", 200)[:200] if _is_said(line)), "")
    if not _COMMENT_MARK.match(first):
        return Parts(parse_errors=1)
    doc, doc_lines = _opening(split_lines(text))
    return Parts(doc=doc, doc_lines=doc_lines, parse_errors=1)
