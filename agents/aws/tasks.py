"""The tasks of our ECS cluster: which session each works for, and how to stop it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from agents.aws.failures import code_of, our_errors
from agents.contracts.reaping import RunningTask, StoppedTask
from agents.settings import REQUEST_VARIABLE, TASK_TOKEN_VARIABLE

if TYPE_CHECKING:
    from types_boto3_ecs import ECSClient

#: How many tasks DescribeTasks takes at once.
_AT_ONCE = 100
#: ECS no longer knows a task an hour after its end.
_GONE = "InvalidParameterException"


class EcsTasks:
    """A cluster's tasks."""

    def __init__(self, client: ECSClient, cluster: str) -> None:
        self._client = client
        self._cluster = cluster

    def running(self) -> Sequence[RunningTask]:
        """Our tasks that run or are about to, whoever started them. Raises StoreThrottled."""
        with our_errors("cluster"):
            pages = self._client.get_paginator("list_tasks").paginate(cluster=self._cluster, desiredStatus="RUNNING")
            arns = iter([arn for page in pages for arn in page["taskArns"]])
            described = []
            while some := list(islice(arns, _AT_ONCE)):
                described += self._client.describe_tasks(cluster=self._cluster, tasks=some)["tasks"]
        ours = ((task, _request_of(task)) for task in described if task.get("desiredStatus") != "STOPPED")
        return [RunningTask(arn=task["taskArn"], session_id=request) for task, request in ours if request]

    def stop(self, arn: str, reason: str) -> None:
        """Ask a task to stop; one that has ended stays as it is. Raises StoreThrottled."""
        try:
            with our_errors(arn):
                self._client.stop_task(cluster=self._cluster, task=arn, reason=reason)
        except ClientError as error:
            if code_of(error) != _GONE:
                raise

    def ended(self, arn: str) -> StoppedTask | None:
        """How a task ended; None when it runs, is not ours, or ECS no longer knows it. Raises StoreThrottled."""
        with our_errors(arn):
            descriptions = self._client.describe_tasks(cluster=self._cluster, tasks=[arn])["tasks"]
        task: Mapping[str, Any] = descriptions[0] if descriptions else {}
        if task.get("lastStatus") != "STOPPED" or not _request_of(task):
            return None
        containers: list[Mapping[str, Any]] = task.get("containers") or []
        reasons = [task.get("stoppedReason"), *(container.get("reason") for container in containers)]
        codes = [container["exitCode"] for container in containers if container.get("exitCode") is not None]
        return StoppedTask(
            session_id=_request_of(task),
            task_token=_variable(task, TASK_TOKEN_VARIABLE),
            stop_code=task.get("stopCode") or "",
            reason="; ".join(dict.fromkeys(reason for reason in reasons if reason)),
            exit_code=codes[0] if codes else None,
        )


def _request_of(task: Mapping[str, Any]) -> str:
    """The session that the task was started for: StartedBy is Step Functions' own with `.sync`, the request is ours."""
    return _variable(task, REQUEST_VARIABLE).partition("/")[0]


def _variable(task: Mapping[str, Any], name: str) -> str:
    return next((pair["value"] for pair in _variables(task) if pair["name"] == name), "")


def _variables(task: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    for container in (task.get("overrides") or {}).get("containerOverrides") or []:
        yield from container.get("environment") or []
