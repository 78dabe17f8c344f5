"""Builds the site: our pages, our theme's few files, and mkdocs in this process."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Collection, Iterable, Reversible, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from pathlib import Path

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

from agents.contracts.draft import Page as WrittenPage
from agents.contracts.site_settings import SiteSettings
from agents.roles.publisher.built_pages import BuiltPages
from agents.roles.publisher.config import mkdocs_yml
from agents.roles.publisher.earlier_site import BUILT_WITH, EarlierSite, built_with
from agents.roles.publisher.gated import TableOfContentsEntry
from agents.roles.publisher.llms import llms_txt
from agents.roles.publisher.one_by_one import SEARCH_HOOK, OneByOne
from agents.roles.publisher.templates import CompiledTemplates, environment_of

_THEME = Path(__file__).with_name("theme")
_TEMPLATES = ("main.html", "api.html", "blank.html")
_HOOKS = ("hooks/plain_markdown.py", "hooks/page_shell.py", SEARCH_HOOK, "hooks/content_policy.py")
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
        **dict.fromkeys(_TEMPLATES, folders.source / "theme"),
        **dict.fromkeys(("swarm.css", "search.js", "code.js", "source.css"), docs / "assets"),
        **dict.fromkeys(_HOOKS, folders.source),
    }.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_THEME / name, target / name)
    mermaid = files("swarm_vendor").joinpath("mermaid.min.js").read_bytes()
    (docs / "assets" / "mermaid.min.js").write_bytes(mermaid)
    themed = (f"theme/{name}" for name in _TEMPLATES)
    decisive = [(name, (folders.source / name).read_bytes()) for name in ("mkdocs.yml", *themed, *_HOOKS)]
    _write(docs / BUILT_WITH, built_with([*decisive, ("our code", _own_code())]))


@cache
def _own_code() -> bytes:
    """The modules of this package, which make HTML too: pages of another release are not taken over."""
    return b"".join(module.read_bytes() for module in sorted(Path(__file__).parent.glob("*.py")))


def write_image(path: Path, data: bytes) -> None:
    """Write a picture that a guide shows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


#: For all sites that this process builds.
compiled_templates = CompiledTemplates()


def build(
    folders: SiteFolders,
    api: Reversible[tuple[str, str]],
    api_paths: Collection[str],
    built: BuiltPages,
    earlier: EarlierSite,
) -> None:
    """Run mkdocs over the sources, without a network and without output.

    What `api` gives, each time it is read and from either end, is no Markdown file, and what it becomes is no file of
    the folder either, but is added to `built`. Pages that are as they were are taken from the `earlier` site.
    """
    if not earlier.was_built_with((folders.source / "docs" / BUILT_WITH).read_text(encoding="utf-8")):
        earlier = EarlierSite()
    logging.getLogger("mkdocs").setLevel(logging.ERROR)
    # Material prints advertising for its successor unless this variable is set.
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    config = load_config(str(folders.source / "mkdocs.yml"), site_dir=str(folders.built))
    config.plugins["swarm"] = OneByOne(api, api_paths, built, earlier)  # type: ignore[assignment]  # any object with mkdocs' events will do, as a hook does
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
