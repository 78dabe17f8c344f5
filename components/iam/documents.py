"""Policy documents: pure functions of ARNs, one set of statements per agent, no wildcard but where AWS has no other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from agents import keys
from agents.roster import ROSTER, permissions_of
from agents.roster_row import Permissions

Statement = dict[str, Any]


@dataclass(frozen=True)
class AgentArns:
    """What an agent may be allowed to touch.

    `key` is empty when AWS's own keys encrypt, `site_bucket` where no site is hosted, `topic` where
    nobody is asked before a draft is published, `webhooks` where no chat room is, `functions` without canaries.
    """

    table: str
    context_bucket: str
    upload_bucket: str
    key: str
    state_machine: str
    executions: str
    cluster: str
    models: tuple[str, ...]
    model_key: str = ""
    site_bucket: str = ""
    webhook_secret: str = ""
    code_host_secret: str = ""
    fetch_function: str = ""
    reap_function: str = ""
    topic: str = ""
    event_bus: str = ""
    webhooks: str = ""
    sign_in_secrets: tuple[str, ...] = ()
    jobs: BatchJobArns | None = None
    release_bucket: str = ""
    functions: tuple[str, ...] = ()


@dataclass(frozen=True)
class BatchJobArns:
    """Batch inference jobs: every job of the account, the model they ask, and the role that Bedrock takes on."""

    every: str
    models: tuple[str, ...]
    role: str


def document(statements: Sequence[Statement]) -> str:
    """The statements as a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=2)


