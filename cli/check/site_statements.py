"""The statements of a finished site: each sentence of its pages with the lines that it cites."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from urllib.parse import unquote

from agents.codebase.change.cited import SiteStatement
from agents.codebase.change.result import CitedCode
from agents.contracts.base import Lines
from agents.text.sentences import shortened
from cli.site.finished import FinishedSite, NotOnSite
from cli.site.passages import plain

_CITATION = re.compile(r"(?<!\\)\[(?:[^\[\]\\\n]|\\.)*?\\?#L(\d+)(?:-L(\d+))?\]\(([^()\s]*)\)")
_ANCHOR = re.compile(r"<a [^>]*></a>")
#: What stands before the citation of a symbol on its page: its kind, perhaps with a word before it.
_KIND = re.compile(r"^[\w -]{1,40}$")
_LONGEST = 200


def statements(site: FinishedSite, paths: Collection[str]) -> Iterator[SiteStatement]:
    """The statements that cite one of the files, page by page, each once."""
    for page in site.all_pages:
        try:
            text = site.page(page)
        except NotOnSite:
            continue
        yield from dict.fromkeys(_of_page(site, page, text, paths))


def _of_page(site: FinishedSite, page: str, text: str, paths: Collection[str]) -> Iterator[SiteStatement]:
    heading = said = ""
    for block in text.split("\n\n"):
        if block.startswith("#"):
            heading, said = plain(_ANCHOR.sub("", block.lstrip("# "))).strip("`"), ""
            continue
        if "#L" not in block:
            said = said or ("" if block.startswith(("```", "|", "!!!")) else plain(block))
            continue
        for line in block.split("\n") if block.lstrip().startswith(("- ", "* ", "|")) else [block]:
            before, at = "", 0
            for found in _CITATION.finditer(line):
                words = plain(line[at : found.start()]).strip(" ·|-")
                before, at = words or before, found.end()
                sentence = (said or heading) if _KIND.match(before) else before
                place = _place(site, page, found)
                if place is not None and place.path in paths:
                    yield SiteStatement(page, shortened(sentence or heading, _LONGEST), heading, place)


def _place(site: FinishedSite, page: str, found: re.Match[str]) -> CitedCode | None:
    target = unquote(found[3].partition("#")[0])
    path = site.path_of_source(posixpath.normpath(posixpath.join(posixpath.dirname(page), target)))
    start, end = int(found[1]), int(found[2] or found[1])
    if not path or not 1 <= start <= end <= site.line_counts[path]:
        return None
    return CitedCode(path, Lines(start=start, end=end))
