"""The retriers of the state machine by name: the file repeats them, tests hold each copy against this one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def _retrier(
    errors: tuple[str, ...], interval: int, attempts: int, longest: int, rate: float = 2.0, jitter: str = "FULL"
) -> dict[str, Any]:
    return {
        "ErrorEquals": list(errors),
        "IntervalSeconds": interval,
        "MaxAttempts": attempts,
        "BackoffRate": rate,
        "MaxDelaySeconds": longest,
        "JitterStrategy": jitter,
    }


RETRY_POLICIES: Mapping[str, Mapping[str, Any]] = {
    # The account's concurrency is used up, in a new account by ten calls: patience for as long as others may run.
    # tests/workflow/test_patience.py simulates it.
    "lambda concurrency": _retrier(
        ("Lambda.TooManyRequestsException", "Lambda.EC2ThrottledException"),
        interval=5,
        attempts=40,
        longest=60,
        rate=1.5,
    ),
    # Lambda itself was at fault: our code did not run, or may safely run again.
    "lambda service": _retrier(
        (
            "Lambda.ServiceException",
            "Lambda.AWSLambdaException",
            "Lambda.SdkClientException",
            "Lambda.ClientExecutionTimeoutException",
        ),
        interval=1,
        attempts=6,
        longest=30,
    ),
    # The only retry of throttles there is: agents and ports do not repeat them.
    "throttled": _retrier(("ModelThrottled", "ModelUnavailable", "StoreThrottled"), interval=2, attempts=8, longest=60),
    # A worker died. Once more may help; where a death means "too big" the state escalates instead and lacks this one.
    "crashed once": _retrier(
        ("Runtime.ExitError", "Lambda.Unknown"), interval=1, attempts=1, longest=5, rate=1.0, jitter="NONE"
    ),
    # RunTask answered with `failures`: no capacity, or the account's vCPUs are used up by other tasks. Both names were
    # seen for it. Patience for as long as those may run; a few hundred events of the child's own history.
    "task capacity": _retrier(
        ("AmazonECS.Unknown", "ECS.AmazonECSException", "ECS.ClientException"),
        interval=30,
        attempts=60,
        longest=300,
        rate=1.5,
    ),
    # Fargate starts 20 tasks a second, and its network throttles arrive as InvalidParameterException.
    "task start": _retrier(
        ("ECS.ServerException", "ECS.ThrottlingException", "ECS.InvalidParameterException"),
        interval=5,
        attempts=8,
        longest=120,
    ),
    # On Spot a lack of capacity is no surprise: a little patience, then the state's catcher goes to On-Demand.
    "spot start": _retrier(
        (
            "AmazonECS.Unknown",
            "ECS.AmazonECSException",
            "ECS.ClientException",
            "ECS.ServerException",
            "ECS.ThrottlingException",
            "ECS.InvalidParameterException",
        ),
        interval=2,
        attempts=2,
        longest=20,
    ),
    # A container that is silent, was taken back or killed from outside: the next one goes on from what is stored.
    # AWS records a missed heartbeat as States.Timeout (tests/corpus/aws_recorded), its documentation names the other.
    "task lost": _retrier(
        ("States.HeartbeatTimeout", "States.Timeout", "TaskInterrupted", "TaskKilled"),
        interval=1,
        attempts=2,
        longest=30,
        jitter="NONE",
    ),
    # A registry or a network may be out of reach for a moment; an image that cannot start cannot start twice.
    "task not started": _retrier(("TaskNotStarted",), interval=5, attempts=1, longest=10, rate=1.0, jitter="NONE"),
    # The Map could not read its list from S3 just now: what children have stored by then, the next ones find.
    "plan reader": _retrier(("States.ItemReaderFailed",), interval=2, attempts=5, longest=30),
    "table": _retrier(
        (
            "DynamoDB.ProvisionedThroughputExceededException",
            "DynamoDB.ThrottlingException",
            "DynamoDB.RequestLimitExceeded",
            "DynamoDB.InternalServerError",
        ),
        interval=1,
        attempts=8,
        longest=30,
    ),
}


def policy_name(retrier: Mapping[str, Any]) -> str | None:
    """The name of the policy that a retrier of the file is a copy of; None if it is none's."""
    return next((name for name, policy in RETRY_POLICIES.items() if policy == retrier), None)
