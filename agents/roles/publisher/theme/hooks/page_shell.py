"""mkdocs hook: puts API pages into a frame that the theme has rendered once, not once for each of thousands.

All API pages in folders of the same depth differ in their title, content and table of contents only. The file
travels in the site's sources, so it knows nothing of the agents.
"""

from __future__ import annotations

import copy
import html
import re
from collections.abc import Iterable
from typing import Any

from mkdocs.structure.nav import Link
from mkdocs.structure.toc import get_toc

#: Stand in the frame where a page's own words go; no text of a page is looked at for them.
_TITLE, _CONTENT, _CONTENTS, _ANCHOR = (f"swarm-{name}-2f6c1e" for name in ("title", "content", "contents", "anchor"))
_PARTS = (_TITLE, _CONTENT, _CONTENTS, _ANCHOR)

#: The page that lists all guides, and how many the navigation of other pages may list.
_GUIDES, _FEW = "guides/index.html", 12
#: Elements in which each blank counts.
_AS_WRITTEN = re.compile(r"(<pre\b.*?</pre>|<script\b.*?</script>|<textarea\b.*?</textarea>)", re.DOTALL)
_MARGIN = re.compile(r"[ \t\r]*\n\s*")
#: Names of elements of the theme, which its script looks for: a heading of that name would stand in their place.
_OF_THEME = r"__(?:config|drawer|nav|palette|search|skip|toc)[^\"]*|swarm-search[^\"]*"
_HEADING = re.compile(rf'(<h[1-6] id=")(?={_OF_THEME}")')
_ANCHOR_OF_THEME = re.compile(_OF_THEME)
#: Stands before such a name; links of guides know it as well (`slug` in agents/roles/editor/guide_writer.py).
_APART = "heading-"
#: A drawing's language is known inside HTML; a page has a dozen drawings.
_DRAWING = ('<svg xmlns="http://www.w3.org/2000/svg"', "<svg")

_frames: dict[str, list[str]] = {}
_environment: dict[str, Any] = {}


def on_env(env: Any, config: Any, files: Any) -> None:  # noqa: ARG001 (mkdocs' signature)
    """Keep the templates at hand, and forget an earlier build's frames."""
    _environment["env"] = env
    _frames.clear()


def on_page_content(content: str, page: Any, config: Any, files: Any) -> str:  # noqa: ARG001 (mkdocs' signature)
    """Headings get names of their own; an API page's template says nothing: its frame is ready, or is made once."""
    if page.file.src_uri.startswith("api/"):
        page.meta["template"] = "blank.html"
    apart = _HEADING.sub(rf"\g<1>{_APART}", content)
    if apart != content:
        _set_apart(page.toc)
    return apart


def _set_apart(headings: Iterable[Any]) -> None:
    """Rename in the table of contents what is renamed on the page."""
    for heading in headings:
        if _ANCHOR_OF_THEME.fullmatch(heading.id):
            heading.id = _APART + heading.id
        _set_apart(heading.children)


def on_page_context(context: Any, page: Any, config: Any, nav: Any) -> None:  # noqa: ARG001 (mkdocs' signature)
    """Render the frame for pages of this depth, cut where a page's own words go; no page but a guide lists many."""
    if not page.file.src_uri.startswith("guides/"):
        context["nav"] = _without_many_guides(context["nav"])
    base = context["base_url"]
    if not page.file.src_uri.startswith("api/") or base in _frames:
        return
    stand_in = copy.copy(page)
    stand_in.meta = {}
    stand_in.title = _TITLE
    stand_in.content = f"<h1>{_CONTENT}"
    stand_in.toc = get_toc([{"level": 1, "id": _ANCHOR, "name": "", "children": []}])
    whole = _environment["env"].get_template("api.html").render({**context, "page": stand_in, "contents": _CONTENTS})
    whole = _closed_up(whole.replace(stand_in.content, _CONTENT))
    pieces = [whole]
    for part in _PARTS:
        pieces = [cut for piece in pieces for cut in _cut(piece, part)]
    _frames[base] = pieces


def _closed_up(page: str) -> str:
    """The page without the margins and empty lines of the templates: half of a short page is nothing else."""
    parts = enumerate(_AS_WRITTEN.split(page))
    return "".join(part if at % 2 else _MARGIN.sub("\n", part).replace(*_DRAWING) for at, part in parts)


def _without_many_guides(nav: Any) -> Any:
    """The navigation with a link to the page that lists all guides in the place of their section."""
    short = copy.copy(nav)
    short.items = [Link(item.title, _GUIDES) if _has_many_guides(item) else item for item in nav.items]
    return short


def _has_many_guides(item: Any) -> bool:
    first = next(iter(item.children or ()), None)
    return first is not None and len(item.children) > _FEW and (first.url or "").startswith("guides/")


def _cut(piece: str, part: str) -> list[str]:
    if piece in _PARTS:
        return [piece]
    cuts = piece.split(part)
    return [text for n, cut in enumerate(cuts) for text in ((part, cut) if n else (cut,))]


def on_post_page(output: str, page: Any, config: Any) -> str:  # noqa: ARG001 (mkdocs' signature)
    """The frame with this page's words in it."""
    if not page.file.src_uri.startswith("api/"):
        return _closed_up(output)
    depth = page.url.count("/")
    frame = _frames["/".join([".."] * depth) or "."]
    first = next(iter(page.toc), None)
    words = {
        _TITLE: str(page.title),
        _CONTENT: str(page.content),
        _CONTENTS: _listed(first.children if first else ()),
        _ANCHOR: first.id if first else "",
    }
    return "".join(words.get(piece, piece) for piece in frame)


def _listed(items: Iterable[Any]) -> str:
    """A list of headings as the theme writes it."""
    return "".join(
        f'<li class="md-nav__item"><a href="{html.escape(item.url)}" class="md-nav__link">'
        f'<span class="md-ellipsis">{item.title}</span></a>{_below(item)}</li>'
        for item in items
    )


def _below(item: Any) -> str:
    if not item.children:
        return ""
    label = html.escape(html.unescape(item.title))
    return f'<nav class="md-nav" aria-label="{label}"><ul class="md-nav__list">{_listed(item.children)}</ul></nav>'
