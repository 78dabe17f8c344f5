"""mkdocs hook: API and module pages enter the search index by their headings, not word by word.

Thousands of pages would otherwise be parsed a second time for the search, and their index would outgrow the site.
The file travels in the site's sources, so it knows nothing of the agents.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mkdocs.plugins import event_priority

_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
#: A page's first paragraph is figures; the next ones say what it is about.
_PARAGRAPHS = 4
_TEXT = 400
#: A browser builds its index of 80,000 entries (12 MB) in 24 s and 630 MB, so there are never many more.
_MOST = 100_000
#: Each page's own entry, then its symbols'.
_entries: list[list[dict[str, Any]]] = []
#: Pages about tests, examples and generated code, which are found after the product's.
_apart: set[str] = set()
_BEHIND = 0.4


def on_pre_build(config: Any) -> None:
    """Forget what an earlier build in this process found, and read which pages are apart."""
    _entries.clear()
    _apart.clear()
    listed = Path(config["config_file_path"]).with_name("apart.txt")
    if listed.exists():
        _apart.update(listed.read_text(encoding="utf-8").split("\n"))


def on_page_content(content: str, page: Any, config: Any, files: Any) -> None:  # noqa: ARG001 (mkdocs' signature)
    """Take a page out of the search plugin's hands and remember its symbols."""
    if not page.file.src_uri.startswith(("api/", "modules/")):
        return
    page.meta["search"] = {"exclude": True}
    # The index holds HTML, as the theme's own search writes it: titles stay escaped.
    paragraphs = _PARAGRAPH.findall(content)[1:_PARAGRAPHS]
    summary = html.unescape(" ".join(_TAG.sub("", paragraph) for paragraph in paragraphs))[:_TEXT]
    title = page.title or html.escape(page.url)
    found: list[dict[str, Any]] = [{"location": page.url, "title": title, "text": html.escape(summary, quote=False)}]
    for top in page.toc:
        found += ({"location": page.url + item.url, "title": item.title, "text": ""} for item in _all(top.children))
    if page.file.src_uri in _apart:
        for one in found:
            one["boost"] = _BEHIND
    _entries.append(found)
    if len(_entries) % 1_000 == 0:  # now and then, so that no more are ever in memory
        _shorten(_entries, _MOST)


@event_priority(-50)
def on_post_build(config: Any) -> None:
    """Add the symbols after the search plugin wrote its index, and before the offline plugin copies it."""
    index = Path(config["site_dir"], "search", "search_index.json")
    if index.exists():
        data = json.loads(index.read_text(encoding="utf-8"))
        _shorten(_entries, _MOST)
        data["docs"] += (one for page in sorted(_entries, key=lambda page: page[0]["location"]) for one in page)
        index.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _shorten(pages: list[list[dict[str, Any]]], most: int) -> None:
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


def _all(items: Iterable[Any]) -> Iterable[Any]:
    for item in items:
        yield item
        yield from _all(item.children)
