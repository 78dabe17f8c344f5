"""Builds the site: our pages, our theme's few files, mkdocs in this process, and a zip of each half."""

from __future__ import annotations

import logging
import os
import shutil
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from agents.contracts.draft import Page
from agents.publisher.config import mkdocs_yml
from agents.publisher.llms import llms_txt

_THEME = Path(__file__).with_name("theme")
_HOOKS = ("hooks/plain_markdown.py", "hooks/page_shell.py", "hooks/search_symbols.py")
#: Pages that mkdocs writes for servers; opened from disk, their links lead nowhere.
_UNWANTED = ("404.html", "sitemap.xml", "sitemap.xml.gz")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class SiteFolders:
    """Where the halves of a site lie while it is built."""

    source: Path
    built: Path


def write_sources(
    folders: SiteFolders, repository: str, pages: Iterable[Page], source_pages: Mapping[str, str], model: str
) -> None:
    """Write all that `mkdocs build` needs; `source_pages` are finished HTML by their place on the site."""
    everything = list(pages)
    docs = folders.source / "docs"
    for page in everything:
        _write(docs / page.path, page.markdown)
    for place, text in source_pages.items():
        _write(docs / place, text)
    _write(docs / "llms.txt", llms_txt(repository, everything, model))
    _write(folders.source / "mkdocs.yml", mkdocs_yml(repository, everything, model))
    for name, target in {
        **dict.fromkeys(("main.html", "api.html", "blank.html"), folders.source / "theme"),
        **dict.fromkeys(("swarm.css", "iframe-worker.js"), docs / "assets"),
        **dict.fromkeys(_HOOKS, folders.source),
    }.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_THEME / name, target / name)
    mermaid = files("swarm_vendor").joinpath("mermaid.min.js").read_bytes()
    (docs / "assets" / "mermaid.min.js").write_bytes(mermaid)


def build(folders: SiteFolders) -> None:
    """Run mkdocs over the sources, without a network and without a word."""
    from mkdocs.commands.build import build as mkdocs_build
    from mkdocs.config import load_config

    logging.getLogger("mkdocs").setLevel(logging.ERROR)
    # Material greets with advertising for its successor unless told not to.
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    config = load_config(str(folders.source / "mkdocs.yml"), site_dir=str(folders.built))
    config.plugins.on_startup(command="build", dirty=False)
    try:
        mkdocs_build(config)
    finally:
        config.plugins.on_shutdown()
    for name in _UNWANTED:
        (folders.built / name).unlink(missing_ok=True)
    for page in (folders.source / "docs").rglob("*.md"):
        shutil.copyfile(page, folders.built / page.relative_to(folders.source / "docs"))


def zip_folder(folder: Path, target: Path) -> None:
    """Write a folder's files as a zip that is the same for the same files."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            info = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, path.read_bytes())


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
