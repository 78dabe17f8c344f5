"""ECS: moto describes clusters and tasks, the bridge runs the container's command."""

from __future__ import annotations

import json
from typing import Any

from local.resources.registry import CloudBackend, Declared, Realised, realises, tag_list


@realises("aws:ecs/cluster:Cluster")
def cluster(declared: Declared, cloud: CloudBackend) -> Realised:
    """A cluster."""
    name = declared.named("name")
    arn = cloud.client("ecs").create_cluster(clusterName=name, tags=tag_list(declared.tags, "key", "value"))["cluster"][
        "clusterArn"
    ]
    return Realised(arn, {"name": name, "arn": arn})


@realises("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders")
def capacity_providers(declared: Declared, cloud: CloudBackend) -> Realised:
    """Where a cluster's tasks may run; on a laptop, all of them run here."""
    name = declared.inputs["clusterName"]
    strategies = [
        {
            "capacityProvider": each["capacityProvider"],
            "weight": int(each.get("weight") or 0),
            "base": int(each.get("base") or 0),
        }
        for each in declared.get("defaultCapacityProviderStrategies", [])
    ]
    cloud.client("ecs").put_cluster_capacity_providers(
        cluster=name,
        capacityProviders=declared.get("capacityProviders", []),
        defaultCapacityProviderStrategy=strategies,
    )
    return Realised(name)


@realises("aws:ecs/taskDefinition:TaskDefinition")
def task_definition(declared: Declared, cloud: CloudBackend) -> Realised:
    """A task definition; moto wants each container to name its memory, which Fargate does not."""
    family = declared.inputs["family"]
    written = declared.inputs["containerDefinitions"]
    containers: list[dict[str, Any]] = json.loads(written) if isinstance(written, str) else list(written)
    for container in containers:
        container.setdefault("memory", int(declared.get("memory", 512)))
    made = cloud.client("ecs").register_task_definition(
        family=family,
        containerDefinitions=containers,
        volumes=[{"name": volume["name"]} for volume in declared.get("volumes", [])],
        tags=tag_list(declared.tags, "key", "value"),
        **declared.chosen(
            networkMode="networkMode",
            cpu="cpu",
            memory="memory",
            requiresCompatibilities="requiresCompatibilities",
            executionRoleArn="executionRoleArn",
            taskRoleArn="taskRoleArn",
            runtimePlatform="runtimePlatform",
        ),
    )["taskDefinition"]
    arn = made["taskDefinitionArn"]
    outputs = {
        "arn": arn,
        "family": family,
        "revision": made["revision"],
        "arnWithoutRevision": arn.rpartition(":")[0],
    }
    return Realised(family, outputs)
