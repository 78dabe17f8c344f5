"""What Step Functions refuses in a definition is refused, in the kinds in which it can be wrong; and no more than that.

Where AWS's words were seen (gabrielmoreira/tiny-asl-machine @f0279cc9, tests/conformance/cases/.snapshots/aws), the
words are those; the rest follows from the specification of the language and from AWS's documentation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.moto.definition_expressions import NO_JSONATA
from local.moto.definition_problems import problems_of
from tests.corpus.engine import engine

State = dict[str, Any]
END: State = {"Type": "Succeed"}
PASS: State = {"Type": "Pass", "End": True}
WAIT: State = {"Type": "Wait", "End": True}
TASK: State = {
    "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "End": True,
}  # fmt: skip
INNER: State = {"StartAt": "Inner", "States": {"Inner": PASS}}
MAP: State = {"Type": "Map", "ItemProcessor": INNER, "End": True}
CONFIG = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
WIDE: State = {**MAP, "ItemProcessor": {**INNER, "ProcessorConfig": CONFIG}}
PARALLEL: State = {"Type": "Parallel", "Branches": [INNER], "End": True}
FAIL: State = {"Type": "Fail"}
READER = {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"}}


@pytest.fixture(scope="module", autouse=True)
def repaired() -> Iterator[None]:
    """The interpreter's own grammar is asked too."""
    with engine():
        yield


def machine(state: State, **more: Any) -> State:
    """A state machine of the state and of the ends that it names."""
    named = {state.get("Next"), state.get("Default"), *(rule.get("Next") for rule in state.get("Catch", []))}
    named |= {rule.get("Next") for rule in state.get("Choices", []) if isinstance(rule, dict)}
    return {"StartAt": "A", "States": {"A": state, **dict.fromkeys(sorted(named - {None, "A"}), END)}, **more}


def choice(**rule: Any) -> State:
    return {"Type": "Choice", "Choices": [{"Next": "B", **rule}], "Default": "B"}


def retrier(**fields: Any) -> State:
    return {**TASK, "Retry": [{"ErrorEquals": ["Own"], **fields}]}


def refused(definition: State) -> str:
    return "; ".join(each.text for each in problems_of(json.dumps(definition)))


