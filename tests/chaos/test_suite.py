"""The chaos suite: a sample of its faults in every test run, and that each mutation still finds what it takes out.

`make chaos SEEDS=20` plays every kind; `make chaos-mutations` shows that each one fails without its handling.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.chaos.suite.__main__ import play
from tests.chaos.suite.kinds import BY_NAME, KINDS
from tests.chaos.suite.mutations import MUTATIONS, ROOT, Mutation, unnamed
from tests.chaos.suite.world import World
from workflow import definition

SAMPLE = ("model_connection_reset", "ledger_answer_lost", "function_killed", "taken_over_while_closing")


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
