"""What rules and schedules may call: the state machine, or one function."""

from __future__ import annotations

from components.iam.documents import allow, document


def invoke_function(function: str) -> str:
    """What a schedule's role may do: call one function."""
    return document([allow("CallFunction", ["lambda:InvokeFunction"], [function])])


def start_execution(alias: str) -> str:
    """What the rule's role may do: start the state machine through its alias, and no other way.

    IAM is asked about the state machine's ARN whatever the ARN in the request; the alias reaches it as a condition.
    """
    machine, _, qualifier = alias.rpartition(":")
    through = {"ForAnyValue:StringEquals": {"states:StateMachineQualifier": [qualifier]}}
    return document([allow("StartSession", ["states:StartExecution"], [machine], through)])
