"""Agents whose work is too big for Lambda: a task definition each, and the cluster they share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.iam import documents as iam
from components.iam.task_execution import task_execution
from components.log_group import log_group
from components.short_agent import dashed

#: The state machine's container overrides name it.
CONTAINER = "agent"
COMMAND = ["python", "-m", "agents.shells.fargate_task"]
#: A user that owns nothing in the image.
USER = "65532:65532"
#: The longest that Fargate waits between SIGTERM and SIGKILL: time for a checkpoint.
STOP_SECONDS = 120
SCRATCH = "scratch"
CPU_ARCHITECTURE = {"arm64": "ARM64", "x86_64": "X86_64"}


@dataclass(frozen=True)
class FargateClusterArgs:
    """`stem` is the cluster's name."""

    stem: str


class FargateCluster(pulumi.ComponentResource):
    """Where tasks run; costs nothing while none does."""

    cluster_arn: pulumi.Output[str]

    def __init__(self, name: str, args: FargateClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:fargate_agent:FargateCluster", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        cluster = aws.ecs.Cluster(f"{name}-cluster", name=args.stem, opts=child)
        aws.ecs.ClusterCapacityProviders(
            f"{name}-capacity",
            cluster_name=cluster.name,
            capacity_providers=["FARGATE", "FARGATE_SPOT"],
            opts=child,
        )
        self.cluster_arn = cluster.arn
        self.register_outputs({"cluster_arn": self.cluster_arn})


@dataclass(frozen=True)
class FargateAgentArgs:
    """One task definition; `image` names its digest."""

    stem: str
    state: str
    account: Account
    environment: pulumi.Output[dict[str, str]]
    arns: pulumi.Output[iam.AgentArns]
    image: str
    architecture: str
    cpu_units: int
    memory_megabytes: int
    disk_gigabytes: int
    log_retention_days: int
    log_key_arn: pulumi.Input[str] | None = None


class FargateAgent(pulumi.ComponentResource):
    """Runs one state's code as a Fargate task; the task's role and the role that starts it are two."""

    task_definition_arn: pulumi.Output[str]
    role_arns: tuple[pulumi.Output[str], pulumi.Output[str]]

    def __init__(self, name: str, args: FargateAgentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:fargate_agent:FargateAgent", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        family = f"{args.stem}-{dashed(args.state)}-task"
        logs = log_group(name, f"/aws/ecs/{family}", args, child)
        service = "ecs-tasks.amazonaws.com"
        trust = args.account.trusting(service)
        task_role = aws.iam.Role(f"{name}-task-role", name=family, assume_role_policy=trust, opts=child)
        task_permissions = aws.iam.RolePolicy(
            f"{name}-task-rights",
            name="agent",
            role=task_role.name,
            policy=args.arns.apply(lambda arns: iam.agent(args.state, arns, on_fargate=True)),
            opts=child,
        )
        start_role = aws.iam.Role(
            f"{name}-execution-role",
            name=f"{family}-start",
            assume_role_policy=iam.assume_role(service),
            opts=child,
        )
        start_permissions = aws.iam.RolePolicy(
            f"{name}-execution-rights",
            name="start",
            role=start_role.name,
            policy=pulumi.Output.all(args.account.partition, logs.arn).apply(
                lambda arns: task_execution(args.image, arns[0], arns[1])
            ),
            opts=child,
        )
        containers = pulumi.Output.all(args.environment, logs.name).apply(
            lambda values: container_definitions(args, values[0], values[1])
        )
        task = aws.ecs.TaskDefinition(
            f"{name}-task",
            family=family,
            requires_compatibilities=["FARGATE"],
            network_mode="awsvpc",
            cpu=str(args.cpu_units),
            memory=str(args.memory_megabytes),
            ephemeral_storage=aws.ecs.TaskDefinitionEphemeralStorageArgs(size_in_gib=args.disk_gigabytes),
            runtime_platform=aws.ecs.TaskDefinitionRuntimePlatformArgs(
                cpu_architecture=CPU_ARCHITECTURE[args.architecture], operating_system_family="LINUX"
            ),
            task_role_arn=task_role.arn,
            execution_role_arn=start_role.arn,
            volumes=[aws.ecs.TaskDefinitionVolumeArgs(name=SCRATCH)],
            container_definitions=containers,
            # Running executions and earlier versions of the state machine name older revisions.
            skip_destroy=True,
            # Every new revision replaces it, which Pulumi refuses for a protected resource; the older one stays anyway.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[task_permissions, start_permissions], protect=False),
        )
        self.task_definition_arn = task.arn
        self.role_arns = (task_role.arn, start_role.arn)
        self.register_outputs({"task_definition_arn": self.task_definition_arn})


def container_definitions(args: FargateAgentArgs, environment: Mapping[str, str], log_group: str) -> str:
    """The one container, as ECS's JSON: it can write nowhere but to /tmp."""
    container = {
        "name": CONTAINER,
        "image": args.image,
        "essential": True,
        "command": COMMAND,
        "user": USER,
        "cpu": args.cpu_units,
        "memory": args.memory_megabytes,
        "readonlyRootFilesystem": True,
        "linuxParameters": {"initProcessEnabled": True},
        "mountPoints": [{"sourceVolume": SCRATCH, "containerPath": "/tmp", "readOnly": False}],  # noqa: S108 (the container's own)
        "stopTimeout": STOP_SECONDS,
        "environment": [{"name": name, "value": environment[name]} for name in sorted(environment)],
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": log_group,
                "awslogs-region": args.account.region,
                "awslogs-stream-prefix": CONTAINER,
            },
        },
    }
    return json.dumps([container])