ALL = {"ErrorEquals": ["States.ALL"]}
OWN = {"ErrorEquals": ["Own"]}
NO_PATH_OR_CALL = "must be a valid JSONPath or a valid intrinsic function call"
WAITS = "[SecondsPath, Seconds, TimestampPath, Timestamp]"
ONE_COMPARISON = "A rule has one comparison"
WRONG_STATES: list[tuple[State, str]] = [
    # times
    ({**WAIT, "Seconds": -1}, "Minimum value is 0"),
    ({**WAIT, "Seconds": 1.5}, "Expected value of type Integer"),
    ({**WAIT, "Seconds": 100_000_000}, "Maximum value is 99999999"),
    ({**WAIT, "Timestamp": "not-a-timestamp"}, "String does not match RFC3339 timestamp"),
    ({**WAIT, "Timestamp": "2025-01-01T00:00:00"}, "String does not match RFC3339 timestamp"),
    (
        {**WAIT, "Seconds": 1, "Timestamp": "2025-01-01T00:00:10Z"},
        f"There should only be one of the following fields: {WAITS}",
    ),
    (
        WAIT,
        "This object should have only one of the following fields: [SecondsPath, Seconds, TimestampPath, Timestamp]",
    ),
    ({**TASK, "TimeoutSeconds": 0}, "Minimum value is 1"),
    ({**TASK, "TimeoutSeconds": 100_000_000}, "Maximum value is 99999999"),
    ({**TASK, "HeartbeatSeconds": 5, "TimeoutSeconds": 5}, "HeartbeatSeconds must be smaller"),
    ({**TASK, "TimeoutSeconds": 5, "TimeoutSecondsPath": "$.t"}, "There should only be one"),
    # retriers and catchers
    (retrier(IntervalSeconds=0), "Minimum value is 1"),
    (retrier(MaxAttempts=-1), "Minimum value is 0"),
    (retrier(BackoffRate=0.5), "Minimum value is 1.0"),
    (retrier(MaxDelaySeconds=0), "Minimum value is 1"),
    (retrier(MaxDelaySeconds=31_622_400), "Maximum value is 31622399"),
    (retrier(IntervalSeconds=5, MaxDelaySeconds=5), "MaxDelaySeconds must be greater than IntervalSeconds"),
    (retrier(JitterStrategy="HALF"), "Expected FULL or NONE"),
    ({**TASK, "Retry": [ALL, OWN]}, "States.ALL must appear alone"),
    ({**TASK, "Retry": [{"ErrorEquals": ["States.ALL", "Own"]}]}, "States.ALL must appear alone"),
    ({**TASK, "Catch": [{**ALL, "Next": "B"}, {**OWN, "Next": "B"}]}, "States.ALL must appear alone"),
    ({**TASK, "Catch": [{"ErrorEquals": [], "Next": "B"}]}, "ErrorEquals is a list of texts"),
    ({**TASK, "Catch": [{**OWN, "Next": "B", "ResultPath": "$.a[*]"}]}, "Value is not a Reference Path"),
    ({**TASK, "Catch": [{**OWN, "Next": "B", "Output": "x"}]}, "Field 'Output' is not supported"),
    # fields
    ({**PASS, "Seconds": 1}, "Field 'Seconds' is not supported"),
    ({**PASS, "Resource": "r"}, "Field 'Resource' is not supported"),
    ({**PASS, "Output": {}}, "Field 'Output' is not supported"),
    ({**PASS, "QueryLanguage": "JSONata", "InputPath": "$.a"}, "Field 'InputPath' is not supported"),
    ({**PASS, "Credentials": {"RoleArn": "r"}}, "Field 'Credentials' is not supported"),
    ({**FAIL, "InputPath": "$.a"}, "Field 'InputPath' is not supported"),
    ({**FAIL, "End": True}, "Field 'End' is not supported"),
    ({**FAIL, "Assign": {"x": 1}}, "Field 'Assign' is not supported"),
    ({**END, "Assign": {"x": 1}}, "Field 'Assign' is not supported"),
    ({**TASK, "ItemsPath": "$.a"}, "Field 'ItemsPath' is not supported"),
    ({**PARALLEL, "TimeoutSeconds": 3}, "Field 'TimeoutSeconds' is not supported"),
    ({**PARALLEL, "Branches": [{**INNER, "TimeoutSeconds": 3}]}, "Field 'TimeoutSeconds' is not supported"),
    ({**FAIL, "Error": "E", "ErrorPath": "$.e"}, "There should only be one"),
    # maps
    ({**MAP, "ToleratedFailureCount": 1}, "is not supported by an INLINE Map"),
    ({**MAP, "ItemReader": READER}, "is not supported by an INLINE Map"),
    ({**MAP, "Label": "x"}, "is not supported by an INLINE Map"),
    ({**MAP, "ItemSelector": {}, "Parameters": {}}, "There should only be one"),
    ({**MAP, "MaxConcurrency": -1}, "Minimum value is 0"),
    ({**MAP, "ItemsPath": "$.a[*].b"}, "Value is not a Reference Path"),
    ({"Type": "Map", "End": True}, "These fields are required: [ItemProcessor]"),
    (
        {**MAP, "ItemProcessor": {**INNER, "ProcessorConfig": {"Mode": "DISTRIBUTED"}}},
        "These fields are required: [ExecutionType]",
    ),
    ({**WIDE, "ToleratedFailurePercentage": 101}, "Expected a number between 0 and 100"),
    ({**WIDE, "Label": "x" * 41}, "Expected at most 40 characters"),
    ({**WIDE, "ResultWriter": READER}, "is not supported"),
    (
        {**WIDE, "ItemReader": {**READER, "ReaderConfig": {"InputType": "JSON", "CSVHeaderLocation": "FIRST_ROW"}}},
        "supported for InputType CSV only",
    ),
    (
        {**WIDE, "ItemReader": {**READER, "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "GIVEN"}}},
        "CSVHeaders are required",
    ),
    # paths and templates
    ({**PASS, "InputPath": "a.b"}, "must be a valid JSONPath"),
    ({**PASS, "OutputPath": "not-a-path"}, "must be a valid JSONPath"),
    ({**PASS, "ResultPath": "$.a[*]"}, "Value is not a Reference Path"),
    ({**PASS, "ResultPath": "$..a"}, "Value is not a Reference Path"),
    ({**PASS, "ResultPath": "$$.a"}, "Value is not a Reference Path"),
    ({**PASS, "Parameters": {"a.$": "b"}}, NO_PATH_OR_CALL),
    ({**PASS, "Parameters": {"a.$": 1}}, NO_PATH_OR_CALL),
    ({**PASS, "Parameters": {"a.$": "$.b["}}, NO_PATH_OR_CALL),
    ({**PASS, "Parameters": {"x": [{"a.$": "b"}]}}, NO_PATH_OR_CALL),
    ({**PASS, "Parameters": {"a.$": "States.Nope($.a)"}}, NO_PATH_OR_CALL),
    ({**PASS, "Parameters": {"a.$": "States.Format('a'"}}, NO_PATH_OR_CALL),
    ({**PASS, "Parameters": {"a.$": "States.UUID() + 1"}}, NO_PATH_OR_CALL),
    ({**PASS, "Parameters": {"a.$": 'States.Format("a")'}}, NO_PATH_OR_CALL),
    ({**PASS, "Parameters": {"a.$": "States.Array($.a, )"}}, NO_PATH_OR_CALL),
    ({**PASS, "Parameters": {"a.$": "States.Array(" * 11 + ")" * 11}}, NO_PATH_OR_CALL),
    ({**PASS, "Parameters": {"a": 1, "a.$": "$.b"}}, "is there twice"),
    ({**TASK, "ResultSelector": {"a.$": "x"}}, NO_PATH_OR_CALL),
    ({**FAIL, "ErrorPath": "e"}, NO_PATH_OR_CALL),
    # choices
    (choice(Variable="$.v"), ONE_COMPARISON),
    (choice(Variable="$.v", StringEquals="1", NumericGreaterThan=0), ONE_COMPARISON),
    (choice(Variable="status", StringEquals="READY"), "'Variable' must be a valid JSONPath"),
    (choice(StringEquals="READY"), "'Variable' must be a valid JSONPath"),
    (choice(Variable="$.v", StringEquals=1), "not allowed"),
    (choice(Variable="$.v", NumericEquals="1"), "not allowed"),
    (choice(Variable="$.v", BooleanEquals="true"), "not allowed"),
    (choice(Variable="$.v", IsPresent="true"), "not allowed"),
    (choice(Variable="$.v", TimestampEquals="not-a-timestamp"), "not allowed"),
    (choice(Variable="$.v", StringEqualsPath="w"), "not allowed"),
    (choice(Not={"Or": []}), "Or must not be empty"),
    (choice(And=[{"Variable": "$.v", "IsNull": True, "Next": "B"}]), ONE_COMPARISON),
    (choice(Variable="$.v", And=[{"Variable": "$.v", "IsNull": True}]), "not supported beside And"),
    ({"Type": "Choice", "Default": "B"}, "These fields are required: [Choices]"),
    ({**choice(), "Choices": [{"Variable": "$.v", "IsNull": True}]}, "These fields are required: [Next]"),
    # variables
    ({**PASS, "Assign": {"states": 1}}, "is no name for a variable"),
    ({**PASS, "Assign": {"1x": 1}}, "is no name for a variable"),
    ({**PASS, "Assign": {"a-b": 1}}, "is no name for a variable"),
    ({**PASS, "Assign": {"x" * 81: 1}}, "is no name for a variable"),
    ({**PASS, "Assign": {"x.$": "y"}}, NO_PATH_OR_CALL),
]


@pytest.mark.parametrize(("state", "words"), WRONG_STATES, ids=[json.dumps(state)[:90] for state, _ in WRONG_STATES])
def test_a_state_that_aws_refuses_is_refused_with_the_reason(state: State, words: str) -> None:
    assert words in refused(machine(state))


SHADOWED: State = {
    "StartAt": "A",
    "States": {
        "A": {"Type": "Pass", "Assign": {"shared": 1}, "Next": "B"},
        "B": {
            "Type": "Map",
            "Iterator": {"StartAt": "C", "States": {"C": {**PASS, "Assign": {"shared": 2}}}},
            "End": True,
        },
    },
}
WRONG_MACHINES: list[tuple[State, str]] = [
    ({"StartAt": "n" * 81, "States": {"n" * 81: PASS}}, "1 to 80 characters"),
    ({"StartAt": "", "States": {"": PASS}}, "1 to 80 characters"),
    (machine(PASS, TimeoutSeconds=0), "Minimum value is 1 at /TimeoutSeconds"),
    (machine(PASS, Comment=1), "Expected value of type String at /Comment"),
    (
        machine({**PASS, "QueryLanguage": "JSONPath"}, QueryLanguage="JSONata"),
        "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/A",
    ),
    (SHADOWED, "The variable name 'shared' was already defined in a parent scope."),
    (machine({**MAP, "ItemProcessor": {"StartAt": "A", "States": {"A": PASS}}}), "Duplicate State name: A"),
    (
        {"StartAt": "A", "States": {"A": {"Type": "Map", "Iterator": {**INNER, "StartAt": "Gone"}, "End": True}}},
        "Missing 'StartAt' target: Gone",
    ),
]


@pytest.mark.parametrize(("definition", "words"), WRONG_MACHINES, ids=lambda value: str(value)[:60])
def test_a_state_machine_that_aws_refuses_is_refused_with_the_reason(definition: State, words: str) -> None:
    assert words in refused(definition)


def task(resource: str) -> State:
    return {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": {}, "End": True}


UNKNOWN = "is not recognized. The value is not a valid resource ARN, or the resource is not available in this region."
UNKNOWN_CALLS = [
    "aws-sdk:s3:nope", "aws-sdk:s3:ListBuckets", "aws-sdk:nope:listBuckets", "aws-sdk:logs:describeLogGroups",
    "aws-sdk:s3:listBuckets.sync", "lambda:invoke.sync", "sqs:sendMessage.sync", "dynamodb:getItem.waitForTaskToken",
    "ecs:runTask.sync:2", "dynamodb:query", "lambda:Invoke", "sns:publish.nope",
]  # fmt: skip
KNOWN_CALLS = [
    "aws-sdk:s3:listBuckets", "aws-sdk:sfn:sendTaskSuccess", "aws-sdk:cloudwatchlogs:describeLogGroups",
    "aws-sdk:databasemigration:describeEvents", "aws-sdk:s3:listBuckets.waitForTaskToken",
    "states:startExecution.sync:2", "batch:submitJob.sync", "sns:publish", "events:putEvents",
]  # fmt: skip


@pytest.mark.parametrize("resource", UNKNOWN_CALLS)
def test_a_call_that_the_service_has_not_or_cannot_wait_for_is_refused(resource: str) -> None:
    assert f"arn:aws:states:::{resource} {UNKNOWN} at /States/A/Resource" in refused(machine(task(resource)))


@pytest.mark.parametrize("resource", KNOWN_CALLS)
def test_a_call_that_the_service_has_is_accepted(resource: str) -> None:
    assert refused(machine(task(resource))) == ""


JSONATA: State = {"QueryLanguage": "JSONata"}
ASKS: State = {"Type": "Choice", "Choices": [{"Condition": "{% true %}", "Next": "B"}], "Default": "B"}
SLOW: State = {"Type": "Task", "Resource": TASK["Resource"], "Arguments": {}, "TimeoutSeconds": "{% 3 %}", "End": True}


@pytest.mark.parametrize(
    "state", [{**PASS, "Output": "{% $states.input.a %}"}, ASKS, SLOW], ids=lambda each: each["Type"]
)
def test_an_expression_of_jsonata_is_refused_when_it_is_written_not_when_it_is_reached(state: State) -> None:
    assert NO_JSONATA in refused(machine({**state, **JSONATA}))


ACCEPTED: list[State] = [
    machine(PASS, QueryLanguage="JSONata"),
    machine({**PASS, "QueryLanguage": "JSONata", "Output": {"a": 1}, "Assign": {"b": 2}}),
    machine({**PASS, "Parameters": {"x": "{% 1 %}", "y": "$.a", "z.$": "$$"}}),
    machine({**PASS, "InputPath": "$.a[?(@.b > 1)].c", "OutputPath": None, "ResultPath": None}),
    machine({**PASS, "InputPath": "$x.y", "ResultPath": "$['a b'][0].c"}),
    machine({**WAIT, "Timestamp": "2020-01-01T00:00:00.123+02:00"}),
    machine({**WAIT, "Seconds": 0}),
    machine({**TASK, "TimeoutSeconds": 99_999_999, "HeartbeatSecondsPath": "$$.Execution.Input.h"}),
    machine(retrier(MaxAttempts=0, BackoffRate=1, MaxDelaySeconds=2, JitterStrategy="NONE", Comment="why")),
    machine({**TASK, "Catch": [{**ALL, "Next": "B", "Assign": {"e.$": "$.Error"}, "Comment": "why"}]}),
    machine({**TASK, "Credentials": {"RoleArn.$": "$.role"}}),
    machine({**FAIL, "ErrorPath": "$$.Execution.Name", "CausePath": "States.Format('{}', $.c)"}),
    machine(choice(Variable="$x", NumericLessThanPath="$$.Execution.Input.n", Assign={"y": 1}, Comment="why")),
    machine(choice(Not={"Variable": "$.a[0]", "TimestampEquals": "2024-01-01T00:00:00.5Z"})),
    machine({"Type": "Map", "Iterator": INNER, "Parameters": {"v.$": "$$.Map.Item.Value"}, "End": True}),
    machine({**WIDE, "ToleratedFailurePercentage": 33.3, "Label": "x" * 40, "ItemsPath": "$$.Execution.Input.l"}),
    machine({**PASS, "Parameters": {"wrong number of arguments.$": "States.ArrayLength()"}}),
    {"StartAt": "Ü" * 80, "States": {"Ü" * 80: {**PASS, "Assign": {"x" * 80: 1}}}},
]  # fmt: skip


@pytest.mark.parametrize("definition", ACCEPTED, ids=lambda value: json.dumps(value)[:90])
def test_what_aws_accepts_is_accepted(definition: State) -> None:
    assert refused(definition) == ""


def test_a_definition_of_any_shape_is_answered() -> None:
    odd: Any
    assert refused(machine({**PASS, "Parameters": {"ItemReader": None}})) == ""
    assert refused(machine({**WIDE, "ItemReader": None}))
    for odd in ({"A": []}, {"A": {"Type": []}}, {"A": {"Type": "Choice", "Choices": [1], "Default": "A"}}, [], 1):
        assert refused({"StartAt": "A", "States": odd})
