"""What one request asks of IAM: the actions, the resources they are about, and what conditions may look at.

One request may need several permissions: RunTask passes two roles on, an encrypted object's key is used. Actions are
IAM's, which are not always the API's: HeadObject is `s3:GetObject`. What is not known here comes out as an action that
no policy grants, and is so refused by name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Call:
    """One action on one resource; `context` is what conditions see."""

    action: str
    resource: str
    context: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Request:
    """A signed request, its path decoded; `target` is the header X-Amz-Target, `body` that of JSON services."""

    service: str
    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    target: str = ""
    body: bytes = b""
    copies: str = ""


class Surroundings(Protocol):
    """What a request does not say and IAM looks at."""

    @property
    def region(self) -> str:
        """The region of everything."""

    @property
    def account(self) -> str:
        """The account's number."""

    def task_roles(self, task_definition: str) -> Sequence[str]:
        """The roles that running a task hands on."""

    def bucket_key(self, bucket: str) -> str:
        """The ARN of the KMS key that encrypts a bucket by default; empty for AWS's own."""

    def secret_arn(self, name: str) -> str:
        """A secret's ARN, which ends in six letters of Secrets Manager's own; those are `??????` of none there is."""

    def machine_of_token(self, token: str) -> str:
        """The ARN of the state machine that waits for a task token; empty when none does."""


def calls_of(request: Request, around: Surroundings) -> list[Call]:
    """Everything that the request needs to be allowed, in the order in which AWS would refuse it."""
    if request.service == "s3":
        return _object_calls(request, around)
    if request.service == "lambda":
        return _function_calls(request, around)
    if request.service == "bedrock":
        return _model_calls(request, around)
    if request.service == "sns":
        return _topic_calls(request)
    operation = request.target.rpartition(".")[2]
    named = _BY_TARGET.get(request.service)
    if named is None or not operation:
        return [Call(f"{request.service}:{operation or f'{request.method} {request.path}'}", "unknown")]
    body: Body = json.loads(request.body or b"{}")
    return named(operation, body, around)


def missing_object(request: Request) -> Call | None:
    """The permission with which a reader of a missing object gets a 404 and not a 403."""
    bucket, key = _bucket_and_key(request)
    if request.service != "s3" or request.method not in {"GET", "HEAD"} or not key:
        return None
    return Call("s3:ListBucket", f"arn:aws:s3:::{bucket}", (("s3:prefix", key),))


def _bucket_and_key(request: Request) -> tuple[str, str]:
    bucket, _, key = request.path.lstrip("/").partition("/")
    return bucket, key


def _object_calls(request: Request, around: Surroundings) -> list[Call]:
    bucket, key = _bucket_and_key(request)
    arn = f"arn:aws:s3:::{bucket}"
    if not key:
        listing = request.method in {"GET", "HEAD"} and not set(request.query) - _LISTING
        context = (("s3:prefix", request.query.get("prefix", "")),)
        return [Call("s3:ListBucket", arn, context) if listing else Call(f"s3:{request.method} bucket", arn)]
    action, cipher = _object_action(request)
    calls = [Call(action, f"{arn}/{key}")]
    if request.copies:
        source = unquote(request.copies).lstrip("/").partition("?")[0]
        calls.append(Call("s3:GetObject", f"arn:aws:s3:::{source}"))
    encrypts = around.bucket_key(bucket) if cipher else ""
    return [*calls, Call(cipher, encrypts)] if encrypts else calls


_LISTING = frozenset(
    {
        "list-type",
        "prefix",
        "delimiter",
        "max-keys",
        "continuation-token",
        "start-after",
        "encoding-type",
        "fetch-owner",
    }
)
_DECRYPT, _ENCRYPT = "kms:Decrypt", "kms:GenerateDataKey"


