"""What sessions remember: the context table, the context bucket, the upload bucket, and the key that encrypts them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.iam import resource_policies
from components.private_bucket import PrivateBucketArgs, lifecycle_rule, private_bucket

#: The Distributed Map's own result files, which nobody reads after the run, in days.
MAP_RUN_DAYS = 7


@dataclass(frozen=True)
class ContextStoreArgs:
    """`stem` begins every name; `protected` refuses deletion; `customer_key` encrypts with a KMS key of our own.

    `hosted` lets CloudFront read what the key encrypts.
    """

    stem: str
    account: Account
    retention_days: int
    protected: bool
    customer_key: bool
    hosted: bool


class ContextStore(pulumi.ComponentResource):
    """Remembers sessions: a table, a bucket for documents, a bucket for uploads."""

    table_name: pulumi.Output[str]
    table_arn: pulumi.Output[str]
    context_bucket: pulumi.Output[str]
    context_bucket_arn: pulumi.Output[str]
    upload_bucket: pulumi.Output[str]
    upload_bucket_arn: pulumi.Output[str]
    key_arn: pulumi.Output[str]
    log_key_arn: pulumi.Output[str] | None

    def __init__(self, name: str, args: ContextStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:context_store:ContextStore", name, {}, opts)
        self._name, self._args = name, args
        self._key = self._create_key() if args.customer_key else None
        self.key_arn = self._key.arn if self._key else pulumi.Output.from_input("")
        self.log_key_arn = self._key.arn if self._key else None
        table = self._create_table()
        self.table_name, self.table_arn = table.name, table.arn
        days = args.retention_days
        context = self._create_bucket("context", {"sessions/": days, "analyses/": days, "map-runs/": MAP_RUN_DAYS})
        self.context_bucket, self.context_bucket_arn = context.bucket, context.arn
        upload = self._create_bucket("upload", {"uploads/": days})
        self.upload_bucket, self.upload_bucket_arn = upload.bucket, upload.arn
        aws.s3.BucketNotification(
            f"{name}-upload-events", bucket=upload.bucket, eventbridge=True, opts=pulumi.ResourceOptions(parent=self)
        )
        self.register_outputs({"table_name": self.table_name, "context_bucket": self.context_bucket})

    def _create_key(self) -> aws.kms.Key:
        account = self._args.account
        policy = pulumi.Output.all(account.account_id, account.partition).apply(
            lambda names: resource_policies.key_policy(
                names[0], names[1], account.region, self._args.stem, self._args.hosted
            )
        )
        key = aws.kms.Key(
            f"{self._name}-key",
            description=f"Encrypts the context of {self._args.stem}",
            enable_key_rotation=True,
            deletion_window_in_days=30,
            policy=policy,
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.kms.Alias(
            f"{self._name}-key-alias",
            name=f"alias/{self._args.stem}-context",
            target_key_id=key.key_id,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return key

    def _create_table(self) -> aws.dynamodb.Table:
        encryption = (
            aws.dynamodb.TableServerSideEncryptionArgs(enabled=True, kms_key_arn=self._key.arn) if self._key else None
        )
        return aws.dynamodb.Table(
            f"{self._name}-table",
            name=f"{self._args.stem}-context",
            billing_mode="PAY_PER_REQUEST",
            hash_key="pk",
            range_key="sk",
            attributes=[
                aws.dynamodb.TableAttributeArgs(name="pk", type="S"),
                aws.dynamodb.TableAttributeArgs(name="sk", type="S"),
            ],
            ttl=aws.dynamodb.TableTtlArgs(attribute_name="expires_at", enabled=True),
            point_in_time_recovery=aws.dynamodb.TablePointInTimeRecoveryArgs(enabled=True),
            deletion_protection_enabled=self._args.protected,
            server_side_encryption=encryption,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _create_bucket(self, purpose: str, days_by_prefix: Mapping[str, int]) -> aws.s3.Bucket:
        args = PrivateBucketArgs(
            bucket=self._args.account.bucket_name(f"{self._args.stem}-{purpose}"),
            lifecycle=[lifecycle_rule(prefix, days) for prefix, days in days_by_prefix.items()],
            deletable=not self._args.protected,
            key_arn=self.log_key_arn,
        )
        return private_bucket(f"{self._name}-{purpose}", args, self).bucket
