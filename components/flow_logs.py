"""Which addresses the network's traffic came from and went to: VPC flow logs."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.iam import documents as iam

#: One record sums up the traffic of so many seconds; the other interval that AWS offers, 60, costs ten times as much.
AGGREGATION_SECONDS = 600


@dataclass(frozen=True)
class FlowLogsArgs:
    """The network to log; without a `log_key_arn` AWS's own key encrypts the records."""

    stem: str
    account: Account
    vpc_id: pulumi.Output[str]
    log_retention_days: int
    log_key_arn: pulumi.Output[str] | None = None


class FlowLogs(pulumi.ComponentResource):
    """Logs all accepted and refused traffic of the network into one log group."""

    def __init__(self, name: str, args: FlowLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:flow_logs:FlowLogs", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        group = aws.cloudwatch.LogGroup(
            f"{name}-records",
            name=f"/aws/vpc/{args.stem}-flow-logs",
            retention_in_days=args.log_retention_days,
            kms_key_id=args.log_key_arn,
            opts=child,
        )
        role = aws.iam.Role(
            f"{name}-role",
            name=f"{args.stem}-flow-logs",
            assume_role_policy=args.account.trusting("vpc-flow-logs.amazonaws.com"),
            opts=child,
        )
        policy = aws.iam.RolePolicy(
            f"{name}-policy", name="write-records", role=role.name, policy=group.arn.apply(write_records), opts=child
        )
        aws.ec2.FlowLog(
            f"{name}-flow",
            vpc_id=args.vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=AGGREGATION_SECONDS,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
        self.register_outputs({})


def write_records(group: str) -> str:
    """What the role of the flow logs may do: write into its own log group."""
    writes = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
    return iam.document(
        [
            iam.allow("WriteRecords", writes, [group, f"{group}:*"]),
            iam.allow("FindGroup", ["logs:DescribeLogGroups"], ["*"]),
        ]
    )
