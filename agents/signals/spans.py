"""Spans in OpenTelemetry's JSON encoding (OTLP): the session, each call of a state in it, each model call in that.

Pure.

The ids of the trace and of its first span are hashes of the session's id, so no state's payload has to carry them.
Format: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding; names of a model call's attributes:
https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from agents.contracts.usage import Usage

Json: TypeAlias = dict[str, Any]
Attributes: TypeAlias = Mapping[str, str | int | float]

#: OTLP's numbers for a span's kind and its status.
_INTERNAL, _CLIENT = 1, 3
_ERROR = 2


@dataclass(frozen=True)
class ModelCall:
    """One request to a model: no text of it. Times are seconds since 1970; `error` is a class name, or empty."""

    role: str
    model: str
    started: float
    ended: float
    usage: Usage
    error: str = ""


@dataclass(frozen=True)
class TraceSpan:
    """One span; times are seconds since 1970, `error` is a class name, or empty."""

    name: str
    span_id: str
    parent_id: str
    started: float
    ended: float
    attributes: Attributes = field(default_factory=dict)
    error: str = ""
    kind: int = _INTERNAL


def trace_id(session_id: str) -> str:
    """The trace of a session: 32 hexadecimal digits."""
    return hashlib.sha256(f"trace {session_id}".encode()).hexdigest()[:32]


def session_span_id(session_id: str) -> str:
    """The span that all others of the session are in: 16 hexadecimal digits."""
    return hashlib.sha256(f"session {session_id}".encode()).hexdigest()[:16]


def context_attributes(context: Mapping[str, str | int]) -> Attributes:
    """What identifies a call of a state, as a span's attributes."""
    return {f"swarm.{field}": value for field, value in context.items()}


def session_span(closing: TraceSpan, status: str, opened_at: float) -> TraceSpan:
    """The whole session, from its opening to its end; its context is that of the call that closed it."""
    error = status if status == "FAILED" else ""
    attributes = {**closing.attributes, "status": status}
    return TraceSpan("session", closing.parent_id, "", opened_at, closing.ended, attributes, error)


def state_spans(state: TraceSpan, calls: Iterable[ModelCall], new_id: Callable[[], str]) -> Iterator[TraceSpan]:
    """A call of a state, then its model calls, which have its context."""
    yield state
    for call in calls:
        usage = call.usage
        attributes: dict[str, str | int | float] = {
            **state.attributes,
            "gen_ai.operation.name": "chat",
            "gen_ai.request.model": call.model,
            "gen_ai.usage.input_tokens": usage.input_tokens,
            "gen_ai.usage.output_tokens": usage.output_tokens,
            "swarm.role": call.role,
            "swarm.cached_tokens": usage.cached_tokens,
            "swarm.usd": usage.usd,
        }
        name = f"chat {call.model}"
        yield TraceSpan(name, new_id(), state.span_id, call.started, call.ended, attributes, call.error, _CLIENT)


def export_request(session_id: str, environment: str, release: str, spans: Iterable[TraceSpan]) -> Json:
    """OTLP's ExportTraceServiceRequest with the spans of one session."""
    resource = {
        "service.name": "serverless-swarm",
        "service.version": release,
        "deployment.environment.name": environment,
    }
    encoded = [_encoded(span, trace_id(session_id)) for span in spans]
    scope = {"scope": {"name": "agents.signals"}, "spans": encoded}
    return {"resourceSpans": [{"resource": {"attributes": _attributes(resource)}, "scopeSpans": [scope]}]}


def _encoded(span: TraceSpan, trace: str) -> Json:
    status: Json = {"code": _ERROR, "message": span.error} if span.error else {}
    return {
        "traceId": trace,
        "spanId": span.span_id,
        "parentSpanId": span.parent_id,
        "name": span.name,
        "kind": span.kind,
        "startTimeUnixNano": str(int(span.started * 1e9)),
        "endTimeUnixNano": str(int(span.ended * 1e9)),
        "attributes": _attributes(span.attributes),
        "status": status,
    }


def _attributes(values: Attributes) -> list[Json]:
    return [{"key": name, "value": _value(value)} for name, value in values.items() if value != ""]


def _value(value: str | float) -> Json:
    if isinstance(value, str):
        return {"stringValue": value}
    return {"intValue": str(value)} if isinstance(value, int) else {"doubleValue": value}
