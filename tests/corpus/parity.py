"""`make parity STACK=dev`: holds the cases of one state against AWS, by TestState with mocks, and prints what differs.

TestState starts no execution, and with a mock it calls no service. Everything else is listed with its reason, not run.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from cli.errors import BadInput
from cli.stack.deployed import DeployedCloud, read_outputs
from local.cloud import LocalCloud
from tests.corpus.cases import TEST_STATE, Answer, Case, Expected, cases, expanded
from tests.corpus.compared import differences
from workflow import definition

LOCAL = "local"
#: What `$$` is for a mocked task; the laptop's engine has the same.
CONTEXT = {
    "Execution": {
        "Id": "arn:aws:states:eu-west-1:111122223333:execution:corpus:one",
        "Name": "one",
        "RoleArn": "arn:aws:iam::111122223333:role/corpus",
        "StartTime": "2026-01-01T00:00:00.000Z",
    },
    "StateMachine": {"Id": "arn:aws:states:eu-west-1:111122223333:stateMachine:corpus", "Name": "corpus"},
    "Task": {"Token": "a-token-that-nobody-answers"},
}


@dataclass(frozen=True)
class Verdict:
    """What AWS did otherwise than the case says; nothing where both agree."""

    case: Case
    problems: tuple[str, ...]


def on_aws(chosen: Iterable[Case]) -> list[Case]:
    """The cases that TestState can express."""
    return [case for case in chosen if case.aws == TEST_STATE]


def request(case: Case, body: dict[str, Any], role: str) -> dict[str, Any]:
    """TestState's parameters for the case. The role is named only where there is no mock: AWS assumes it."""
    asked: dict[str, Any] = {
        "definition": json.dumps(body),
        "input": json.dumps(case.given),
        "inspectionLevel": "DEBUG",
    }
    if case.variables is not None:
        asked["variables"] = json.dumps(case.variables)
    if case.mock is None:
        return {**asked, "roleArn": role}
    asked["mock"] = _mock(case.mock)
    asked["context"] = json.dumps(CONTEXT)
    if "error" in asked["mock"].get("errorOutput", {}) and body.get("Retry"):
        asked["stateConfiguration"] = {"retrierRetryCount": case.attempt}
    return asked


def _mock(answer: Answer) -> dict[str, Any]:
    if answer.silence:
        return {"errorOutput": {"error": "States.Timeout", "cause": ""}}
    if answer.names("error"):
        return {"errorOutput": {"error": answer.error, "cause": answer.cause or ""}}
    # The cases hold what a state makes of a result; their results are not whole answers of the services.
    return {"result": json.dumps(expanded(answer.result)), "fieldValidationMode": "NONE"}


def seen(answer: dict[str, Any], expected: Expected) -> Expected:
    """TestState's answer in the form of a case. Where a wait has jitter, any shorter one than the bound will do."""
    data = answer.get("inspectionData", {})
    details = data.get("errorDetails", {})
    fields: dict[str, Any] = {
        "status": answer["status"],
        "next": answer.get("nextState", ""),
        "error": answer.get("error"),
        "cause": answer.get("cause"),
        "retrier": details.get("retryIndex"),
        "catcher": details.get("catchIndex"),
        "output": json.loads(answer["output"]) if "output" in answer else None,
        "waits": expected.waits,  # TestState does not say how long it waited
        "path": expected.path,
    }
    if "variables" in data:
        fields["variables"] = json.loads(data["variables"])
    backoff = details.get("retryBackoffIntervalSeconds")
    if backoff is not None:  # whole seconds
        bound = expected.delay_at_most
        fields["delay_at_most"] = bound if bound is not None and backoff <= bound else float(backoff)
        near = expected.delay is not None and abs(backoff - expected.delay) < 1
        fields["delay"] = expected.delay if near else float(backoff)
    return Expected(**fields)


def verdicts(client: Any, chosen: Sequence[Case], machine: dict[str, Any], role: str) -> Iterator[Verdict]:
    """Each case that TestState can express, asked of AWS; our own states as they are deployed."""
    deployed = {state.path: state.body for state in definition.states(machine)}
    for case in on_aws(chosen):
        body = case.own if case.own is not None else deployed.get(case.state)
        if body is None:
            yield Verdict(case, (f"the deployed state machine has no state {case.state}: deploy this version",))
            continue
        try:
            answer = client.test_state(**request(case, body, role))
        except ClientError as refusal:
            error = refusal.response["Error"]
            if case.expected.status == "REFUSED" and error["Code"] == "InvalidDefinition":
                yield Verdict(case, ())
                continue
            yield Verdict(case, (f"AWS refuses it: {error['Code']}: {error['Message']}",))
            continue
        yield Verdict(case, tuple(differences(case.expected, seen(answer, case.expected))))


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask the stack's account. Exit code 0: AWS does what every case says. 1: it does not. 2: nothing was asked."""
    parser = argparse.ArgumentParser(prog="make parity", description=__doc__)
    parser.add_argument(
        "--stack", required=True, help="a deployed stack, such as dev; local is the cloud on this machine"
    )
    parser.add_argument("--outputs", type=Path, help="its outputs in a file, where Pulumi is not installed")
    chosen = parser.parse_args(arguments)
    if chosen.stack == LOCAL:
        return on_laptop()
    try:
        cloud = DeployedCloud(read_outputs(chosen.stack, chosen.outputs))
        client = cloud.client("stepfunctions")
        machine = client.describe_state_machine(stateMachineArn=cloud.outputs["state_machine_arn"])
    except (BadInput, BotoCoreError, ClientError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    return report(client, list(cases()), json.loads(machine["definition"]), machine["roleArn"])


def on_laptop() -> int:
    """Ask the laptop's own TestState, over HTTP as AWS is asked; a documented difference is what it must answer."""
    with LocalCloud(LOCAL) as cloud:
        client = cloud.client("stepfunctions")
        machine = client.describe_state_machine(stateMachineArn=cloud.outputs["state_machine_arn"])
        return report(client, list(of_laptop(cases())), json.loads(machine["definition"]), machine["roleArn"])


def of_laptop(chosen: Iterable[Case]) -> Iterator[Case]:
    """The cases with what the laptop answers, where that differs."""
    for case in chosen:
        yield case if case.laptop is None else case.model_copy(update={"expected": case.laptop})


def report(client: Any, chosen: Sequence[Case], machine: dict[str, Any], role: str) -> int:
    """Ask, and print each difference; then what was not asked, by its reason. 0 when nothing differs."""
    asked = on_aws(chosen)
    _say(f"{len(asked)} of {len(chosen)} cases go to TestState. No execution is started and no service is called.")
    differing = 0
    for verdict in verdicts(client, chosen, machine, role):
        if verdict.problems:
            differing += 1
            _say(f"differs  {verdict.case.name}: {verdict.case.promise}")
            _say(*(f"         {problem}" for problem in verdict.problems))
    reasons = Counter(case.aws for case in chosen if case.aws != TEST_STATE)
    _say(*(f"not run  {number} cases: {reason}." for reason, number in sorted(reasons.items())))
    _say(f"{len(asked) - differing} agree, {differing} differ.")
    return 1 if differing else 0


def _say(*lines: str) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