def allow(sid: str, actions: Sequence[str], resources: Sequence[str], condition: Statement | None = None) -> Statement:
    """One Allow statement."""
    statement = {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": list(resources)}
    return statement if condition is None else {**statement, "Condition": condition}


def assume_role(service: str, account: str = "", source: str = "") -> str:
    """Trust policy: this AWS service may take the role on, with `account` only on behalf of that account.

    So no other account's task, state machine or rule can make the service act with our role. AWS's guides give the
    condition for tasks, state machines, rules and schedules, and none for functions and for the role that
    ECS starts a task with. `source` narrows it to what the service works for, an ARN that may end in a wildcard.
    """
    trust: Statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    if account:
        trust["Condition"] = {"StringEquals": {"aws:SourceAccount": account}}
        if source:
            trust["Condition"]["ArnLike"] = {"aws:SourceArn": source}
    return document([trust])


def agent(state: str, arns: AgentArns, log_group: str = "", failure_queue: str = "", on_fargate: bool = False) -> str:
    """What the code of one state may do. A Fargate task writes no logs itself, and only it answers task tokens."""
    permissions = permissions_of(
        state, batch_inference=arns.jobs is not None, hosted=bool(arns.site_bucket), approvals=bool(arns.topic)
    )
    statements = [*_store_statements(permissions, arns), *_key_statements(permissions, arns)]
    statements += _execution_statements(permissions, arns)
    statements += _operating(permissions, arns)
    statements += _webhook_statements(permissions, arns)
    if permissions.jobs and arns.jobs:
        statements += _batch_jobs(permissions.jobs, arns.jobs)
    if permissions.callback and on_fargate:
        answers = ["states:SendTaskSuccess", "states:SendTaskFailure", "states:SendTaskHeartbeat"]
        statements.append(allow("AnswerTaskToken", answers, _waiting(arns.state_machine)))
    statements += _messages(permissions, arns)
    if ROSTER[state].model_role:
        statements += _asking(arns)
    if permissions.signing_in:
        statements.append(allow("ReadSignInSecrets", ["secretsmanager:GetSecretValue"], arns.sign_in_secrets))
    if log_group:
        statements.append(write_logs(log_group))
    if failure_queue:
        statements.append(allow("SendFailedEvents", ["sqs:SendMessage"], [failure_queue]))
    return document(statements)


def _execution_statements(permissions: Permissions, arns: AgentArns) -> list[Statement]:
    statements = []
    if permissions.executions:
        statements.append(allow("DescribeExecutions", ["states:DescribeExecution"], [arns.executions]))
    if permissions.stops:
        statements.append(allow("StopExecutions", ["states:StopExecution"], [arns.executions]))
    if permissions.ends:
        statements.append(allow("RequestReap", ["lambda:InvokeFunction"], [arns.reap_function]))
    return statements


def _webhook_statements(permissions: Permissions, arns: AgentArns) -> list[Statement]:
    reads = ["secretsmanager:GetSecretValue"]
    if permissions.receiving:
        fetches = allow("RequestFetch", ["lambda:InvokeFunction"], [arns.fetch_function])
        return [allow("ReadWebhookSecret", reads, [arns.webhook_secret]), fetches]
    if permissions.fetching:
        writes = allow("WriteUpload", ["s3:PutObject"], _objects(arns.upload_bucket, [f"{keys.UPLOADS}*"]))
        return [allow("ReadCodeHostTokens", reads, [arns.code_host_secret]), writes]
    return []


def _asking(arns: AgentArns) -> Iterator[Statement]:
    if arns.models:
        yield allow("InvokeModel", ["bedrock:InvokeModel"], arns.models)
    if arns.model_key:
        yield allow("ReadModelKey", ["secretsmanager:GetSecretValue"], [arns.model_key])


def _operating(permissions: Permissions, arns: AgentArns) -> list[Statement]:
    parts = ((permissions.reaping, _reaping), (permissions.reporting, _reporting), (permissions.rolling_out, _moving))
    return [statement for allowed, statements in parts if allowed for statement in statements(arns)]


def _reaping(arns: AgentArns) -> list[Statement]:
    # ListTasks knows no resource for tasks without instances, only a condition on the cluster.
    of_cluster = {"ArnEquals": {"ecs:cluster": arns.cluster}}
    return [
        allow("ListTasks", ["ecs:ListTasks"], ["*"], of_cluster),
        allow("StopOrphans", ["ecs:DescribeTasks", "ecs:StopTask"], [tasks_of(arns.cluster)]),
    ]


def _reporting(arns: AgentArns) -> list[Statement]:
    return [
        allow("ReadTasks", ["ecs:DescribeTasks"], [tasks_of(arns.cluster)]),
        allow("AnswerForTask", ["states:SendTaskFailure"], _waiting(arns.state_machine)),
    ]


def _moving(arns: AgentArns) -> list[Statement]:
    """IAM is asked about the ARNs of the state machine and of the functions, also where a request names an alias."""
    reads = ["DescribeStateMachine", "DescribeStateMachineAlias", "ListExecutions", "ListStateMachineVersions"]
    machine = [f"states:{action}" for action in [*reads, "UpdateStateMachineAlias"]]
    first = [f"{arn}:*" for arn in arns.functions if arn.endswith("-open-session")]
    trail = f"{arns.release_bucket}/trail/*"
    return [
        allow("MoveStateMachine", machine, [arns.state_machine]),
        allow("ReadReleases", ["lambda:GetFunctionConfiguration"], first),
        allow("MoveFunctions", ["lambda:ListVersionsByFunction", "lambda:UpdateAlias"], arns.functions),
        allow("ListTrail", ["s3:ListBucket"], [arns.release_bucket], {"StringLike": {"s3:prefix": ["trail/*"]}}),
        allow("AddToTrail", ["s3:GetObject", "s3:PutObject"], [trail]),
    ]


def _messages(permissions: Permissions, arns: AgentArns) -> list[Statement]:
    statements = []
    if permissions.events:
        statements.append(allow("SendEvents", ["events:PutEvents"], [arns.event_bus]))
    if permissions.notices:
        statements.append(allow("SendNotices", ["sns:Publish"], [arns.topic]))
    if permissions.notices and arns.webhooks:
        statements.append(allow("ReadWebhooks", ["secretsmanager:GetSecretValue"], [arns.webhooks]))
    if permissions.deciding:
        statements.append(allow("AnswerApproval", ["states:SendTaskSuccess"], _waiting(arns.state_machine)))
    return statements


def _waiting(state_machine: str) -> list[str]:
    """Whom task tokens belong to: the state machine itself, or a map's children, whose state machine is `NAME/LABEL`.

    AWS's list of actions names no resource for these; denials name the token's state machine. For a child nobody has
    published which of the two forms is checked, so both are allowed.
    """
    return [state_machine, f"{state_machine}/*"]


def tasks_of(cluster: str) -> str:
    """Every task of a cluster."""
    return cluster.replace(":cluster/", ":task/") + "/*"


def _batch_jobs(actions: Sequence[str], arns: BatchJobArns) -> list[Statement]:
    submits = "CreateModelInvocationJob" in actions
    named = [f"bedrock:{action}" for action in actions]
    statements = [allow("ManageBatchJobs", named, [arns.every, *(arns.models if submits else ())])]
    if submits:
        to_bedrock = {"StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}}
        statements.append(allow("PassJobRole", ["iam:PassRole"], [arns.role], to_bedrock))
    return statements


def _store_statements(permissions: Permissions, arns: AgentArns) -> list[Statement]:
    statements: list[Statement] = []
    if permissions.table:
        statements.append(allow("UseTable", [f"dynamodb:{action}" for action in permissions.table], [arns.table]))
    if permissions.reads:
        statements.append(allow("ReadContext", ["s3:GetObject"], _objects(arns.context_bucket, permissions.reads)))
        # Without ListBucket a missing object answers 403 and not 404, like a refusal.
        within = {"StringLike": {"s3:prefix": list(permissions.reads)}}
        statements.append(allow("ListContext", ["s3:ListBucket"], [arns.context_bucket], within))
    if permissions.writes:
        statements.append(allow("WriteContext", ["s3:PutObject"], _objects(arns.context_bucket, permissions.writes)))
    if permissions.hosting:
        statements.append(allow("WriteSites", ["s3:PutObject"], _objects(arns.site_bucket, [f"{keys.SITES}*"])))
    if permissions.uploads:
        # The bucket keeps versions, and the event names the one that arrived: no other is read.
        uploaded = _objects(arns.upload_bucket, ("uploads/*",))
        statements.append(allow("ReadUpload", ["s3:GetObjectVersion"], uploaded))
        within = {"StringLike": {"s3:prefix": ["uploads/*"]}}
        statements.append(allow("ListUploads", ["s3:ListBucket"], [arns.upload_bucket], within))
    return statements


def _key_statements(permissions: Permissions, arns: AgentArns) -> list[Statement]:
    writes = permissions.writes or permissions.fetching or permissions.rolling_out
    if not arns.key or not (permissions.table or permissions.reads or writes or permissions.uploads):
        return []
    actions = ["kms:Decrypt", "kms:GenerateDataKey"] if writes else ["kms:Decrypt"]
    return [allow("UseKey", actions, [arns.key])]


def _objects(bucket: str, prefixes: Sequence[str]) -> list[str]:
    return [f"{bucket}/{prefix}" for prefix in prefixes]


def write_logs(log_group: str) -> Statement:
    """What a function's or a task's log driver needs."""
    return allow("WriteLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], [f"{log_group}:*"])