def _object_action(request: Request) -> tuple[str, str]:
    """The action on an object, and that on the bucket's key."""
    query, method = request.query, request.method
    if "uploadId" in query and method in {"GET", "DELETE"}:
        return ("s3:ListMultipartUploadParts" if method == "GET" else "s3:AbortMultipartUpload"), ""
    if method in {"GET", "HEAD"} and not set(query) - {"versionId", "partNumber", "x-id"}:
        return ("s3:GetObjectVersion" if "versionId" in query else "s3:GetObject"), _DECRYPT
    if method == "PUT" and not set(query) - {"partNumber", "uploadId", "x-id"}:
        return "s3:PutObject", _ENCRYPT
    if method == "POST" and ("uploads" in query or "uploadId" in query):
        return "s3:PutObject", _ENCRYPT
    if method == "DELETE" and not set(query) - {"versionId", "x-id"}:
        return ("s3:DeleteObjectVersion" if "versionId" in query else "s3:DeleteObject"), ""
    return f"s3:{method} object {'&'.join(sorted(query))}", ""


def _function_calls(request: Request, around: Surroundings) -> list[Call]:
    version, kind, name, what = [*request.path.strip("/").split("/"), "", "", "", ""][:4]
    action = _OF_FUNCTIONS.get((request.method, what)) if kind == "functions" else None
    if action is None:
        return [Call(f"lambda:{request.method} {version}/{kind}", name)]
    function = name if name.startswith("arn:") else _arn("lambda", f"function:{name}", around)
    qualifier = request.query.get("Qualifier", "")
    return [Call(f"lambda:{action}", f"{function}:{qualifier}" if qualifier else function)]


_OF_FUNCTIONS = {
    ("POST", "invocations"): "InvokeFunction",
    ("GET", "configuration"): "GetFunctionConfiguration",
    ("GET", "versions"): "ListVersionsByFunction",
    ("PUT", "aliases"): "UpdateAlias",
}


def _topic_calls(request: Request) -> list[Call]:
    """SNS has AWS's query protocol: the operation and its parameters are a form."""
    form = dict(parse_qsl(request.body.decode("utf-8", "replace")))
    return [Call(f"sns:{form.get('Action', '')}", form.get("TopicArn") or "unknown")]


def _model_calls(request: Request, around: Surroundings) -> list[Call]:
    kind, name, what = [*request.path.strip("/").split("/", 2), "", ""][:3]
    if kind in {"model-invocation-job", "model-invocation-jobs"}:
        return _job_calls(request, around)
    action = {"converse": "InvokeModel", "invoke": "InvokeModel", "count-tokens": "CountTokens"}.get(what, "")
    if kind != "model" or not action:
        return [Call(f"bedrock:{request.method} {kind}/{what}", name)]
    model = name if name.startswith("arn:") else f"arn:aws:bedrock:{around.region}::foundation-model/{name}"
    return [Call(f"bedrock:{action}", model)]


def _job_calls(request: Request, around: Surroundings) -> list[Call]:
    """Batch inference jobs; a job's ARN is in the path, and holds a slash."""
    job = request.path.strip("/").partition("/")[2]
    every = _arn("bedrock", "model-invocation-job/*", around)
    if not job:
        if request.method != "POST":
            return [Call("bedrock:ListModelInvocationJobs", "*")]
        body: Body = json.loads(request.body or b"{}")
        model = str(body.get("modelId", ""))
        model = model if model.startswith("arn:") else f"arn:aws:bedrock:{around.region}::foundation-model/{model}"
        passed = (("iam:PassedToService", "bedrock.amazonaws.com"),)
        create = [Call("bedrock:CreateModelInvocationJob", resource) for resource in (every, model)]
        return [*create, Call("iam:PassRole", str(body.get("roleArn", "")), passed)]
    if request.method == "POST" and job.endswith("/stop"):
        return [Call("bedrock:StopModelInvocationJob", _job_arn(job.removesuffix("/stop"), around))]
    return [Call("bedrock:GetModelInvocationJob", _job_arn(job, around))]


def _job_arn(job: str, around: Surroundings) -> str:
    return job if job.startswith("arn:") else _arn("bedrock", f"model-invocation-job/{job}", around)


_TRANSACTION_PARTS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}


def _table_calls(operation: str, body: Body, around: Surroundings) -> list[Call]:
    if operation == "TransactWriteItems":  # IAM knows no such action: each part needs its own
        parts = [part for item in body.get("TransactItems", []) for part in item.items()]
        recognised = parts and all(kind in _TRANSACTION_PARTS for kind, _ in parts)
        if not recognised:
            return [Call("dynamodb:TransactWriteItems of unknown parts", "unknown")]
        return [call for kind, part in parts for call in _table_calls(_TRANSACTION_PARTS[kind], part, around)]
    tables = [body["TableName"]] if "TableName" in body else list(body.get("RequestItems", {}))
    return [
        Call(f"dynamodb:{operation}", name if name.startswith("arn:") else _arn("dynamodb", f"table/{name}", around))
        for name in tables
    ] or [Call(f"dynamodb:{operation}", "unknown")]


