"""Builds the site: our pages, our theme's few files, mkdocs in this process, and a zip of each half."""

from __future__ import annotations

import io
import logging
import os
import shutil
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from agents.contracts.draft import Page
from agents.pages.addresses import API
from agents.roles.publisher.config import mkdocs_yml
from agents.roles.publisher.llms import llms_txt

_THEME = Path(__file__).with_name("theme")
_HOOKS = ("hooks/plain_markdown.py", "hooks/page_shell.py", "hooks/search_symbols.py", "hooks/content_policy.py")
#: What mkdocs writes for servers, whose links lead nowhere from disk; and a megabyte of maps to the theme's own source.
_UNWANTED = ("404.html", "sitemap.xml", "sitemap.xml.gz", "*.js.map", "*.css.map")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class SiteFolders:
    """Where the halves of a site lie while it is built."""

    source: Path
    built: Path


def write_sources(folders: SiteFolders, repository: str, pages: Iterable[Page], model: str) -> None:
    """Write all that `mkdocs build` needs, but for source pages, which it only copies, and API pages (see build)."""
    everything = list(pages)
    docs = folders.source / "docs"
    for page in everything:
        if not page.path.startswith(API):
            _write(docs / page.path, page.markdown)
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


class _InMemory:
    """A plugin that hands mkdocs the API pages and takes what it makes of them.

    Writing, reading and deleting thousands of small files takes longer than all the rest.
    """

    def __init__(self, pages: Mapping[str, str]) -> None:
        self._pages = pages
        self.built: dict[str, str] = {}

    def on_files(self, files: Any, config: Any) -> None:
        """Add the pages' Markdown."""
        from mkdocs.structure.files import File

        for path, markdown in self._pages.items():
            files.append(File.generated(config, path, content=markdown))

    def on_post_page(self, output: str, page: Any, config: Any) -> str:  # noqa: ARG002 (mkdocs' signature)
        """Keep a built page; mkdocs writes no file for an empty one."""
        if page.file.src_uri not in self._pages:
            return output
        self.built[page.file.dest_uri] = output
        return ""


def build(folders: SiteFolders, in_memory: Mapping[str, str]) -> dict[str, str]:
    """Run mkdocs over the sources, without a network and without a word.

    The Markdown of `in_memory` is not on disk, and neither is what it becomes: the answer, by place on the site.
    """
    from mkdocs.commands.build import build as mkdocs_build
    from mkdocs.config import load_config

    logging.getLogger("mkdocs").setLevel(logging.ERROR)
    # Material greets with advertising for its successor unless told not to.
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    config = load_config(str(folders.source / "mkdocs.yml"), site_dir=str(folders.built))
    memory = _InMemory(in_memory)
    config.plugins["swarm"] = memory  # type: ignore[assignment]  # any object with mkdocs' events will do, as a hook does
    config.plugins.on_startup(command="build", dirty=False)
    try:
        mkdocs_build(config)
    finally:
        config.plugins.on_shutdown()
    for pattern in _UNWANTED:
        for path in folders.built.rglob(pattern):
            path.unlink()
    return memory.built


def zipped(folder: Path, finished: Mapping[str, str]) -> bytes:
    """A folder's files, and finished texts by their place beside them, as a zip: the same bytes for the same files."""
    # Python leaves its bytecode beside the hooks, with the minute in it.
    on_disk = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted({*on_disk, *finished}):
            info = zipfile.ZipInfo(name, _LONG_AGO)
            info.external_attr = 0o644 << 16
            content = finished[name].encode() if name in finished else on_disk[name].read_bytes()
            # The archive's own level would not count: an info brings its own, which is zlib's slow default.
            archive.writestr(info, content, zipfile.ZIP_DEFLATED, compresslevel=1)
    return body.getvalue()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
