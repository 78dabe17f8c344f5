"""Inputs that reach a page of a kind of its own are documented in bounded time; nothing on those pages runs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.hostile.browser import Browser, opened_browser, program
from tests.hostile.case import INNOCENT, INNOCENT_BODY
from tests.hostile.containment import Fates, contained
from tests.hostile.guide_inputs import BEGINNING, DEFINED, ELEMENTS
from tests.hostile.page_inputs import Files, page_inputs
from tests.hostile.pipeline import document
from tests.hostile.static_check import problems

Record = Callable[[str, object], None]
INPUTS = dict(page_inputs())
#: Files beside the input, so that its gaps are not most of the repository.
BESIDE = {
    INNOCENT: INNOCENT_BODY,
    **{f"beside/b{number}.py": INNOCENT_BODY + b"# %d\n" % number for number in range(4)},
}
#: What is hostile by its size is tried alone, and is no part of the site of all the others.
_LARGE = 40_000
_NEEDS_BROWSER = pytest.mark.skipif(program() is None, reason="needs Chromium: install it, then run `make hostile`")
#: One of sixteen is tried alone with each change.
ALONE = [
    pytest.param(name, id=name.replace(" ", "-"), marks=[] if number % 16 == 0 else [pytest.mark.slow])
    for number, name in enumerate(INPUTS)
]


def documented(files: Files, folder: Path) -> Fates:
    """The fate of each file; the markup of the site's pages that must not be there is a fate, too."""
    manifest, gaps = document({**BESIDE, **files}, folder / "site")
    fates = {each.path: each.skipped or (each.gap and each.gap.reason) or "documented" for each in manifest.entries}
    fates |= dict.fromkeys(gaps, "gap")
    pages = sorted((folder / "site").rglob("*.html"))
    found = [f"{page.name}: {each}" for page in pages for each in problems(page.read_text("utf-8"))]
    return {**{path: str(fate) for path, fate in fates.items()}, "markup": "; ".join(found[:5])}


@pytest.mark.parametrize("name", ALONE)
def test_an_input_alone_is_documented_or_left_out_with_a_reason(
    name: str, tmp_path: Path, record_property: Record
) -> None:
    record_property("hostile inputs of pages", 1)
    files = INPUTS[name]

    result = contained(lambda folder: documented(files, folder), tmp_path, cpu_seconds=30)

    assert result.ended_by == "", result.message
    assert result.escapes == ()
    assert result.fates["markup"] == ""
    assert result.fates[INNOCENT] == "documented", result.message
    assert files.keys() <= result.fates.keys()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One site of every input that is not hostile by its size; a second file of a path lies in a folder of its own."""
    files: dict[str, bytes] = dict(BESIDE)
    for number, given in enumerate(INPUTS.values()):
        if sum(map(len, given.values())) <= _LARGE:
            for path, body in given.items():
                files[path if path not in files else f"k{number}/{path}"] = body
    folder = tmp_path_factory.mktemp("pages") / "site"
    document(files, folder)
    return folder


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with opened_browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


def test_no_page_holds_what_a_browser_would_run_or_load(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 150
    assert [(page.name, found) for page in pages for found in problems(page.read_text("utf-8"))] == []


def pages_of_a_kind(site: Path) -> list[Path]:
    """The pages of the site's root, and of guides and code one for each folder and name."""
    chosen = {page.parent if page.parent != site else page: page for page in sorted(site.rglob("*.html"))}
    return [page for page in chosen.values() if page.parent == site or "guides" in page.parts]


@_NEEDS_BROWSER
def test_nothing_runs_on_a_page_of_any_kind(site: Path, browser: Browser) -> None:
    pages = pages_of_a_kind(site)
    assert {"http-api.html", "infrastructure.html", "data-model.html"} <= {page.name for page in pages}
    for page in pages:
        seen = browser.look(page)
        assert not seen.ran, page
        assert (seen.sent, seen.blocked, seen.handlers, seen.links, seen.elements) == ([], [], [], [], []), page


def guides_of(site: Path) -> list[Path]:
    """The pages of the guides that would change the page around them, or another one."""
    return sorted((site / "guides/docs/whole").glob("*.html"))


@_NEEDS_BROWSER
def test_a_guide_leaves_the_page_around_it_whole(site: Path, browser: Browser) -> None:
    asked = """(() => {
      const shown = each => each !== null && each.getBoundingClientRect().height > 0
      const around = ["footer", ".md-header", "#swarm-search-open", "article h1"]
      return [...around.filter(each => !shown(document.querySelector(each))),
              ...(document.documentElement.classList.contains("js") ? [] : ["the theme's script"]),
              ...(document.documentElement.scrollWidth > innerWidth ? ["the width"] : [])].join()
    })()"""
    pages = guides_of(site)
    assert len(pages) > 14
    for page in pages:
        browser.look(page)
        assert browser.evaluate(asked) == "", page
        assert BEGINNING in browser.evaluate("document.querySelector('article').innerText"), page


def test_no_heading_has_the_name_of_an_element_of_the_theme(site: Path) -> None:
    for page in ("guides/docs/whole/names.md.html", "api/src/names.py.html"):
        text = (site / page).read_text("utf-8")
        names = Counter(re.findall(r"<[^<>]* id=\"([^\"]*)\"", text))
        assert [name for name, count in names.items() if count > 1] == []
        assert {name for name in re.findall(r'href="#([^"]*)"', text) if name.startswith("heading-")} <= names.keys()
    guide = (site / "guides/docs/whole/names.md.html").read_text("utf-8")
    assert [name for name in ELEMENTS if f'<a href="#heading-{name}">it</a>' not in guide] == []


def test_what_one_guide_defines_is_unknown_on_another(site: Path) -> None:
    assert DEFINED not in (site / "guides/docs/whole/using.md.html").read_text("utf-8")


def test_each_page_of_the_one_text_begins_once(site: Path) -> None:
    begins = re.findall(r"<!-- page: (.*?) -->", (site / "llms-full.txt").read_text("utf-8"))
    assert begins.count("index.md") == 1
    assert [path for path in begins if not (site / path).is_file()] == []
