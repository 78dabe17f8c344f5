"""Schedules that call a function, under a role that may call nothing else; the simple one calls every five minutes."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.iam.callers import invoke_function

RATE = "rate(5 minutes)"


@dataclass(frozen=True)
class ScheduledCallArgs:
    """`alias_arn` is the function's."""

    stem: str
    account: Account
    alias_arn: pulumi.Output[str]


def call_on_schedule(name: str, args: ScheduledCallArgs, parent: pulumi.Resource) -> None:
    """Declare the role and the schedule as children of the component."""
    role, permissions = calling_role(name, f"{args.stem}-{name}-schedule", args.account, args.alias_arn, parent)
    aws.scheduler.Schedule(
        f"{name}-schedule",
        name=f"{args.stem}-{name}",
        schedule_expression=RATE,
        flexible_time_window=aws.scheduler.ScheduleFlexibleTimeWindowArgs(mode="OFF"),
        target=aws.scheduler.ScheduleTargetArgs(
            arn=args.alias_arn,
            role_arn=role.arn,
            input=json.dumps({}),
            # The next call does the same: one that did not get through is not worth repeating.
            retry_policy=aws.scheduler.ScheduleTargetRetryPolicyArgs(maximum_retry_attempts=0),
        ),
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[permissions]),
    )


def calling_role(
    name: str, role_name: str, account: Account, alias_arn: pulumi.Output[str], parent: pulumi.Resource
) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
    """The role of schedules that call one function, and its policy, which a schedule must wait for."""
    child = pulumi.ResourceOptions(parent=parent)
    role = aws.iam.Role(
        f"{name}-role",
        name=role_name,
        assume_role_policy=account.trusting("scheduler.amazonaws.com"),
        opts=child,
    )
    permissions = aws.iam.RolePolicy(
        f"{name}-rights", name="call", role=role.name, policy=alias_arn.apply(invoke_function), opts=child
    )
    return role, permissions
