"""Files are small enough to hold in mind."""

from __future__ import annotations

from statistics import median

from tests.architecture.arrows import LONG_FILES
from tests.architecture.source import ROOT, modules

LONGEST = 300


def _lines() -> dict[str, int]:
    return {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules().values()
    }


def test_a_file_above_300_lines_has_its_reason_written_down() -> None:
    long = {name for name, count in _lines().items() if count > LONGEST}
    assert long - set(LONG_FILES) == set()


def test_no_reason_outlives_its_long_file() -> None:
    assert {name for name in LONG_FILES if _lines().get(name, 0) <= LONGEST} == set()


def test_the_median_file_is_below_a_hundred_lines() -> None:
    assert median(count for count in _lines().values() if count > 1) < 100
