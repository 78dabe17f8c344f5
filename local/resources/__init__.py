"""How each aws:* type of the Pulumi program becomes real on moto: one function per type, one table."""

from __future__ import annotations

from local.resources import (
    cloudwatch,
    dynamodb,
    ec2,
    ecr,
    ecs,
    iam,
    kms,
    lambda_,
    lookups,
    s3,
    scheduler,
    sfn,
    sns,
    sqs,
    ssm,
)
from local.resources.registry import CloudBackend, Declared, Realised, UnknownResourceType, look_up, realise

__all__ = ["CloudBackend", "Declared", "Realised", "UnknownResourceType", "look_up", "realise"]

_SERVICES = (cloudwatch, dynamodb, ec2, ecr, ecs, iam, kms, lambda_, lookups, s3, scheduler, sfn, sns, sqs, ssm)
