"""Checks the built site as a browser would follow it: every link leads to a file of the site, nothing leads outside."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

_ATTRIBUTE = re.compile(r'<(a|link|script|img|iframe|source)\b[^>]*?\s(?:href|src)="([^"]*)"')
_SOURCE_LINE = re.compile(r"^L(\d+)$")
#: Where the theme itself is named; the only link that leads outside, and it loads nothing.
_CREDITS = "https://squidfunk.github.io/mkdocs-material/"


def broken_links(
    site: Path, source_lines: Mapping[str, int], in_memory: Mapping[str, str] | None = None
) -> Iterator[tuple[str, str]]:
    """Pairs of page and target for each link that leads nowhere, or out.

    `source_lines` is keyed by source page; `in_memory` are pages that are not on disk.
    """
    pages = in_memory or {}
    known = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    known |= source_lines.keys() | pages.keys()
    checked: set[tuple[str, str]] = set()
    for page in sorted(name for name in known if name.endswith(".html") and name not in source_lines):
        folder = posixpath.dirname(page)
        text = pages[page] if page in pages else (site / page).read_text(encoding="utf-8")
        for _, raw in _ATTRIBUTE.findall(text):
            if (folder, raw) in checked:
                continue
            checked.add((folder, raw))
            if not _resolves(folder, html.unescape(raw), known, source_lines):
                yield page, html.unescape(raw)


def _resolves(folder: str, target: str, known: set[str], source_lines: Mapping[str, int]) -> bool:
    url, _, anchor = target.partition("#")
    if not url or target == _CREDITS:
        return True
    if "://" in url or url.startswith(("/", "//", "mailto:", "javascript:", "data:")):
        return False
    path = posixpath.normpath(posixpath.join(folder, unquote(url)))
    if path not in known:
        return path == "." or f"{path}/index.html" in known
    line = _SOURCE_LINE.match(anchor)
    return line is None or path not in source_lines or int(line.group(1)) <= source_lines[path]
