"""A release earns its sessions: a worse one goes back by itself, a good one is rolled out, both by real sessions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.app import app
from cli.commands import rollback as subject
from tests.e2e.canaries import ANALYST, GUESSES, PONDERS, Canaries, canary_stack

pytestmark = [pytest.mark.local, pytest.mark.timeout(900)]
FAILS = {"agents/roles/publisher/run.py": lambda text: text.replace("def run(", "def other(")}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Canaries]:
    with canary_stack(tmp_path_factory.mktemp("canary")) as canaries:
        yield canaries


def instructed(sentence: str) -> dict[str, Callable[[str], str]]:
    return {ANALYST: lambda text: f"{text}\n{sentence}\n"}


def went_back(stack: Canaries, alarm: str, code: Mapping[str, Callable[[str], str]], model: str = "stub") -> int:
    """Deploy it beside the present version, and see it go back for this reason; its version."""
    (former,) = stack.weights
    moved = stack.functions
    new = stack.deploy(code, model)
    assert stack.decide()["action"] == "begin"
    assert stack.weights == {former: 50, new: 50}
    assert stack.functions == moved

    stack.document()

    decided = stack.decide()
    assert decided["action"] == "go back", decided
    assert any(alarm in reason for reason in decided["reasons"]), decided
    assert stack.weights == {former: 100}
    assert stack.functions == moved
    entry = stack.trail[-1]
    assert (entry.event, entry.before, entry.version) == ("went-back", f"release-{new}", new)
    assert entry.canary is not None
    assert list(entry.canary.alarms) == decided["reasons"]
    stack.pass_time(600)
    assert stack.decide()["action"] == "nothing"
    return new


def test_the_deployed_function_begins_a_canary_and_ends_it_by_figures_in_the_table(stack: Canaries) -> None:
    """What `make test` runs of this file: no session, whose figures are written by hand."""
    (former,) = stack.weights
    new = stack.deploy()
    assert stack.decide()["action"] == "begin"
    assert stack.weights == {former: 50, new: 50}
    stack.pretend({former: 90, new: 40})

    decided = stack.decide()

    assert (decided["action"], decided["reasons"]) == ("go back", ["critic's score: 40, of the former version 90"])
    assert stack.weights == {former: 100}
    assert stack.decide()["action"] == "nothing"


@pytest.mark.slow
def test_a_release_whose_sessions_fail_goes_back(stack: Canaries) -> None:
    new = went_back(stack, "sessions failed", FAILS)
    assert {ended.status for ended in stack.ended[new]} == {"FAILED"}


@pytest.mark.slow
def test_a_release_that_cites_wrongly_goes_back_and_its_session_under_way_ends_as_it_began(stack: Canaries) -> None:
    (former,) = stack.weights
    new = stack.deploy(instructed(GUESSES))
    stack.decide()
    stack.document()
    under_way, version = next(started for started in iter(stack.start, None) if started[1] == new)

    assert stack.decide()["action"] == "go back"
    last = stack.trail[-1].canary
    assert last is not None
    assert any("dropped claims" in alarm for alarm in last.alarms)
    assert stack.weights == {former: 100}

    ended = stack.finish(under_way)
    assert (ended.status, version) == ("SUCCEEDED", new)
    invoked = json.dumps(ended.events, default=str)
    assert f"swarm-local-close-session:{new}" in invoked
    assert f"swarm-local-close-session:{former}" not in invoked
    assert stack.start()[1] == former


@pytest.mark.slow
def test_a_slow_analyst_goes_back(stack: Canaries) -> None:
    went_back(stack, "analysts' seconds per file", instructed(PONDERS))


@pytest.mark.slow
def test_a_dear_model_goes_back(stack: Canaries) -> None:
    went_back(stack, "dollars per file", {}, model="dear")


@pytest.mark.slow
def test_a_good_release_gets_every_session_after_its_time_and_its_functions_follow(stack: Canaries) -> None:
    new = stack.deploy(instructed("Be kind."))
    stack.decide()
    assert "has had" in stack.decide()["reasons"][0]
    stack.document()
    assert "minutes are left" in stack.decide()["reasons"][0]
    stack.pass_time(61)

    assert stack.decide()["action"] == "roll out"

    assert stack.weights == {new: 100}
    assert set(stack.functions) == {str(new)}
    assert (stack.trail[-1].event, stack.trail[-1].release) == ("rolled-out", f"release-{new}")
    session = stack.finish(stack.start()[0])
    assert session.status == "SUCCEEDED"


@pytest.mark.slow
def test_a_rollback_during_a_canary_takes_its_sessions_away_at_once(
    stack: Canaries, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject.rollback, "__defaults__", (tmp_path,))
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps(dict(stack.cloud.outputs)))
    (former,) = stack.weights
    for begun in (True, False):
        stack.deploy(instructed("Be brief."))
        if begun:
            assert stack.decide()["action"] == "begin"

        done = CliRunner().invoke(app, ["rollback", "local", "--outputs", str(outputs)], env=stack.cloud.variables())

        assert done.exit_code == 0, done.output
        assert stack.weights == {former: 100}
        assert stack.trail[-1].event == "rolled-back"
        assert stack.decide()["action"] == "nothing"
    listed = CliRunner().invoke(
        app, ["releases", "--stack", "local", "--outputs", str(outputs)], env=stack.cloud.variables()
    )
    assert "(100 % of new sessions)" in listed.output
