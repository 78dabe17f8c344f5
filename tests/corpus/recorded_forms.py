"""A recorded case of others in the form of our own cases: each of its runs, and what stands for a service. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.corpus.cases import Answer, Case, Expected
from workflow import definition

#: In a definition with `choiceRuns`: the value that each run puts there.
_VALUE = "(the value of the run)"
#: What recordings say in words about an answer.
_IN_WORDS = {
    "is taken and never sends a heartbeat": ({"silence": "heartbeat"},),
    "first attempt never sends a heartbeat (timed out after 1 second, its heartbeat), second succeeds with "
    '{"retriedTimeout": true}': ({"silence": "heartbeat"}, {"result": {"retriedTimeout": True}}),
    "sends heartbeats in time until the timeout": ({"silence": "timeout"},),
    'SendTaskFailure with the error Probe.Catch and the cause "non-retry matching catch"': (
        {"error": "Probe.Catch", "cause": "non-retry matching catch"},
    ),
    'calls SendTaskSuccess with the output "real-container-callback"': ({"result": "real-container-callback"},),
}


def runs_of(recorded: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each run of a case by name: what the case says, and what is the run's own."""
    if recorded.get("choiceRuns"):
        for number, run in enumerate(recorded["choiceRuns"]):
            machine = json.loads(
                json.dumps(recorded["definition"]).replace(json.dumps(_VALUE), json.dumps(run["value"]))
            )
            yield (
                f"{recorded['id']}#{number}",
                {
                    **recorded,
                    "definition": machine,
                    "given": "no service is called",
                    "input": {"Variable": run["variable"], "Value": run["value"]},
                    "expected": {"status": "SUCCEEDED", "statesLeft": ["CheckValues", run["taken"]]},
                },
            )
        return
    runs = recorded.get("runs") or [recorded]
    for number, run in enumerate(runs):
        yield (f"{recorded['id']}#{number}" if len(runs) > 1 else recorded["id"]), {**recorded, **run}


def why_not(run: Mapping[str, Any]) -> str:
    """Why the run cannot be played by one engine in one process; nothing where it can."""
    if run["kind"] == "api" or not isinstance(run.get("definition"), dict):
        return "calls of the API: tests/local/test_aws_recorded_calls.py"
    if run["kind"] == "execution" and "status" not in run["expected"]:
        return "no status was recorded"
    if run["expected"].get("status") == "TIMED_OUT":
        return "the deadline of a whole execution: tests/local has it with a real clock"
    words = [event for event in _given(run) if "event" not in event and not _in_words(event)]
    if words and _tasks(run["definition"]):
        return "real tasks of ECS: tests/local has them with real processes"
    if any("answer" in event for event in _given(run)):
        return "a role without permission: tests/local/privileges has it"
    return ""


def case_of(run: Mapping[str, Any]) -> Case:
    """The run as a case. A task of an Activity, or of a function's ARN, stands as a call of a function."""
    machine = json.loads(json.dumps(run["definition"]))
    names = _tasks(machine)
    for state in definition.states(machine):
        resource = str(state.body.get("Resource", ""))
        if ":activity:" in resource or resource.startswith("arn:aws:lambda:"):
            state.body["Resource"] = "arn:aws:states:::lambda:invoke"
            state.body["Parameters"] = {"FunctionName": "work", "Payload": state.body.get("Parameters", {})}
            state.body.pop("HeartbeatSeconds", None)
        state.body.get("ResultWriter", {}).pop("WriterConfig", None)  # refused by the laptop
    answers = [answer for event in _given(run) for answer in _answers(event)]
    tasks = {name: tuple(answers) for name in names}
    if len(names) > 1 and len(names) == len(answers):  # one after the other
        tasks = {name: (answer,) for name, answer in zip(names, answers, strict=True)}
    objects = {address.partition("/")[2]: content for address, content in run.get("setup", {}).get("s3", {}).items()}
    return Case.model_validate(
        {
            "name": "Recorded", "promise": "What AWS answered is answered here.", "definition": machine,
            "input": run.get("input"), "tasks": tasks if answers else {}, "objects": objects,
            "expected": Expected(status="SUCCEEDED"), "aws": "recorded by others",
        }
    )  # fmt: skip


def _tasks(machine: Mapping[str, Any]) -> list[str]:
    return [state.name for state in definition.states(dict(machine)) if state.body["Type"] == "Task"]


def _given(run: Mapping[str, Any]) -> list[dict[str, Any]]:
    given = run.get("given")
    return given if isinstance(given, list) else []


def _in_words(event: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    return _IN_WORDS.get(str(event.get("task") or event.get("message")), ())


def _answers(event: Mapping[str, Any]) -> Iterator[Answer]:
    if "event" not in event:
        yield from map(Answer.model_validate, _in_words(event))
    elif str(event["event"]).endswith("TimedOut"):
        yield Answer(silence="timeout")
    elif str(event["event"]).endswith("Failed"):
        cause = event.get("cause")
        text = cause if cause is None or isinstance(cause, str) else json.dumps(cause)
        yield Answer(error=event.get("error"), cause=text)
    elif str(event["event"]) != "TaskSubmitted":
        output = event.get("output")
        yield Answer(result=_read(output) if ".waitForTaskToken" in str(event.get("resource")) else output)


def _read(output: Any) -> Any:
    """A callback's output was recorded as its JSON text."""
    try:
        return json.loads(output)
    except (TypeError, ValueError):
        return output
