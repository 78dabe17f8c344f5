"""Which code serves which state. A role's code is imported when its state runs: no function needs all of it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final, TypeAlias

from agents.aws.models import load_model
from agents.aws.wiring import in_session
from agents.contracts import batch_inference, states
from agents.contracts.base import Contract, build_validators
from agents.contracts.reaping import ReapInput, ReportTaskEndInput
from agents.contracts.snapshot import Route
from agents.ports import Ports
from agents.settings import MODEL_STATES, AgentSettings, StateName

JsonObject: TypeAlias = dict[str, Any]
Pause: TypeAlias = Callable[[], None]

_ROLES: Final[dict[StateName, tuple[str, type[Contract]]]] = {
    "OpenSession": ("intake", states.OpenSessionInput),
    "Scan": ("scanner", states.ScanInput),
    "SubmitBatchInference": ("batch_inference", batch_inference.SubmitBatchInferenceInput),
    "CheckBatchInference": ("batch_inference", batch_inference.CheckBatchInferenceInput),
    "CollectBatchInference": ("batch_inference", batch_inference.CollectBatchInferenceInput),
    "AnalyseBatch": ("analyst", states.AnalyseBatchInput),
    "SecurityAgent": ("security", states.SecurityAgentInput),
    "PerformanceAgent": ("performance", states.PerformanceAgentInput),
    "Synthesize": ("synthesizer", states.SynthesizeInput),
    "Edit": ("editor", states.EditInput),
    "Critique": ("critic", states.CritiqueInput),
    "Publish": ("publisher", states.PublishInput),
    "CloseSession": ("closer", states.CloseSessionInput),
    "Reap": ("reaper", ReapInput),
    "ReportTaskEnd": ("coroner", ReportTaskEndInput),
}

#: One role, three states: a job is submitted, looked at and collected.
_RUNS: Final[dict[StateName, str]] = {
    "SubmitBatchInference": "submit",
    "CheckBatchInference": "check",
    "CollectBatchInference": "collect",
}


def request_of_event(state: StateName, event: JsonObject) -> Contract:
    """A function's event as its state's contract.

    FailSession calls CloseSession's function with an error, WarmPromptCache the analyst's without a batch.
    """
    contract = _ROLES[state][1]
    if state == "CloseSession" and "error" in event:
        contract = states.FailSessionInput
    elif state == "AnalyseBatch" and "batch_id" not in event:
        contract = states.WarmPromptCacheInput
    return contract.model_validate(event)


def request_of_pointer(state: StateName, pointer: str) -> Contract:
    """A task's request as its state's contract: `session_id`, or `session_id/batch_id`, always on Fargate."""
    session_id, slash, batch_id = pointer.partition("/")
    fields: JsonObject = {"session_id": session_id}
    if slash:
        fields |= {"batch_id": batch_id, "route": Route.FARGATE}
    return _ROLES[state][1].model_validate(fields)


def load(settings: AgentSettings) -> None:
    """Import and build ahead of the first call what the state's calls will."""
    role, _ = _ROLES[settings.state]
    import_module(f"agents.{role}.run")
    build_validators()
    if settings.state in MODEL_STATES:
        load_model(settings.model_of(role))


def run_state(request: Contract, ports: Ports, settings: AgentSettings, pause: Pause) -> Contract:
    """Run the role's code. Only the analyst stops between files: the others' work is one piece."""
    role, _ = _ROLES[settings.state]
    ports = in_session(ports, session_of(request))
    run: Callable[..., Contract] = getattr(import_module(f"agents.{role}.run"), _RUNS.get(settings.state, "run"))
    if settings.state == "AnalyseBatch":
        return run(request, ports, settings, pause)
    return run(request, ports, settings)


def session_of(request: Contract) -> str:
    """The session a request is about; OpenSession's has none yet."""
    return str(getattr(request, "session_id", ""))
