"""What starts a session: an upload, through EventBridge, at the state machine's alias."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from agents import keys
from components.account import Account
from components.iam.callers import start_execution
from components.iam.resource_policies import queue_for_rule

#: EventBridge tries to deliver for so long, in seconds, and so often; then the event goes to the dead letters.
DELIVERY_SECONDS = 3_600
DELIVERY_ATTEMPTS = 20


@dataclass(frozen=True)
class TriggersArgs:
    """`alias_arn` is the target: a target that is the state machine itself would bypass its canary routing."""

    stem: str
    account: Account
    upload_bucket: pulumi.Output[str]
    alias_arn: pulumi.Output[str]
    dead_letter_queue_arn: pulumi.Output[str]
    dead_letter_queue_url: pulumi.Output[str]


class Triggers(pulumi.ComponentResource):
    """Starts an execution for every object under `uploads/`."""

    rule_arn: pulumi.Output[str]
    rule_name: pulumi.Output[str]

    def __init__(self, name: str, args: TriggersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:triggers:Triggers", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            f"{name}-role",
            name=f"{args.stem}-upload-trigger",
            assume_role_policy=args.account.trusting("events.amazonaws.com"),
            opts=child,
        )
        aws.iam.RolePolicy(
            f"{name}-rights",
            name="start",
            role=role.name,
            policy=args.alias_arn.apply(start_execution),
            opts=child,
        )
        rule = aws.cloudwatch.EventRule(
            f"{name}-upload-rule",
            name=f"{args.stem}-upload",
            description="An archive arrived in the upload bucket",
            event_pattern=args.upload_bucket.apply(upload_pattern),
            opts=child,
        )
        queue_policy = aws.sqs.QueuePolicy(
            f"{name}-dead-letter-policy",
            queue_url=args.dead_letter_queue_url,
            policy=pulumi.Output.all(args.dead_letter_queue_arn, rule.arn).apply(
                lambda arns: queue_for_rule(arns[0], arns[1])
            ),
            opts=child,
        )
        aws.cloudwatch.EventTarget(
            f"{name}-upload-target",
            rule=rule.name,
            target_id="documentation",
            arn=args.alias_arn,
            role_arn=role.arn,
            retry_policy=aws.cloudwatch.EventTargetRetryPolicyArgs(
                maximum_event_age_in_seconds=DELIVERY_SECONDS, maximum_retry_attempts=DELIVERY_ATTEMPTS
            ),
            dead_letter_config=aws.cloudwatch.EventTargetDeadLetterConfigArgs(arn=args.dead_letter_queue_arn),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[queue_policy]),
        )
        self.rule_arn, self.rule_name = rule.arn, rule.name
        self.register_outputs({"rule_arn": self.rule_arn})


def upload_pattern(bucket: str) -> str:
    """Which events start a session."""
    return json.dumps(
        {
            "source": ["aws.s3"],
            "detail-type": ["Object Created"],
            "detail": {"bucket": {"name": [bucket]}, "object": {"key": [{"prefix": keys.UPLOADS}]}},
        }
    )
