"""The shapes of EventBridge events, and what a rule's target makes of one."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

#: What S3 says in `reason`, by the name of the notification event.
REASONS = {
    "s3:ObjectCreated:Put": "PutObject",
    "s3:ObjectCreated:Post": "POST Object",
    "s3:ObjectCreated:Copy": "CopyObject",
    "s3:ObjectCreated:CompleteMultipartUpload": "CompleteMultipartUpload",
}


def object_created(
    *,
    bucket: str,
    key: str,
    size: int,
    etag: str,
    version_id: str | None,
    reason: str,
    region: str,
    account: str,
) -> dict[str, Any]:
    """S3's "Object Created" event as EventBridge delivers it; `version_id` is None in an unversioned bucket."""
    described: dict[str, Any] = {"key": key, "size": size, "etag": etag, "sequencer": f"{time.time_ns():016X}"}
    if version_id is not None:
        described["version-id"] = version_id
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": account,
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": [f"arn:aws:s3:::{bucket}"],
        "detail": {
            "version": "0",
            "bucket": {"name": bucket},
            "object": described,
            "request-id": uuid.uuid4().hex[:16].upper(),
            "requester": account,
            "source-ip-address": "127.0.0.1",
            "reason": reason,
        },
    }


def task_stopped(task: Mapping[str, Any], *, region: str, account: str) -> dict[str, Any]:
    """ECS's "ECS Task State Change" event of a task that has stopped; `task` is DescribeTasks' description of it."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "ECS Task State Change",
        "source": "aws.ecs",
        "account": account,
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": [task["taskArn"]],
        "detail": {**task},
    }


def aws_time(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event as targets see it: moto keeps its time in seconds and adds the time it came in."""
    seen = {name: value for name, value in event.items() if name != "ingestion-time"}
    if isinstance(seen.get("time"), int | float):
        seen["time"] = datetime.fromtimestamp(seen["time"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return seen


def value_at(event: Any, path: str) -> Any:
    """The value at a path such as `$.detail.object.version-id`; None where there is none."""
    value = event
    for name in path.removeprefix("$").strip(".").split("."):
        if not name:
            continue
        if not isinstance(value, Mapping) or name not in value:
            return None
        value = value[name]
    return value


def target_input(target: Mapping[str, Any], event: Mapping[str, Any]) -> str:
    """What one target receives: its constant Input, its InputPath, its InputTransformer, or the whole event."""
    if target.get("Input") is not None:
        return str(target["Input"])
    if target.get("InputPath"):
        return json.dumps(value_at(event, target["InputPath"]))
    transformer = target.get("InputTransformer")
    if transformer:
        values = {name: value_at(event, path) for name, path in (transformer.get("InputPathsMap") or {}).items()}
        values["aws.events.event.json"] = event
        values["aws.events.event"] = event
        return transformed(transformer["InputTemplate"], values)
    return json.dumps(event)


def transformed(template: str, values: Mapping[str, Any]) -> str:
    """Fill an input template: `<name>` is JSON on its own and plain text inside a quoted string, as on EventBridge."""
    filled: list[str] = []
    quoted, position = False, 0
    while position < len(template):
        character = template[position]
        end = template.find(">", position) if character == "<" else -1
        name = template[position + 1 : end] if end > 0 else ""
        if name in values:
            filled.append(_inside_string(values[name]) if quoted else json.dumps(values[name]))
            position = end + 1
            continue
        if character == '"' and (position == 0 or template[position - 1] != "\\"):
            quoted = not quoted
        filled.append(character)
        position += 1
    return "".join(filled)


def _inside_string(value: Any) -> str:
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value)
    return json.dumps(text)[1:-1]
