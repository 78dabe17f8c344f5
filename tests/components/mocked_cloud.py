"""Runs the real program under Pulumi's mock monitor and notes every resource that it declares."""

from __future__ import annotations

import runpy
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
import yaml
from pulumi.runtime import mocks as pulumi_mocks
from pulumi.runtime.settings import get_root_resource
from pulumi.runtime.stack import Stack, run_pulumi_func

from components.settings.model import NAMESPACE
from local.program_loop import program_loop
from local.resource_positions import without_positions

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT = "111122223333"
STACKS = ("local", "dev", "prod")


@dataclass(frozen=True)
class Declared:
    """One resource as the engine would see it."""

    urn: str
    token: str
    name: str
    inputs: Mapping[str, Any]
    provider: str


@dataclass
class MockedCloud(pulumi_mocks.Mocks):
    """Answers as AWS would: ARNs and ids that follow from names, so that a golden file is the same everywhere."""

    region: str
    preview: bool = False
    declared: dict[tuple[str, str], pulumi_mocks.MockResourceArgs] = field(default_factory=dict)

    def new_resource(self, args: pulumi_mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.declared[args.typ, args.name] = args
        if self.preview:  # before anything exists the engine knows no id and nothing that AWS computes
            return "", args.inputs
        return f"{args.name}-id", {**args.inputs, **self._computed(args)}

    def call(self, args: pulumi_mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        answers: dict[str, dict[str, Any]] = {
            "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ACCOUNT},
            "aws:index/getPartition:getPartition": {"partition": "aws"},
            "aws:index/getAvailabilityZones:getAvailabilityZones": {"names": [f"{self.region}{z}" for z in "abc"]},
        }
        return answers[args.token], []

    def _computed(self, args: pulumi_mocks.MockResourceArgs) -> dict[str, Any]:
        kind = args.typ.split(":")[-1]
        name = next((args.inputs[key] for key in ("name", "bucket", "family") if key in args.inputs), args.name)
        region, account, function = self.region, ACCOUNT, args.inputs.get("functionName")
        service_arns = {
            "aws:s3/bucket:Bucket": f"arn:aws:s3:::{name}",
            "aws:dynamodb/table:Table": f"arn:aws:dynamodb:{region}:{account}:table/{name}",
            "aws:kms/key:Key": f"arn:aws:kms:{region}:{account}:key/{args.name}-id",
            "aws:iam/role:Role": f"arn:aws:iam::{account}:role/{name}",
            "aws:cloudwatch/logGroup:LogGroup": f"arn:aws:logs:{region}:{account}:log-group:{name}",
            "aws:cloudwatch/eventRule:EventRule": f"arn:aws:events:{region}:{account}:rule/{name}",
            "aws:lambda/function:Function": f"arn:aws:lambda:{region}:{account}:function:{name}",
            "aws:lambda/alias:Alias": f"arn:aws:lambda:{region}:{account}:function:{function}:{name}",
            "aws:ecs/cluster:Cluster": f"arn:aws:ecs:{region}:{account}:cluster/{name}",
            "aws:ecs/taskDefinition:TaskDefinition": f"arn:aws:ecs:{region}:{account}:task-definition/{name}:1",
            "aws:sfn/stateMachine:StateMachine": f"arn:aws:states:{region}:{account}:stateMachine:{name}",
            "aws:sfn/alias:Alias": f"arn:aws:states:{region}:{account}:stateMachine:swarm:{name}",
            "aws:sqs/queue:Queue": f"arn:aws:sqs:{region}:{account}:{name}",
            "aws:ssm/parameter:Parameter": f"arn:aws:ssm:{region}:{account}:parameter{name}",
            "aws:cloudfront/distribution:Distribution": f"arn:aws:cloudfront::{account}:distribution/{args.name}-id",
            "aws:cloudfront/function:Function": f"arn:aws:cloudfront::{account}:function/{name}",
            "aws:sns/topic:Topic": f"arn:aws:sns:{region}:{account}:{name}",
        }
        computed: dict[str, Any] = {"arn": service_arns.get(args.typ, f"arn:aws:{kind}:{region}:{account}:{name}")}
        if args.typ == "aws:lambda/function:Function":
            computed |= {"version": "1", "qualifiedArn": f"{computed['arn']}:1"}
        if args.typ == "aws:kms/key:Key":
            computed["keyId"] = f"{args.name}-id"
        if args.typ == "aws:sfn/stateMachine:StateMachine":
            computed["stateMachineVersionArn"] = f"{computed['arn']}:1"
        if args.typ == "aws:lambda/functionUrl:FunctionUrl":
            computed["functionUrl"] = f"https://{args.name}.lambda-url.{region}.on.aws/"
        if args.typ == "aws:sqs/queue:Queue":
            computed["url"] = f"https://sqs.{region}.amazonaws.com/{account}/{name}"
        if args.typ == "aws:ecr/repository:Repository":
            computed["repositoryUrl"] = f"{account}.dkr.ecr.{region}.amazonaws.com/{name}"
        if args.typ == "aws:lambda/functionUrl:FunctionUrl":
            computed["functionUrl"] = f"https://{args.name}.lambda-url.{region}.on.aws/"
        if args.typ == "aws:cloudfront/distribution:Distribution":
            computed["domainName"] = "d111111abcdef8.cloudfront.net"
        if args.typ == "aws:ec2/vpcEndpoint:VpcEndpoint":
            computed["prefixListId"] = f"pl-{args.name}"
        return computed


@dataclass(frozen=True)
class BuiltStack:
    """What one run of the program declared, and what it exported."""

    resources: tuple[Declared, ...]
    exports: Mapping[str, Any]

    def of(self, token: str) -> list[Declared]:
        """The resources of one type, such as `aws:s3/bucket:Bucket`."""
        return [resource for resource in self.resources if resource.token == token]


def stack_configuration(stack: str) -> dict[str, str]:
    """The stack's file as Pulumi hands it over: every value is text."""
    loaded = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8"))["config"]
    return {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in loaded.items()}


def build_stack(stack: str, preview: bool = False, **changes: str) -> BuiltStack:
    """Run __main__.py; `changes` replace settings, by their keys in YAML."""
    configuration = stack_configuration(stack) | {f"{NAMESPACE}:{key}": value for key, value in changes.items()}
    cloud = MockedCloud(configuration[f"{NAMESPACE}:region"], preview)
    monitor = pulumi_mocks.MockMonitor(cloud)
    pulumi.runtime.set_all_config(configuration)

    def describe() -> None:
        runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__")

    async def program() -> dict[str, Any]:
        pulumi_mocks.set_mocks(cloud, project=NAMESPACE, stack=stack, preview=preview, monitor=monitor)
        await run_pulumi_func(describe)
        root = get_root_resource()
        outputs = root.outputs if isinstance(root, Stack) else {}
        return {name: await pulumi.Output.from_input(value).future() for name, value in outputs.items()}

    with without_positions(), program_loop() as loop:
        exports = loop.run_until_complete(program())
    return BuiltStack(tuple(_declared(monitor, cloud)), exports)


def _declared(monitor: pulumi_mocks.MockMonitor, cloud: MockedCloud) -> list[Declared]:
    found = []
    for urn in sorted(monitor.resources):
        types, name = urn.split("::")[2], urn.split("::", 3)[3]
        args = cloud.declared.get((types.split("$")[-1], name))
        if args is not None:
            found.append(Declared(urn, args.typ, name, args.inputs, args.provider or ""))
    return found
