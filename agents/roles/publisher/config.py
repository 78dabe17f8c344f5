"""The site's mkdocs.yml: ours from the first line to the last, whatever the repository holds."""

from __future__ import annotations

import html
import json
import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from agents.contracts.draft import FACT_PAGES, Page, PageKind
from agents.contracts.site_settings import Section, SiteSettings
from agents.pages.content_policy import PAGE_POLICY
from agents.pages.words import Words
from agents.roles.publisher.gated import TableOfContentsEntry

#: The sections in our order, and the section of each kind of page; modules of tests have one of their own.
_ORDER = tuple(Section)
_SECTIONS = {
    PageKind.OVERVIEW: Section.OVERVIEW,
    PageKind.PACKAGE: Section.PACKAGES,
    PageKind.GUIDE: Section.GUIDES,
    PageKind.ARCHITECTURE: Section.ARCHITECTURE,
    PageKind.MODULE: Section.MODULES,
    PageKind.SECURITY: Section.SECURITY,
    PageKind.PERFORMANCE: Section.PERFORMANCE,
    PageKind.GLOSSARY: Section.GLOSSARY,
    PageKind.COVERAGE: Section.COVERAGE,
    **dict.fromkeys(FACT_PAGES, Section.REFERENCE),
}
#: Sections of several pages, with their titles.
_GROUPS = {
    Section.PACKAGES: "Packages",
    Section.GUIDES: "Guides",
    Section.REFERENCE: "Reference",
    Section.MODULES: "Modules",
    Section.TESTS: "Tests and examples",
}
#: Guides in the navigation; the last entry is the page that lists all.
_GUIDES = 40
#: Packages in the navigation; the first entry is the page that lists all.
_PACKAGES = 60
_LONGEST_TITLE, _LONGEST_KEY = 200, 1_000

#: What the theme's templates and scripts say on every page.
FRAME = {
    "search": "Search",
    "hint": "Name, part of a name, or words",
    "close": "Close",
    "results": "Results",
    "pages": "Pages",
    "loading": "Loading the index …",
    "first": "First {count} results",
    "count": "{count} results",
    "nothing": "Nothing found.",
    "types": "types",
    "failed": "The search index could not be loaded.",
}

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
      toggle: {icon: material/weather-night, name: "@dark@"}
    - media: "(prefers-color-scheme: dark)"
      scheme: slate
      primary: indigo
      accent: indigo
      toggle: {icon: material/weather-sunny, name: "@light@"}
extra:
  content_policy: "@policy@"
  words: @words@
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


def mkdocs_yml(
    repository: str, pages: Iterable[Page | TableOfContentsEntry], model: str, site: SiteSettings | None = None
) -> str:
    """The configuration; names from the repository are quoted for YAML, and escaped: the theme prints them as HTML."""
    site = site or SiteSettings()
    origin = "extracted, not AI-written" if model == "extractive" else f"written by {model}"
    copyright_line = f"Documentation of a snapshot, {origin}."
    words = Words(site.language)
    own = ", ".join(f"{key}: {_quoted(words(text))}" for key, text in FRAME.items())
    settings = _SETTINGS.replace("@policy@", PAGE_POLICY).replace("language: en", f"language: {site.language}")
    settings = settings.replace("@words@", f"{{{own}}}")
    settings = settings.replace("@dark@", words("Switch to dark mode")).replace(
        "@light@", words("Switch to light mode")
    )
    return (
        f"site_name: {_quoted(html.escape(repository))}\n"
        f"copyright: {_quoted(html.escape(copyright_line))}\n"
        f"{settings}"
        f"nav: [{', '.join(_navigation(list(pages), site))}]\n"
    )


def _navigation(pages: Sequence[Page | TableOfContentsEntry], site: SiteSettings) -> Iterator[str]:
    """The navigation's entries: our order and titles, but for what the repository's swarm.toml says."""
    words = Words(site.language)
    chosen = site.navigation
    by_section: dict[Section, list[Page | TableOfContentsEntry]] = defaultdict(list)
    for page in pages:
        section = Section.TESTS if page.kind is PageKind.MODULE and page.apart else _SECTIONS.get(page.kind)
        if section is not None and section not in chosen.hide:
            by_section[section].append(page)
    for section in dict.fromkeys((*chosen.order, *_ORDER)):
        group = by_section[section]
        title = chosen.titles.get(section, "")
        if section in _GROUPS and group:
            listed = _listed(section, group)
            named = zip(_titles(listed), listed, strict=True)
            entries = ", ".join(_entry(name, page.path) for name, page in named)
            yield _keyed(title or words(_GROUPS[section]), f"[{entries}]")
        else:
            own = words("Overview") if section is Section.OVERVIEW else ""
            yield from (_entry(title or own or page.title, page.path) for page in group)


def _titles(pages: Sequence[Page | TableOfContentsEntry]) -> list[str]:
    """The pages' titles; several of one title differ by their folders."""
    counts = Counter(page.title for page in pages)
    folders = [posixpath.basename(posixpath.dirname(page.path)) for page in pages]
    return [
        f"{page.title} ({folder})" if counts[page.title] > 1 and folder else page.title
        for page, folder in zip(pages, folders, strict=True)
    ]


def _listed(section: Section, pages: Sequence[Page | TableOfContentsEntry]) -> Sequence[Page | TableOfContentsEntry]:
    """The pages of a section that the navigation has; of guides the last is the page that lists all."""
    if section is Section.GUIDES:
        return [*pages[:_GUIDES], pages[-1]] if len(pages) > _GUIDES else pages[:-1] or pages
    return pages[:_PACKAGES] if section is Section.PACKAGES else pages


def _entry(title: str, path: str) -> str:
    return _keyed(title, _quoted(path))


def _keyed(title: str, value: str) -> str:
    """An entry of the navigation. YAML reads a key of more than 1,024 signs, escapes and all, only behind a `?`."""
    title = title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"
    key = _quoted(html.escape(title))
    return f"{{{'? ' if len(key) > _LONGEST_KEY else ''}{key}: {value}}}"


def _quoted(text: str) -> str:
    """A double-quoted YAML string. JSON's own escapes would do, were it not for characters that it writes as two."""
    plain = json.dumps(text, ensure_ascii=False)
    return "".join(c if " " <= c <= "~" else f"\\U{ord(c):08X}" for c in plain)
