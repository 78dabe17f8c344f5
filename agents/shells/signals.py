"""What both shells write about a call of a state: the fields of its log lines, its metrics, its spans."""

from __future__ import annotations

import json
import os
import secrets
import threading
import time
import urllib.request
from collections.abc import Mapping, Sequence
from http.client import HTTPException
from pathlib import Path
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics

from agents.contracts.reaping import ReapOutput
from agents.contracts.states import CloseSessionOutput
from agents.errors import ModelThrottled, StoreThrottled
from agents.settings import TRACE_FOLDER_VARIABLE, AgentSettings
from agents.signals import model_calls
from agents.signals.names import CONTEXT_FIELDS, METRICS, NAMESPACE
from agents.signals.spans import (
    ModelCall,
    TraceSpan,
    context_attributes,
    export_request,
    session_span,
    session_span_id,
    state_spans,
)

#: A collector that does not answer in this time gets no spans of this call: a session never waits for it.
EXPORT_SECONDS = 2.0

logger = Logger(service="swarm", child=True)


class StateCall:
    """One call of a state, from its first log line to its last."""

    def __init__(self, context: Mapping[str, object]) -> None:
        self._settings: AgentSettings | None = None
        self._context: dict[str, Any] = {}
        self._started = time.time()
        self._ending, self._ended = threading.Lock(), False
        model_calls.take()
        logger.remove_keys(CONTEXT_FIELDS)  # of this process's last call
        self.add(**context)

    def begin(self, settings: AgentSettings, state: str, request_id: str = "") -> None:
        """Name the state; before this there are log lines only. `request_id` is Lambda's own of this call.

        Of a process that is killed this line is the last one: it leads to what Lambda or ECS wrote about the end.
        """
        self._settings = settings
        self.add(state=state, release=settings.release)
        if "session_id" in self._context:
            logger.info("state begun", extra={"function_request_id": request_id} if request_id else None)

    def add(self, **context: object) -> None:
        """Name more of what identifies this call; empty values say nothing."""
        self._context |= {name: context[name] for name in CONTEXT_FIELDS if context.get(name, "") != ""}
        logger.append_keys(**self._context)

    @property
    def seconds(self) -> float:
        """Since the call began."""
        return round(time.time() - self._started, 3)

    def end(self, output: object = None, error: Exception | None = None) -> None:
        """Write metrics and spans, once. What goes wrong here is logged and changes nothing for the session.

        From any thread: one that ends the process waits here until another has written them.
        """
        with self._ending:
            if self._settings is None or self._ended:
                return
            self._ended = True
            try:
                calls = model_calls.take()
                self._write_metrics(self._settings.environment, calls, output, error)
                self._write_spans(self._settings, calls, output, error)
            except Exception:  # a session does not fail for what an operator would have seen of it
                logger.exception("signals could not be written")

    def fail(self, error: Exception) -> None:
        """The end of a call whose process is ended from beside its work: its last log line, metrics and spans."""
        logger.error("state failed", error=type(error).__name__, exc_info=error)
        self.end(error=error)

    def _write_metrics(
        self, environment: str, calls: Sequence[ModelCall], output: object, error: Exception | None
    ) -> None:
        failed = {"StateFailures": 1.0} if error else {}
        throttled = {"Throttles": 1.0} if isinstance(error, ModelThrottled | StoreThrottled) else {}
        self._write(
            {"StateSeconds": self.seconds, **failed}, environment=environment, state=str(self._context["state"])
        )
        self._write({**throttled, **figures_of(output)}, environment=environment)
        for model in sorted({call.model for call in calls}):
            usage = [call.usage for call in calls if call.model == model]
            requests = {
                "ModelRequests": float(sum(each.requests for each in usage)),
                "InputTokens": float(sum(each.input_tokens for each in usage)),
                "OutputTokens": float(sum(each.output_tokens for each in usage)),
            }
            self._write(requests, environment=environment, model=model)
            self._write({"SpentUsd": sum(each.usd for each in usage)}, environment=environment, model=model)

    def _write(self, figures: Mapping[str, float], **dimensions: str) -> None:
        """One line in CloudWatch's embedded metric format; all its metrics have the same dimensions."""
        if not figures:
            return
        metrics = EphemeralMetrics(namespace=NAMESPACE)
        first, *others = METRICS[next(iter(figures))].dimensions
        for name in first:
            metrics.add_dimension(name, dimensions[name])
        for each in others:
            metrics.add_dimensions(**{name: dimensions[name] for name in each})
        for name, value in self._context.items():
            if name not in dimensions:
                metrics.add_metadata(name, value)
        for name, figure in figures.items():
            metrics.add_metric(name, METRICS[name].unit, figure)
        metrics.flush_metrics()

    def _write_spans(
        self, settings: AgentSettings, calls: Sequence[ModelCall], output: object, error: Exception | None
    ) -> None:
        session_id, folder = str(self._context.get("session_id", "")), os.environ.get(TRACE_FOLDER_VARIABLE, "")
        if not session_id or not (settings.trace_endpoint or folder):
            return
        ended, name = time.time(), str(self._context["state"])
        problem, attributes = type(error).__name__ if error else "", context_attributes(self._context)
        own = TraceSpan(name, _new_id(), session_span_id(session_id), self._started, ended, attributes, problem)
        spans = list(state_spans(own, calls, _new_id))
        if isinstance(output, CloseSessionOutput):
            spans.append(session_span(own, output.status, output.opened_at or self._started))
        body = json.dumps(export_request(session_id, settings.environment, settings.release, spans)).encode()
        if folder:
            _append(Path(folder, f"{session_id}.jsonl"), body)
        if settings.trace_endpoint:
            _post(settings.trace_endpoint, body)


def figures_of(output: object) -> dict[str, float]:
    """Metrics of the environment that a state's result says; a zero says nothing, and costs nothing."""
    if isinstance(output, CloseSessionOutput):
        files = max(output.files_total, 1)
        return {"GapPercent": 100 * output.gaps / files, "DroppedClaimsPerFile": output.dropped_claims / files}
    if isinstance(output, ReapOutput):
        figures = {
            "OrphanTasks": float(output.tasks),
            "OldestSessionSeconds": output.oldest_session_seconds,
            "ApprovalWaitSeconds": output.approval_wait_seconds,
        }
        return {name: figure for name, figure in figures.items() if figure}
    return {}


def _append(path: Path, line: bytes) -> None:
    # One write: several processes append to the file.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "wb", buffering=0) as file:
        file.write(line + b"\n")


def _post(endpoint: str, body: bytes) -> None:
    request = urllib.request.Request(endpoint, body, {"Content-Type": "application/json"})  # noqa: S310 (a setting whose pattern allows HTTPS, and this machine)
    try:
        with urllib.request.urlopen(request, timeout=EXPORT_SECONDS):  # noqa: S310 (as above)
            pass
    except (OSError, HTTPException) as error:
        logger.warning("the trace collector did not take the spans", error=type(error).__name__)


def _new_id() -> str:
    return secrets.token_hex(8)
