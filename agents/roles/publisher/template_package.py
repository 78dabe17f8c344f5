"""Compiles the templates to Python when a layer is made: `python -m agents.roles.publisher.template_package FOLDER`.

A sample site is built in each language: what it loads is what a site loads. The Python is the same for every version of
Python, so that a layer for Lambda can be made by another one.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

from mkdocs.config import load_config

from agents.contracts.draft import Page, PageKind
from agents.contracts.site_settings import Language, SiteSettings
from agents.roles.publisher.archive import site_archive
from agents.roles.publisher.built_links import LinkCheck
from agents.roles.publisher.built_pages import BuiltPages
from agents.roles.publisher.earlier_site import EarlierSite
from agents.roles.publisher.gated import TableOfContentsEntry
from agents.roles.publisher.site import SiteFolders, build, compiled_templates, write_sources
from agents.roles.publisher.templates import environment_of

_API = "api/sample.md"
_PAGES = tuple(
    Page(path=path, kind=kind, title="Sample", markdown="# Sample\n\n## Part\n\nText.\n")
    for path, kind in (("index.md", PageKind.OVERVIEW), ("guides/sample.md", PageKind.GUIDE), (_API, PageKind.API))
)


def write_to(folder: Path) -> None:
    """Make the folder a package with a module for each template, and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text('"""The site\'s templates, compiled by jinja2."""\n', encoding="utf-8")
    for name, python in compiled().items():
        (folder / f"{name}.py").write_text(f"{python}\n", encoding="utf-8")


def compiled() -> Mapping[str, str]:
    """The Python of each template that a site loads, by the name of its module."""
    modules: dict[str, str] = {}
    for language in get_args(Language):
        with TemporaryDirectory(prefix="swarm-templates-") as name:
            modules |= _compiled(Path(name), SiteSettings(language=language))
    return modules


def _compiled(folder: Path, site: SiteSettings) -> Mapping[str, str]:
    folders = SiteFolders(folder / "source", folder / "site")
    written = [page for page in _PAGES if page.kind is not PageKind.API]
    listed = [TableOfContentsEntry(page.path, page.kind, page.title, page.markdown) for page in _PAGES]
    write_sources(folders, "sample", written, listed, "extractive", site)
    api = [(page.path, page.markdown) for page in _PAGES if page.kind is PageKind.API]
    with site_archive(folder / "site.zip") as archive:
        build(folders, api, [_API], BuiltPages(archive, LinkCheck({})), EarlierSite())
    theme = load_config(str(folders.source / "mkdocs.yml")).theme
    return compiled_templates.as_python(environment_of(theme, compiled_templates))


if __name__ == "__main__":
    write_to(Path(sys.argv[1]))
