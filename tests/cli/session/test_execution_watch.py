"""What the progress line says while a session runs."""

from __future__ import annotations

from typing import cast

import pytest

from cli.session import execution_watch
from cli.session.execution_history import ExecutionState
from cli.stack.clients import Stack
from workflow.definition import load, states


def phase_in(*states: str) -> str:
    reached = ExecutionState(states=states, session_id="s1", duplicate=False, planned_batches=0, planned=False)
    return execution_watch._progress(cast(Stack, None), reached, 1.0).phase


@pytest.mark.parametrize("state", [state.name for state in states(load())])
def test_no_state_is_shown_by_the_name_that_it_has_in_the_definition(state: str) -> None:
    assert phase_in("Scan", state) != state


def test_a_state_that_is_passed_through_leaves_the_phase_before_it() -> None:
    assert phase_in("Scan", "ReadPlan") == "mapping the repository"
    assert phase_in("ReviewRepository", "SecurityAgent") == "reviewing security and performance"
