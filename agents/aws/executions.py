"""What Step Functions knows of the state machine's executions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from agents.aws.failures import code_of, our_errors
from agents.aws.task_callback import StepFunctionsTaskCallback
from agents.contracts.reaping import Ending

if TYPE_CHECKING:
    from types_boto3_stepfunctions import SFNClient
    from types_boto3_stepfunctions.type_defs import DescribeExecutionOutputTypeDef

_UNKNOWN = frozenset({"ExecutionDoesNotExist", "InvalidArn"})


class StepFunctionsExecutions:
    """Executions, asked of AWS."""

    def __init__(self, client: SFNClient) -> None:
        self._client = client

    def is_running(self, execution: str) -> bool:
        """False when the execution is over, or AWS does not know it (any more). Raises StoreThrottled."""
        described = self._described(execution)
        return described is not None and described["status"] == "RUNNING"

    def ending(self, execution: str) -> Ending:
        """How an execution that is over ended; empty when AWS does not know it (any more). Raises StoreThrottled."""
        described = self._described(execution)
        if described is None:
            return Ending()
        timed_out = described["status"] == "TIMED_OUT"
        name = described.get("error") or ("States.Timeout" if timed_out else "")
        return Ending(error=name, cause=described.get("cause") or f"the execution is {described['status']}")

    def version(self, execution: str) -> int:
        """The version of the state machine that it runs; 0 when AWS names none, or knows it no more.

        Raises StoreThrottled.
        """
        described = self._described(execution)
        if described is None:
            return 0
        return int(described.get("stateMachineVersionArn", ":0").rpartition(":")[2])

    def stop(self, execution: str, error: str, cause: str) -> None:
        """Stop the execution; one that is over, or that AWS does not know, stays as it is. Raises StoreThrottled."""
        try:
            with our_errors(execution):
                self._client.stop_execution(executionArn=execution, error=error, cause=cause)
        except ClientError as problem:
            if code_of(problem) not in _UNKNOWN | {"ValidationException"}:
                raise

    def fail_task(self, task_token: str, error: str, cause: str) -> None:
        """Answer a task's token for it. Raises TaskTokenRejected, StoreThrottled."""
        with our_errors("task token"):
            StepFunctionsTaskCallback(self._client, task_token).fail(error, cause)

    def _described(self, execution: str) -> DescribeExecutionOutputTypeDef | None:
        """None when AWS does not know the execution (any more). Raises StoreThrottled."""
        try:
            with our_errors(execution):
                return self._client.describe_execution(executionArn=execution)
        except ClientError as error:
            if code_of(error) in _UNKNOWN:
                return None
            raise
