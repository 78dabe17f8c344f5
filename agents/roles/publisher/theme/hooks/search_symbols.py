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
#: A page's first paragraph is figures; the next ones tell what it is about.
_TOLD = 4
_TEXT = 400
_entries: list[dict[str, str]] = []


def on_pre_build(config: Any) -> None:  # noqa: ARG001 (mkdocs' signature)
    """Forget what an earlier build in this process found."""
    _entries.clear()


def on_page_content(content: str, page: Any, config: Any, files: Any) -> None:  # noqa: ARG001 (mkdocs' signature)
    """Take a page out of the search plugin's hands and remember its symbols."""
    if not page.file.src_uri.startswith(("api/", "modules/")):
        return
    page.meta["search"] = {"exclude": True}
    # The index holds HTML, as the theme's own search writes it: titles stay escaped.
    told = html.unescape(" ".join(_TAG.sub("", found) for found in _PARAGRAPH.findall(content)[1:_TOLD]))[:_TEXT]
    title = page.title or html.escape(page.url)
    _entries.append({"location": page.url, "title": title, "text": html.escape(told, quote=False)})
    _entries.extend(
        {"location": page.url + item.url, "title": item.title, "text": ""}
        for top in page.toc
        for item in _all(top.children)
    )


@event_priority(-50)
def on_post_build(config: Any) -> None:
    """Add the symbols after the search plugin wrote its index, and before the offline plugin copies it."""
    index = Path(config["site_dir"], "search", "search_index.json")
    if index.exists():
        data = json.loads(index.read_text(encoding="utf-8"))
        data["docs"] += sorted(_entries, key=lambda entry: entry["location"].partition("#")[0])
        index.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _all(items: Iterable[Any]) -> Iterable[Any]:
    for item in items:
        yield item
        yield from _all(item.children)
