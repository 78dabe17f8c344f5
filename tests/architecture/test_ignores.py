"""Every `# type: ignore` and `# noqa` says why, behind it or in a comment on the line above."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGES, ROOT

_IGNORE = re.compile(
    r"#\s*(?:type: ignore(?:\[[^\]]*\])?|(?:ruff: )?noqa(?:: ?[A-Z]+\d+(?:, ?[A-Z]+\d+)*)?)(?P<reason>.*)$"
)


def unexplained(text: str) -> list[int]:
    """The lines with an ignore that gives no reason, counted from 1."""
    lines = ["", *text.splitlines()]
    return [
        number
        for number, line in enumerate(lines)
        if (ignore := _IGNORE.search(line))
        and not re.search(r"[a-z]{3}", re.sub(r"# (?:type: ignore|noqa)\S*", "", ignore["reason"]))
        and not lines[number - 1].strip().startswith("#")
    ]


def files() -> list[Path]:
    """Every Python file but this one, which quotes ignores, and the repositories that tests document."""
    folders = [ROOT / name for name in (*PACKAGES, "bench", "tests")]
    found = [file for folder in folders for file in sorted(folder.rglob("*.py")) if file != Path(__file__)]
    return [file for file in found if not file.is_relative_to(ROOT / "tests" / "cases")]


def test_every_ignore_says_why() -> None:
    found = [f"{file.relative_to(ROOT)}:{n}" for file in files() for n in unexplained(file.read_text("utf-8"))]
    assert found == []


@pytest.mark.parametrize("line", ["x = 1  # noqa: S311", "x = 1  # type: ignore[attr-defined]", "x = 1  # noqa"])
def test_a_bare_ignore_is_noticed(line: str) -> None:
    assert unexplained(line) == [1]


@pytest.mark.parametrize("text", ["x = 1  # noqa: S311  no secret", "# no secret\nx = 1  # noqa: S311"])
def test_a_reason_is_read_where_it_stands(text: str) -> None:
    assert unexplained(text) == []
