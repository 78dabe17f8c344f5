"""The frame that all API pages of one depth share: what a built page says of its own, cut out of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

_TITLE, _CONTENT, _CONTENTS, _ANCHOR = (
    f"swarm-own-{name}-7d21ba" for name in ("title", "content", "contents", "anchor")
)
#: The page's table of contents is a list, of which the stand-in has one entry.
_ENTRY = re.compile(rf"<li\b(?:(?!<li\b).)*?{_CONTENTS}.*?</li>", re.DOTALL)
_PARTS = re.compile(f"({'|'.join((_TITLE, _CONTENT, _CONTENTS, _ANCHOR))})")


class OwnWords(NamedTuple):
    """What a search finds on an API page."""

    title: str
    content: str


class PageFrame:
    """The pieces of a built page between its own words."""

    def __init__(self, pieces: Sequence[str]) -> None:
        """`pieces` begins and ends with the frame's own text, and has the name of a part between two such texts."""
        self._first, self._others = pieces[0], list(zip(pieces[1::2], pieces[2::2], strict=True))

    def own_words(self, page: str) -> OwnWords | None:
        """The page's words, or None for a page that stands in another frame."""
        if not page.startswith(self._first):
            return None
        words: dict[str, str] = {}
        at = len(self._first)
        for part, text in self._others:
            end = page.find(text, at)
            if end < 0 or words.setdefault(part, page[at:end]) != page[at:end]:
                return None
            at = end + len(text)
        return OwnWords(words[_TITLE], words[_CONTENT]) if at == len(page) else None


def frame_of(page: Page, config: MkDocsConfig) -> PageFrame:
    """The frame of an API page that was just built, as the hooks make it: they fill it for a stand-in."""
    contents: list[Any] = [{"level": 2, "id": _CONTENTS, "name": _CONTENTS, "children": []}]
    stand_in: Any = SimpleNamespace(
        # A file with a folder is no API page to the plugin that takes those away (one_by_one.py).
        file=SimpleNamespace(src_uri=page.file.src_uri, src_dir="", dest_uri=page.file.dest_uri),
        url=page.url,
        title=_TITLE,
        content=_CONTENT,
        toc=get_toc([{"level": 1, "id": _ANCHOR, "name": "", "children": contents}]),
    )
    filled = config.plugins.on_post_page("", page=stand_in, config=config)
    return PageFrame(_PARTS.split(_ENTRY.sub(_CONTENTS, filled, count=1)))
