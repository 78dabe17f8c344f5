"""The state machine: rendered definition, versions and their alias, role, logs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

import pulumi
import pulumi_aws as aws

from agents.settings import ALIAS
from components.account import Account
from components.iam.workflow_policy import WorkflowArns, workflow_policy
from components.log_group import log_group
from workflow import definition


@dataclass(frozen=True)
class WorkflowArgs:
    """What the definition's placeholders stand for: functions have a version, task definitions a revision.

    So a version of the state machine goes on calling the code that it was published with. `moved_by_canary`: a new
    version gets its sessions by the function that decides, and `pulumi up` leaves the alias as it is.
    """

    stem: str
    account: Account
    functions: Mapping[str, pulumi.Output[str]]
    task_definitions: Mapping[str, pulumi.Output[str]]
    task_roles: tuple[pulumi.Output[str], ...]
    cluster_arn: pulumi.Output[str]
    subnet_ids: tuple[pulumi.Output[str], pulumi.Output[str]]
    security_group_id: pulumi.Output[str]
    assign_public_ip: str
    table_name: pulumi.Output[str]
    table_arn: pulumi.Output[str]
    context_bucket: pulumi.Output[str]
    context_bucket_arn: pulumi.Output[str]
    key_arn: pulumi.Output[str]
    log_retention_days: int
    log_level: str
    tracing: bool
    log_key_arn: pulumi.Input[str] | None = None
    approval_hours: float = 0
    moved_by_canary: bool = False


class Workflow(pulumi.ComponentResource):
    """Runs the swarm: one state machine, its role, its log group."""

    state_machine_arn: pulumi.Output[str]
    alias_arn: pulumi.Output[str]

    def __init__(self, name: str, args: WorkflowArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:workflow:Workflow", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        machine_name = state_machine_name(args.stem)
        # Under this prefix Step Functions may write without growing the resource policy of CloudWatch Logs.
        logs = log_group(name, f"/aws/vendedlogs/states/{machine_name}", args, child)
        role = aws.iam.Role(
            f"{name}-role",
            name=machine_name,
            assume_role_policy=args.account.trusting("states.amazonaws.com"),
            opts=child,
        )
        permissions = aws.iam.RolePolicy(
            f"{name}-rights", name="conduct", role=role.name, policy=_permissions(args, machine_name), opts=child
        )
        machine = aws.sfn.StateMachine(
            f"{name}-machine",
            name=machine_name,
            type="STANDARD",
            role_arn=role.arn,
            definition=_rendered(args),
            publish=True,
            logging_configuration=aws.sfn.StateMachineLoggingConfigurationArgs(
                level=args.log_level,
                include_execution_data=False,
                log_destination=pulumi.Output.concat(logs.arn, ":*"),
            ),
            tracing_configuration=aws.sfn.StateMachineTracingConfigurationArgs(enabled=args.tracing),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[permissions]),
        )
        alias = aws.sfn.Alias(
            f"{name}-alias",
            name=ALIAS,
            routing_configurations=[
                aws.sfn.AliasRoutingConfigurationArgs(
                    state_machine_version_arn=machine.state_machine_version_arn, weight=100
                )
            ],
            opts=pulumi.ResourceOptions(
                parent=self, ignore_changes=["routing_configurations"] if args.moved_by_canary else None
            ),
        )
        self.state_machine_arn, self.alias_arn = machine.arn, alias.arn
        self.register_outputs({"state_machine_arn": self.state_machine_arn, "alias_arn": self.alias_arn})


def state_machine_name(stem: str) -> str:
    """The state machine's name, needed before it exists: a role's policy names the machine that names the role."""
    return f"{stem}-documentation"


def placeholder_values(args: WorkflowArgs) -> dict[str, pulumi.Input[str]]:
    """A value for every placeholder of the definition."""
    return {
        **{f"{state}FunctionArn": arn for state, arn in args.functions.items()},
        **{f"{state}TaskDefinitionArn": arn for state, arn in args.task_definitions.items()},
        "ClusterArn": args.cluster_arn,
        "FirstSubnetId": args.subnet_ids[0],
        "SecondSubnetId": args.subnet_ids[1],
        "SecurityGroupId": args.security_group_id,
        "AssignPublicIp": args.assign_public_ip,
        "ContextTableName": args.table_name,
        "ContextBucketName": args.context_bucket,
    }


def _rendered(args: WorkflowArgs) -> pulumi.Output[str]:
    machine = definition.load()
    # Two drafts can wait for a person, and the time in which everything else must end stays the same.
    machine["TimeoutSeconds"] += 2 * ceil(args.approval_hours * 3600)
    return pulumi.Output.all(**placeholder_values(args)).apply(lambda values: definition.render(machine, values))


def _permissions(args: WorkflowArgs, machine_name: str) -> pulumi.Output[str]:
    arns = pulumi.Output.all(
        functions=list(args.functions.values()),
        task_definitions=list(args.task_definitions.values()),
        task_roles=list(args.task_roles),
        cluster=args.cluster_arn,
        table=args.table_arn,
        context_bucket=args.context_bucket_arn,
        state_machine=args.account.arn("states", f"stateMachine:{machine_name}"),
        key=args.key_arn,
    )
    return arns.apply(
        lambda values: workflow_policy(
            WorkflowArns(
                functions=tuple(values["functions"]),
                task_definitions=tuple(values["task_definitions"]),
                task_roles=tuple(values["task_roles"]),
                cluster=values["cluster"],
                table=values["table"],
                context_bucket=values["context_bucket"],
                state_machine=values["state_machine"],
                key=values["key"],
            )
        )
    )
