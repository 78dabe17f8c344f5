"""Settings that replace, encrypt and rename, under the real Pulumi engine."""

from __future__ import annotations

import pytest

from tests.engine.lives import changes
from tests.engine.order import misplaced

pytestmark = [pytest.mark.engine, pytest.mark.timeout(900)]
REPLACED_WITH_NETWORK = {
    "ec2/vpc:Vpc network-vpc",
    "ec2/subnet:Subnet network-first-subnet",
    "ec2/subnet:Subnet network-second-subnet",
    "ec2/routeTable:RouteTable network-routes",
    "ec2/routeTableAssociation:RouteTableAssociation network-first-routes",
    "ec2/routeTableAssociation:RouteTableAssociation network-second-routes",
    "ec2/route:Route network-to-internet",
    "ec2/securityGroup:SecurityGroup network-tasks",
}


def test_another_address_range_replaces_the_network_and_moves_what_uses_it() -> None:
    network = changes().ended["network"]
    assert set(network.operations("replace")) == REPLACED_WITH_NETWORK
    assert set(network.operations("update")) == {
        "ec2/internetGateway:InternetGateway network-gateway",
        "sfn/stateMachine:StateMachine workflow-machine",
        "sfn/alias:Alias workflow-alias",
    }
    assert misplaced(changes().steps["network"]) == []


def test_everything_can_be_switched_on_in_a_stack_that_runs() -> None:
    everything = changes().ended["everything"]
    assert {"kms/key:Key context-key", "sns/topicSubscription:TopicSubscription observability-mail"} <= set(
        everything.operations("create")
    )
    assert any("vpcEndpoint" in operation for operation in everything.operations("create"))
    assert changes().seen["key"].startswith("arn:aws:kms:")
    assert changes().ended["again"].code == 0
    assert set(changes().ended["again"].changes) == {"same"}


def test_another_name_of_the_environment_replaces_what_has_the_name() -> None:
    renamed = changes().ended["renamed"]
    assert renamed.changes["replace"] > 150
    names = [name for found in changes().seen["before"].values() for name in found if "swarm-" in name]
    others = [name for name in names if "swarm-other" not in name]
    assert all("layer" in name or "task" in name or name.startswith("swarm-dev-") for name in others), others
    assert {name for name in others if "task-definition" not in name} <= set(
        changes().seen["before"]["lambda:list_layers"]
    )


def test_destroy_leaves_nothing_but_layers_and_task_definitions() -> None:
    assert changes().ended["destroy"].code == 0
    assert misplaced(changes().steps["destroy"]) == []
    assert set(changes().seen["left"]) == {"ecs:list_task_definitions", "lambda:list_layers"}
