"""Who read or wrote what in the stack's buckets: S3's server access logs, in a bucket of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.iam.resource_policies import access_log_writer
from components.private_bucket import PrivateBucketArgs, lifecycle_rule, private_bucket


@dataclass(frozen=True)
class AccessLogsArgs:
    """`buckets` are the names of the logged buckets by purpose; a log expires after `retention_days`."""

    stem: str
    account: Account
    buckets: Mapping[str, pulumi.Output[str]]
    retention_days: int
    protected: bool


class AccessLogs(pulumi.ComponentResource):
    """Logs every request to the stack's buckets. The bucket of the logs is not logged: its logs would never end.

    It is encrypted with S3's own key: S3 delivers no access log into a bucket whose default is a KMS key.
    """

    def __init__(self, name: str, args: AccessLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:access_logs:AccessLogs", name, {}, opts)
        account = args.account
        bucket_name = account.bucket_name(f"{args.stem}-access-logs")
        writer = pulumi.Output.all(account.partition, account.account_id, bucket_name).apply(
            lambda places: [access_log_writer(places[0], places[1], places[2], f"{args.stem}-*")]
        )
        logs = private_bucket(
            name,
            PrivateBucketArgs(
                bucket=bucket_name,
                lifecycle=[lifecycle_rule(f"{purpose}/", args.retention_days) for purpose in args.buckets],
                deletable=not args.protected,
                writers=writer,
            ),
            self,
        )
        for purpose, bucket in args.buckets.items():
            aws.s3.BucketLogging(
                f"{name}-{purpose}",
                bucket=bucket,
                target_bucket=logs.bucket.bucket,
                target_prefix=f"{purpose}/",
                # S3 refuses a target whose policy does not let it write yet.
                opts=pulumi.ResourceOptions(parent=self, depends_on=[logs.policy]),
            )
        self.register_outputs({"bucket": logs.bucket.bucket})
