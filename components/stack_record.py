"""Where a command finds a deployed stack without Pulumi: the stack's outputs as one parameter of Systems Manager."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from agents.keys import stack_parameter


@dataclass(frozen=True)
class StackRecordArgs:
    """What the parameter says, and the environment, of which it has its name."""

    environment: str
    outputs: Mapping[str, Any]


class StackRecord(pulumi.ComponentResource):
    """One parameter of the standard tier, which is free and takes 4 KB: names and figures, no secret."""

    parameter_name: pulumi.Output[str]

    def __init__(self, name: str, args: StackRecordArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:stack_record:StackRecord", name, {}, opts)
        parameter = aws.ssm.Parameter(
            f"{name}-outputs",
            name=stack_parameter(args.environment),
            description="What `swarm --stack` reads where Pulumi is not installed",
            type=aws.ssm.ParameterType.STRING,
            tier="Standard",
            # `value` would be taken for a secret, which these names are not.
            insecure_value=pulumi.Output.all(**args.outputs).apply(_compact),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.parameter_name = parameter.name
        self.register_outputs({"parameter_name": self.parameter_name})


def _compact(outputs: Mapping[str, Any]) -> str:
    return json.dumps(outputs, separators=(",", ":"))
