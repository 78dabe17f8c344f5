"""The chaos suite: a sample of its faults in every test run, and that each mutation still finds what it takes out.

`make chaos SEEDS=20` plays every kind; `make chaos-mutations` shows that each one fails without its handling.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.chaos.suite.__main__ import always_missed, play
from tests.chaos.suite.kinds import BY_NAME, KINDS
from tests.chaos.suite.mutations import MUTATIONS, NO_MUTATION, ROOT, Mutation, unnamed
from tests.chaos.suite.world import World
from workflow import definition

SAMPLE = ("model_connection_reset", "table_throttled", "function_killed", "taken_over_while_closing")


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World() as running:
        yield running


@pytest.mark.local
@pytest.mark.timeout(420)
@pytest.mark.parametrize("name", SAMPLE)
def test_a_run_that_meets_the_fault_ends_as_it_may(world: World, name: str) -> None:
    result = play(world, BY_NAME[name], seed=1)

    assert result.fired, "the fault was not injected"
    assert result.problems == []


def test_there_are_at_least_25_kinds_and_each_has_a_name_of_its_own() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS) >= 25


def test_every_kind_has_a_mutation_or_a_reason_why_it_has_none() -> None:
    mutated = [mutation.kind for mutation in MUTATIONS]

    assert sorted([*mutated, *NO_MUTATION]) == sorted(BY_NAME), "a kind is missing, unknown, or named twice"
    assert all(NO_MUTATION.values())


def test_a_kind_is_always_missed_only_when_no_seed_met_its_fault() -> None:
    assert always_missed({"a": 2, "b": 1, "c": 0}, seeds=2) == ["a"]


@pytest.mark.local
@pytest.mark.timeout(420)
@pytest.mark.slow  # 11 s
def test_a_process_that_outlives_its_cloud_is_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with world.without_cloud():
        pass
    assert world.outlived == []

    monkeypatch.setattr("tests.chaos.suite.world.GRACE_SECONDS", 1)
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    with world.without_cloud():
        pass
    outlived, world.outlived = world.outlived, []
    sleeper.kill()
    sleeper.wait()
    assert sleeper.pid in outlived


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.kind)
def test_a_mutation_takes_out_what_is_there(mutation: Mutation) -> None:
    assert mutation.kind in BY_NAME
    for replacement in mutation.replacements:
        assert replacement.old in (ROOT / replacement.file).read_text(), replacement
    whole = definition.load()
    assert set(mutation.errors) <= _handled(whole)
    assert not set(mutation.errors) & _handled(unnamed(whole, mutation.errors))


def _handled(machine: dict[str, Any]) -> set[str]:
    """The errors that a retrier or a catcher names."""
    rules = [
        rule for state in definition.states(machine) for kind in ("Retry", "Catch") for rule in state.body.get(kind, [])
    ]
    return {name for rule in rules for name in rule["ErrorEquals"]}
