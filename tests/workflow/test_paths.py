"""Every path of the state machine exists in the contracts, and this check can fail."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable

import pytest

from tests.workflow.paths import problems
from workflow import definition

Change = Callable[[definition.JsonObject], None]


def _edit(state: str, *keys: str | int, value: object) -> Change:
    def change(machine: definition.JsonObject) -> None:
        node = next(found.body for found in definition.states(machine) if found.name == state)
        for key in keys[:-1]:
            node = node[key]  # type: ignore[index]  # keys lead through lists as well
        node[keys[-1]] = value  # type: ignore[index]  # keys lead through lists as well

    return change


_POINTER = ("Parameters", "Overrides", "ContainerOverrides", 0, "Environment", 0, "Value.$")


def test_every_path_exists_in_the_contracts() -> None:
    assert problems(definition.load()) == []


@pytest.mark.parametrize(
    ("change", "caught"),
    [
        (_edit("Scan", "Parameters", "Payload", "session_id.$", value="$.session.sesion_id"), "sesion_id"),
        (_edit("Scan", "Parameters", "Payload", "session.$", value="$.session.session_id"), "payload's fields"),
        (_edit("Scan", "ResultSelector", "files.$", value="$.Payload.fils"), "fils"),
        (_edit("ReadPlan", "Parameters", "waves.$", value="$.stored.Item.plan.S"), "$.stored.Item.plan.S"),
        (_edit("ReadPlan", "Parameters", "wave.$", value="$.stored.Item.waves.S"), "has no ['wave']"),
        (_edit("EditOversized", "ResultSelector", "pages.$", value="$.Payload.pages"), "$.Payload.pages"),
        (_edit("PublishOversized", *_POINTER, value="States.Format('{}', $.session.session_id)"), "pointer's paths"),
        (_edit("NextWave", "Parameters", "of.$", value="$.plan.off"), "off"),
        (_edit("ChooseWave", "Choices", 0, "Variable", value="$.wave.nummer"), "nummer"),
        (_edit("ReadPlan", "ResultPath", value="$.plans"), "$.plans"),
        (_edit("ChooseOpening", "Choices", 0, "StringEquals", value="duplicated"), "duplicated"),
        (_edit("RevisionGate", "Choices", 2, "Variable", value="$.critique.revisions"), "revisions"),
        (_edit("AnalyseFiles", "ItemSelector", "route.$", value="$$.Map.Item.Value.rout"), "rout"),
        (_edit("AnalyseFiles", "ItemSelector", "pointer.$", value="States.Format('{}', $.session.id)"), "$.session.id"),
        (_edit("AnalyseFiles", "MaxConcurrencyPath", value="$.session.concurrency"), "concurrency"),
        (_edit("AnalyseBatch", "Parameters", "Payload", "route.$", value="$$.Task.Token"), "context object"),
        (_edit("Failed", "CausePath", value="$.failure.cause"), "cause"),
        (_edit("Synthesize", "Catch", 0, "ResultPath", value="$.error"), "$.error"),
        (_edit("Edit", "Parameters", "Payload", "previous_revision.$", value="$.critique.revision"), "every way"),
    ],
)
def test_a_misspelt_or_early_path_is_caught(change: Change, caught: str) -> None:
    machine = copy.deepcopy(definition.load())
    change(machine)
    found = problems(machine)
    assert found, json.dumps(machine)[:200]
    assert any(caught in problem for problem in found)
