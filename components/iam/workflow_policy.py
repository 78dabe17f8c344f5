"""The policy of the state machine's role: a pure function of ARNs."""

from __future__ import annotations

from dataclasses import dataclass

from components.iam.documents import allow, document, tasks_of


@dataclass(frozen=True)
class WorkflowArns:
    """What the state machine conducts. `key` is empty when AWS's own keys encrypt."""

    functions: tuple[str, ...]
    task_definitions: tuple[str, ...]
    task_roles: tuple[str, ...]
    cluster: str
    table: str
    context_bucket: str
    state_machine: str
    key: str


def workflow_policy(arns: WorkflowArns) -> str:
    """What the state machine's role may do: exactly the integrations in the definition."""
    prefix, name = arns.state_machine.rsplit(":stateMachine:", 1)
    events_rule = prefix.replace(":states:", ":events:") + ":rule/StepFunctionsGetEventsForECSTaskRule"
    tasks = tasks_of(arns.cluster)
    to_ecs = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
    on_run = {"StringEquals": {"ecs:CreateAction": "RunTask"}}
    results = f"{arns.context_bucket}/map-runs/*"
    statements = [
        # Every version: running executions, and those of an earlier release after a rollback, call older ones.
        allow("InvokeAgents", ["lambda:InvokeFunction"], [_any_revision(arn) for arn in arns.functions]),
        # Every revision: running executions, and those of an earlier version after a rollback, name older ones.
        allow("RunTasks", ["ecs:RunTask"], [_any_revision(arn) for arn in arns.task_definitions]),
        allow("ManageTasks", ["ecs:StopTask", "ecs:DescribeTasks"], [tasks]),
        allow("TagTasks", ["ecs:TagResource"], [tasks], on_run),
        allow("PassTaskRoles", ["iam:PassRole"], arns.task_roles, to_ecs),
        # `.sync` learns of a task's end through this rule, which Step Functions manages under this name.
        allow("ManageTaskEventsRule", ["events:PutTargets", "events:PutRule", "events:DescribeRule"], [events_rule]),
        allow("LoadPlanAndRecordGap", ["dynamodb:GetItem", "dynamodb:PutItem"], [arns.table]),
        allow("ReadPlan", ["s3:GetObject"], [f"{arns.context_bucket}/sessions/*", results]),
        allow("WriteMapResults", ["s3:PutObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"], [results]),
        allow("StartMapChildren", ["states:StartExecution"], [arns.state_machine]),
        allow(
            "ManageMapChildren",
            # A redriven execution redrives the children of its map runs under this role.
            ["states:DescribeExecution", "states:RedriveExecution", "states:StopExecution"],
            [f"{prefix}:execution:{name}:*", f"{prefix}:execution:{name}/*"],
        ),
        # Log delivery and X-Ray have no resources of their own: AWS knows only "*" for these actions.
        allow("DeliverLogs", _LOG_DELIVERY, ["*"]),
        allow("SendTraces", _TRACES, ["*"]),
    ]
    if arns.key:
        statements.append(allow("UseKey", ["kms:Decrypt", "kms:GenerateDataKey"], [arns.key]))
    return document(statements)


def _any_revision(arn: str) -> str:
    """`task-definition/FAMILY:3` as `task-definition/FAMILY:*`, `function:NAME:3` as `function:NAME:*`."""
    return arn.rpartition(":")[0] + ":*"


_SAMPLING = ("GetSamplingRules", "GetSamplingTargets")
_LOG_DELIVERY = [
    *(f"logs:{verb}LogDelivery" for verb in ("Create", "Get", "Update", "Delete")),
    *(f"logs:{name}" for name in ("ListLogDeliveries", "PutResourcePolicy", "DescribeResourcePolicies")),
    "logs:DescribeLogGroups",
]
_TRACES = [f"xray:{name}" for name in ("PutTraceSegments", "PutTelemetryRecords", *_SAMPLING)]
