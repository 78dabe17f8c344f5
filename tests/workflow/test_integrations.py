"""What the state machine asks of AWS is what each integration takes, and every error that one can answer is decided."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest

from workflow import definition
from workflow.integrations import (
    GET_ITEM,
    INTEGRATIONS,
    LAMBDA,
    LAMBDA_TOKEN,
    PUT_ITEM,
    RESERVED_WITH_SYNC,
    TASK_SYNC,
    TASK_TOKEN,
    unsupported,
)

_BOTOCORE = botocore.session.get_session()
#: The prefix that Step Functions puts before a service's error code.
_PREFIX = {"lambda": "Lambda", "ecs": "ECS", "dynamodb": "DynamoDB"}


def _calls(machine: definition.JsonObject) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """State, integration and parameters, the readers and writers of Maps included."""
    for state in definition.states(machine):
        for body in (state.body, state.body.get("ItemReader", {}), state.body.get("ResultWriter", {})):
            if "Resource" in body:
                yield state.path, body["Resource"], body["Parameters"]


def _refused(machine: definition.JsonObject) -> dict[str, list[str]]:
    named = {path: unsupported(resource, parameters) for path, resource, parameters in _calls(machine)}
    return {path: names for path, names in named.items() if names}


def _states_of(resource: str) -> list[definition.State]:
    return [state for state in definition.states(definition.load()) if state.body.get("Resource") == resource]


def test_every_integration_of_the_file_is_in_the_table() -> None:
    assert {resource for _, resource, _ in _calls(definition.load())} == set(INTEGRATIONS)


def test_no_state_names_a_parameter_that_its_integration_refuses() -> None:
    assert _refused(definition.load()) == {}


@pytest.mark.parametrize("name", ["StartedBy", "StartedBy.$", "Count", "Count.$"])
def test_what_sync_reserves_is_found_by_value_and_by_path(name: str) -> None:
    machine = copy.deepcopy(definition.load())
    machine["States"]["ScanOversized"]["Parameters"][name] = "$.session.session_id"
    assert _refused(machine) == {"ScanOversized": [name.removesuffix(".$")]}


def test_sync_reserves_what_a_task_token_does_not() -> None:
    assert not RESERVED_WITH_SYNC & INTEGRATIONS[TASK_SYNC].parameters
    assert "Count" in INTEGRATIONS[TASK_TOKEN].parameters


@pytest.mark.parametrize("resource", [LAMBDA, LAMBDA_TOKEN, TASK_SYNC, TASK_TOKEN, GET_ITEM, PUT_ITEM])
def test_every_parameter_of_the_table_is_one_that_the_service_has(resource: str) -> None:
    service, operation = INTEGRATIONS[resource].operation
    shape = _BOTOCORE.get_service_model(service).operation_model(operation).input_shape
    assert shape is not None
    known = {name.lower() for name in shape.members}
    assert {name for name in INTEGRATIONS[resource].parameters if name.lower() not in known} == set()


@pytest.mark.parametrize("resource", [LAMBDA, LAMBDA_TOKEN, TASK_SYNC, TASK_TOKEN, GET_ITEM, PUT_ITEM])
def test_every_error_that_the_service_can_answer_is_transient_or_final_and_not_both(resource: str) -> None:
    integration = INTEGRATIONS[resource]
    service, operation = integration.operation
    shapes = _BOTOCORE.get_service_model(service).operation_model(operation).error_shapes
    answered = {f"{_PREFIX[service]}.{shape.name}" for shape in shapes}
    assert answered - integration.transient - set(integration.final) == set()
    assert integration.transient & set(integration.final) == set()


@pytest.mark.parametrize("resource", [LAMBDA, LAMBDA_TOKEN, TASK_SYNC, TASK_TOKEN, GET_ITEM, PUT_ITEM])
def test_every_state_retries_what_is_transient_and_nothing_that_is_final(resource: str) -> None:
    for state in _states_of(resource):
        retried = {error for retrier in state.body["Retry"] for error in retrier["ErrorEquals"]}
        assert INTEGRATIONS[resource].transient <= retried, state.path
        assert not retried & set(INTEGRATIONS[resource].final), state.path
        assert state.body["Catch"][-1]["ErrorEquals"] == ["States.ALL"], state.path


def test_a_task_without_capacity_on_spot_is_followed_by_one_on_demand() -> None:
    spot = next(state for state in _states_of(TASK_TOKEN) if state.name == "AnalyseOversizedBatch")
    assert INTEGRATIONS[TASK_TOKEN].transient <= set(spot.body["Catch"][0]["ErrorEquals"])
    assert spot.body["Catch"][0]["Next"] == "AnalyseOnDemand"


def test_a_scan_that_aws_refused_to_start_keeps_the_name_that_aws_gave() -> None:
    """`States.TaskFailed` catches every error but timeouts, `ECS.AccessDeniedException` and its like included."""
    states = definition.load()["States"]
    assert states["ScanOversized"]["Catch"][0] == {
        "ErrorEquals": ["States.TaskFailed"],
        "ResultPath": "$.failure",
        "Next": "ReadScanFailure",
    }
    assert states["NameScanFailure"]["Choices"][0] == {
        "Not": {"Variable": "$.failure.Error", "StringEquals": "States.TaskFailed"},
        "Next": "FailSession",
    }


def test_a_child_that_fails_stops_no_other() -> None:
    """AWS's default tolerance is 0: one failed child stops the rest and fails the session."""
    maps = [state.body for state in definition.states(definition.load()) if state.body["Type"] == "Map"]
    assert [body["ToleratedFailurePercentage"] for body in maps] == [100]


