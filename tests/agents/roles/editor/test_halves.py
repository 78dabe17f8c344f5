"""The API pages of many files: two processes write what one would."""

from __future__ import annotations

import os

import pytest

from agents.contracts.draft import Page, PageKind, PageLine
from agents.roles.editor.halves import in_halves
from agents.session.drafts import stored

PATHS = [f"a b/ü{number}.py" for number in range(501)]


def page_of(path: str) -> Page:
    return Page(path=f"api/{path}.md", kind=PageKind.API, title=path, markdown=f"# {path}\n\n\u2028line")


@pytest.mark.parametrize("processors", [1, 2])
@pytest.mark.parametrize("files", [0, 1, 199, 200, 501])
def test_pages_come_in_order_whoever_writes_them(files: int, processors: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    paths = PATHS[:files]

    pages = list(in_halves(page_of, paths))

    assert [page.path for page in pages] == [page_of(path).path for path in paths]
    assert [stored(page) for page in pages] == [stored(page_of(path)) for path in paths]
    assert sum(isinstance(page, PageLine) for page in pages) == ((files + 1) // 2 if files >= 200 else 0)
