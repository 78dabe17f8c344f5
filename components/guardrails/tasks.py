"""Fargate tasks: what runs is what was built, and it can change nothing about itself."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from components.guardrails.model import DeclaredResource, ResourceRule, Rule

Container = Mapping[str, Any]
_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")
_ROOT = frozenset({"", "0", "root"})


def _each_container(check: Callable[[Container], Iterator[str]]) -> Callable[[DeclaredResource], Iterator[str]]:
    def checked(task: DeclaredResource) -> Iterator[str]:
        written = task.get("containerDefinitions")
        for container in json.loads(written) if written else ():
            for problem in check(container):
                yield f"container {container.get('name', '?')} {problem}"

    return checked


def _image_by_digest(container: Container) -> Iterator[str]:
    if not _DIGEST.search(container.get("image", "")):
        yield f"runs {container.get('image')}, a name whose content may change"


def _root_read_only(container: Container) -> Iterator[str]:
    if container.get("readonlyRootFilesystem") is not True:
        yield "may write to its own file system"


def _user_is_not_root(container: Container) -> Iterator[str]:
    if container.get("privileged") or str(container.get("user", "")).split(":")[0] in _ROOT:
        yield "runs as root"


def _logs_are_kept(container: Container) -> Iterator[str]:
    logs = container.get("logConfiguration") or {}
    if not logs.get("logDriver"):
        yield "leaves no log"
    elif logs["logDriver"] == "awslogs" and (logs.get("options") or {}).get("awslogs-create-group") == "true":
        yield "makes its own log group, which never expires"


def _tags_cannot_be_moved(repository: DeclaredResource) -> Iterator[str]:
    if repository.get("imageTagMutability") != "IMMUTABLE":
        yield "lets a tag be moved to another image"


def _pushes_are_scanned(repository: DeclaredResource) -> Iterator[str]:
    if repository.get("imageScanningConfiguration", "scanOnPush") is not True:
        yield "takes images without a search for known vulnerabilities"


_TASK = frozenset({"ecs:TaskDefinition"})
RULES: tuple[Rule, ...] = (
    ResourceRule(
        "image-by-digest",
        "A tag can be moved to another image; a digest cannot.",
        _each_container(_image_by_digest),
        _TASK,
    ),
    ResourceRule(
        "image-tags-fixed",
        "A tag must always name the same image.",
        _tags_cannot_be_moved,
        frozenset({"ecr:Repository"}),
    ),
    ResourceRule(
        "images-scanned",
        "ECR searches a pushed image for known vulnerabilities, free of charge.",
        _pushes_are_scanned,
        frozenset({"ecr:Repository"}),
    ),
    ResourceRule(
        "root-read-only",
        "A read-only file system prevents an intruder from installing anything.",
        _each_container(_root_read_only),
        _TASK,
    ),
    ResourceRule(
        "user-not-root",
        "If a container is compromised, root makes the damage larger.",
        _each_container(_user_is_not_root),
        _TASK,
    ),
    ResourceRule(
        "task-logs",
        "Without a log nobody can find out why a task failed.",
        _each_container(_logs_are_kept),
        _TASK,
    ),
)
