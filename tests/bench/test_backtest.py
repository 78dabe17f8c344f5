"""A back-test counts each role's requests by its instructions, and says which figures leave their band."""

from __future__ import annotations

from typing import Any

import pytest

from agents.questions.instructions import FILES, instructions_of
from agents.questions.prompt import system_of
from bench.backtest import RELEASES, compare, role_of, summary
from bench.estimate import MEASURED


@pytest.mark.parametrize("role", FILES)
def test_a_request_belongs_to_the_role_whose_instructions_it_has(role: str) -> None:
    assert role_of(system_of(instructions_of(role), "an outline")) == role


def test_a_request_of_nobody_is_an_error() -> None:
    with pytest.raises(ValueError, match="no role"):
        role_of("You are a poet.")


def estimated(likely: float) -> dict[str, Any]:
    band = {"low": likely / 2, "likely": likely, "high": likely * 2}
    return {"roles": {role: dict.fromkeys(MEASURED, band) for role in FILES}}


def test_a_figure_outside_its_band_is_named() -> None:
    metered = {role: dict.fromkeys(MEASURED, 100.0) for role in FILES}
    metered["critic"] = metered["critic"] | {"output_tokens": 201.0}
    result = compare(estimated(100), metered)
    assert [line.partition(":")[0] for line in result["outside"]] == ["critic output_tokens"]


@pytest.mark.parametrize(("metered", "within"), [(100.0, True), (91.5, True), (90.0, False), (112.0, False)])
def test_a_set_is_within_its_limits_up_to_a_tenth_of_its_tokens(metered: float, within: bool) -> None:
    line = compare(estimated(100), {role: dict.fromkeys(MEASURED, metered) for role in FILES})
    assert summary([line])["within"] is within


def test_what_is_held_out_is_not_looked_at() -> None:
    seen, unseen = (set(RELEASES[name]) for name in ("seen", "unseen"))
    assert len(seen) == len(unseen) == 5
    assert not seen & unseen
