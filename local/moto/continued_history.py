"""The history of a redriven execution: what was goes on, and a state that goes on is not entered a second time.

As recorded on AWS: `ExecutionRedriven` follows the event of the end; the state that had not succeeded goes on behind
its first `…StateEntered`, and neither it nor what started in it (branches, a map run) is announced again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from moto.stepfunctions.parser.api import ExecutionRedrivenEventDetails, HistoryEventType, MapRunRedrivenEventDetails
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventHistoryContext, EventManager

_ENDS = frozenset({"ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut"})
_STARTS = frozenset({"MapStateStarted", "ParallelStateStarted"})


@dataclass(frozen=True)
class EnteredState:
    """A state that was entered, the event of that, and its output if it was left again."""

    state: str
    event: int
    kind: str
    given: Any
    left: bool
    output: Any = None


class ContinuedHistory(EventManager):  # type: ignore[misc]  # moto is not followed
    """Continues `events`; `top` names the states of the state machine itself, without those of branches and maps."""

    def __init__(self, events: list[Mapping[str, Any]], top: Iterable[str], redrive_count: int) -> None:
        super().__init__()
        self._history_event_list.extend(events)
        self._event_id_gen._next_id = len(events) + 1
        self._redrive_count = redrive_count
        self._places = _places(events, set(top))
        self._announced = {place.state: place.event for place in self._places.values() if not place.left}
        self._map_runs = {event["mapRunStartedEventDetails"]["mapRunArn"] for event in events if _starts_map_run(event)}
        last = EventHistoryContext(previous_event_id=len(events))
        if events and events[-1]["type"] not in _ENDS:  # its thread is still busy, and writes into the old history
            self.add_event(last, HistoryEventType.ExecutionTimedOut)
        details = ExecutionRedrivenEventDetails(redriveCount=redrive_count)
        self.add_event(last, HistoryEventType.ExecutionRedriven, EventDetails(executionRedrivenEventDetails=details))

    @property
    def entered(self) -> EnteredState | None:
        """The state of the state machine itself that goes on; None where none was entered."""
        return next(iter(self._places.values()), None)

    @property
    def map_run(self) -> str:
        """The ARN of the map run that goes on; empty where there is none."""
        entered = self.entered
        if entered is None or entered.kind != "MapStateEntered":
            return ""
        later = self._history_event_list[entered.event :]
        arns = [event["mapRunStartedEventDetails"]["mapRunArn"] for event in later if _starts_map_run(event)]
        return str(arns[-1]) if arns else ""

    def take_place(self, states: Iterable[str]) -> EnteredState | None:
        """Where a (sub)machine of these states goes on, once: in a later round it starts at its beginning."""
        for state in states:
            if state in self._places:
                return self._places.pop(state)
        return None

    def add_event(
        self,
        context: EventHistoryContext,
        event_type: HistoryEventType,
        event_details: EventDetails | None = None,
        **rest: Any,
    ) -> int:
        """Add the event, unless it says again what is in the history already."""
        kind, details = str(event_type.value), event_details or {}
        if kind.endswith("StateEntered"):
            number = self._announced.pop(details["stateEnteredEventDetails"]["name"], 0)
            if number:
                context.source_event_id = context.last_published_event_id = number
                return number
        if kind in _STARTS and self._has_started(kind, context.source_event_id):
            return int(context.source_event_id)
        if kind == "MapRunStarted" and details["mapRunStartedEventDetails"]["mapRunArn"] in self._map_runs:
            redriven = MapRunRedrivenEventDetails(
                mapRunArn=details["mapRunStartedEventDetails"]["mapRunArn"], redriveCount=self._redrive_count
            )
            event_type, event_details = (
                HistoryEventType.MapRunRedriven,
                EventDetails(mapRunRedrivenEventDetails=redriven),
            )
        return int(super().add_event(context, event_type, event_details, **rest))

    def _has_started(self, kind: str, entered: int) -> bool:
        return any(each["type"] == kind and each["previousEventId"] == entered for each in self.get_event_history())


def _starts_map_run(event: Mapping[str, Any]) -> bool:
    return "mapRunStartedEventDetails" in event


def _places(events: list[Mapping[str, Any]], top: set[str]) -> dict[str, EnteredState]:
    """The last state entered of the state machine itself, first, and those that were entered inside of it.

    What an inline map has entered is left out: its iterations share the names of their states, and run again.
    """
    entered = [event for event in events if "stateEnteredEventDetails" in event]
    of_top = [event for event in entered if event["stateEnteredEventDetails"]["name"] in top]
    if not of_top:
        return {}
    first = of_top[-1]
    later = [event for event in events if event["id"] > first["id"]]
    iterates = any(event["type"] == "MapIterationStarted" for event in later)
    left = {event["stateExitedEventDetails"]["name"]: event for event in later if "stateExitedEventDetails" in event}
    inside = [] if iterates else [event for event in later if "stateEnteredEventDetails" in event]
    return {place.state: place for place in (_place(event, left) for event in [first, *inside])}


def _place(event: Mapping[str, Any], left: Mapping[str, Mapping[str, Any]]) -> EnteredState:
    details = event["stateEnteredEventDetails"]
    state, given = str(details["name"]), json.loads(details["input"])
    exit_ = left.get(state)
    if exit_ is None or exit_["id"] < event["id"]:
        return EnteredState(state, event["id"], HistoryEventType(event["type"]).value, given, left=False)
    output = json.loads(exit_["stateExitedEventDetails"]["output"])
    return EnteredState(state, event["id"], HistoryEventType(event["type"]).value, given, left=True, output=output)
