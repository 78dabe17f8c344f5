"""The gate knows every call that our code makes: read off the code, sent by botocore, and named as IAM names it.

What the gate does not know, it refuses under a name that no policy can grant: the first who met such a call was a
person with a key, on a laptop, whose every run failed.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import xform_name
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config

from agents.aws import clients
from local.privileges.calls import Call, calls_of
from local.privileges.gate import _request
from local.privileges.identity import role_of
from tests.local.privileges.test_calls import Around

ROOT = Path(__file__).resolve().parents[3]
DEFINITION = ROOT / "workflow" / "documentation.asl.json"
#: Called by pydantic-ai, with a client of ours.
BY_LIBRARIES = {("bedrock-runtime", "Converse")}
#: The services whose clients agents/aws makes; the client types that its modules name for them.
CLIENT_TYPES = {
    "EventBridgeClient": "events",
    "SFNClient": "stepfunctions",
    "SecretsManagerClient": "secretsmanager",
    "ECSClient": "ecs",
}


@cache
def client_of(service: str) -> Any:
    return boto3.session.Session().client(
        service,  # type: ignore[call-overload]  # a name known only at run time
        region_name="eu-west-1",
        endpoint_url="http://127.0.0.1:9",
        aws_access_key_id="role.agent",
        aws_secret_access_key="secret",
        config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
    )


@cache
def services() -> frozenset[str]:
    """Every service that agents/aws makes a client of."""
    tree = ast.parse(Path(clients.__file__).read_text("utf-8"))
    made = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "boto3.client")
    return frozenset(str(ast.literal_eval(call.args[0])) for call in made)


def operations_of(service: str) -> dict[str, str]:
    """API names by the names of a client's methods."""
    return {xform_name(name): name for name in client_of(service).meta.service_model.operation_names}


def _services_of(text: str) -> set[str]:
    """The services that a module deals with: by the types of its clients, or by the functions that make them."""
    names = set(re.findall(r"\b[A-Za-z0-9]+Client\b", text))
    typed = {CLIENT_TYPES.get(name, name.removesuffix("Client").lower()) for name in names}
    makers = {"dynamodb", "s3", "step_functions", "secrets_manager", "bedrock", "ecs", "sns", "functions"}
    made = {maker for maker in makers if re.search(rf"\b{maker}\(", text)}
    return {"lambda" if name == "functions" else name.replace("_", "") for name in typed | made}


def called_in_code() -> set[tuple[str, str]]:
    """Service and operation of each call in agents/aws."""
    found = set()
    for path in (ROOT / "agents").rglob("*.py"):
        text = path.read_text("utf-8")
        if "/aws/" not in path.as_posix() and "boto3" not in text:
            continue
        known = _services_of(text) & services()
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            first = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else ""
            method = str(first) if node.func.attr in {"get_paginator", "get_waiter"} else node.func.attr
            for service in known:
                if method in operations_of(service):
                    found.add((service, operations_of(service)[method]))
    return found


def _resources(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("Resource"), str):
            yield node["Resource"]
        for value in node.values():
            yield from _resources(value)
    elif isinstance(node, list):
        for value in node:
            yield from _resources(value)


def called_by_the_state_machine() -> set[tuple[str, str]]:
    """Service and operation of each integration."""
    found = set()
    for resource in _resources(json.loads(DEFINITION.read_text("utf-8"))):
        *_, last = resource.partition(":states:::")
        service, operation = last.removeprefix("aws-sdk:").split(":", 1)
        service = {"sfn": "stepfunctions"}.get(service, service)
        method = xform_name(operation.partition(".")[0])
        found.add((service, operations_of(service)[method]))
    return found


EVERY = sorted(called_in_code() | called_by_the_state_machine() | BY_LIBRARIES)


def sample(shape: Any, depth: int = 0) -> Any:
    """A value that botocore takes for a shape: all that it must have, and one of each list."""
    if shape.type_name == "structure":
        # Of an event, the bus as well: it is optional, and what the permission is for.
        optional = [name for place, name in enumerate(shape.members) if place == 0 or name == "EventBusName"]
        members = shape.required_members or (optional if depth else [])
        return {name: sample(shape.members[name], depth + 1) for name in members}
    if shape.type_name == "list":
        return [sample(shape.member, depth + 1)]
    if shape.type_name == "map":
        return {"key": sample(shape.value, depth + 1)}
    text = (getattr(shape, "enum", ()) or ["arn:aws:states:eu-west-1:1:stateMachine:waited-for"])[0]
    values = {"string": text, "integer": 1, "long": 1, "boolean": True, "blob": b"{}", "timestamp": 0, "float": 1.0}
    return values[shape.type_name]


