"""The API pages of many files, and guides: two processes write what one would."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from agents.contracts.draft import Page, PageKind, PageLine
from agents.roles.editor.core import SitePages
from agents.roles.editor.two_processes import by_two, guides_by_two
from agents.session.drafts import stored
from tests.agents.roles.editor.test_guides import TEXTS, built, known
from tests.agents.test_second_process import await_others_than, children, forks

PATHS = [f"a b/ü{number}.py" for number in range(501)]


def page_of(path: str) -> Page:
    return Page(path=f"api/{path}.md", kind=PageKind.API, title=path, markdown=f"# {path}\n\n\u2028line")


@pytest.mark.parametrize("processors", [1, 2])
@pytest.mark.parametrize("files", [0, 1, 199, 200, 501])
def test_pages_come_in_order_whoever_writes_them(files: int, processors: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    paths = PATHS[:files]

    with by_two(page_of, paths) as written:
        pages = list(written)

    assert [page.path for page in pages] == [page_of(path).path for path in paths]
    assert [stored(page) for page in pages] == [stored(page_of(path)) for path in paths]
    if processors == 1 or files < 200:
        assert all(isinstance(page, Page) for page in pages)
    else:  # wherever they have met, the second process's pages are the last ones
        assert sorted(pages, key=lambda page: isinstance(page, PageLine)) == pages


@forks
@pytest.mark.parametrize(("files", "second"), [(11, 0), (12, 12), (200, 200)])
def test_while_a_model_is_waited_for_the_second_process_writes_every_page(
    files: int, second: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    before = children()

    with by_two(page_of, PATHS[:files], waits=True) as written:
        await_others_than(before)  # so long does the model take
        pages = list(written)

    assert [stored(page) for page in pages] == [stored(page_of(path)) for path in PATHS[:files]]
    assert sum(isinstance(page, PageLine) for page in pages) == second


@forks
def test_the_second_process_writes_while_other_pages_are_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    last = tmp_path / "last"

    def page_and_note(path: str) -> Page:
        if path == PATHS[-1]:
            last.write_text(str(os.getpid()))
        return page_of(path)

    with by_two(page_and_note, PATHS) as written:
        for _ in range(1_000):
            if last.exists():
                break
            time.sleep(0.01)
        assert int(last.read_text()) != os.getpid()
        assert len(list(written)) == len(PATHS)


def test_an_error_in_another_page_ends_the_second_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)

    def never(path: str) -> Page:
        time.sleep(60)
        return page_of(path)

    began = time.monotonic()
    with pytest.raises(KeyError), by_two(never, PATHS):
        raise KeyError("another page")
    assert time.monotonic() - began < 30


@forks
@pytest.mark.parametrize("first_waits", [False, True])
def test_two_processes_write_the_guides_that_one_writes(first_waits: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    body = "See :ref:`deep`, ``x`` and *this*.\n\n* a\n\n  1. b\n\n.. note:: Heed\n\n   =  =\n   1  2\n   =  =\n"
    many = {f"docs/part{n:02d}.rst": f"Part {n}\n=======\n\n{body}" for n in range(15)}
    texts = {**TEXTS, **many}
    site, before = SitePages(known(texts)), children()
    monkeypatch.setattr(os, "cpu_count", lambda: 2)

    with guides_by_two(site.guides) as guides_in_order:
        if first_waits:
            await_others_than(before)
        pages_of_two = [*site.others({}, None, guides_in_order), *map(site.api, site.files)]

    assert {page.path: page for page in pages_of_two} == built(texts)
    assert [page.path for page in pages_of_two] == list(built(texts))
    assert sum(page.kind is PageKind.GUIDE for page in pages_of_two) == 19
