"""Reports a task that ended without an answer to the state machine: a rule on ECS's events, and its function."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

#: Seconds after which the missing heartbeat has ended the task's state anyway.
DELIVERY_SECONDS = 900
DELIVERY_ATTEMPTS = 10


@dataclass(frozen=True)
class TaskWatchArgs:
    """The cluster whose tasks are watched, and the function that is called: its name, and its alias."""

    stem: str
    cluster_arn: pulumi.Output[str]
    function_name: pulumi.Output[str]
    alias_arn: pulumi.Output[str]


class TaskWatch(pulumi.ComponentResource):
    """Calls a function for every task of the cluster that has stopped."""

    def __init__(self, name: str, args: TaskWatchArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:task_watch:TaskWatch", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        rule = aws.cloudwatch.EventRule(
            f"{name}-rule",
            name=f"{args.stem}-task-stopped",
            description="A task of the cluster has stopped",
            event_pattern=args.cluster_arn.apply(stopped_pattern),
            opts=child,
        )
        permission = aws.lambda_.Permission(
            f"{name}-permission",
            statement_id="rule",
            action="lambda:InvokeFunction",
            function=args.function_name,
            # Out of the ARN, so that the alias exists before the rule may call it.
            qualifier=args.alias_arn.apply(lambda arn: arn.rpartition(":")[2]),
            principal="events.amazonaws.com",
            source_arn=rule.arn,
            opts=child,
        )
        aws.cloudwatch.EventTarget(
            f"{name}-target",
            rule=rule.name,
            target_id="task-end",
            arn=args.alias_arn,
            # The event holds the task's overrides, and with them its token: the function gets the task's name only.
            input_transformer=aws.cloudwatch.EventTargetInputTransformerArgs(
                input_paths={"task": "$.detail.taskArn"}, input_template='{"task_arn": <task>}'
            ),
            retry_policy=aws.cloudwatch.EventTargetRetryPolicyArgs(
                maximum_event_age_in_seconds=DELIVERY_SECONDS, maximum_retry_attempts=DELIVERY_ATTEMPTS
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[permission]),
        )
        self.register_outputs({})


def stopped_pattern(cluster: str) -> str:
    """The pattern of the events that report a task's end."""
    return json.dumps(
        {
            "source": ["aws.ecs"],
            "detail-type": ["ECS Task State Change"],
            "detail": {"clusterArn": [cluster], "lastStatus": ["STOPPED"]},
        }
    )
