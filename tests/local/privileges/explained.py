"""Permissions that no run on a laptop uses, each with the reason for which it is held all the same."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import NamedTuple

from local.privileges import Permission


class Explained(NamedTuple):
    """Which roles (without `swarm-<environment>-`) hold which action, on what, and why; `*` stands for any text."""

    roles: str
    action: str
    resource: str
    reason: str

    def covers(self, permission: Permission) -> bool:
        """Whether this entry speaks of the permission."""
        role = permission.role.split("-", 2)[2]
        given = ((role, self.roles), (permission.action, self.action), (permission.resource, self.resource))
        return all(fnmatchcase(text, pattern) for text, pattern in given)


_LOGS = "Lambda's runtime and ECS's log driver write the logs, not our code; on a laptop they are files"
_TOGETHER = "only with a model on the network: answers that come at the same time are stored together"
_MODEL = "only with a model on the network, which is asked within a budget; these runs use the extractive one"
_PULL = "ECS pulls the image before the task begins; on a laptop there is no image"
_MAP = (
    "Step Functions runs a Distributed Map's children and writes their results itself; on a laptop the interpreter does"
)
_DELIVERY = "Step Functions sets up its own log delivery; on a laptop nothing is logged"
_TRACE = "Step Functions sends its own traces; on a laptop there is no X-Ray"
_RULE = "Step Functions hears of a `.sync` task's end through a rule of its own; on a laptop the interpreter asks ECS"
_MISSING = "S3 checks it only when an object is missing: with it the answer is 404, without it 403"
_CANARY = "only where a new version is there: tests/e2e/test_canary.py begins canaries and ends them under this role"
EXPLAINED = (
    *(
        Explained("decide-canary", action, "*", _CANARY)
        for action in (
            "states:[!L]*",
            "states:ListExecutions",
            "lambda:*",
            "s3:[GP]*",
            "dynamodb:Query",
            "kms:*",
            "events:*",
        )
    ),
    Explained("*", "logs:CreateLogStream", "*", _LOGS),
    Explained("*", "logs:PutLogEvents", "*", _LOGS),
    Explained("*", "sqs:SendMessage", "*", "Lambda itself keeps asynchronous calls that failed; nothing here calls so"),
    Explained("*", "s3:ListBucket", "*", _MISSING),
    Explained("*", "s3:PutObject", "*/sessions/[*]/turns/*", _MODEL),
    Explained("*", "s3:PutObject", "*/sessions/[*]/asked/*", _MODEL),
    Explained("*", "dynamodb:UpdateItem", "*", _MODEL),
    *(Explained("*", f"dynamodb:{action}", "*", _MODEL) for action in ("DeleteItem", "Query")),
    Explained("analyse-batch*", "dynamodb:GetItem", "*", _MODEL),
    Explained("analyse-batch*", "s3:GetObject", "*/analyses/[*]", _MODEL),
    Explained("scan*", "s3:GetObject", "*/analyses/[*]", _MODEL),
    Explained("edit*", "dynamodb:GetItem", "*", _MODEL),
    Explained("performance-agent*", "dynamodb:GetItem", "*", _MODEL),
    Explained("security-agent*", "dynamodb:GetItem", "*", _MODEL),
    Explained("synthesize*", "dynamodb:GetItem", "*", _MODEL),
    *(
        Explained(role, "dynamodb:BatchWriteItem", "*", _TOGETHER)
        for role in ("critique*", "edit*", "performance-agent*", "security-agent*", "synthesize*")
    ),
    Explained(
        "open-session", "dynamodb:GetItem", "*", "asked when the session that held the claim is gone a moment later"
    ),
    Explained(
        "scan-task",
        "s3:GetObject",
        "*/sessions/[*]",
        "to say what changed since the scan before; here it was the first",
    ),
    Explained(
        "scan-task",
        "dynamodb:BatchWriteItem",
        "*",
        "a second try clears the first one's batches; here that was the function's",
    ),
    Explained("*-task", "states:SendTaskFailure", "*", "a task that fails says so; tests/chaos makes tasks fail"),
    *(
        Explained(
            role,
            "states:SendTask*",
            tokens,
            "a map child's token is of `NAME/AnalyseFiles`, any other of `NAME`; AWS documents nowhere what it checks",
        )
        for role, tokens in (("*", "*-documentation"), ("*-task", "*-documentation/[*]"))
    ),
    Explained("*-task-start", "ecr:*", "*", _PULL),
    Explained(
        "reap",
        "dynamodb:BatchWriteItem",
        "*",
        "clears its list of sessions that ended a while ago; here all ended just now",
    ),
    Explained("reap", "ecs:DescribeTasks", "*", "asked when a task is left of a session that is over; here none was"),
    Explained("reap", "ecs:StopTask", "*", "the same"),
    Explained(
        "open-session",
        "states:StopExecution",
        "*",
        "a newer commit stops the run of an older one; tests/e2e/test_burst.py pushes some",
    ),
    Explained("open-session", "lambda:InvokeFunction", "*", "the same"),
    Explained("reap", "states:StopExecution", "*", "when a person cancels a session"),
    Explained(
        "documentation",
        "ecs:StopTask",
        "*",
        "Step Functions stops a `.sync` task whose execution is stopped; here none was",
    ),
    Explained(
        "documentation",
        "lambda:InvokeFunction",
        "*-batch-inference:*",
        "only sessions with `inference: batch` come there; tests/e2e/test_batch_inference.py runs some",
    ),
    Explained(
        "documentation",
        "lambda:InvokeFunction",
        "*-await-approval:*",
        "only sessions of a stack that asks people come there; tests/e2e/test_approval.py runs some",
    ),
    Explained(
        "flow-logs", "logs:Describe*", "*", "VPC finds its log group and stream by them; nothing here has traffic"
    ),
    Explained("documentation", "events:*", "*", _RULE),
    Explained("documentation", "logs:*", "*", _DELIVERY),
    Explained("documentation", "xray:*", "*", _TRACE),
    Explained("documentation", "states:*", "*", _MAP),
    Explained("documentation", "s3:GetObject", "*/map-runs/*", _MAP),
    Explained("documentation", "s3:*MultipartUpload*", "*/map-runs/*", _MAP),
)


def unexplained(unused: Iterable[Permission]) -> list[str]:
    """The unused permissions that no entry covers."""
    return [str(permission) for permission in unused if not any(one.covers(permission) for one in EXPLAINED)]


def outlived(unused: Iterable[Permission]) -> list[Explained]:
    """The entries that cover no unused permission any more."""
    held = list(unused)
    return [one for one in EXPLAINED if not any(one.covers(permission) for permission in held)]
