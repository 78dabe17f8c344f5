"""Whoever deploys, with the policy of docs/deploy.md: the other tests deploy under it, this one under less."""

from __future__ import annotations

import pytest

from tests.engine.lives import without_action

pytestmark = [pytest.mark.engine, pytest.mark.timeout(900)]


def test_an_action_that_the_deployer_lacks_stops_up_and_is_named() -> None:
    ended, steps = without_action("states:ValidateStateMachineDefinition")
    assert ended.code != 0
    assert "does not allow states:ValidateStateMachineDefinition" in ended.output
    assert "sfn:StateMachine" not in {step.kind for step in steps}
    assert "lambda:Function" in {step.kind for step in steps}