def _execution_calls(operation: str, body: Body, around: Surroundings) -> list[Call]:
    if operation in {"SendTaskSuccess", "SendTaskFailure", "SendTaskHeartbeat"}:
        machine = around.machine_of_token(str(body.get("taskToken")))
        return [Call(f"states:{operation}", machine)] if machine else []  # a token of nobody's is refused as such
    if named := body.get("stateMachineArn") or body.get("stateMachineAliasArn"):
        # Of a version's or an alias' ARN IAM sees the state machine's, and the qualifier as a condition's key.
        parts = str(named).split(":")
        qualifier = (("states:StateMachineQualifier", parts[7]),) if len(parts) == 8 else ()
        return [Call(f"states:{operation}", ":".join(parts[:7]), qualifier)]
    calls = [Call(f"states:{operation}", str(body.get("executionArn") or body.get("mapRunArn") or "unknown"))]
    if operation == "TestState" and body.get("roleArn"):  # Step Functions assumes it
        passed = (("iam:PassedToService", "states.amazonaws.com"),)
        calls.append(Call("iam:PassRole", str(body["roleArn"]), passed))
    return calls


def _task_calls(operation: str, body: Body, around: Surroundings) -> list[Call]:
    cluster = str(body.get("cluster", "default")).rpartition("/")[2]
    in_cluster = (("ecs:cluster", _arn("ecs", f"cluster/{cluster}", around)),)
    if operation != "RunTask":
        named = body.get("tasks") or [body.get("task", "unknown")]
        arns = [t if t.startswith("arn:") else _arn("ecs", f"task/{cluster}/{t}", around) for t in map(str, named)]
        return [Call(f"ecs:{operation}", arn, in_cluster) for arn in arns]
    definition = str(body["taskDefinition"])
    arn = definition if definition.startswith("arn:") else _arn("ecs", f"task-definition/{definition}", around)
    calls = [Call("ecs:RunTask", arn, in_cluster)]
    if body.get("tags") or body.get("propagateTags"):
        new = _arn("ecs", f"task/{cluster}/new", around)
        calls.append(Call("ecs:TagResource", new, (("ecs:CreateAction", "RunTask"),)))
    passed = (("iam:PassedToService", "ecs-tasks.amazonaws.com"),)
    overrides = body.get("overrides") or {}
    own = [str(overrides[name]) for name in ("taskRoleArn", "executionRoleArn") if overrides.get(name)]
    return [*calls, *(Call("iam:PassRole", role, passed) for role in (*around.task_roles(arn), *own))]


def _queue_calls(operation: str, body: Body, around: Surroundings) -> list[Call]:
    name = str(body.get("QueueName") or body.get("QueueUrl", "unknown")).rpartition("/")[2]
    return [Call(f"sqs:{operation}", _arn("sqs", name, around))]


def _secret_calls(operation: str, body: Body, around: Surroundings) -> list[Call]:
    name = str(body.get("SecretId", ""))
    return [Call(f"secretsmanager:{operation}", name if name.startswith("arn:") else around.secret_arn(name))]


def _event_calls(operation: str, body: Body, around: Surroundings) -> list[Call]:
    buses = {str(entry.get("EventBusName", "default")): None for entry in body.get("Entries", [])}
    arns = [bus if bus.startswith("arn:") else _arn("events", f"event-bus/{bus}", around) for bus in buses]
    return [Call(f"events:{operation}", arn) for arn in arns or ["unknown"]]


_BY_TARGET: Mapping[str, Callable[[str, Body, Surroundings], list[Call]]] = {
    "dynamodb": _table_calls,
    "states": _execution_calls,
    "ecs": _task_calls,
    "sqs": _queue_calls,
    "secretsmanager": _secret_calls,
    "events": _event_calls,
}


def _arn(service: str, resource: str, around: Surroundings) -> str:
    return f"arn:aws:{service}:{around.region}:{around.account}:{resource}"
