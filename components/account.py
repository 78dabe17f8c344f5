"""The account and region that everything is created in, and names that follow from them."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.iam import documents as iam
from components.settings.model import Settings


def provider(settings: Settings) -> aws.Provider:
    """The one AWS provider: its default tags reach every resource, so that none can forget them."""
    tags = {
        "project": "serverless-swarm",
        "environment": settings.environment,
        "owner": settings.owner,
        "cost-centre": settings.cost_centre,
        "managed-by": "pulumi",
    }
    return aws.Provider(
        f"aws-{settings.environment}", region=settings.region, default_tags=aws.ProviderDefaultTagsArgs(tags=tags)
    )


@dataclass(frozen=True)
class Account:
    """Where we are; outputs, because AWS is asked."""

    account_id: pulumi.Output[str]
    partition: pulumi.Output[str]
    region: str
    first_zone: pulumi.Output[str]
    second_zone: pulumi.Output[str]

    def bucket_name(self, stem: str) -> pulumi.Output[str]:
        """A bucket's name: unique among all accounts, because those share one namespace."""
        return pulumi.Output.concat(stem, "-", self.account_id, "-", self.region)

    def arn(self, service: str, resource: str) -> pulumi.Output[str]:
        """The ARN of something of ours whose name is known before it exists."""
        return pulumi.Output.concat(
            "arn:", self.partition, f":{service}:{self.region}:", self.account_id, f":{resource}"
        )

    def trusting(self, service: str) -> pulumi.Output[str]:
        """The trust policy of a role that the service takes on for this account only."""
        return self.account_id.apply(lambda account: iam.assume_role(service, account))


def find_account(settings: Settings, parent: pulumi.Resource) -> Account:
    """Ask AWS through the parent's provider."""
    options = pulumi.InvokeOutputOptions(parent=parent)
    # Local and Wavelength Zones, which an account opts in to, have no Fargate; nor has use1-az3 (AWS, "Amazon ECS on
    # AWS Fargate in Regions"), whose letter differs between accounts.
    zones = aws.get_availability_zones_output(
        state="available",
        exclude_zone_ids=["use1-az3"],
        filters=[aws.GetAvailabilityZonesFilterArgs(name="opt-in-status", values=["opt-in-not-required"])],
        opts=options,
    ).names
    return Account(
        account_id=aws.get_caller_identity_output(opts=options).account_id,
        partition=aws.get_partition_output(opts=options).partition,
        region=settings.region,
        first_zone=zones.apply(lambda names: names[0]),
        second_zone=zones.apply(lambda names: names[1]),
    )
