"""A bucket that nobody outside sees: private, TLS only, versioned, encrypted, and with an end for what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pulumi
import pulumi_aws as aws

from components.iam.documents import Statement
from components.iam.resource_policies import bucket_policy

#: A superseded version of an object is kept so long, in days: enough to notice a mistake.
OLD_VERSION_DAYS = 7


@dataclass(frozen=True)
class PrivateBucketArgs:
    """`deletable` lets `pulumi destroy` empty it; without a `key_arn` AWS's own key encrypts.

    `writers` are statements that the bucket's policy has besides the refusal of plain HTTP.
    """

    bucket: pulumi.Input[str]
    lifecycle: Sequence[aws.s3.BucketLifecycleConfigurationRuleArgs]
    deletable: bool
    key_arn: pulumi.Input[str] | None = None
    writers: pulumi.Input[Sequence[Statement]] = ()


class PrivateBucket(NamedTuple):
    """The bucket, and its policy for whatever must wait for it."""

    bucket: aws.s3.Bucket
    policy: aws.s3.BucketPolicy


def private_bucket(stem: str, args: PrivateBucketArgs, parent: pulumi.Resource) -> PrivateBucket:
    """The bucket and the five resources that make it so, as children of `parent`; `stem` begins their names."""
    child = pulumi.ResourceOptions(parent=parent)
    bucket = aws.s3.Bucket(f"{stem}-bucket", bucket=args.bucket, force_destroy=args.deletable, opts=child)
    aws.s3.BucketPublicAccessBlock(
        f"{stem}-public-access",
        bucket=bucket.bucket,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=child,
    )
    versioning = aws.s3.BucketVersioning(
        f"{stem}-versioning",
        bucket=bucket.bucket,
        versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
        opts=child,
    )
    default = aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
        sse_algorithm="aws:kms" if args.key_arn else "AES256", kms_master_key_id=args.key_arn
    )
    rule = aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
        apply_server_side_encryption_by_default=default, bucket_key_enabled=bool(args.key_arn)
    )
    aws.s3.BucketServerSideEncryptionConfiguration(f"{stem}-encryption", bucket=bucket.bucket, rules=[rule], opts=child)
    document = pulumi.Output.all(bucket.arn, args.writers).apply(lambda values: bucket_policy(values[0], values[1]))
    policy = aws.s3.BucketPolicy(f"{stem}-policy", bucket=bucket.bucket, policy=document, opts=child)
    aws.s3.BucketLifecycleConfiguration(
        f"{stem}-lifecycle",
        bucket=bucket.bucket,
        rules=list(args.lifecycle),
        # A rule on old versions is refused while the bucket keeps none.
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[versioning]),
    )
    return PrivateBucket(bucket, policy)


def lifecycle_rule(prefix: str, days: int | None = None) -> aws.s3.BucketLifecycleConfigurationRuleArgs:
    """What is under the prefix expires after so many days; without days only old versions and broken uploads go."""
    expiration = aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=days) if days else None
    return aws.s3.BucketLifecycleConfigurationRuleArgs(
        id=f"expire-{prefix.rstrip('/')}",
        status="Enabled",
        filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=prefix),
        expiration=expiration,
        noncurrent_version_expiration=aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
            noncurrent_days=OLD_VERSION_DAYS
        ),
        abort_incomplete_multipart_upload=aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
            days_after_initiation=1
        ),
    )
