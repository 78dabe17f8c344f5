"""axe-core over the main kinds of pages, light and dark, wide and on a phone: how many rules they break."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.every_page import OF_EVERY_PAGE
from bench.sites import browsed, built, site_of

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
#: Pages of facts, of packages, and one with a person's note, of a repository made to have them all.
_OF_FACTS = (
    "getting-started.html",
    "public-api.html",
    "commands.html",
    "configuration.html",
    "http-api.html",
    "data-model.html",
    "infrastructure.html",
    "extension-points.html",
    "tests.html",
    "packages/index.html",
    "packages/web.html",
    "api/hive/web.py.html",
)


def figures() -> Iterator[dict[str, Any]]:
    """The violations by rule, with the first place of each; none is the limit, and no page scrolls sideways."""
    with TemporaryDirectory(prefix="swarm-bench-") as folder:
        site = built("pypi", "click", "8.1.8", Path(folder))
        if site is None:
            yield {"skipped": "pip is not installed"}
            return
        small = Path(folder) / "hive"
        for path, text in {**OF_EVERY_PAGE, "docs/notes/hive/web.py.md": "# Why\n\nAsk *Ada* first.\n"}.items():
            (small / path).parent.mkdir(parents=True, exist_ok=True)
            (small / path).write_text(text, encoding="utf-8")
        yield from look({site: _PAGES, site_of(small, Path(folder)): _OF_FACTS})


def look(names: Mapping[Path, Sequence[str]]) -> Iterator[dict[str, Any]]:
    """One figure for each page, scheme and width that breaks a rule, then the sum; `names` are pages by site."""
    places = [site / name for site, listed in names.items() for name in listed]
    pages: list[dict[str, Any]] = [{"file": str(place.resolve())} for place in places if place.exists()]
    pages.append({"file": str(next(iter(names)) / "index.html"), "open": "option"})
    pages_seen = browsed({"pages": pages, "schemes": _SCHEMES, "widths": _WIDTHS})
    bad = [page for page in pages_seen if page["violations"] or page["overflow"] > 0]
    for page in bad:
        yield {**page, "file": Path(page["file"]).name}
    count = sum(broken["count"] for page in pages_seen for broken in page["violations"])
    yield {
        "pages": len(pages),
        "missing": [place.name for place in places if not place.exists()],
        "looks": len(pages_seen),
        "violations": count,
        "within": not bad and len(pages) == len(places) + 1,
    }
