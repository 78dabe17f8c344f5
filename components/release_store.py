"""Where an environment keeps its releases: a bucket for artefacts and a registry for the agents' image (ADR 6)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.iam.resource_policies import immutable_objects
from components.private_bucket import PrivateBucketArgs, lifecycle_rule, private_bucket

#: An image that no tag names is an interrupted push; it is forgotten after so many days.
UNTAGGED_DAYS = 7


@dataclass(frozen=True)
class ReleaseStoreArgs:
    """`stem` begins every name; `protected` refuses deletion; without a `key_arn` AWS's own key encrypts.

    `scanning` is ECR's search for known vulnerabilities: `basic` at each push, or `enhanced` by Amazon Inspector.
    """

    stem: str
    account: Account
    protected: bool
    key_arn: pulumi.Output[str] | None = None
    scanning: Literal["basic", "enhanced"] = "basic"


class ReleaseStore(pulumi.ComponentResource):
    """Keeps what runs here, and what a rollback goes back to: nothing in it expires but interrupted pushes.

    Its bucket's policy refuses deletions and every put that could overwrite; `pulumi destroy` deletes the policy first.

    The registry is encrypted with AWS's key everywhere: an image holds our code alone, and nobody's repository.
    """

    bucket: pulumi.Output[str]
    bucket_arn: pulumi.Output[str]
    image_repository: pulumi.Output[str]
    image_repository_url: pulumi.Output[str]

    def __init__(self, name: str, args: ReleaseStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:release_store:ReleaseStore", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        bucket_name = args.account.bucket_name(f"{args.stem}-releases")
        arn = pulumi.Output.concat("arn:", args.account.partition, ":s3:::", bucket_name)
        bucket = private_bucket(
            name,
            PrivateBucketArgs(
                bucket=bucket_name,
                writers=arn.apply(immutable_objects),
                lifecycle=[lifecycle_rule("releases/")],
                deletable=not args.protected,
                key_arn=args.key_arn,
            ),
            self,
        ).bucket
        images = aws.ecr.Repository(
            f"{name}-images",
            name=f"{args.stem}-agent",
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration=aws.ecr.RepositoryImageScanningConfigurationArgs(scan_on_push=True),
            force_delete=not args.protected,
            opts=child,
        )
        aws.ecr.LifecyclePolicy(
            f"{name}-images-lifecycle", repository=images.name, policy=forget_untagged(UNTAGGED_DAYS), opts=child
        )
        if args.scanning == "enhanced":
            _scan_continuously(name, f"{args.stem}-agent", child)
        self.bucket, self.bucket_arn = bucket.bucket, bucket.arn
        self.image_repository = images.name
        self.image_repository_url = images.repository_url
        self.register_outputs({"bucket": self.bucket, "image_repository": self.image_repository})


def _scan_continuously(name: str, repository: str, child: pulumi.ResourceOptions) -> None:
    """Set the account's one scanning configuration of the region; it scans no repository that it does not name."""
    named = aws.ecr.RegistryScanningConfigurationRuleRepositoryFilterArgs(filter=repository, filter_type="WILDCARD")
    rule = aws.ecr.RegistryScanningConfigurationRuleArgs(scan_frequency="CONTINUOUS_SCAN", repository_filters=[named])
    aws.ecr.RegistryScanningConfiguration(f"{name}-scanning", scan_type="ENHANCED", rules=[rule], opts=child)


def forget_untagged(days: int) -> str:
    """ECR's lifecycle policy that removes what no tag names after so many days."""
    selection = {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": days}
    rule = {
        "rulePriority": 1,
        "description": "Interrupted pushes",
        "selection": selection,
        "action": {"type": "expire"},
    }
    return json.dumps({"rules": [rule]}, indent=2)
