"""By which figures a canary goes on, back or through."""

from __future__ import annotations

from typing import Any

import pytest

from agents.contracts.trail import Routing, SessionFigures, VersionFigures
from agents.roles.canary.core import Rules, before_figures, in_figures, judge

RULES = Rules(minutes=60, sessions=3)
CANARY = Routing(former=1, new=2, percent=10, since=0, newest=2)
HOUR = 3600.0
GOOD: dict[str, Any] = {
    "sessions": 10,
    "gap_share": 0.01,
    "usd_per_file": 0.02,
    "dropped_claims_per_file": 0.5,
    "seconds_per_file": 4.0,
    "score": 90.0,
}


def version(number: int, **changes: Any) -> VersionFigures:
    return VersionFigures(version=number, **{**GOOD, **changes})


def session(number: int, **figures: Any) -> SessionFigures:
    return SessionFigures(session_id="s" + f"{number:020d}", version=1, opened_at=number, **figures)


@pytest.mark.parametrize(
    ("routing", "action"),
    [
        (Routing(former=1, since=0, newest=1), "nothing"),
        (Routing(former=1, since=0, newest=2), "begin"),
        (Routing(former=1, since=0, newest=2, judged=2), "nothing"),
        (Routing(former=1, since=0, newest=3, judged=2), "begin"),
        (Routing(former=1, new=2, percent=10, since=0, newest=3), "begin"),
        (Routing(former=1, new=2, percent=10, since=0, newest=2, judged=2), "go back"),
    ],
)
def test_a_new_version_begins_a_canary_once_and_takes_the_place_of_a_running_one(routing: Routing, action: str) -> None:
    decision = before_figures(routing)
    assert decision is not None
    assert decision.action == action


def test_a_running_canary_is_judged_by_figures() -> None:
    assert before_figures(CANARY) is None


def test_an_equal_version_waits_for_its_time_and_is_rolled_out_then() -> None:
    assert judge(CANARY, version(1), version(2), RULES, HOUR - 60).action == "wait"
    assert judge(CANARY, version(1), version(2), RULES, HOUR).action == "roll out"


@pytest.mark.parametrize(
    ("figures", "says"),
    [
        ({"failed": 3}, "3 of 10 sessions failed"),
        ({"gap_share": 0.07}, "share of gaps"),
        ({"usd_per_file": 0.04}, "dollars per file"),
        ({"dropped_claims_per_file": 0.8}, "dropped claims per file"),
        ({"score": 84.0}, "critic's score"),
        ({"seconds_per_file": 9.0}, "analysts' seconds per file"),
    ],
)
def test_each_worse_figure_alone_ends_a_canary_at_once(figures: dict[str, Any], says: str) -> None:
    decision = judge(CANARY, version(1), version(2, **figures), RULES, 1)
    assert decision.action == "go back"
    (alarm,) = decision.reasons
    assert says in alarm


@pytest.mark.parametrize(
    "figures",
    [
        {"failed": 2},
        {"gap_share": 0.05},
        {"usd_per_file": 0.029},
        {"dropped_claims_per_file": 0.74},
        {"score": 86.0},
        {"seconds_per_file": 7.9},
        {"usd_per_file": 0.001, "score": 100.0, "seconds_per_file": 0.1, "gap_share": 0.0},
        {"score": None, "usd_per_file": None},
    ],
)
def test_a_better_figure_a_missing_one_and_a_little_worse_one_end_no_canary(figures: dict[str, Any]) -> None:
    assert judge(CANARY, version(1), version(2, **figures), RULES, HOUR).action == "roll out"


def test_one_failed_session_of_three_ends_no_canary_and_two_do() -> None:
    assert judge(CANARY, version(1), version(2, sessions=3, failed=1), RULES, HOUR).action == "roll out"
    assert judge(CANARY, version(1), version(2, sessions=3, failed=2), RULES, HOUR).action == "go back"


@pytest.mark.parametrize("few", [1, 2])
def test_with_too_few_sessions_of_either_version_a_canary_goes_on_however_long(few: int) -> None:
    former, new = (version(number, sessions=2 if number == few else 10, score=0.0) for number in (1, 2))
    decision = judge(CANARY, former, new, RULES, 1_000 * HOUR)
    assert decision.action == "wait"
    assert decision.reasons == (f"version {few} has had 2 of 3 sessions",)


def test_sessions_are_summed_by_the_files_that_were_read_and_by_those_that_were_documented() -> None:
    figures = in_figures(
        1,
        "r",
        [
            session(1, files_analysed=10, analysts_usd=1, others_usd=2, analysts_seconds=40, gaps=2, score=80),
            session(2, files_analysed=0, files_reused=10, others_usd=2, others_dropped_claims=4, score=90),
            session(3, failed=True, gaps=50),
        ],
        failed=2,
    )
    assert (figures.sessions, figures.failed) == (4, 2)
    assert figures.usd_per_file == pytest.approx(1 / 10 + 4 / 20)
    assert figures.dropped_claims_per_file == pytest.approx(4 / 20)
    assert figures.seconds_per_file == pytest.approx(4)
    assert figures.gap_share == pytest.approx(2 / 22)
    assert figures.score == 85


def test_a_version_without_sessions_has_no_figures() -> None:
    assert in_figures(1, "r", [], 0) == VersionFigures(version=1, release="r")
