"""What Bedrock refuses of a request, a batch inference job and its records: the stubs refuse the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import botocore.session
from botocore.exceptions import ParamValidationError
from botocore.validate import ParamValidator

from agents.bedrock import caches_for_an_hour, takes_tier
from bench.stub_http import Json
from local.moto import request_shapes


def shape_problem(service: str, operation: str, params: Json) -> str:
    """What AWS's API model of an operation does not allow of these parameters; empty if nothing."""
    model = botocore.session.get_session().get_service_model(service).operation_model(operation)
    assert model.input_shape is not None
    report = ParamValidator().validate(params, model.input_shape)
    if report.has_errors():
        return str(report.generate_report())
    try:
        request_shapes.check(params, model)
    except ParamValidationError as error:
        return str(error)
    return ""


def converse_problem(model: str, request: Json) -> str:
    """What of a Converse request the API or the model does not take; empty if nothing."""
    if not request.get("messages"):
        return "messages: a conversation has one message or more"
    problem = shape_problem("bedrock-runtime", "Converse", {**request, "modelId": model})
    if problem:
        return problem
    tier = request.get("serviceTier", {}).get("type", "default")
    if not takes_tier(f"bedrock:{model}", tier):
        return f"the model has no service tier {tier}"
    lifetimes = [point.get("ttl", "5m") for point in _cache_points(request)]
    if "1h" in lifetimes and not caches_for_an_hour(f"bedrock:{model}"):
        return "the model's cache points live five minutes"
    if "1h" in lifetimes[len([lifetime for lifetime in lifetimes if lifetime == "1h"]) :]:
        return "a cache point of an hour comes after one of five minutes"
    return ""


def _cache_points(request: Json) -> Iterator[Json]:
    """In the order in which Bedrock reads them: tools, system, messages."""
    blocks = [
        *request.get("toolConfig", {}).get("tools", []),
        *request.get("system", []),
        *(block for message in request["messages"] for block in message["content"]),
    ]
    yield from (block["cachePoint"] for block in blocks if "cachePoint" in block)


def job_problem(lines: Sequence[Json], least: int) -> str:
    """Why a job of these records fails as a whole; empty if it does not."""
    if len(lines) < least:
        return f"{len(lines)} records are fewer than a job takes"
    if not all(line.get("recordId") for line in lines):
        # AWS gives such a record an id of its own, and nobody could say which file its answer is about.
        return "a record has no recordId"
    return ""


def record_problem(job: Mapping[str, Json | str], request: Json) -> str:
    """Why a record of a job fails; empty if it does not. Only records in the form of Converse are answered."""
    if job.get("modelInvocationType", "InvokeModel") != "Converse":
        return "the stub answers no body of InvokeModel"
    if "toolConfig" in request:
        return "batch inference does not support tool calling in records of the Converse type"
    return converse_problem(str(job["modelId"]), request)
