"""An agent that fits a Lambda function: the function, its role, its log group, its alias."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from agents.settings import ALIAS
from components.iam import documents as iam
from components.log_group import log_group

RUNTIME = "python3.13"
#: Built by releases/: our code alone; what it depends on comes as layers.
FUNCTION_ZIP = "build/function.zip"
#: The same with bytecode for Lambda's Python, by `make package`.
PACKAGED_ZIP = "build/release/function.zip"
HANDLER = "agents.shells.lambda_handler.handler"


@dataclass(frozen=True)
class ShortAgentArgs:
    """One function. `timeout_seconds` stays below the state's own, so that Lambda's error name arrives first.

    `moved_by_canary`: the alias stays where it is when there is a new version, until a canary has succeeded.
    """

    stem: str
    state: str
    environment: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    arns: pulumi.Output[iam.AgentArns]
    dead_letter_queue_arn: pulumi.Input[str]
    architecture: str
    memory_megabytes: int
    timeout_seconds: int
    log_retention_days: int
    disk_megabytes: int = 512
    reserved_concurrency: int = 0
    asynchronous_retries: int = 0
    code: str = FUNCTION_ZIP
    layers: Sequence[pulumi.Input[str]] = ()
    moved_by_canary: bool = False
    log_key_arn: pulumi.Input[str] | None = None


class ShortAgent(pulumi.ComponentResource):
    """Runs one state's code on Lambda, under a role of its own."""

    alias_arn: pulumi.Output[str]
    version_arn: pulumi.Output[str]
    function_name: pulumi.Output[str]

    def __init__(self, name: str, args: ShortAgentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:short_agent:ShortAgent", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        function_name = function_name_of(args.stem, args.state)
        logs = log_group(name, f"/aws/lambda/{function_name}", args, child)
        role = aws.iam.Role(
            f"{name}-role", name=function_name, assume_role_policy=iam.assume_role("lambda.amazonaws.com"), opts=child
        )
        document = pulumi.Output.all(args.arns, logs.arn, args.dead_letter_queue_arn).apply(
            lambda arns: iam.agent(args.state, arns[0], log_group=arns[1], failure_queue=arns[2])
        )
        permissions = aws.iam.RolePolicy(f"{name}-rights", name="agent", role=role.name, policy=document, opts=child)
        function = aws.lambda_.Function(
            f"{name}-function",
            name=function_name,
            description=f"The code of the state {args.state}",
            runtime=RUNTIME,
            architectures=[args.architecture],
            handler=HANDLER,
            code=pulumi.FileArchive(args.code),
            layers=list(args.layers),
            role=role.arn,
            timeout=args.timeout_seconds,
            memory_size=args.memory_megabytes,
            ephemeral_storage=aws.lambda_.FunctionEphemeralStorageArgs(size=args.disk_megabytes),
            reserved_concurrent_executions=args.reserved_concurrency or None,
            environment=aws.lambda_.FunctionEnvironmentArgs(variables=args.environment),
            publish=True,
            # Without its permissions and its log group the first call would fail, or make a group that never expires.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[permissions, logs]),
        )
        alias = aws.lambda_.Alias(
            f"{name}-alias",
            name=ALIAS,
            function_name=function.name,
            function_version=function.version,
            opts=pulumi.ResourceOptions(
                parent=self, ignore_changes=["function_version"] if args.moved_by_canary else None
            ),
        )
        aws.lambda_.FunctionEventInvokeConfig(
            f"{name}-failures",
            function_name=function.name,
            qualifier=alias.name,
            maximum_retry_attempts=args.asynchronous_retries,
            destination_config=aws.lambda_.FunctionEventInvokeConfigDestinationConfigArgs(
                on_failure=aws.lambda_.FunctionEventInvokeConfigDestinationConfigOnFailureArgs(
                    destination=args.dead_letter_queue_arn
                )
            ),
            opts=child,
        )
        self.alias_arn, self.version_arn, self.function_name = alias.arn, function.qualified_arn, function.name
        self.register_outputs({"alias_arn": self.alias_arn})


def function_name_of(stem: str, state: str) -> str:
    """The name of the function that runs the state's code, known before the function exists."""
    return f"{stem}-{dashed(state)}"


def dashed(state: str) -> str:
    """The state's name as AWS resources carry it: `OpenSession` is `open-session`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", state).lower()
