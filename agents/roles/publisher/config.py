"""The site's mkdocs.yml: ours from the first line to the last, whatever the repository holds."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable

from agents.contracts.draft import Page, PageKind
from agents.pages.content_policy import PAGE_POLICY
from agents.roles.publisher.gated import TableOfContentsEntry

_TOP = (PageKind.OVERVIEW, PageKind.ARCHITECTURE)
#: Guides in the navigation; the last entry is the page that lists all.
_GUIDES = 40
#: Packages in the navigation; the first entry is the page that lists all.
_PACKAGES = 60
_AFTER = (PageKind.SECURITY, PageKind.PERFORMANCE, PageKind.GLOSSARY, PageKind.COVERAGE)

_SETTINGS = r"""docs_dir: docs
use_directory_urls: false
theme:
  name: material
  custom_dir: theme
  language: en
  font: false
  icon: {logo: material/source-branch}
  features: [navigation.sections, navigation.top, navigation.prune, content.code.copy, toc.follow]
  palette:
    - media: "(prefers-color-scheme: light)"
      scheme: default
      primary: indigo
      accent: indigo
      toggle: {icon: material/weather-night, name: Switch to dark mode}
    - media: "(prefers-color-scheme: dark)"
      scheme: slate
      primary: indigo
      accent: indigo
      toggle: {icon: material/weather-sunny, name: Switch to light mode}
extra:
  content_policy: "@policy@"
extra_css: [assets/swarm.css]
hooks: [hooks/plain_markdown.py, hooks/page_shell.py, hooks/search_symbols.py, hooks/content_policy.py]
plugins: []
markdown_extensions:
  - admonition
  - tables
  - toc: {toc_depth: 3}
  - pymdownx.highlight: {use_pygments: false}
  - pymdownx.superfences:
      custom_fences:
        - name: mermaid
          class: mermaid
          format: !!python/name:pymdownx.superfences.fence_code_format
not_in_nav: |
  /api/
validation:
  nav: {omitted_files: ignore, not_found: warn, absolute_links: ignore}
  links: {not_found: ignore, anchors: ignore, absolute_links: ignore, unrecognized_links: ignore}
"""


def mkdocs_yml(repository: str, pages: Iterable[Page | TableOfContentsEntry], model: str) -> str:
    """The configuration; names from the repository are quoted for YAML, and escaped: the theme prints them as HTML."""
    everything = list(pages)
    origin = "extracted, not AI-written" if model == "extractive" else f"written by {model}"
    nav = [_entry(page) for kind in _TOP for page in everything if page.kind is kind]
    guides = [_entry(page) for page in everything if page.kind is PageKind.GUIDE]
    if guides:
        listed = guides[:_GUIDES] if len(guides) > _GUIDES else guides[:-1] or guides
        nav.insert(1, f"{{Guides: [{', '.join([*listed, guides[-1]] if len(guides) > _GUIDES else listed)}]}}")
    packages = [_entry(page) for page in everything if page.kind is PageKind.PACKAGE]
    if packages:
        nav.insert(1, f"{{Packages: [{', '.join(packages[:_PACKAGES])}]}}")
    modules = [page for page in everything if page.kind is PageKind.MODULE]
    for title, of_it in (
        ("Modules", [_entry(page) for page in modules if not page.apart]),
        ("Tests and examples", [_entry(page) for page in modules if page.apart]),
    ):
        if of_it:
            nav.append(f"{{{title}: [{', '.join(of_it)}]}}")
    nav += [_entry(page) for kind in _AFTER for page in everything if page.kind is kind]
    copyright_line = f"Documentation of a snapshot, {origin}."
    return (
        f"site_name: {_quoted(html.escape(repository))}\n"
        f"copyright: {_quoted(html.escape(copyright_line))}\n"
        f"{_SETTINGS.replace('@policy@', PAGE_POLICY)}"
        f"nav: [{', '.join(nav)}]\n"
    )


def _entry(page: Page | TableOfContentsEntry) -> str:
    title = "Overview" if page.kind is PageKind.OVERVIEW else page.title
    return f"{{{_quoted(html.escape(title))}: {_quoted(page.path)}}}"


def _quoted(text: str) -> str:
    """A double-quoted YAML string. JSON's own escapes would do, were it not for characters that it writes as two."""
    plain = json.dumps(text, ensure_ascii=False)
    return "".join(c if " " <= c <= "~" else f"\\U{ord(c):08X}" for c in plain)
