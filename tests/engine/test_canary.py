"""A stack with canaries under the real Pulumi engine: `pulumi up` and `refresh` leave the aliases where they are."""

from __future__ import annotations

from functools import cache

import pytest

from tests.engine.engine import Engine
from tests.engine.lives import Life, living

pytestmark = [pytest.mark.engine, pytest.mark.timeout(900)]
_NOW = ("--yes", "--skip-preview")
_UNCHANGED = ("refresh", "--preview-only", "--expect-no-changes")


@cache
def canary() -> Life:
    """dev with canaries: a deployment, another one, weights that the deciding function sets, and no canaries again."""
    with living("dev") as alive:
        engine, seen = alive.engine, alive.life.seen
        alive.set(canaryPercent="10")
        alive.up("up")
        engine.cloud.outputs = engine.outputs(alive.stack)
        alive.set(capUsd="20")
        alive.up("another")
        seen["another"] = _weights(engine), _functions(engine)
        states = engine.cloud.client("stepfunctions")
        routes = [{"stateMachineVersionArn": f"{_machine(engine)}:{v}", "weight": w} for v, w in ((1, 90), (2, 10))]
        states.update_state_machine_alias(stateMachineAliasArn=_alias(engine), routingConfiguration=routes)
        alive.pulumi("during", *_UNCHANGED)
        alive.pulumi("refreshed", "refresh", *_NOW)
        alive.set(capUsd="30")
        alive.up("third")
        seen["third"] = _weights(engine), _functions(engine)
        alive.set(canaryPercent="0")
        alive.up("off")
        seen["off"] = _weights(engine), _functions(engine)
        return alive.life


def _alias(engine: Engine) -> str:
    return str(engine.cloud.outputs["state_machine_alias_arn"])


def _machine(engine: Engine) -> str:
    return _alias(engine).rpartition(":")[0]


def _weights(engine: Engine) -> dict[int, int]:
    states = engine.cloud.client("stepfunctions")
    alias = states.describe_state_machine_alias(stateMachineAliasArn=_alias(engine))
    return {
        int(route["stateMachineVersionArn"].rpartition(":")[2]): int(route["weight"])
        for route in alias["routingConfiguration"]
    }


def _functions(engine: Engine) -> set[str]:
    """The versions to which the aliases of two functions lead: the state machine calls one, a schedule the other."""
    lambda_ = engine.cloud.client("lambda")
    return {
        lambda_.get_alias(FunctionName=f"swarm-dev-{name}", Name="live")["FunctionVersion"] for name in ("scan", "reap")
    }


def test_another_deployment_moves_no_alias() -> None:
    assert canary().seen["another"] == ({1: 100}, {"1"})


def test_a_canarys_weights_are_no_drift_and_the_next_deployment_leaves_them() -> None:
    assert canary().ended["during"].code == 0, canary().ended["during"].output[-2000:]
    assert canary().ended["refreshed"].code == 0
    assert canary().seen["third"] == ({1: 90, 2: 10}, {"1"})


def test_without_canaries_a_deployment_gives_the_newest_version_every_session() -> None:
    weights, functions = canary().seen["off"]
    (newest,) = weights
    assert weights == {newest: 100}
    assert newest >= 3
    assert functions == {str(newest)}
