"""Near the cap: the run steps down, says so, passes nothing, and a later run with more money pays only for the rest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bench.estimate import at_length, comparison
from bench.stub_model import Behaviour, StubModel
from cli.app import app
from tests.e2e.main_job import Finished, adds_up, swarm_run, write_repository

pytestmark = [pytest.mark.local, pytest.mark.timeout(420)]

#: Dollars: what the planned work costs about twice over, and far more than enough.
TINY_CAP, LARGE_CAP = 0.03, 5.0
_BODY = "".join(
    f'def step_{number}(value: int) -> int:\n    """Does step {number}."""\n    return value + {number}\n\n\n'
    for number in range(8)
)
REPOSITORY = {
    "README.md": "# Mill\n\nGrinds what it is given, and says what it has ground.\n",
    "pyproject.toml": '[project]\nname = "mill"\nversion = "1.0"\ndescription = "Grinds what it is given."\n',
    **{f"mill/part_{number}.py": f'"""Part {number} of the mill."""\n\n\n{_BODY}' for number in range(10)},
    **{f"tests/test_part_{number}.py": f'"""Tests part {number}."""\n\n\n{_BODY}' for number in range(5)},
}


@dataclass(frozen=True)
class Milled:
    """A run under a tiny cap, then one with enough, of the same snapshot in the same state."""

    state: Path
    short: Finished
    shown: dict[str, Any]
    whole: Finished
    asked_again: int


@pytest.fixture(scope="module")
def milled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Milled]:
    folder = tmp_path_factory.mktemp("ladder")
    repository, state = write_repository(folder / "mill", REPOSITORY), folder / "state"
    with StubModel(Behaviour(rewrite=at_length)) as stub:
        options = ("--model", stub.model, "--setting", "modelPrices=openai:stub=1/1")
        short = swarm_run(repository, folder / "short", state, *options, "--cap-usd", str(TINY_CAP))
        assert short.code == 0, short.stderr
        shown = swarm("show", short.session["session_id"], "--turns", "--json", "--state", str(state))
        stub.kinds.clear()
        whole = swarm_run(repository, folder / "whole", state, *options, "--cap-usd", str(LARGE_CAP))
        assert whole.code == 0, whole.stderr
        yield Milled(state, short, shown, whole, stub.kinds["AnalystReply"])


def swarm(*arguments: str) -> Any:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def described_without_model(finished: Finished) -> int:
    """How many files the coverage page says were described without a model."""
    page = (finished.out / "site" / "coverage.html").read_text("utf-8")
    return len(re.findall(r"</code></td>\s*<td>extractive</td>", page))


def test_nothing_passes_the_cap_and_every_file_has_an_analysis(milled: Milled) -> None:
    session = milled.short.session
    assert 0 < session["usage"]["usd"] <= TINY_CAP
    assert milled.shown["spent_usd"] <= TINY_CAP
    assert milled.shown["held_usd"] == 0
    assert session["gaps"] == []
    assert adds_up(session)


def test_a_run_that_stepped_down_says_so_in_its_status_and_in_its_findings(milled: Milled) -> None:
    session = milled.short.session
    assert session["status"] == "PUBLISHED_WITH_FINDINGS"
    page = (milled.short.out / "site" / "coverage.html").read_text("utf-8")
    assert "were described without a model because the budget was used up" in page
    report = (milled.short.out / "report.html").read_text("utf-8")
    assert "were described without a model because the budget was used up" in report
    assert "under this cap" in milled.short.stderr


def test_each_step_is_recorded_and_shown(milled: Milled) -> None:
    steps = milled.shown["steps"]
    assert [step["rung"] for step in steps if step["planned"]] == ["larger-questions", "extractive"]
    unpaid = sum(step["answers"] for step in steps if step["role"] == "analyst" and step["rung"] == "extractive")
    assert described_without_model(milled.short) == unpaid > 0
    asked = {turn["role"] for turn in milled.shown["turns"]}
    assert "analyst" in asked


def test_tests_give_way_before_the_code_they_test(milled: Milled) -> None:
    page = (milled.short.out / "site" / "coverage.html").read_text("utf-8")
    assert "the budget: a test" in page
    assert page.count("tests/test_part_") >= 5


def test_more_money_pays_only_for_the_rest(milled: Milled) -> None:
    short, whole = milled.short.session, milled.whole.session
    assert whole["session_id"] == short["session_id"]
    assert whole["status"] == "PUBLISHED"
    assert adds_up(whole)
    assert whole["coverage"]["files_analysed"] == described_without_model(milled.short) == milled.asked_again
    assert described_without_model(milled.whole) == 0


@pytest.mark.slow
def test_the_estimate_before_the_run_is_held_by_the_metered_one(tmp_path: Path) -> None:
    repository = write_repository(tmp_path / "mill", REPOSITORY)
    with StubModel(Behaviour(rewrite=at_length)) as stub:
        options = (
            "--model",
            stub.model,
            "--setting",
            "modelPrices=openai:stub=1/1",
            "--state",
            str(tmp_path / "state"),
        )
        estimated = swarm("estimate", str(repository), *options, "--json")
        run = swarm_run(repository, tmp_path / "out", tmp_path / "state", *options[:-2])
    assert run.code == 0, run.stderr
    assert "estimate: about $" in run.stderr
    compared = comparison(estimated, run.session["usage"])
    assert compared["within"], compared
