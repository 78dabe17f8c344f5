"""ECS takes 8,192 characters of container overrides, JSON included: many a pipeline broke at one character more."""

from __future__ import annotations

import json
import re
from typing import Any

import botocore.session
import pytest

from agents.contracts.draft import LAST_REVISION, Verdict
from agents.contracts.states import AnalyseBatchInput
from agents.roles.scanner.router import LADDER
from tests.workflow.rendered import rendered_machine
from workflow import definition

LIMIT = 8_192
STEP_FUNCTIONS = botocore.session.get_session().get_service_model("stepfunctions")
#: The longest that SendTaskSuccess takes: 2,048 characters.
LONGEST_TOKEN = "t" * STEP_FUNCTIONS.shape_for("TaskToken").metadata["max"]
LONGEST_SESSION = "s" + "f" * 20
#: The names of state machine and execution have 80 characters each.
LONGEST_EXECUTION = f"arn:aws-us-gov:states:us-gov-west-1:123456789012:execution:{'n' * 80}:{'n' * 80}"
LONGEST_VERDICT = max((verdict.value for verdict in Verdict), key=len)
#: Where a task's size is: the Map's item, and the plan.
TASKS = ("$.task", "$.plan.repository.task")
LONGEST_POINTER = f"{LONGEST_SESSION}/b99999"
LARGEST_TASK = {"cpu_units": 16_384, "memory_megabytes": 122_880, "disk_gigabytes": 200}
VALUES: dict[str, object] = {
    "$$.Task.Token": LONGEST_TOKEN,
    "$$.Execution.Id": LONGEST_EXECUTION,
    "$$.State.RetryCount": 99,
    "States.Format('{}', $$.State.RetryCount)": "99",
    "$.pointer": LONGEST_POINTER,
    "$.session.session_id": LONGEST_SESSION,
    "$.draft.revision": LAST_REVISION,
    "$.critique.best_revision": LAST_REVISION,
    "$.critique.verdict": LONGEST_VERDICT,
    "States.Format('{}/{}', $.session.session_id, $.draft.revision)": f"{LONGEST_SESSION}/{LAST_REVISION}",
    "States.Format('{}/{}/{}', $.session.session_id, $.critique.best_revision, $.critique.verdict)": (
        f"{LONGEST_SESSION}/{LAST_REVISION}/{LONGEST_VERDICT}"
    ),
    **{f"{task}.{name}": value for task in TASKS for name, value in LARGEST_TASK.items()},
    **{f"States.Format('{{}}', {task}.{name})": str(value) for task in TASKS for name, value in LARGEST_TASK.items()},
}


def _filled(node: Any) -> Any:
    if isinstance(node, list):
        return [_filled(each) for each in node]
    if isinstance(node, dict):
        dynamic = {key.removesuffix(".$"): VALUES[value] for key, value in node.items() if key.endswith(".$")}
        return dynamic | {key: _filled(value) for key, value in node.items() if not key.endswith(".$")}
    return node


RUNS = [state for state in definition.states(rendered_machine()) if ":ecs:runTask" in state.body.get("Resource", "")]


@pytest.mark.parametrize("state", RUNS, ids=lambda state: state.name)
def test_the_longest_overrides_stay_far_below_the_limit_of_ecs(state: definition.State) -> None:
    overrides = _filled(state.body["Parameters"]["Overrides"])
    # Even as JSON with spaces; Step Functions sends it without.
    assert len(json.dumps(overrides, indent=1)) < LIMIT / 2


def test_the_longest_token_is_the_one_that_aws_allows() -> None:
    assert len(LONGEST_TOKEN) == 2_048


def test_what_a_repository_holds_never_reaches_the_overrides() -> None:
    """A pointer and a token, and the task's size: nothing whose length a repository decides."""
    for state in RUNS:
        read = set(re.findall(r"\$\$?\.[\w.]+", json.dumps(state.body["Parameters"]["Overrides"])))
        assert read <= {path for path in VALUES if path.startswith("$")}


def test_the_names_above_are_as_long_as_the_contracts_allow() -> None:
    AnalyseBatchInput.model_validate({"session_id": LONGEST_SESSION, "batch_id": "b99999", "route": "fargate"})
    for longer in ({"session_id": LONGEST_SESSION + "f"}, {"batch_id": "b999990"}):
        with pytest.raises(ValueError, match="pattern"):
            AnalyseBatchInput.model_validate(
                {"session_id": LONGEST_SESSION, "batch_id": "b99999", "route": "fargate", **longer}
            )


def test_every_step_of_the_ladder_is_text_where_ecs_wants_text() -> None:
    assert all(len(str(step.memory_megabytes)) <= len("122880") for step in LADDER)
    overrides = next(state for state in RUNS if state.name == "AnalyseOnDemand").body["Parameters"]["Overrides"]
    assert overrides["Memory.$"].startswith("States.Format(")
    assert overrides["ContainerOverrides"][0]["Memory.$"] == "$.task.memory_megabytes"
