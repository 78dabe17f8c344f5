"""A comment's own text: its markers, rules and directives to tools removed, its indentation and code left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import dedent

LINE_MARKER = re.compile(r"^(?://+[!/]?<?|#+[!:]?|--+\|?|;+|%+) ?")
BLOCK_OPEN = re.compile(r"^(?:/\*[*!]*<?|--\[=*\[-{0,2}|=begin\b|\(\*+|<#)")
_RULE = re.compile(r"^\s*(?:([\-=*#~/_+])\1{2,}|[\-=*#~/_+|]{4,})\s*$")
_STAR = re.compile(r"^[ \t]*\*(?!\*[^*\s])[ \t]?")
_STARS = re.compile(r"^[ \t]*\*\*[ \t]?")
#: What `---- section ----` begins with, and what its title is.
_BEFORE_TITLE = re.compile(r"([\-=*#~/_+])\1{2,}+[^\w\n]*+")
_BANNER_TITLE = re.compile(r"[\w ,.&/()-]{0,80}[^\w\n]*")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_DIRECTIVE = re.compile(
    r"^\s*(?:go:\w|\+build\s|nolint|noqa\b|type:\s*ignore|pyright:|pylint:|flake8:|fmt:\s*(?:on|off|skip)|isort:|mypy:|ruff:|"
    r"eslint-(?:disable|enable|env)|eslint\s+[\w/-]+:|jshint\s|tslint:|prettier-ignore|istanbul\s+ignore|c8\s+ignore|"
    r"@ts-(?:ignore|nocheck|check|expect-error)|<reference\s|<amd-|shellcheck\s+\w+=|rubocop:|frozen_string_literal:|"
    r"-\*-.*-\*-|vim:|swiftlint:|clang-format\s+o|NOLINT|#(?:end)?region\b|@flow\b|@format\b|use strict\b|sourcery\s"
    # The template of an editor that makes new files.
    r"|(?:this (?:file|class) was )?created by \S.{0,60}? on \d[\d/. -]{5,9}\.?\s*$)",
    re.IGNORECASE,
)
#: Directives only where they are the whole comment: inside a text the same words are prose.
_ALONE = re.compile(
    r"^\s*+(?:!(?![!\[])|pragma\b|(?:end)?region\b|MARK:|encoding:|coding[:=]|jscs:|swift-tools-version|globals?\s+\w+|exported\s|"
    r"(?:end)?\s*of\s+file\b)",
    re.IGNORECASE,
)
_LICENCE = re.compile(
    r"copyright|licen[sc]ed? (?:under|to)|all rights reserved|spdx-license|permission is hereby granted|@license"
    r"|code generated .{0,80}do not edit"
    r"|this (?:program|software|file|library|source|code|package|work|module|script)\b[^.]{0,60}?\s(?:is|as|was|may)\s+"
    r"(?:free software|licen[sc]ed|distributed under|part of gnu|subject to|released under|dual[- ]licensed|in the"
    r" public domain)"
    r"|permission to use,? copy|redistribution and use in source|gnu (?:lesser |affero |library )?general public licen"
    r"|mozilla public licen|apache licen[sc]e|(?:mit|bsd|isc|zlib|boost) (?:software )?licen[sc]e|unlicense"
    r"|\(c\)\s*(?:19|20)\d\d"
    r"|see (?:the )?(?:file )?(?:licen[sc]e|copying)\b",
    re.IGNORECASE,
)
_SAYS_WHAT = re.compile(
    r"^\s*[@\\](?:brief|fileoverview|overview|module|packagedocumentation|details)\b", re.MULTILINE | re.IGNORECASE
)


def uncommented(comment: str) -> str:
    """A comment's text, empty when it only parts code or speaks to tools."""
    text = comment.strip()
    opened = BLOCK_OPEN.match(text)
    if opened:
        # `**\/*.js` is how a comment names files without ending itself.
        lines = _unstarred(_unclosed(text[opened.end() :]).replace("*\\/", "*/").split("\n"))
    else:
        lines = [_unmarked(line.strip()) for line in text.split("\n") if not line.startswith("#!/")]
    if _is_banner(text, lines):
        return ""
    comment_lines = list(_said([line.rstrip() for line in lines]))
    if len(comment_lines) == 1 and _ALONE.match(comment_lines[0]):
        return ""
    if not opened:
        return dedent("\n".join(comment_lines)).strip("\n").rstrip()
    # What follows the opening marker on its line stands at the margin of the lines below.
    first, rest = (
        (comment_lines[0].strip(), comment_lines[1:])
        if comment_lines and lines and lines[0].strip()
        else ("", comment_lines)
    )
    below = (
        dedent("\n".join(rest))
        if not first or not any(_STAR.match(line) for line in text.split("\n")[1:])
        else "\n".join(rest)
    )
    return "\n".join([first, below] if first else [below]).strip("\n").rstrip()


