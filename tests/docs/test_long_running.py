"""docs/long-running.md: every way a long task can end has its test, and every test that it names is there."""

from __future__ import annotations

import re

import pytest

from agents import errors
from tests.components.mocked_cloud import ROOT
from tests.docs.blocks import DOCS

PAGE = (DOCS / "long-running.md").read_text(encoding="utf-8")


def _rows() -> list[list[str]]:
    block = PAGE.split("<!-- ends -->")[1].split("<!-- end -->")[0]
    lines = [line for line in block.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if not line.startswith("| end |")]


def _tests() -> set[str]:
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    return {name for source in sources for name in re.findall(r"^def (test_\w+)", source, re.MULTILINE)}


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row[0])
def test_every_end_names_a_test_that_exists(row: list[str]) -> None:
    assert len(row) == 4
    named = re.findall(r"`(test_\w+)`", row[3])
    assert named
    assert set(named) - _tests() == set()


def test_every_name_of_a_tasks_end_is_on_the_page_and_every_name_on_it_is_an_error_of_ours() -> None:
    named = set(re.findall(r"`(Task[A-Z]\w+)`", PAGE))
    known = {name for name in vars(errors) if name.startswith("Task") and name != "TaskTokenRejected"}
    assert named == known
