"""mkdocs hook: writes the index that theme/search.js reads: every symbol, member, heading, and what is said of it.

The theme's own search cannot do it. It cuts names and questions by one expression, so it finds whole names or their
parts, never both; it adds the scores of a page's sections, so a long page of tests outranks an exact name; and a
browser needs 24 s and 630 MB for 80,000 of its entries. Ours is a list that a script looks through. The file travels
in the site's sources, so it knows nothing of the agents.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from mkdocs.plugins import event_priority

_TAG = re.compile(r"<[^>]*>")
_HEADING = re.compile(r'<h[1-6] id="([^"]*)">(.*?)</h[1-6]>', re.DOTALL)
#: A symbol's anchor, as agents.pages.anchors writes it.
_SYMBOL = re.compile(r'<a id="s\.([^"]*)" class="([a-z-]+)"></a>')
_NUMBER = re.compile(r"~\d+$")
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_CODE_BLOCK = re.compile(r"<pre\b.*?</pre>", re.DOTALL)
_ROW_END = re.compile(r"</tr>|</li>|</p>|</h[1-6]>")
#: Where a citation begins: what stands behind it is for the page, not for the search.
_CITED = re.compile(r'<a href="[^"]*source/[^"]*">.*?</a>', re.DOTALL)
_TEXT = 300
_GUIDE_TEXT = 1_500
#: Entries with text; beyond them symbols have their names alone, and beyond the second figure pages share what is left.
_WITH_TEXT = 20_000
_MOST = 100_000
#: Of a page: its address, title, kind, 1 when it is apart, and its entries: anchor, name, kind, text.
_Entry = tuple[str, str, str, str]
_Page = tuple[str, str, str, int, list[_Entry]]
#: What was found on each page so far; whoever builds pages in another process adds what was found there.
pages: list[_Page] = []
#: Pages about tests, examples and generated code, which are found after the product's.
_apart: set[str] = set()


def on_pre_build(config: Any) -> None:
    """Forget what an earlier build in this process found, and read which pages are apart."""
    pages.clear()
    _apart.clear()
    listed = Path(config["config_file_path"]).with_name("apart.txt")
    if listed.exists():
        _apart.update(listed.read_text(encoding="utf-8").split("\n"))


def on_page_content(content: str, page: Any, config: Any, files: Any) -> None:  # noqa: ARG001 (mkdocs' signature)
    """Remember what can be found on a page; one that is not rendered again brings it along (see rows_of)."""
    if "index_row" in vars(page):
        url, title, kind, _, entries = page.index_row
        pages.append((url, title, kind, int(page.file.src_uri in _apart), entries))
        return
    folder = page.file.src_uri.partition("/")[0] if "/" in page.file.src_uri else ""
    kind = {"api": "file", "modules": "module", "guides": "guide"}.get(folder, "page")
    entries = list(_symbols(content) if kind == "file" else _headings(content, kind))
    title = html.unescape(str(page.title or page.url))
    about = (_said(_PARAGRAPH.findall(content)[1:4]) if kind == "file" else "") or (entries[0][3] if entries else "")
    own = ("", title, kind, about)
    # The first heading is the page's own title.
    pages.append(
        (page.url, title, kind, int(page.file.src_uri in _apart), [own, *(entries if kind == "file" else entries[1:])])
    )
    if len(pages) % 1_000 == 0:  # now and then, so that no more are ever in memory
        _shorten([row[4] for row in pages], _MOST)


def rows_of(index: str) -> dict[str, _Page]:
    """What an index says of each page, by its address; nothing where pages may have lost entries in it."""
    data = json.loads(index.partition("=")[2])
    if len(data["entries"]) + len(data["pages"]) > _MOST:
        return {}
    rows: list[_Page] = [(*row, []) for row in data["pages"]]
    for number, *entry in data["entries"]:
        rows[number][4].append(tuple(entry))
    return {row[0]: row for row in rows}


@event_priority(-50)
def on_post_build(config: Any) -> None:
    """Write the index as a script, which a browser loads from a disk as well."""
    guides = {row[0].partition("/")[2] for row in pages if row[2] == "guide"}
    for url, _, kind, _, entries in pages:
        if kind == "file" and url.partition("/")[2] in guides:  # its sections are found on the guide's page
            entries[:] = []
    lists = [row[4] for row in pages]
    _shorten(lists, _MOST)
    with_text = sum(map(len, lists)) <= _WITH_TEXT
    ordered = sorted(pages, key=lambda page: page[0])
    data = {
        "pages": [row[:4] for row in ordered],
        "entries": [
            (number, anchor, name, kind, text if with_text or kind == row[2] or row[2] != "file" else "")
            for number, row in enumerate(ordered)
            for anchor, name, kind, text in row[4]
        ],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    place = Path(config["site_dir"], "assets", "search-index.js")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"self.swarmSearch={text}\n", encoding="utf-8")


def _symbols(content: str) -> Iterator[_Entry]:
    """The symbols and members of an API page, each once."""
    places = list(_SYMBOL.finditer(content))
    for number, place in enumerate(places):
        end = places[number + 1].start() if number + 1 < len(places) else len(content)
        row_end = _ROW_END.search(content, place.end())
        inside = content[place.end() : min(end, row_end.start() if row_end else end)]
        after = content[place.end() : end]
        in_heading = row_end is not None and row_end[0].startswith("</h")
        description = (
            _said(_PARAGRAPH.findall(_CODE_BLOCK.sub("", after)))
            if in_heading
            else _said([inside.partition("</td>")[2]])
        )
        name = unquote(_NUMBER.sub("", place[1]))
        yield "" if place[1] == quote(name, safe="") else f"s.{place[1]}", name, place[2], description


def _headings(content: str, kind: str) -> Iterator[_Entry]:
    """The headings of a page, each with what stands below it."""
    places = list(_HEADING.finditer(content))
    for number, place in enumerate(places):
        end = places[number + 1].start() if number + 1 < len(places) else len(content)
        name = _plain(place[2])
        if name:
            most = _GUIDE_TEXT if kind in {"guide", "page"} else _TEXT
            yield (
                place[1],
                name,
                "section" if number else kind,
                _plain(_CITED.sub("", content[place.end() : end]))[:most],
            )


def _said(paragraphs: Iterable[str]) -> str:
    return _plain(" ".join(_CITED.sub("", paragraph) for paragraph in paragraphs))[:_TEXT]


def _plain(content: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", content)).split())


def _shorten(pages: list[list[Any]], most: int) -> None:
    """Leave each page its own entry and as many symbols, the same number for all, as fit under `most` entries."""
    lengths = sorted(len(page) for page in pages)
    if sum(lengths) <= most:
        return
    left, limit = most, 1
    for at, length in enumerate(lengths):
        # What every page that is at least as long may have, when the shorter ones have all they want.
        limit = max(left // (len(lengths) - at), 1)
        if length > limit:
            break
        left -= length
    for page in pages:
        del page[limit:]
