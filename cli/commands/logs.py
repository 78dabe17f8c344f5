"""`swarm logs SESSION`: what its functions and tasks have logged."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from rich.console import Console

from agents.contracts.base import clean_text
from agents.contracts.session import Session
from cli.commands.watch import session_in_stack
from cli.errors import ExitCode
from cli.session.log_lines import LogLine, LogQuery, SessionLog, moment, state_in_logs
from cli.stack.clients import Cloud, stack_of
from cli.stack.location import Location

_POLL_SECONDS = 2.0
#: CloudWatch shows a line some seconds after it was written: each look goes so far back behind the last one.
_LATE = timedelta(seconds=30)
#: Fields of a structured line that are shown in places of their own, or say nothing to a person.
_PLACED = frozenset(
    {"level", "location", "message", "timestamp", "service", "session_id", "batch_id", "state", "request"}
    | {"xray_trace_id", "exception", "exception_name", "stack_trace"}
)


@dataclass(frozen=True)
class LogsRequest:
    """The arguments of `swarm logs`."""

    session_id: str
    state: str = ""
    batch: str = ""
    since: str = ""
    follow: bool = False
    as_json: bool = False


def query_of(request: LogsRequest) -> LogQuery:
    """The query, from the beginning of time where no moment is named. Raises BadInput."""
    state = state_in_logs(request.state) if request.state else ""
    since = moment(request.since) if request.since else datetime.fromtimestamp(0, UTC)
    return LogQuery(request.session_id, since, state, request.batch)


def logs(
    cloud: Cloud,
    request: LogsRequest,
    where: Location,
    messages: Console,
    answers: Console,
    sleep: Callable[[float], None] = time.sleep,
) -> ExitCode:
    """Print the lines, and with `follow` the new ones until the session has ended. Raises BadInput."""
    query, stack = query_of(request), stack_of(cloud)
    session = session_in_stack(stack, request.session_id, where)
    if not request.since:
        query = replace(query, since=datetime.fromtimestamp(session.opened_at, UTC) - _LATE)
    log, printed = SessionLog(cloud), set[tuple[str, str]]()
    while True:
        over = not request.follow or _has_ended(session)
        for line in log.lines(query):
            if (line.group, line.event_id) not in printed:
                printed.add((line.group, line.event_id))
                query = replace(query, since=max(query.since, line.at - _LATE))
                _print(line, request.as_json, answers)
        if over:
            break
        sleep(_POLL_SECONDS)
        session = session_in_stack(stack, request.session_id, where)
    if not printed:
        messages.print(
            f"No line of session {request.session_id} was found: a function's lines appear within seconds of their"
            " writing, on a laptop at the end of its call; log groups keep them for the setting logRetentionDays.",
            soft_wrap=True,
            markup=False,
        )
    return ExitCode.DONE


def _has_ended(session: Session) -> bool:
    return not session.status.open


def _print(line: LogLine, as_json: bool, answers: Console) -> None:
    if as_json:
        fields = {"at": line.at.isoformat(), "group": line.group, "stream": line.stream, "state": line.state}
        answers.file.write(json.dumps({**fields, "batch": line.batch, "line": line.fields or line.text}) + os.linesep)
        return
    at = line.at.strftime("%Y-%m-%d %H:%M:%S")
    place = f"{line.state} {line.batch}".strip()
    if not line.fields:  # Lambda's own: tabs between its fields
        text = clean_text("  ".join(line.text.split("\t")))
        answers.print(f"{at}  {'Lambda' if line.call else '':<7}  {place:<24}  {text}", markup=False, soft_wrap=True)
        return
    level, message = str(line.fields.get("level", "")), str(line.fields.get("message", ""))
    rest = "  ".join(f"{name}={value}" for name, value in line.fields.items() if name not in _PLACED)
    if traceback := str(line.fields.get("exception", "")).strip():
        message += f": {traceback.splitlines()[-1].partition(': ')[2]}"
    text = f"{at}  {level:<7}  {place:<24}  {message}  {rest}".rstrip()
    answers.print(clean_text(text), markup=False, soft_wrap=True)
    if line.fields.get("exception"):  # `stack_trace` has the same in parts
        answers.print(
            clean_text(f"    {line.fields['exception']}".replace("\n", "\n    ")), markup=False, soft_wrap=True
        )
