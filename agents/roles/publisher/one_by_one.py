"""Builds API pages one at a time, in two processes, and takes pages that are as they were from the earlier site."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Reversible
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment
from mkdocs.commands.build import _build_page, _populate_page
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

from agents.roles.publisher.built_pages import BuiltPages
from agents.roles.publisher.earlier_site import EarlierSite
from agents.roles.publisher.page_frame import OwnWords, PageFrame, frame_of
from agents.second_process import FEWEST_PAGES, FromBothEnds, beside

#: The hook that collects what a search finds.
SEARCH_HOOK = "hooks/search_symbols.py"
#: What that hook writes.
_INDEX = "assets/search-index.js"


class _WithApiPages(Files):
    """mkdocs' files, and those API pages that something asks for: a link to one becomes its address."""

    def __init__(self, files: Files, config: MkDocsConfig, api: Collection[str]) -> None:
        super().__init__(files)
        self._config = config
        self._api = frozenset(api)

    def get_file_from_path(self, path: str) -> File | None:
        """The file, an API page's without its content."""
        file = super().get_file_from_path(path)
        return File.generated(self._config, path, content="") if file is None and path in self._api else file


class OneByOne:
    """A plugin that takes API pages through mkdocs' own steps one at a time, and hands each on when it is built.

    mkdocs would read all pages before it builds the first, and keep them until the last: 40,000 pages are 1.4 GB.
    Pages that are as they were, of either kind, pass mkdocs without being rendered: a guide takes 30 ms.
    """

    def __init__(
        self,
        pages: Reversible[tuple[str, str]],
        paths: Collection[str],
        built: BuiltPages,
        earlier: EarlierSite,
    ) -> None:
        """`earlier` was built with what this site is built with."""
        self._pages = pages
        self._paths = paths
        self._built = built
        self._earlier = earlier
        self._frames: dict[int, PageFrame] = {}
        self._index_rows: Mapping[str, Any] | None = None
        self._nav: Navigation | None = None

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Let links to API pages be known."""
        return _WithApiPages(files, config, self._paths)

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG002 (mkdocs' signature)
        """Remember what a page's template is given."""
        self._nav = nav

    @event_priority(100)  # before a hook converts the page
    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG002 (mkdocs' signature)
        """Let a page that is as it was pass: another template says nothing, and on_post_page gives the page."""
        if not self._earlier or page.file.src_dir is None:
            return
        if self._index_rows is None:
            index = self._earlier.text(_INDEX)
            self._index_rows = config["hooks"][SEARCH_HOOK].rows_of(index) if index else {}
        row = self._index_rows.get(page.url)
        if row is None or self._earlier.page(page.file.src_uri, page.file.content_string) is None:
            return

        def render(*_: Any) -> None:
            page.content, page.toc = "", get_toc([])

        vars(page).update(index_row=row, render=render)
        page.meta["template"] = "blank.html"

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:
        """Build the API pages: all other pages are read by now, and none is built."""
        nav = self._nav
        if nav is None:  # mkdocs makes the navigation before the environment
            raise RuntimeError("mkdocs gave no navigation")
        search = config["hooks"][SEARCH_HOOK]

        def build_page(path: str, markdown: str) -> None:
            file = File.generated(config, path, content=markdown)
            if (earlier := self._as_it_was(file, markdown)) is not None:
                html, words = earlier
                about = SimpleNamespace(file=file, url=file.url, title=words.title)
                search.on_page_content(words.content, page=about, config=config, files=files)
                self._built.take_over(file.dest_uri, html, self._earlier)
                return
            page = Page(None, file, config)
            _populate_page(page, config, files)
            _build_page(page, config, [], nav, env)
            if self._earlier and (depth := _depth(file)) not in self._frames:
                self._frames[depth] = frame_of(page, config)

        if len(self._paths) < FEWEST_PAGES:
            for path, markdown in self._pages:
                build_page(path, markdown)
        else:
            self._build_by_two(build_page, search)

    def _as_it_was(self, file: File, markdown: str) -> tuple[str, OwnWords] | None:
        """The earlier site's page for the same Markdown, with its words, if it stands in this site's frame.

        The first page of each depth is built in any case: it shows the frame.
        """
        frame = self._frames.get(_depth(file))
        html = self._earlier.page(file.src_uri, markdown) if frame is not None else None
        words = frame.own_words(html) if frame is not None and html is not None else None
        return (html, words) if html is not None and words is not None else None

    def _build_by_two(self, build_page: Callable[[str, str], None], search: Any) -> None:
        """Build pages from the end in a second process, which also fills their part of the search's index."""
        whole = self._built
        with TemporaryDirectory(prefix="swarm-pages-") as name, closing(FromBothEnds(len(self._paths))) as work:
            folder = Path(name)
            rows = folder / "rows.json"

            def build_second() -> None:
                already = len(search.pages)
                with whole.part(folder) as self._built:
                    for _, (path, markdown) in zip(work.back(), reversed(self._pages), strict=False):
                        build_page(path, markdown)
                self._built = whole
                rows.write_text(json.dumps(search.pages[already:]), encoding="utf-8")
                del search.pages[already:]

            with beside(build_second):
                for _, (path, markdown) in zip(work.front(), self._pages, strict=False):
                    build_page(path, markdown)
            whole.take(folder)
            search.pages += json.loads(rows.read_text(encoding="utf-8"))

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG002 (mkdocs' signature)
        """Hand an API page on; mkdocs writes no file for an empty one."""
        if page.file.src_dir is not None:
            return (self._earlier.text(page.file.dest_uri) or output) if "index_row" in vars(page) else output
        self._built.add(page.file.dest_uri, output)
        return ""


def _depth(file: File) -> int:
    return file.url.count("/")
