"""What stacks go through under the real engine, once for all tests: each life is a series of commands on one cloud."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from agents.contracts.session import SessionRecord
from components.settings.model import NAMESPACE
from releases.build import build
from tests.components.mocked_cloud import stack_configuration
from tests.e2e.stacks import SMALL, Work
from tests.engine.binary import find_engine
from tests.engine.engine import ROOT, Ended, Engine, engine_for
from tests.engine.left import inventory
from tests.engine.provider import Step

PACK = ("--policy-pack", "policy_pack")
_NOW = ("--yes", "--skip-preview")
_ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/swarm-dev-agent@sha256:" + "0" * 64
#: Everything that costs or encrypts, switched on in dev.
EVERYTHING = {
    "customerKey": "true",
    "privateSubnets": "true",
    "alarmEmail": "swarm@example.com",
    "containerImage": _ECR,
    "model": "bedrock:eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "inference": "batch",
    "reservedConcurrency": "40",
    "logLevel": "ALL",
    "logRetentionDays": "365",
    "monthlyBudgetUsd": "100",
    "flowLogs": "true",
    "accessLogs": "true",
    "imageScanning": "enhanced",
    "siteAccess": "private",
    "sitePublicKey": stack_configuration("prod")[f"{NAMESPACE}:sitePublicKey"],
    "siteSignInIssuer": "https://login.example.com",
    "siteSignInClientId": "swarm-docs",
}


@dataclass
class Life:
    """Commands by name, and what was seen between them."""

    ended: dict[str, Ended] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)
    steps: dict[str, list[Step]] = field(default_factory=dict)


@dataclass
class Living:
    """A life while it lasts."""

    engine: Engine
    stack: str
    life: Life = field(default_factory=Life)

    def pulumi(self, name: str, *command: str) -> Ended:
        """Run one command on the stack, and remember it and what the provider did."""
        before = len(self.engine.provider.steps)
        ended = self.engine.pulumi(*command, "--stack", self.stack)
        self.life.ended[name] = ended
        self.life.steps[name] = self.engine.provider.steps[before:]
        return ended

    def up(self, name: str, *options: str) -> Ended:
        """Deploy without a preview, as a pipeline does. Raises AssertionError with the engine's words."""
        ended = self.pulumi(name, "up", *_NOW, *options)
        assert ended.code == 0, ended.output[-4000:]
        return ended

    def set(self, **settings: str) -> None:
        """`pulumi config set`, key by key."""
        for key, value in settings.items():
            assert self.engine.pulumi("config", "set", key, value, "--stack", self.stack).code == 0

    def destroy(self) -> None:
        """Destroy, and note what is left."""
        self.life.seen["before"] = inventory(self.engine.cloud)
        self.pulumi("destroy", "destroy", *_NOW)
        self.life.seen["left"] = inventory(self.engine.cloud)


@contextmanager
def living(stack: str, policy: str | None = None) -> Iterator[Living]:
    """A stack that is initialised and empty."""
    build()
    with (
        tempfile.TemporaryDirectory(prefix="swarm-engine-") as folder,
        engine_for(stack, find_engine(), Path(folder), policy) as engine,
    ):
        yield Living(engine, stack)


@cache
def dev() -> Life:
    """dev from its first preview to its end, with a session and an operator's commands in between."""
    with living("dev") as alive:
        engine, life = alive.engine, alive.life
        alive.pulumi("preview", "preview")
        alive.up("up", *PACK)
        alive.pulumi("again", "preview", "--expect-no-changes")
        alive.pulumi("refresh", "refresh", *_NOW)
        _document(alive)
        alive.set(capUsd="20")
        alive.up("cap")
        life.seen["revisions"] = _task_definitions(engine)
        life.seen["versions"] = _versions(engine)
        _drift(engine)
        alive.pulumi("drift", "refresh", *_NOW)
        alive.up("repair")
        life.seen["repaired"] = _function_memory(engine)
        alive.destroy()
        return life


