"""What Step Functions knows of the state machine's executions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from agents.aws.failures import code_of, our_errors

if TYPE_CHECKING:
    from types_boto3_stepfunctions import SFNClient

_UNKNOWN = frozenset({"ExecutionDoesNotExist", "InvalidArn"})


class StepFunctionsExecutions:
    """Executions, asked of AWS."""

    def __init__(self, client: SFNClient) -> None:
        self._client = client

    def is_running(self, execution: str) -> bool:
        """False when the execution is over, or AWS does not know it (any more). Raises StoreThrottled."""
        try:
            with our_errors(execution):
                return self._client.describe_execution(executionArn=execution)["status"] == "RUNNING"
        except ClientError as error:
            if code_of(error) in _UNKNOWN:
                return False
            raise
