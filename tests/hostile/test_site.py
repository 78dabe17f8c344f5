"""One site holds every hostile text and name: nothing in it runs, and no request leaves it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from agents.contracts.snapshot import Manifest
from tests.hostile.browser import Browser, opened_browser, program
from tests.hostile.case import INNOCENT, INNOCENT_BODY
from tests.hostile.content import CANARY, MARKUP, NAMES, contents
from tests.hostile.pipeline import document
from tests.hostile.static_check import problems

Record = Callable[[str, object], None]

_NEEDS_BROWSER = pytest.mark.skipif(program() is None, reason="needs Chromium: install it, then run `make hostile`")
#: These pages hold every text of the table between them, in every dialect.
_SAMPLE = ("index.html", "guides/README.md.html", "api/book.ipynb.html", "guides/docs/raw.rst.html", "guides/docs/roles.rst.html",
           "guides/docs/pass.adoc.html", "api/src/c00.py.html", "source/README.md.html", "http-api.html", "infrastructure.html",
           "api/schema.sql.html", "coverage.html", "architecture.html")  # fmt: skip


@dataclass(frozen=True)
class Built:
    """The site, what the scanner saw, and how many texts were put in."""

    site: Path
    manifest: Manifest
    gaps: set[str]
    texts: int


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("hostile")
    texts = list(contents())
    files = {INNOCENT: INNOCENT_BODY, **{path: text.encode() for _, path, text in texts}}
    for number, name in enumerate(NAMES):
        files.setdefault(name, INNOCENT_BODY + b"# %d\n" % number)
    manifest, gaps = document(files, folder / "site")
    assert {path.name for path in folder.iterdir()} == {"site"}
    return Built(folder / "site", manifest, gaps, len(texts))


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with opened_browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


def test_every_text_is_documented(built: Built, record_property: Record) -> None:
    record_property("hostile texts", built.texts)
    fates = {entry.path: entry.skipped or entry.gap for entry in built.manifest.entries}
    assert {path for _, path, _ in contents() if fates[path] is not None} == set()
    assert built.gaps == set()


def test_every_name_is_a_path_of_its_own_that_hides_nothing(built: Built, record_property: Record) -> None:
    record_property("hostile names", len(NAMES))
    paths = [entry.path for entry in built.manifest.entries]
    assert len(paths) == len(set(paths)) >= built.texts + len(NAMES) - 2  # index.md and the README's like
    for path in paths:
        assert not path.startswith("/")
        assert ".." not in path.split("/")
        assert not [sign for sign in path if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"}], repr(path)


def test_no_page_holds_markup_of_the_repository(built: Built) -> None:
    pages = sorted(built.site.rglob("*.html"))
    assert len(pages) > 500
    assert [(page.name, found) for page in pages for found in problems(page.read_text("utf-8"))] == []


def test_markup_that_was_let_through_would_be_found() -> None:
    harmless = {"policy", "script as entities", "script as numbers", "style", "style of an element", "template",
                "name of a document's own", "script of a module"}  # fmt: skip
    html = {what: text for what, text in MARKUP.items() if text.lstrip().startswith("<") and "<" in text}
    missed = {what for what, text in html.items() if what not in harmless and not list(problems(text))}
    scripts = {what for what in missed if "<script" in MARKUP[what].lower() or "scr<script" in MARKUP[what]}
    assert missed - scripts == {"Markdown autolink", "end of the material", "orders in a frame"}


@_NEEDS_BROWSER
def test_a_page_without_policy_would_run_what_is_in_the_table(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "control.html"
    page.write_text(f"<html><body>{MARKUP['image']}{MARKUP['image of a server']}</body></html>")
    seen = browser.look(page)
    assert seen.ran
    assert seen.sent == ["http://127.0.0.1:9/pixel.png"]
    assert seen.handlers


@_NEEDS_BROWSER
def test_the_policy_alone_stops_every_text(built: Built, browser: Browser) -> None:
    whole = (built.site / "guides/docs/raw.rst.html").read_text("utf-8")
    page = built.site / "guides/docs/slipped.html"
    # A policy does not forbid a page to send its reader elsewhere: the cleaning of markup alone does.
    slipped = "\n".join(text for what, text in MARKUP.items() if what != "refresh" and text.lstrip().startswith("<"))
    page.write_text(whole.replace("</body>", f"{slipped}</body>"))
    try:
        seen = browser.look(page)
    finally:
        page.unlink()
    assert seen.handlers
    assert seen.blocked
    assert not seen.ran
    assert seen.sent == []


@_NEEDS_BROWSER
def test_nothing_runs_on_the_pages_that_hold_every_text(built: Built, browser: Browser) -> None:
    assert [name for name in _SAMPLE if not (built.site / name).is_file()] == []
    _is_quiet(browser, [built.site / name for name in _SAMPLE])


@pytest.mark.slow
@pytest.mark.timeout(1_200)
@_NEEDS_BROWSER
def test_nothing_runs_on_any_page(built: Built, browser: Browser, record_property: Record) -> None:
    pages = sorted(built.site.rglob("*.html"))
    record_property("hostile pages opened in Chromium", len(pages))
    _is_quiet(browser, pages)


def _is_quiet(browser: Browser, pages: list[Path]) -> None:
    for page in pages:
        seen = browser.look(page)
        assert not seen.ran, page
        assert (seen.sent, seen.blocked, seen.handlers, seen.links, seen.elements) == ([], [], [], [], []), page
    assert CANARY in MARKUP["script"]
