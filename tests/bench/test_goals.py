"""A benchmark fails where a goal is missed, and says which."""

from __future__ import annotations

import pytest

from bench.goals import judged


def test_figures_up_to_their_goals_are_within() -> None:
    verdict = judged({"wall_s": 30.0, "peak_bytes": 5}, {"wall_s": 30.0, "peak_bytes": 6})
    assert verdict == {"goals": {"wall_s": 30.0, "peak_bytes": 6}, "missed": [], "within": True}


@pytest.mark.parametrize("measured", [{"wall_s": 30.1, "peak_bytes": 5}, {"peak_bytes": 5}])
def test_a_figure_above_its_goal_and_one_that_was_not_measured_are_named(measured: dict[str, float]) -> None:
    verdict = judged(measured, {"wall_s": 30.0, "peak_bytes": 6})
    assert (verdict["missed"], verdict["within"]) == (["wall_s"], False)


def test_no_goal_is_always_met() -> None:
    assert judged({"wall_s": 1e9}, {})["within"]
