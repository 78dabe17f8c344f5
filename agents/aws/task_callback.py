"""Answers a task token through Step Functions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from agents.aws.failures import code_of
from agents.contracts.base import Contract
from agents.errors import TaskTokenRejected

if TYPE_CHECKING:
    from types_boto3_stepfunctions import SFNClient

#: What SendTaskFailure takes, in characters.
ERROR_LIMIT = 256
CAUSE_LIMIT = 32_768
_REJECTIONS = frozenset({"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"})


class StepFunctionsTaskCallback:
    """A TaskCallback for one token."""

    def __init__(self, client: SFNClient, token: str) -> None:
        self._client = client
        self._token = token

    def succeed(self, output: Contract) -> None:
        """SendTaskSuccess. Raises TaskTokenRejected."""
        with _rejection():
            self._client.send_task_success(taskToken=self._token, output=output.model_dump_json())

    def fail(self, error: str, cause: str) -> None:
        """SendTaskFailure, `error` and `cause` cut to what the API takes. Raises TaskTokenRejected."""
        with _rejection():
            self._client.send_task_failure(taskToken=self._token, error=error[:ERROR_LIMIT], cause=cause[:CAUSE_LIMIT])

    def beat(self) -> None:
        """SendTaskHeartbeat. Raises TaskTokenRejected."""
        with _rejection():
            self._client.send_task_heartbeat(taskToken=self._token)


@contextmanager
def _rejection() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if code_of(error) in _REJECTIONS:
            raise TaskTokenRejected(str(error)) from error
        raise
