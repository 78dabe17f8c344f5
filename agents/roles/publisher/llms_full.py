"""llms-full.txt: the text of the site's pages in one file, for a language model that reads whole documents.

Whole pages only, in the order of use: overview, modules, API pages of the product, reviews, then tests and examples.
What does not fit is counted at the end.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import IO

from agents.contracts.draft import FACT_PAGES, PageKind
from agents.pages.words import Words
from agents.text.wording import one_line

NAME = "llms-full.txt"
MOST_BYTES = 4_000_000
#: A file with less than this part of its size left is full: of thousands of pages a short one would still fit.
_FULL = 200
_LINK = re.compile(r"\[(?<!\\\[)((?:[^\[\]\\\n]|\\.)*)\]\([^()\s]*\)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
_FIRST_GROUP = itemgetter(1)
#: What would begin a heading or a block of code if its escape went too: no text can hide the pages behind it in one.
_BEGINNING = re.compile(r"^( *)(?:(?=(?:\\#){1,6}(?: |$)|(?:\\`){3})|&#126;(?=~~))", re.MULTILINE)
#: Begins the line above each page, which no text of a page may hold.
_PAGE = "<!-- page:"
_FENCE = re.compile(r"^ *`{3,}.*$", re.MULTILINE)
_FIRST = (PageKind.OVERVIEW, PageKind.ARCHITECTURE, *FACT_PAGES, PageKind.MODULE, PageKind.GLOSSARY)


def order_of(kind: PageKind) -> int:
    """Where pages of this kind stand: before the API pages of the product (0), or after them (1)."""
    return 0 if kind in _FIRST else 1


def write_llms_full(
    target: IO[str], repository: str, pages: Iterable[tuple[str, str]], most: int = MOST_BYTES, language: str = "en"
) -> None:
    """Write the pages, each as path and Markdown, that fit into `most` bytes of UTF-8, and how many do not."""
    words = Words(language)
    opening = words("The text of every page. Statements cite path#Lx-Ly.")
    left = most - _write(target, f"# {one_line(repository)}\n\n{opening}\n")
    omitted = 0
    for path, markdown in pages:
        if left < most // _FULL:
            omitted += 1
            continue
        text = f"\n\n{_PAGE} {path} -->\n\n{plain(markdown).strip()}\n"
        if len(text.encode("utf-8", "replace")) > left:
            omitted += 1
            continue
        left -= _write(target, text)
    if omitted:
        sizes = {"most": words.number(most), "count": words.counted(omitted, "page")}
        text = words("Left out, as this file ends at {most} bytes: {count}; see llms.txt.", **sizes)
        _write(target, f"\n\n{text}\n")


def plain(markdown: str) -> str:
    """A page without its links' addresses and escapes; code stays as it is, unless it would begin a page."""
    return "".join(_parts(markdown)).replace(_PAGE, f"&lt;{_PAGE[1:]}")


def _parts(markdown: str) -> Iterator[str]:
    """What stands between two fences, which is text and code in turn, and the fences."""
    at, inside = 0, False
    for fence in _FENCE.finditer(markdown):
        part = markdown[at : fence.start()]
        yield part if inside else _readable(part)
        yield fence[0]
        at, inside = fence.end(), not inside
    yield markdown[at:] if inside else _readable(markdown[at:])


def _readable(text: str) -> str:
    text = _BEGINNING.sub(_still_escaped, text)
    # A function takes half the time of a template, which `re` fills in Python.
    return html.unescape(_ESCAPED.sub(_FIRST_GROUP, _LINK.sub(_FIRST_GROUP, text)))


def _still_escaped(beginning: re.Match[str]) -> str:
    """Two backslashes, of which one will be left; a tilde is written as a number, not behind one."""
    return f"{beginning[1]}\\\\{'~' if beginning[0].endswith(';') else ''}"


def _write(target: IO[str], text: str) -> int:
    target.write(text)
    return len(text.encode("utf-8", "replace"))