MORE: dict[str, dict[str, Any]] = {
    "Publish": {"TopicArn": "arn:aws:sns:eu-west-1:123456789012:alarms"},
    "SendTaskSuccess": {"taskToken": "waited-for"},
    "SendTaskFailure": {"taskToken": "waited-for"},
    "SendTaskHeartbeat": {"taskToken": "waited-for"},
    "GetObject": {"Bucket": "bucket", "Key": "a/key"},
    "HeadObject": {"Bucket": "bucket", "Key": "a/key"},
    "PutObject": {"Bucket": "bucket", "Key": "a/key"},
    "ListObjectsV2": {"Bucket": "bucket"},
    "ListExecutions": {"stateMachineArn": "arn:aws:states:eu-west-1:1:stateMachine:documentation:2"},
    "Invoke": {"FunctionName": "agent"},
    "StopTask": {"cluster": "swarm", "task": "one"},
    "DescribeTasks": {"cluster": "swarm", "tasks": ["one"]},
    "ListTasks": {"cluster": "swarm"},
    "RunTask": {"cluster": "swarm", "taskDefinition": "agent"},
    "GetSecretValue": {"SecretId": "key"},
    "Converse": {"modelId": "a.model", "messages": []},
}


def asked_by(service: str, operation: str) -> list[Call]:
    """What the gate makes of the request that botocore sends."""
    client = client_of(service)
    sent: list[Any] = []

    def keep(request: Any, **_: Any) -> AWSResponse:
        sent.append(request)
        return AWSResponse(request.url, 200, HTTPHeaders(), _Nothing())

    client.meta.events.register_first("before-send", keep)
    try:
        shape = client.meta.service_model.operation_model(operation).input_shape
        given: dict[str, Any] = {**sample(shape), **dict(MORE.get(operation, {}))}
        try:
            getattr(client, xform_name(operation))(**given)
        except Exception as problem:  # noqa: BLE001  an empty answer is no answer of the service's
            assert sent, problem
    finally:
        client.meta.events.unregister("before-send", keep)
    (request,) = sent
    headers = {name.lower(): v.decode() if isinstance(v, bytes) else str(v) for name, v in request.headers.items()}
    path, _, query = request.url.removeprefix("http://127.0.0.1:9").partition("?")
    body = request.body.encode() if isinstance(request.body, str) else request.body or b""
    return calls_of(
        _request(_signing_name(headers["authorization"]), _environ(request.method, path, query, headers, body)),
        Around(),
    )


class _Nothing:
    """The body of an empty answer."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        """Nothing."""
        return iter(())


def _signing_name(authorization: str) -> str:
    asked = role_of(authorization)
    assert asked is not None
    return asked[1]


def _environ(method: str, path: str, query: str, headers: dict[str, str], body: bytes) -> dict[str, Any]:
    from io import BytesIO
    from urllib.parse import unquote

    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": unquote(path),
        "QUERY_STRING": query,
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": headers.get("content-type", ""),
        "wsgi.input": BytesIO(body),
        "HTTP_X_AMZ_TARGET": headers.get("x-amz-target", ""),
        "HTTP_X_AMZ_COPY_SOURCE": headers.get("x-amz-copy-source", ""),
    }


@cache
def actions() -> frozenset[str]:
    """Every action that IAM knows."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import parliament

    return frozenset(
        f"{service['prefix']}:{privilege['privilege']}"
        for service in parliament.iam_definition
        for privilege in service["privileges"]
    )


@pytest.mark.parametrize(("service", "operation"), EVERY)
def test_the_gate_names_the_action_and_the_resource_of_every_call_of_ours(service: str, operation: str) -> None:
    calls = asked_by(service, operation)

    assert calls
    for call in calls:
        assert call.action in actions()
        assert re.fullmatch(r"arn:aws:[a-z0-9-]+:.*|\*", call.resource), call


def test_no_client_of_ours_is_without_a_call_that_was_found() -> None:
    """A module that calls in a way which is not seen above would go untested."""
    assert services() == {service for service, _ in called_in_code() | BY_LIBRARIES}
    assert ("secretsmanager", "GetSecretValue") in called_in_code()
    assert ("ecs", "RunTask") in called_by_the_state_machine()


def test_a_call_that_the_gate_does_not_know_would_be_found() -> None:
    assert [call.resource for call in asked_by("sns", "ListTopics")] == ["unknown"]
    assert {call.action for call in asked_by("lambda", "ListLayers")}.isdisjoint(actions())