def test_a_map_says_by_its_label_what_its_children_are_called() -> None:
    """A task token's calls are checked against `stateMachine:NAME/LABEL`; the label is otherwise made up by AWS."""
    maps = [state.body for state in definition.states(definition.load()) if state.body["Type"] == "Map"]
    assert [body["Label"] for body in maps] == ["AnalyseFiles"]


def test_a_failure_without_a_name_is_named_before_it_is_written() -> None:
    """SendTaskFailure without error and cause leaves null for both, and an item's text cannot be null."""
    bodies = {state.name: state.body for state in definition.states(definition.load())}
    into_gap = {name for name, body in bodies.items() if "RecordGap" in definition.successors(body)}
    assert into_gap == {"ChooseGapName", "NameGap"}
    (choice,) = bodies["ChooseGapName"]["Choices"]
    assert choice["Or"] == [
        {"Variable": "$.failure.Error", "IsNull": True},
        {"Variable": "$.failure.Cause", "IsNull": True},
    ]
    assert all(bodies["NameGap"]["Result"][name] for name in ("Error", "Cause"))


def test_a_plan_without_batches_starts_no_map() -> None:
    states = definition.load()["States"]
    assert states["ReadPlan"]["Next"] == "ChooseWork"
    assert states["ChooseWork"]["Choices"] == [
        {"Variable": "$.plan.batches", "StringEquals": "0", "Next": "ReviewRepository"}
    ]


#: Reads of fields that are not on every way's payload, and the choice that looked for them before.
GUARDED = {
    ("ChooseScanAgain", "$.reported.Item.error.S"): "NameScanFailure goes there only where $.reported.Item is present",
}


def test_no_choice_reads_a_field_that_may_be_missing() -> None:
    """On AWS such a Choice ends the execution with States.Runtime, whatever its Default, and nothing can catch it.

    test_paths.py proves that every variable's first field is written on every way; here are the fields below it that a
    service or a model with optional fields writes.
    """
    found = set()
    for state in definition.states(definition.load()):
        for choice in state.body.get("Choices", []):
            for comparison in definition.comparisons(choice):
                optional = any(part in comparison["Variable"] for part in (".Item", ".larger", ".again"))
                if optional and "IsPresent" not in comparison:
                    found.add((state.name, comparison["Variable"]))
    assert found == set(GUARDED)
    choices = definition.load()["States"]["NameScanFailure"]["Choices"]
    present = {"Variable": "$.reported.Item", "IsPresent": True, "Next": "ChooseScanAgain"}
    assert [choice for choice in choices if choice["Next"] == "ChooseScanAgain"] == [present]


def test_a_plan_is_read_only_where_it_is_stored() -> None:
    """Without the item ReadPlan would end the execution by States.Runtime, and the session would stay claimed."""
    states = definition.load()["States"]
    assert "ResultSelector" not in states["LoadPlan"]
    assert {name for name, body in states.items() if "ReadPlan" in definition.successors(body)} == {"ChoosePlan"}
    assert states["ChoosePlan"]["Choices"] == [
        {"Variable": "$.stored.Item", "IsPresent": True, "Next": "ReadPlan"},
    ]
    assert definition.successors(states[states["ChoosePlan"]["Default"]]) == {"FailSession"}
