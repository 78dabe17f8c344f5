"""axe-core over the main kinds of pages, light and dark, wide and on a phone: how many rules they break."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.sites import browsed, built

_SCHEMES = ("light", "dark")
_WIDTHS = (390, 1300)
#: One of each kind; the last is opened with its search.
_PAGES = (
    "index.html",
    "architecture.html",
    "coverage.html",
    "security.html",
    "performance.html",
    "glossary.html",
    "modules/src-click.html",
    "api/src/click/globals.py.html",
    "api/tox.ini.html",
    "guides/index.html",
    "guides/docs/arguments.rst.html",
    "source/src/click/globals.py.html",
    "../report.html",
)


def figures() -> Iterator[dict[str, Any]]:
    """The violations by rule, with the first place of each; none is the limit, and no page scrolls sideways."""
    with TemporaryDirectory(prefix="swarm-bench-") as folder:
        site = built("pypi", "click", "8.1.8", Path(folder))
        if site is None:
            yield {"skipped": "pip is not installed"}
            return
        yield from look(site)


def look(site: Path) -> Iterator[dict[str, Any]]:
    """One figure for each page, scheme and width that breaks a rule, then the sum."""
    pages: list[dict[str, Any]] = [{"file": str((site / name).resolve())} for name in _PAGES if (site / name).exists()]
    pages.append({"file": str(site / "index.html"), "open": "option"})
    pages_seen = browsed({"pages": pages, "schemes": _SCHEMES, "widths": _WIDTHS})
    bad = [page for page in pages_seen if page["violations"] or page["overflow"] > 0]
    for page in bad:
        yield {**page, "file": Path(page["file"]).name}
    count = sum(broken["count"] for page in pages_seen for broken in page["violations"])
    yield {
        "pages": len(pages),
        "looks": len(pages_seen),
        "violations": count,
        "within": not bad and len(pages) == len(_PAGES) + 1,
    }
