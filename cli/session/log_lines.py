"""A session's log lines: from the log groups of the stack's functions and tasks, in the order of time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from agents.aws.failures import code_of
from agents.roster import ROSTER
from cli.errors import BadInput
from cli.stack.clients import Cloud

_AGE = re.compile(r"^(\d+)\s*(s|m|min|h|d)$")
_SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3_600, "d": 86_400}


@dataclass(frozen=True)
class LogQuery:
    """Which lines: those of a session, of one of its states or batches where these are named, since a moment."""

    session_id: str
    since: datetime
    state: str = ""
    batch: str = ""


@dataclass(frozen=True)
class LogLine:
    """One line; `fields` is empty for one that is not structured."""

    event_id: str
    at: datetime
    group: str
    stream: str
    text: str
    fields: dict[str, Any]

    @property
    def state(self) -> str:
        """The state whose code wrote it."""
        return str(self.fields.get("state", ""))

    @property
    def batch(self) -> str:
        """The batch that it is about; a task names it in its request, `session/batch`."""
        return str(self.fields.get("batch_id") or str(self.fields.get("request", "")).partition("/")[2])

    def is_of(self, query: LogQuery) -> bool:
        """Whether the query asks for it."""
        if "_aws" in self.fields:  # a metric in CloudWatch's embedded format: its figures are in no log's words
            return False
        return query.state in {"", self.state} and query.batch in {"", self.batch}


def state_in_logs(name: str) -> str:
    """The name under which a state's code logs: a state on Fargate shares its code with the one on Lambda.

    Raises:
        BadInput: no state of this name runs code of ours.
    """
    for row in ROSTER.values():
        if name in {row.state, row.fargate_state}:
            return row.state
    raise BadInput(f"There is no state {name} that writes a log; the states are {', '.join(ROSTER)}")


def moment(text: str, now: datetime | None = None) -> datetime:
    """`15m`, `2h`, `1d` ago, or a time in ISO 8601, in UTC where it names no zone. Raises BadInput."""
    age = _AGE.match(text.strip())
    try:
        if age is not None:
            return (now or datetime.now(UTC)) - timedelta(seconds=int(age[1]) * _SECONDS[age[2]])
        named = datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError):
        raise BadInput(
            f"--since takes an age such as 15m, 2h or 1d, or a time such as 2026-01-31T12:00, not {text!r}"
        ) from None
    return named if named.tzinfo is not None else named.replace(tzinfo=UTC)


def log_groups(outputs: Any) -> list[str]:
    """The groups of the stack's functions, and of the tasks that run the same states."""
    functions = [str(name) for name in outputs["function_names"]]
    on_fargate = tuple(_dashed(row.state) for row in ROSTER.values() if row.fargate_state)
    tasks = [name for name in functions if name.endswith(on_fargate)]
    return [*(f"/aws/lambda/{name}" for name in functions), *(f"/aws/ecs/{name}-task" for name in tasks)]


def log_lines(cloud: Cloud, query: LogQuery) -> Sequence[LogLine]:
    """Every line that the query asks for, in the order of time."""
    client = cloud.client("logs")
    lines = [line for group in log_groups(cloud.outputs) for line in _lines_of(client, group, query)]
    return sorted(lines, key=lambda line: (line.at, line.group, line.event_id))


def _lines_of(client: Any, group: str, query: LogQuery) -> Iterator[LogLine]:
    pages = client.get_paginator("filter_log_events").paginate(
        logGroupName=group, filterPattern=f'"{query.session_id}"', startTime=int(query.since.timestamp() * 1000)
    )
    try:
        for page in pages:
            for event in page["events"]:
                line = _line(group, event)
                if line.is_of(query):
                    yield line
    except ClientError as error:
        if code_of(error) != "ResourceNotFoundException":  # a group that an older release did not have
            raise


def _line(group: str, event: Any) -> LogLine:
    text = str(event["message"]).rstrip("\n")
    at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
    return LogLine(str(event["eventId"]), at, group, str(event["logStreamName"]), text, _fields(text))


def _fields(text: str) -> dict[str, Any]:
    try:
        fields = json.loads(text)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}


def _dashed(state: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", state).lower()