@cache
def changes() -> Life:
    """A network that is replaced, everything switched on, another environment's name."""
    with living("dev") as alive:
        alive.up("up")
        alive.set(vpcCidr="10.30.0.0/20")
        alive.up("network")
        alive.set(**EVERYTHING)
        alive.up("everything")
        alive.life.seen["key"] = alive.engine.cloud.client("logs").describe_log_groups()["logGroups"][0].get("kmsKeyId")
        alive.pulumi("again", "preview", "--expect-no-changes")
        alive.set(environment="other")
        alive.up("renamed")
        alive.destroy()
        return alive.life


@cache
def prod() -> Life:
    """prod, which refuses to be destroyed until its protection is taken away."""
    with living("prod") as alive:
        alive.pulumi("preview", "preview", *PACK)
        alive.up("up", *PACK)
        alive.pulumi("again", "preview", "--expect-no-changes")
        alive.life.seen["protected"] = inventory(alive.engine.cloud)
        alive.pulumi("refused", "destroy", "--preview-only")
        alive.pulumi("refused without preview", "destroy", *_NOW)
        alive.set(vpcCidr="10.50.0.0/20")
        alive.pulumi("refused network", "up", *_NOW)
        alive.life.seen["still"] = inventory(alive.engine.cloud)
        alive.set(protected="false", customerKey="false", alarmEmail="")
        alive.pulumi("refused pack", "up", "--yes", *PACK)
        alive.life.seen["after the pack"] = inventory(alive.engine.cloud)
        shutil.copy(ROOT / "Pulumi.prod.yaml", alive.engine.folder)
        alive.set(protected="false")
        alive.up("unprotected")
        alive.destroy()
        return alive.life


@cache
def without_action(action: str) -> tuple[Ended, list[Step]]:
    """dev, deployed by someone whose policy lacks one action."""
    document = json.loads((ROOT / "cli" / "bootstrap" / "deployer-policy.json").read_text(encoding="utf-8"))
    for statement in document["Statement"]:
        statement["Action"] = [each for each in statement["Action"] if each != action]
    with living("dev", json.dumps(document)) as alive:
        return alive.pulumi("up", "up", *_NOW), alive.life.steps["up"]


def _document(alive: Living) -> None:
    """One session, and what `swarm` reports about it and the stack."""
    engine = alive.engine
    engine.cloud.outputs = engine.outputs(alive.stack)
    work = Work(engine.cloud, engine.folder.parent / "repositories")
    work.documented("small", SMALL)
    session: SessionRecord = work.sessions["small"]
    alive.life.seen["session"] = session
    alive.life.seen["refused calls"] = [str(each) for each in engine.cloud.ledger.refused]
    commands = {
        "doctor": ("doctor",),
        "sessions": ("sessions",),
        "show": ("show", session.session_id),
        "cancel": ("cancel", session.session_id),
        "reap": ("reap",),
    }
    for name, command in commands.items():
        alive.life.ended[f"swarm {name}"] = engine.swarm(*command, "--stack", alive.stack)


def _drift(engine: Engine) -> None:
    """Somebody deletes an alarm and gives a function more memory, behind the engine's back."""
    engine.cloud.client("cloudwatch").delete_alarms(AlarmNames=["swarm-dev-dead-letters"])
    engine.cloud.client("lambda").update_function_configuration(FunctionName="swarm-dev-scan", MemorySize=4096)


def _function_memory(engine: Engine) -> int:
    found = engine.cloud.client("lambda").get_function(FunctionName="swarm-dev-scan")
    return int(found["Configuration"]["MemorySize"])


def _task_definitions(engine: Engine) -> Mapping[str, str]:
    ecs = engine.cloud.client("ecs")
    described = [
        ecs.describe_task_definition(taskDefinition=arn)["taskDefinition"]
        for arn in ecs.list_task_definitions(status="ACTIVE")["taskDefinitionArns"]
    ]
    return {f"{each['family']}:{each['revision']}": each["status"] for each in described}


def _versions(engine: Engine) -> list[str]:
    machine = engine.outputs("dev")["state_machine_arn"]
    listed = engine.cloud.client("stepfunctions").list_state_machine_versions(stateMachineArn=machine)
    return [each["stateMachineVersionArn"].rpartition(":")[2] for each in listed["stateMachineVersions"]]
