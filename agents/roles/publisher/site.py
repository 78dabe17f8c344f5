"""Builds the site: our pages, our theme's few files, and mkdocs in this process."""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jinja2 import Environment
from mkdocs.commands.build import _build_page, _populate_page
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from agents.contracts.draft import Page as WrittenPage
from agents.contracts.site_settings import SiteSettings
from agents.roles.publisher.built_pages import BuiltPages
from agents.roles.publisher.config import mkdocs_yml
from agents.roles.publisher.gated import TableOfContentsEntry
from agents.roles.publisher.llms import llms_txt
from agents.roles.publisher.templates import CompiledTemplates, environment_of
from agents.second_process import FEWEST_PAGES, beside

_THEME = Path(__file__).with_name("theme")
_SEARCH_HOOK = "hooks/search_symbols.py"
_HOOKS = ("hooks/plain_markdown.py", "hooks/page_shell.py", _SEARCH_HOOK, "hooks/content_policy.py")
#: What mkdocs writes for servers, whose links lead nowhere from disk; maps to the theme's own source, and the theme's
#: search, which ours replaces: a megabyte each.
_UNWANTED = (
    "404.html",
    "sitemap.xml",
    "sitemap.xml.gz",
    "*.js.map",
    "*.css.map",
    "lunr/**/*.js",
    "workers/search.*.js",
)


@dataclass(frozen=True)
class SiteFolders:
    """Where the halves of a site lie while it is built."""

    source: Path
    built: Path


def write_sources(
    folders: SiteFolders,
    repository: str,
    pages: Iterable[WrittenPage],
    listed: Sequence[TableOfContentsEntry],
    model: str,
    site: SiteSettings | None = None,
) -> None:
    """Write all that `mkdocs build` needs, but for source pages, which it only copies, and API pages (see build).

    `listed` are the pages of the tables of contents, API pages among them.
    """
    docs = folders.source / "docs"
    for page in pages:
        _write(docs / page.path, page.markdown)
    _write(docs / "llms.txt", llms_txt(repository, listed, model, (site or SiteSettings()).language))
    _write(folders.source / "mkdocs.yml", mkdocs_yml(repository, listed, model, site))
    _write(folders.source / "apart.txt", "".join(f"{page.path}\n" for page in listed if page.apart))
    for name, target in {
        **dict.fromkeys(("main.html", "api.html", "blank.html"), folders.source / "theme"),
        **dict.fromkeys(("swarm.css", "search.js", "code.js", "source.css"), docs / "assets"),
        **dict.fromkeys(_HOOKS, folders.source),
    }.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_THEME / name, target / name)
    mermaid = files("swarm_vendor").joinpath("mermaid.min.js").read_bytes()
    (docs / "assets" / "mermaid.min.js").write_bytes(mermaid)


def write_image(path: Path, data: bytes) -> None:
    """Write a picture that a guide shows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


#: For all sites that this process builds.
compiled_templates = CompiledTemplates()


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


class _OneByOne:
    """A plugin that takes API pages through mkdocs' own steps one at a time, and hands each on when it is built.

    mkdocs would read all pages before it builds the first, and keep them until the last: 40,000 pages are 1.4 GB.
    """

    def __init__(self, pages: Iterable[tuple[str, str]], paths: Collection[str], built: BuiltPages) -> None:
        self._pages = pages
        self._paths = paths
        self._built = built
        self._nav: Navigation | None = None

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Let links to API pages be known."""
        return _WithApiPages(files, config, self._paths)

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG002 (mkdocs' signature)
        """Remember what a page's template is given."""
        self._nav = nav

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:
        """Build the API pages: all other pages are read by now, and none is built."""
        nav = self._nav
        if nav is None:  # mkdocs makes the navigation before the environment
            raise RuntimeError("mkdocs gave no navigation")

        def build_page(path: str, markdown: str) -> None:
            page = Page(None, File.generated(config, path, content=markdown), config)
            _populate_page(page, config, files)
            _build_page(page, config, [], nav, env)

        if len(self._paths) < FEWEST_PAGES:
            for path, markdown in self._pages:
                build_page(path, markdown)
        else:
            self._build_in_halves(build_page, config["hooks"][_SEARCH_HOOK])

    def _build_in_halves(self, build_page: Callable[[str, str], None], search: Any) -> None:
        """Build the second half of the pages in a second process, which also fills that half of the search's index."""
        middle, whole = len(self._paths) // 2, self._built
        with TemporaryDirectory(prefix="swarm-pages-") as name:
            folder = Path(name)
            rows = folder / "rows.json"

            def build_second() -> None:
                already = len(search.pages)
                with whole.part(folder) as self._built:
                    for path, markdown in islice(self._pages, middle, None):
                        build_page(path, markdown)
                self._built = whole
                rows.write_text(json.dumps(search.pages[already:]), encoding="utf-8")
                del search.pages[already:]

            with beside(build_second):
                for path, markdown in islice(self._pages, middle):
                    build_page(path, markdown)
            whole.take(folder)
            search.pages += json.loads(rows.read_text(encoding="utf-8"))

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG002 (mkdocs' signature)
        """Hand an API page on; mkdocs writes no file for an empty one."""
        if page.file.src_dir is not None:
            return output
        self._built.add(page.file.dest_uri, output)
        return ""


def build(
    folders: SiteFolders,
    api: Iterable[tuple[str, str]],
    api_paths: Collection[str],
    built: BuiltPages,
) -> None:
    """Run mkdocs over the sources, without a network and without output.

    What `api` gives, each time it is read, is no Markdown file, and what it becomes is no file of the folder either,
    but is added to `built`.
    """
    logging.getLogger("mkdocs").setLevel(logging.ERROR)
    # Material prints advertising for its successor unless this variable is set.
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    config = load_config(str(folders.source / "mkdocs.yml"), site_dir=str(folders.built))
    config.plugins["swarm"] = _OneByOne(api, api_paths, built)  # type: ignore[assignment]  # any object with mkdocs' events will do, as a hook does
    config.theme.get_env = partial(environment_of, config.theme, compiled_templates)  # type: ignore[method-assign]  # no setting for it
    config.plugins.on_startup(command="build", dirty=False)
    try:
        mkdocs_build(config)
    finally:
        config.plugins.on_shutdown()
    for pattern in _UNWANTED:
        for path in folders.built.rglob(pattern):
            path.unlink()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
