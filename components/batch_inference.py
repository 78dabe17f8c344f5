"""What Bedrock needs to run batch inference jobs for us: a role of its own, that only such a job can take on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.context_store import ContextStore
from components.iam import documents as iam
from components.iam.job_role import job_role
from components.iam.model_arns import model_arns
from components.settings.model import Settings


@dataclass(frozen=True)
class BatchInferenceArgs:
    """Where the jobs' input and output lie, and the ARNs of the model that they ask."""

    stem: str
    account: Account
    bucket_arn: pulumi.Output[str]
    key_arn: pulumi.Output[str]
    models: pulumi.Output[list[str]]


class BatchInference(pulumi.ComponentResource):
    """Lets Bedrock read what jobs ask and write what they answer."""

    role_arn: pulumi.Output[str]

    def __init__(self, name: str, args: BatchInferenceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:batch_inference:BatchInference", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        jobs = args.account.arn("bedrock", "model-invocation-job/*")
        role = aws.iam.Role(
            f"{name}-role",
            name=f"{args.stem}-batch-inference",
            assume_role_policy=pulumi.Output.all(args.account.account_id, jobs).apply(
                lambda source: iam.assume_role("bedrock.amazonaws.com", source[0], source[1])
            ),
            opts=child,
        )
        aws.iam.RolePolicy(
            f"{name}-rights",
            name="jobs",
            role=role.name,
            policy=pulumi.Output.all(args.bucket_arn, args.key_arn, args.models).apply(
                lambda arns: job_role(arns[0], arns[1], arns[2])
            ),
            opts=child,
        )
        self.role_arn = role.arn
        self.register_outputs({"role_arn": self.role_arn})


def models_of(account: Account, *names: str) -> pulumi.Output[list[str]]:
    """The ARNs of these models, and of those behind an inference profile."""

    def arns_of(where: Sequence[str]) -> list[str]:
        partition, number = where
        models = (model_arns(name, partition, account.region, number) for name in names)
        return list(dict.fromkeys(arn for arns in models for arn in arns))

    return pulumi.Output.all(account.partition, account.account_id).apply(arns_of)


def batch_inference(
    settings: Settings, account: Account, store: ContextStore, child: pulumi.ResourceOptions
) -> BatchInference | None:
    """The component where sessions use jobs, None where they ask in realtime."""
    if settings.inference != "batch":
        return None
    models = models_of(account, settings.analyst_model)
    stem = f"swarm-{settings.environment}"
    args = BatchInferenceArgs(stem, account, store.context_bucket_arn, store.key_arn, models)
    return BatchInference("batch-inference", args, child)
