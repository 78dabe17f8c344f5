"""The tasks of our ECS cluster: which session each works for, and how to stop it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from agents.aws.failures import code_of, our_errors
from agents.contracts.reaping import RunningTask
from agents.environment import REQUEST_VARIABLE

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


def _request_of(task: Mapping[str, Any]) -> str:
    """The session that the task was started for: StartedBy is Step Functions' own with `.sync`, the request is ours."""
    return next((pair["value"].partition("/")[0] for pair in _variables(task) if pair["name"] == REQUEST_VARIABLE), "")


def _variables(task: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    for container in (task.get("overrides") or {}).get("containerOverrides") or []:
        yield from container.get("environment") or []
