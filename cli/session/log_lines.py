"""A session's log lines: from the log groups of the stack's functions and tasks, in the order of time.

Lambda's own lines (START, REPORT, what it says of a timeout or a killed process) name a call and no session. Those of
a call that began and has not ended are read too: a process that was killed leaves no other reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from agents.aws.failures import code_of
from agents.roster import ROSTER
from cli.errors import BadInput
from cli.stack.clients import Cloud

_AGE = re.compile(r"^(\d+)\s*(s|m|min|h|d)$")
_SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3_600, "d": 86_400}
#: The message of a call's first line, and those of its last (agents/shells).
_BEGUN, _ENDED = "state begun", frozenset({"state done", "state failed"})
#: Ids of calls in one filter pattern, which has 1,024 characters at most, and the calls that are looked up at once.
_IDS_IN_A_PATTERN, _MOST_CALLS = 20, 100


@dataclass(frozen=True)
class LogQuery:
    """Which lines: those of a session, of one of its states or batches where these are named, since a moment."""

    session_id: str
    since: datetime
    state: str = ""
    batch: str = ""


@dataclass(frozen=True)
class LogLine:
    """One line; `fields` is empty for one that is not structured.

    `call` is the first line of the call that a line of Lambda's own is about.
    """

    event_id: str
    at: datetime
    group: str
    stream: str
    text: str
    fields: dict[str, Any]
    call: Mapping[str, Any] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """The state whose code wrote it, or whose call it is about."""
        return str(self._about.get("state", ""))

    @property
    def batch(self) -> str:
        """The batch that it is about; a task names it in its request, `session/batch`."""
        return str(self._about.get("batch_id") or str(self._about.get("request", "")).partition("/")[2])

    @property
    def request_id(self) -> str:
        """Lambda's id of the call that this line begins; empty for any other line."""
        begins = self.fields.get("message") == _BEGUN
        return str(self.fields.get("function_request_id", "")) if begins else ""

    @property
    def attempt(self) -> tuple[str, ...]:
        """What the first and the last line of one call have in common."""
        named = (str(self._about.get(name, "")) for name in ("execution", "state", "batch_id", "attempt"))
        return (self.group, *named)

    @property
    def _about(self) -> Mapping[str, Any]:
        return self.fields or self.call

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


class SessionLog:
    """A session's log, which may be read again while the session runs."""

    def __init__(self, cloud: Cloud) -> None:
        self._client = cloud.client("logs")
        self._groups = log_groups(cloud.outputs)
        self._open: dict[str, LogLine] = {}  # the first lines of calls without a last one, by their ids

    def lines(self, query: LogQuery) -> Sequence[LogLine]:
        """Every line that the query asks for, in the order of time."""
        lines = [line for group in self._groups for line in self._of_session(group, query)]
        lines.sort(key=_by_time)
        self._note_calls(lines)
        of_calls: dict[str, dict[str, LogLine]] = {}
        for name, begun in list(self._open.items())[:_MOST_CALLS]:
            of_calls.setdefault(begun.group, {})[name] = begun
        platform = [line for group, calls in of_calls.items() for line in self._of_platform(group, calls)]
        return sorted([*lines, *platform], key=_by_time)

    def _note_calls(self, lines: Iterable[LogLine]) -> None:
        """A call has no id in its last line: of two calls of one attempt it is the first one's."""
        for line in lines:
            if line.request_id:
                self._open[line.request_id] = line
            elif line.fields.get("message") in _ENDED:
                ended = (name for name, begun in self._open.items() if begun.attempt == line.attempt)
                self._open.pop(next(ended, ""), None)

    def _of_session(self, group: str, query: LogQuery) -> Iterator[LogLine]:
        for line in self._found(group, f'"{query.session_id}"', query.since):
            if line.is_of(query):
                yield line

    def _of_platform(self, group: str, calls: Mapping[str, LogLine]) -> Iterator[LogLine]:
        """What Lambda itself has written about these calls; a line of ours names them too, and is structured."""
        names = list(calls)
        for at in range(0, len(names), _IDS_IN_A_PATTERN):
            some = names[at : at + _IDS_IN_A_PATTERN]
            since = min(calls[name].at for name in some) - timedelta(seconds=1)
            for line in self._found(group, " ".join(f'?"{name}"' for name in some), since):
                name = next((name for name in some if name in line.text), "")
                if name and not line.fields:
                    yield replace(line, call=calls[name].fields)

    def _found(self, group: str, pattern: str, since: datetime) -> Iterator[LogLine]:
        paginator = self._client.get_paginator("filter_log_events")
        pages = paginator.paginate(logGroupName=group, filterPattern=pattern, startTime=int(since.timestamp() * 1000))
        try:
            for page in pages:
                yield from (_line(group, event) for event in page["events"])
        except ClientError as error:
            if code_of(error) != "ResourceNotFoundException":  # a group that an older release did not have
                raise


def _by_time(line: LogLine) -> tuple[datetime, str, str]:
    return line.at, line.group, line.event_id


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
