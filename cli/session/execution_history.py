"""What an execution's history says: figures for session.json, spans for the report, the state for the progress line."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents.contracts.session import ErrorRecord, Payload, Timings
from agents.text.causes import readable_cause

#: One event as GetExecutionHistory returns it, its timestamp as ISO 8601 text or as a datetime.
Event = Mapping[str, Any]
_FAILURES = ("executionFailedEventDetails", "executionAbortedEventDetails", "executionTimedOutEventDetails")


@dataclass(frozen=True)
class Span:
    """One stay in a state, in seconds since the execution started."""

    state: str
    start: float
    end: float
    finished: bool

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.end - self.start


@dataclass(frozen=True)
class ExecutionState:
    """The states an execution is in, and what its history says about the session."""

    states: tuple[str, ...] = ()
    session_id: str = ""
    duplicate: bool = False
    planned_batches: int = 0
    #: Whether the scanner has planned; its plan may have no batch.
    planned: bool = False


def moment(event: Event) -> datetime:
    """When the event happened."""
    stamp = event["timestamp"]
    return stamp if isinstance(stamp, datetime) else datetime.fromisoformat(str(stamp))


def spans(events: Sequence[Event]) -> tuple[Span, ...]:
    """Every stay in every state, in order of entering; one that was never left ends with the history."""
    if not events:
        return ()
    start, last = moment(events[0]), moment(events[-1])
    # A state's name occurs in one branch only, so its stays follow each other.
    entered: dict[str, deque[tuple[int, datetime]]] = defaultdict(deque)
    numbered: list[tuple[int, Span]] = []

    def close(state: str, since: tuple[int, datetime], until: datetime, finished: bool) -> None:
        number, begun = since
        ends = (until - start).total_seconds()
        numbered.append((number, Span(state, (begun - start).total_seconds(), ends, finished)))

    for event in events:
        if "stateEnteredEventDetails" in event:
            entered[event["stateEnteredEventDetails"]["name"]].append((int(event["id"]), moment(event)))
        elif "stateExitedEventDetails" in event:
            state = event["stateExitedEventDetails"]["name"]
            if entered[state]:
                close(state, entered[state].popleft(), moment(event), finished=True)
    for state, open_stays in entered.items():
        for since in open_stays:
            close(state, since, last, finished=False)
    return tuple(span for _, span in sorted(numbered, key=lambda pair: pair[0]))


def timings(events: Sequence[Event]) -> Timings:
    """Seconds by state, and of the whole execution."""
    seconds: dict[str, float] = defaultdict(float)
    for span in spans(events):
        seconds[span.state] += span.seconds
    wall = (moment(events[-1]) - moment(events[0])).total_seconds() if events else 0.0
    return Timings(wall_s=round(wall, 3), states={name: round(value, 3) for name, value in seconds.items()})


def payload(events: Iterable[Event]) -> Payload:
    """The largest input or output of any state, and of the execution itself."""
    largest = Payload()
    for event in events:
        name, text = _payload_of(event)
        size = len(text.encode("utf-8", "surrogatepass"))
        if size > largest.max_bytes:
            largest = Payload(max_bytes=size, max_state=name)
    return largest


def _payload_of(event: Event) -> tuple[str, str]:
    if "stateEnteredEventDetails" in event:
        details = event["stateEnteredEventDetails"]
        return str(details["name"]), details.get("input") or ""
    if "stateExitedEventDetails" in event:
        details = event["stateExitedEventDetails"]
        return str(details["name"]), details.get("output") or ""
    if "executionStartedEventDetails" in event:
        return "input of the execution", event["executionStartedEventDetails"].get("input") or ""
    if "executionSucceededEventDetails" in event:
        return "output of the execution", event["executionSucceededEventDetails"].get("output") or ""
    return "", ""


def state_of(events: Iterable[Event]) -> ExecutionState:
    """The states that are being worked on, and what is known of the session."""
    inside: dict[str, int] = defaultdict(int)
    data: dict[str, Any] = {}
    for event in events:
        if "stateEnteredEventDetails" in event:
            inside[event["stateEnteredEventDetails"]["name"]] += 1
        elif "stateExitedEventDetails" in event:
            inside[event["stateExitedEventDetails"]["name"]] -= 1
            data |= _object(event["stateExitedEventDetails"].get("output"))
    session, plan = _part(data, "session"), _part(data, "plan")
    return ExecutionState(
        states=tuple(name for name, count in inside.items() if count > 0),
        session_id=str(session.get("session_id") or data.get("session_id") or ""),
        duplicate="duplicate" in (session.get("opening"), data.get("opening")),
        planned_batches=int(plan.get("batches") or 0),
        planned=bool(plan),
    )


def error(events: Sequence[Event]) -> ErrorRecord | None:
    """Why the execution failed, in its own words; None while it runs, or when it ended well."""
    for event in reversed(events):
        if event["type"] in {"ExecutionSucceeded", "ExecutionRedriven"}:  # what failed before was redriven
            return None
        for field in _FAILURES:
            if field in event:
                details = event[field]
                fallback = "States.Timeout" if "TimedOut" in field else "States.Runtime"
                return ErrorRecord(
                    name=details.get("error") or fallback, cause=readable_cause(details.get("cause") or "")
                )
        if event["type"] in {"ExecutionTimedOut", "ExecutionAborted", "ExecutionFailed"}:
            name = "States.Timeout" if event["type"] == "ExecutionTimedOut" else str(event["type"])
            return ErrorRecord(name=name, cause="")
    return None


def as_json(events: Iterable[Event]) -> str:
    """history.json: the events as they are, datetimes as ISO 8601."""
    return json.dumps({"events": list(events)}, indent=1, default=lambda value: value.isoformat()) + "\n"


def from_json(text: bytes | str) -> list[Event]:
    """The events of a history.json."""
    events: list[Event] = json.loads(text)["events"]
    return events


def _object(text: str | None) -> dict[str, Any]:
    try:
        value = json.loads(text or "null")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _part(parent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = parent.get(name)
    return value if isinstance(value, dict) else {}
