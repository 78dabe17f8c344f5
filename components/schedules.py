"""What looks at branches from time to time: a schedule for each that the setting names, and their role."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.scheduled_call import calling_role
from components.settings.schedules import FetchSchedule

#: A call that Lambda does not take is tried again for an hour: the next may be a month away.
RETRY_SECONDS, RETRIES = 3_600, 20


@dataclass(frozen=True)
class SchedulesArgs:
    """`alias_arn` is the function's that fetches snapshots."""

    stem: str
    account: Account
    alias_arn: pulumi.Output[str]
    schedules: Sequence[FetchSchedule]


class Schedules(pulumi.ComponentResource):
    """Calls FetchSnapshot for each branch; it fetches nothing where the commit is the one that it fetched last."""

    def __init__(self, name: str, args: SchedulesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:schedules:Schedules", name, {}, opts)
        role, permissions = calling_role(name, f"{args.stem}-schedules", args.account, args.alias_arn, self)
        for schedule in args.schedules:
            # By what it looks at: another time changes the schedule and makes no other one.
            digest = hashlib.sha256(schedule.target.encode()).hexdigest()[:10]
            aws.scheduler.Schedule(
                f"{name}-{digest}",
                name=f"{args.stem}-fetch-{digest}",
                description=f"Looks for a new commit of {schedule.target}"[:512],
                schedule_expression=schedule.expression,
                schedule_expression_timezone=schedule.zone,
                flexible_time_window=aws.scheduler.ScheduleFlexibleTimeWindowArgs(mode="OFF"),
                target=aws.scheduler.ScheduleTargetArgs(
                    arn=args.alias_arn,
                    role_arn=role.arn,
                    input=fetch_input(schedule),
                    retry_policy=aws.scheduler.ScheduleTargetRetryPolicyArgs(
                        maximum_event_age_in_seconds=RETRY_SECONDS, maximum_retry_attempts=RETRIES
                    ),
                ),
                opts=pulumi.ResourceOptions(parent=self, depends_on=[permissions]),
            )
        self.register_outputs({})


def fetch_input(schedule: FetchSchedule) -> str:
    """The request to FetchSnapshot: the branch's newest commit, if it is another than the last."""
    push = {
        "provider": schedule.provider,
        "repository": schedule.repository,
        "kind": "branch",
        "ref": schedule.branch,
        "commit": None,
    }
    return json.dumps({"push": push, "only_changed": True})
