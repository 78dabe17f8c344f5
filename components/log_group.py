"""The log group of a function, a task or a state machine: encrypted and expiring as its component's arguments say."""

from __future__ import annotations

from typing import Protocol

import pulumi
import pulumi_aws as aws


class LogSettings(Protocol):
    """What a component's arguments say of its logs; without a key AWS's own encrypts them."""

    @property
    def log_retention_days(self) -> int:
        """After so many days an event is deleted."""

    @property
    def log_key_arn(self) -> pulumi.Input[str] | None:
        """The KMS key, if there is one."""


def log_group(
    component: str, path: str, settings: LogSettings, opts: pulumi.ResourceOptions
) -> aws.cloudwatch.LogGroup:
    """The component's log group, `path` its name in CloudWatch Logs."""
    return aws.cloudwatch.LogGroup(
        f"{component}-logs",
        name=path,
        retention_in_days=settings.log_retention_days,
        kms_key_id=settings.log_key_arn,
        opts=opts,
    )
