"""The dependency layers: what `make package` built, shared by all functions of one environment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from agents.roster import layers_of
from agents.roster_row import LayerName
from components.short_agent import RUNTIME


@dataclass(frozen=True)
class LayersArgs:
    """`stem` begins each layer's name; zips differ by architecture; `model` and `functions` say which are needed."""

    stem: str
    architecture: str
    model: str
    functions: Sequence[str]


def layer_zip(layer: LayerName, architecture: str) -> str:
    """Where `make package` puts a layer, from the project's folder."""
    return f"build/release/layer-{layer}-{architecture}.zip"


class Layers(pulumi.ComponentResource):
    """A version of each layer; a new zip makes a new version, and functions move to it one by one."""

    arns: Mapping[LayerName, pulumi.Output[str]]

    def __init__(self, name: str, args: LayersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:layers:Layers", name, {}, opts)
        needed = dict.fromkeys(layer for state in args.functions for layer in layers_of(state, args.model))
        self.arns = {layer: self._layer_version(f"{name}-{layer}", layer, args) for layer in needed}
        self.register_outputs({"arns": self.arns})

    def _layer_version(self, name: str, layer: LayerName, args: LayersArgs) -> pulumi.Output[str]:
        version = aws.lambda_.LayerVersion(
            name,
            layer_name=f"{args.stem}-{layer}",
            description=f"Packages of the layer {layer}",
            code=pulumi.FileArchive(layer_zip(layer, args.architecture)),
            compatible_runtimes=[RUNTIME],
            compatible_architectures=[args.architecture],
            # An older version of a function, which a rollback may need, goes on naming its own.
            skip_destroy=True,
            # Every new zip replaces it, which Pulumi refuses for a protected resource; the older version stays anyway.
            opts=pulumi.ResourceOptions(parent=self, protect=False),
        )
        return version.arn
