"""Puts the printed lines of functions and tasks into CloudWatch's log groups, as Lambda and the awslogs driver do."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from moto.logs.models import logs_backends

#: What one call or task may print into its group; its file has all of it. CloudWatch takes no larger request either.
MOST_BYTES = 1_048_576
_TIMESTAMP = "%Y-%m-%d %H:%M:%S,%f%z"  # as Powertools writes it
_one_at_a_time = threading.Lock()  # moto's streams are made for one thread


def put_lines(account: str, region: str, group: str, stream: str, printed: bytes) -> None:
    """Put each line into the group's stream, under the time that the line itself names; a missing group takes none.

    What stands before the first line with a time (Lambda's START) has that one's, whatever comes later the present.
    """
    lines = [line for line in printed[-MOST_BYTES:].decode("utf-8", "replace").splitlines() if line.strip()]
    backend: Any = logs_backends[account][region]
    with _one_at_a_time:
        log_group = backend.groups.get(group)
        if log_group is None or not lines:
            return
        if stream not in log_group.streams:
            backend.create_log_stream(group, stream)
        now = int(time.time() * 1000)
        own = [_milliseconds(line) for line in lines]
        first = next((number for number, at in enumerate(own) if at is not None), 0)
        named = [own[first] if number < first else at for number, at in enumerate(own)]
        pairs = ((now if at is None else at, line) for at, line in zip(named, lines, strict=True))
        timed = sorted(pairs, key=lambda timed_line: timed_line[0])
        backend.put_log_events(group, stream, [{"timestamp": at, "message": line} for at, line in timed])


def function_group(name: str) -> str:
    """The log group of a function."""
    return f"/aws/lambda/{name}"


def last_bytes(log: Path) -> bytes:
    """What of a task's file its group may take."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - MOST_BYTES))
        return file.read()


def task_stream(definition: Any, arn: str) -> tuple[str, str]:
    """Group and stream of a task's container, from its log configuration; ("", "") for one without."""
    container: Mapping[str, Any] = definition.container_definitions[0]
    options = (container.get("logConfiguration") or {}).get("options") or {}
    prefix, group = options.get("awslogs-stream-prefix", "ecs"), options.get("awslogs-group", "")
    return group, f"{prefix}/{container['name']}/{arn.rpartition('/')[2]}" if group else ""


def _milliseconds(line: str) -> int | None:
    try:
        named = datetime.strptime(json.loads(line)["timestamp"], _TIMESTAMP)  # noqa: DTZ007 (the format has its zone)
    except (ValueError, KeyError, TypeError):
        return None
    return int(named.timestamp() * 1000)
