"""Whose a task token is: IAM checks a call on it against the state machine of the execution that waits."""

from __future__ import annotations

#: The state machine that the token of a map's child belongs to, `NAME/LABEL`, by token; those of no child are absent.
_machines: dict[str, str] = {}


def remember_token(token: str, machine: str) -> None:
    """Note the ARN of the state machine that a token's execution runs; only a map's child has a slash in it."""
    if "/" in machine:
        _machines[token] = machine


def machine_of_child(token: str) -> str:
    """The ARN that IAM sees for a task token of a map's child; empty for any other token."""
    return _machines.get(token, "")