def banner_title(comment: str) -> str:
    """The title of a comment that only parts code: it documents nothing, but names a section."""
    text = BLOCK_OPEN.sub("", comment.strip()).removesuffix("*/")
    return " ".join(line.strip(" \t-=*#~/_+|") for line in text.split("\n")).strip()


def is_licence(text: str) -> bool:
    """Whether a comment is a licence's head and says nothing of the file."""
    return bool(_LICENCE.search(text[:3000])) and not _SAYS_WHAT.search(text[:3000])


def _unclosed(text: str) -> str:
    """A block comment's text without what closes it."""
    if text.endswith("*/"):
        return text.removesuffix("/").rstrip("*")
    if text.endswith("]"):
        return text.removesuffix("]").rstrip("=").removesuffix("]")
    return text.removesuffix("=end").removesuffix("*)").removesuffix("#>")


def _unmarked(line: str) -> str:
    # A line of nothing but markers is a rule, or empty.
    signs = set(line.replace(" ", ""))
    return "" if len(signs) == 1 and signs <= set("/#-;%") else LINE_MARKER.sub("", line)


def _unstarred(lines: list[str]) -> list[str]:
    """Lines without the stars at their beginning, if most of them have one: a list's stars are no margin."""
    below = [line for line in lines[1:] if line.strip(" \t*") or line.strip() == "*"]
    margin = any(line.strip() == "*" for line in below)  # no item of a list is empty
    for star in (_STARS, _STAR):
        starred = sum(1 for line in below if star.match(line))
        if below and (margin or star.match(below[0])) and starred * 2 > len(below):
            return [lines[0], *(star.sub("", line) for line in lines[1:])]
    return lines


def _is_banner(text: str, lines: list[str]) -> bool:
    """Whether a comment is a rule, perhaps with a title inside or between two."""
    text_lines = [line for line in lines if line.strip() and not _RULE.match(line)]
    if not text_lines:
        return True
    if len(text_lines) == 1 and _is_titled_rule(text_lines[0].strip()):
        return True
    written = [line.strip() for line in text.split("\n") if line.strip()]
    rules = [line for line in written if len(line.strip("/*# ;-=~_+|")) == 0 and len(line) >= 8]
    doc = text.startswith(("/**\n", "/*!", "///", "//!"))
    return not doc and len(text_lines) == 1 and len(rules) >= 2


def _is_titled_rule(line: str) -> bool:
    """Whether a line is a title between signs, such as `---- section ----`: it parts code and documents nothing."""
    opened, title_end = _BEFORE_TITLE.match(line), len(line.rstrip(line[-1]))
    if not opened or line[-1] not in "-=*#~/_+" or len(line) - title_end < 3:
        return False
    return bool(_BANNER_TITLE.fullmatch(line, min(opened.end(), title_end), title_end))


def _said(lines: list[str]) -> Iterator[str]:
    """The lines without rules that only decorate and without directives; code blocks are left alone."""
    fence = ""
    numbers = [number for number, line in enumerate(lines) if line.strip() and not _RULE.match(line)]
    first, last = (numbers[0], numbers[-1]) if numbers else (0, -1)
    for number, line in enumerate(lines):
        if mark := _FENCE.match(line):
            fence = "" if fence and line.strip().startswith(fence) else fence or mark.group(1)
        elif not fence:
            ruled = bool(_RULE.match(line))
            # A rule directly below words may be a heading's or a table's.
            under = ruled and lines[number - 1].strip() and line.strip()[0] in "-=~+|^" if number else False
            outside = number < first or number > last
            if ruled and (outside or (not under and line.strip()[0] in "#/*_")) and line.strip()[:3] != "~~~":
                continue
            if not line.startswith("    ") and _DIRECTIVE.match(line):
                continue
        yield line
