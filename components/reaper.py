"""What ends orphaned tasks and sessions whose execution died: the reaper's function, called by a schedule."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.iam.callers import invoke_function

#: An orphaned task's own heartbeat ends it sooner; this is for those that no longer beat.
RATE = "rate(5 minutes)"


@dataclass(frozen=True)
class ReaperArgs:
    """`alias_arn` is the function's."""

    stem: str
    account: Account
    alias_arn: pulumi.Output[str]


class Reaper(pulumi.ComponentResource):
    """Calls the reaper every few minutes."""

    def __init__(self, name: str, args: ReaperArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:reaper:Reaper", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            f"{name}-role",
            name=f"{args.stem}-reaper-schedule",
            assume_role_policy=args.account.trusting("scheduler.amazonaws.com"),
            opts=child,
        )
        permissions = aws.iam.RolePolicy(
            f"{name}-rights", name="call", role=role.name, policy=args.alias_arn.apply(invoke_function), opts=child
        )
        aws.scheduler.Schedule(
            f"{name}-schedule",
            name=f"{args.stem}-reaper",
            schedule_expression=RATE,
            flexible_time_window=aws.scheduler.ScheduleFlexibleTimeWindowArgs(mode="OFF"),
            target=aws.scheduler.ScheduleTargetArgs(
                arn=args.alias_arn,
                role_arn=role.arn,
                input=json.dumps({}),
                # The next call does the same: one that did not get through is not worth repeating.
                retry_policy=aws.scheduler.ScheduleTargetRetryPolicyArgs(maximum_retry_attempts=0),
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[permissions]),
        )
        self.register_outputs({})
