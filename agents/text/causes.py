"""The sentence inside an error's cause, as Lambda, ECS and Step Functions write it. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping

#: Characters of a cause that are stored and shown.
_LIMIT = 2000


def readable_cause(cause: str) -> str:
    """The sentence in a catcher's or a history event's `Cause`, at most 2,000 characters.

    Lambda wraps the message in JSON with a stack trace, and ECS gives the whole description of a stopped task.
    """
    try:
        wrapped = json.loads(cause)
    except ValueError:
        return cause[:_LIMIT]
    if not isinstance(wrapped, dict):
        return cause[:_LIMIT]
    message = wrapped.get("errorMessage") or _stop_reason(wrapped)
    return (message if isinstance(message, str) else cause)[:_LIMIT]


def _stop_reason(task: Mapping[str, object]) -> str | None:
    """Why an ECS task stopped, with its container's exit code if the container ever ran."""
    reason, containers = task.get("StoppedReason"), task.get("Containers")
    if not isinstance(reason, str):
        return None
    container = containers[0] if isinstance(containers, list) and containers else {}
    code = container.get("ExitCode") if isinstance(container, dict) else None
    return reason if code is None else f"{reason} (exit code {code})"
