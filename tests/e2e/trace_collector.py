"""A collector of traces on 127.0.0.1: it takes OTLP over HTTP in JSON as the protocol defines it, and nothing else.

Rules: https://opentelemetry.io/docs/specs/otlp/#otlphttp-request, and for JSON, whose ids are hexadecimal where
Protobuf's own are base64, https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

import pytest
from google.protobuf.json_format import ParseDict, ParseError  # type: ignore[import-untyped]  # it has no types
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from agents.contracts.session import SessionRecord
from agents.signals.names import CONTEXT_FIELDS
from tests.e2e.signals import missing_fields

_IDS = {"traceId": 16, "spanId": 8, "parentSpanId": 8}


@dataclass
class TraceCollector:
    """Serves while it is entered; `refused` are the reasons of the requests that it did not take."""

    texts: list[str] = field(default_factory=list)
    requests: list[Any] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        collector = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                status = collector.take(self.path, str(self.headers.get("Content-Type")), text)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: object) -> None:
                """Tests read `requests`."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1/traces"

    def take(self, path: str, content_type: str, text: str) -> int:
        """The status of one request."""
        if (path, content_type) != ("/v1/traces", "application/json"):
            self.refused.append(f"{path} {content_type}")
            return 404
        try:
            request = ParseDict(_with_bytes(json.loads(text)), ExportTraceServiceRequest())
        except (ParseError, ValueError) as error:
            self.refused.append(str(error))
            return 400
        self.texts.append(text)
        self.requests.append(request)
        return 200

    def spans(self, session_id: str) -> list[Any]:
        """Every span of a session, as Protobuf's message."""
        spans = [
            span
            for request in list(self.requests)
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]
        roots = {span.trace_id for span in spans if attributes(span).get("swarm.session_id") == session_id}
        return [span for span in spans if span.trace_id in roots]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def attributes(span: Any) -> dict[str, str | int | float]:
    """A span's attributes as Python's values."""
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in span.attributes}


def check_one_trace(collector: TraceCollector, session: SessionRecord, states: set[str]) -> None:
    """The session's spans are one tree: session, states, model calls, and those add up to what the session paid."""
    spans = collector.spans(session.session_id)
    assert collector.refused == []
    assert len({span.trace_id for span in spans}) == 1
    assert len({span.span_id for span in spans}) == len(spans)
    (root,) = (span for span in spans if not span.parent_span_id)
    assert root.name == "session"
    of_states = [span for span in spans if span.parent_span_id == root.span_id]
    assert {span.name for span in of_states} >= states
    assert {attributes(span)["swarm.release"] for span in spans} == {session.release}
    assert [f"{span.name}: without {lacks}" for span in spans if (lacks := missing_fields(_context(span)))] == []
    by_id = {state.span_id: _context(state) for state in of_states}
    calls = [span for span in spans if span.parent_span_id in by_id]
    assert [call.name for call in calls if _context(call) != by_id[call.parent_span_id]] == []
    assert len(spans) == 1 + len(of_states) + len(calls)
    assert all(span.start_time_unix_nano <= span.end_time_unix_nano for span in spans)
    # OpenSession writes down when the session opened, in whole seconds: it may itself have begun in the second before.
    later = [span for span in spans if span.name != "OpenSession"]
    assert all(root.start_time_unix_nano <= span.start_time_unix_nano for span in later)
    usage = session.usage
    assert len(calls) == usage.requests > 0
    paid = [attributes(call) for call in calls]
    assert sum(int(call["gen_ai.usage.input_tokens"]) for call in paid) == usage.input_tokens > 0
    assert sum(int(call["gen_ai.usage.output_tokens"]) for call in paid) == usage.output_tokens
    assert sum(float(call["swarm.usd"]) for call in paid) == pytest.approx(usage.usd)
    assert usage.usd > 0
    assert {str(call["swarm.role"]) for call in paid} >= {"analyst", "critic"}


def _context(span: Any) -> dict[str, str | int | float]:
    values = attributes(span)
    return {name: values[f"swarm.{name}"] for name in CONTEXT_FIELDS if f"swarm.{name}" in values}


def _with_bytes(value: Any) -> Any:
    """The same with ids as Protobuf's JSON has bytes. Raises ValueError for an id of another length."""
    if isinstance(value, list):
        return [_with_bytes(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    return dict(_fields(value))


def _fields(value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, inner in value.items():
        if name not in _IDS:
            yield name, _with_bytes(inner)
        elif inner:  # the first span has no parent
            raw = bytes.fromhex(inner)
            if len(raw) != _IDS[name]:
                raise ValueError(f"{name} has {len(raw)} bytes")
            yield name, base64.b64encode(raw).decode()
