"""A deployed stack's release bucket, and the release that it runs."""

from __future__ import annotations

from dataclasses import dataclass

from agents.aws.rollout import StateMachineVersions
from cli.errors import BadInput
from cli.stack.deployed import DeployedCloud
from cli.stack.location import Location
from cli.stack.outputs_source import outputs_of_named_stack
from components.outputs import StackOutputs
from releases.manifest import is_release_id
from releases.release_bucket import ReleaseBucket


@dataclass(frozen=True)
class StackReleases:
    """A stack, by its outputs, and where its releases are."""

    cloud: DeployedCloud
    outputs: StackOutputs
    bucket: ReleaseBucket

    def named(self, prefix: str) -> str:
        """The one release whose id begins so; without a prefix the deployed one. Raises BadInput."""
        if not prefix:
            if not is_release_id(self.outputs.release):
                raise BadInput(
                    f"The stack {self.outputs.environment} runs {self.outputs.release}, which is no release by content:"
                    " `swarm release build --publish`, set `release`, and deploy it"
                )
            return self.outputs.release
        if is_release_id(prefix):
            return prefix
        matching = [name for name in self.bucket.releases() if name.startswith(prefix)]
        if len(matching) != 1:
            raise BadInput(f"{len(matching)} releases in {self.bucket.name} begin with {prefix}: give more of its id")
        return matching[0]


def releases_of(where: Location) -> StackReleases:
    """Raises BadInput, botocore's errors."""
    source = outputs_of_named_stack(where)
    cloud, outputs = DeployedCloud(source.outputs, where.profile), StackOutputs.model_validate(source.outputs)
    return StackReleases(cloud, outputs, ReleaseBucket(cloud.client("s3"), outputs.release_bucket))


def versions_of(stack: StackReleases) -> StateMachineVersions:
    """The versions of the stack's state machine and functions."""
    clients = stack.cloud.client("stepfunctions"), stack.cloud.client("lambda")
    return StateMachineVersions(*clients, stack.outputs.state_machine_alias_arn)
