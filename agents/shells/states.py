"""Turns an event or a pointer into a state's request, and runs the role's code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from agents.aws.models import load_model
from agents.aws.wiring import in_session
from agents.contracts.base import Contract, build_validators
from agents.contracts.snapshot import Route
from agents.ports import Ports
from agents.roster import ROSTER
from agents.settings import AgentSettings

JsonObject: TypeAlias = dict[str, Any]
Pause: TypeAlias = Callable[[], None]

#: The event's key by which a state that shares another one's function names itself.
STATE_KEY = "state"
#: The event's key under which the state machine names the execution and the attempt, for logs, metrics and spans.
RUN_KEY = "run"


def state_of_event(event: JsonObject, own_state: str) -> str:
    """The state that an event is for: the function's own, or one that shares the function and names itself."""
    row = ROSTER.get(str(event.get(STATE_KEY)))
    return row.state if row is not None and row.shares == own_state else own_state


def request_of_event(state: str, event: JsonObject) -> Contract:
    """A function's event as its state's contract."""
    return ROSTER[state].request.model_validate(
        {key: value for key, value in event.items() if key not in {STATE_KEY, RUN_KEY}}
    )


def context_of_event(event: JsonObject) -> JsonObject:
    """What an event says of the call that it is: session, batch, execution, and which attempt, from 1."""
    run = event.get(RUN_KEY)
    run = run if isinstance(run, dict) else {}
    context = {name: event.get(name, "") for name in ("session_id", "batch_id")}
    if "execution" in run:
        context |= {"execution": run["execution"], "attempt": int(run.get("retries", 0)) + 1}
    return context


def fields_of_pointer(state: str, pointer: str) -> JsonObject:
    """What a task's pointer says: the fields of its state's contract, in their order, with slashes between them."""
    return dict(zip(ROSTER[state].request.model_fields, pointer.split("/"), strict=False))


def request_of_pointer(state: str, pointer: str) -> Contract:
    """A task's request as its state's contract, such as `session_id/batch_id`; a route is always Fargate."""
    fields = fields_of_pointer(state, pointer)
    if "route" in ROSTER[state].request.model_fields:
        fields["route"] = Route.FARGATE
    return ROSTER[state].request.model_validate(fields)


def load(settings: AgentSettings) -> None:
    """Import and build what the state needs, before its first call."""
    row = ROSTER[settings.state]
    row.load()
    build_validators()
    if row.model_role:
        load_model(settings.model_of(row.model_role))


def run_state(state: str, request: Contract, ports: Ports, settings: AgentSettings, pause: Pause) -> Contract:
    """Run the role's code. Only AnalyseBatch takes a pause hook: it can stop between two files."""
    run = ROSTER[state].load()
    ports = in_session(ports, session_of(request))
    if state == "AnalyseBatch":
        return run(request, ports, settings, pause)
    return run(request, ports, settings)


def session_of(request: Contract) -> str:
    """The session a request is about; OpenSession's has none yet."""
    return str(getattr(request, "session_id", ""))
