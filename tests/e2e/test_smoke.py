"""`swarm smoke` on the local cloud: every path of a whole stack is proven, and each broken part is named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from moto.ecs.models import ecs_backends
from rich.console import Console
from typer.testing import CliRunner

from cli.app import app
from cli.bootstrap.plan import DEPLOYER
from cli.commands.bootstrap import POLICY
from cli.commands.smoke import examined
from cli.output.progress import view_for
from cli.smoke.verdicts import PROVES, Outcome, PathVerdict
from cli.stack.clients import stack_of
from local.cloud import LocalCloud
from local.moto import bridge as moto_bridge
from local.quotas import Quotas
from releases.build import build

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]

IMAGE = "registry.example/agent@sha256:" + "a" * 64
ON_FARGATE = {"Spot task", "On-Demand task", "Fargate scan", "Fargate repository"}
ANALYST = "swarm-dev-analyse-batch-task"
#: A task that takes three seconds to start, as one does on AWS: there is time to interrupt it, however slow a look is.
SLOW_START = [
    "python",
    "-c",
    "import runpy, time; time.sleep(3); runpy.run_module('agents.shells.fargate_task', run_name='__main__')",
]


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    """The dev stack with its thresholds, but for a smaller one of memory; an image that the laptop never pulls."""
    settings = {
        "packaged": "false",
        "containerImage": IMAGE,
        "release": build().release,
        "repositoryMemoryMegabytes": "512",
    }
    with LocalCloud("dev", settings=settings) as started, with_command(started, ANALYST, SLOW_START):
        yield started


def smoked(cloud: Any, seconds: float = 120) -> dict[str, PathVerdict]:
    return {one.path: one for one in examined(cloud, seconds, view_for(Console(quiet=True)))}


def unproven(found: Mapping[str, PathVerdict]) -> set[str]:
    return {path for path, one in found.items() if one.outcome is not Outcome.PROVEN}


@contextmanager
def without(cloud: LocalCloud, role: str, sid: str) -> Iterator[None]:
    """The role's policy without one statement."""
    iam = cloud.client("iam")
    whole = iam.get_role_policy(RoleName=role, PolicyName="agent")["PolicyDocument"]
    less = {**whole, "Statement": [one for one in whole["Statement"] if one["Sid"] != sid]}
    assert less != whole
    iam.put_role_policy(RoleName=role, PolicyName="agent", PolicyDocument=json.dumps(less))
    try:
        yield
    finally:
        iam.put_role_policy(RoleName=role, PolicyName="agent", PolicyDocument=json.dumps(whole))


@contextmanager
def with_command(cloud: LocalCloud, family: str, command: list[str]) -> Iterator[None]:
    """The task definition's image starts with another command, as one that was built wrong."""
    backend = ecs_backends[cloud.account][cloud.region]
    container = backend.describe_task_definition(family).container_definitions[0]
    sound, container["command"] = container["command"], command
    try:
        yield
    finally:
        container["command"] = sound


@contextmanager
def with_quotas(quotas: Quotas) -> Iterator[None]:
    """The account's quotas are these."""
    bridge = moto_bridge.current()
    sound, bridge.quotas = bridge.quotas, quotas
    try:
        yield
    finally:
        bridge.quotas = sound


def command_for(cloud: LocalCloud, folder: Path) -> list[str]:
    """The words of `swarm smoke` for a stack whose outputs are in a file."""
    file = folder / "outputs.json"
    file.write_text(json.dumps(dict(cloud.outputs)), encoding="utf-8")
    return ["smoke", "--stack", "dev", "--outputs", str(file)]


def deployers_variables(cloud: LocalCloud) -> dict[str, str]:
    """What a command needs to run as the role that deploys, as a pipeline's does."""
    iam = cloud.client("iam")
    role = iam.create_role(RoleName=DEPLOYER, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    iam.put_role_policy(RoleName=DEPLOYER, PolicyName="deploy", PolicyDocument=POLICY.read_text(encoding="utf-8"))
    return {**cloud.variables(), **cloud.keys.variables_of_role(role)}


def test_every_path_of_a_whole_stack_is_proven_by_the_command(cloud: LocalCloud, tmp_path: Path) -> None:
    """The role of a pipeline may do all of it."""
    command = command_for(cloud, tmp_path)
    by_json = CliRunner().invoke(app, [*command, "--json"], env=deployers_variables(cloud))
    answer = json.loads(by_json.stdout)
    assert (by_json.exit_code, answer["proven"]) == (0, True), by_json.output
    assert [one["path"] for one in answer["paths"]] == list(PROVES)
    assert "estimate: nothing for models (capUsd allows at most $20.00 for these sessions)" in by_json.stderr
    assert "interrupting the Spot task" in by_json.stderr


@pytest.mark.slow  # half a minute
def test_a_second_run_of_the_command_does_the_work_again(cloud: LocalCloud, tmp_path: Path) -> None:
    command = command_for(cloud, tmp_path)
    first = CliRunner().invoke(app, command, env=cloud.variables())
    assert first.exit_code == 0, first.output
    again = CliRunner().invoke(app, command, env=cloud.variables())
    assert again.exit_code == 0, again.output
    assert "Every path works." in again.stdout
    # A Spot task that is interrupted, and one that takes its place: what was done before would be there at once.
    assert "interrupting the Spot task" in again.stderr


@pytest.mark.slow  # 12 to 17 s each
def test_a_permission_that_the_tasks_role_lacks_is_named(cloud: LocalCloud) -> None:
    with without(cloud, ANALYST, "ReadContext"):
        found = smoked(cloud)
    assert unproven(found) == {"Spot task", "On-Demand task"}
    for path in unproven(found):
        assert found[path].outcome is Outcome.FAILED
        assert "AccessDenied" in found[path].seen
        assert found[path].advice.startswith("Permission: the role that the message names lacks the action.")


@pytest.mark.slow  # 12 to 17 s each
def test_a_task_that_may_not_answer_its_token_is_distinguished_from_one_that_did_no_work(cloud: LocalCloud) -> None:
    with without(cloud, ANALYST, "AnswerTaskToken"):
        found = smoked(cloud)
    assert unproven(found) == {"Spot task", "On-Demand task"}
    assert "TaskExited" in found["Spot task"].seen
    assert "exit code 1" in found["Spot task"].seen
    assert found["Spot task"].advice.startswith("Task token: the work is stored, and the answer did not reach")


@pytest.mark.slow  # half a minute
def test_an_image_that_does_not_start_is_named(cloud: LocalCloud) -> None:
    with with_command(cloud, ANALYST, ["no-such-command"]):
        found = smoked(cloud)
    assert unproven(found) == {"Spot task", "On-Demand task"}
    for path in unproven(found):
        assert "CannotStartContainerError" in found[path].seen
        assert found[path].advice.startswith("Image: the container cannot start.")


@pytest.mark.slow  # 12 to 17 s each
def test_an_account_without_capacity_is_named_and_nothing_is_left_running(cloud: LocalCloud) -> None:
    with with_quotas(Quotas(fargate_vcpus=0)):
        found = smoked(cloud, seconds=15)
    assert {path for path, one in found.items() if one.outcome is Outcome.FAILED} == ON_FARGATE
    assert all(found[path].advice.startswith("Capacity: ECS started no task.") for path in ON_FARGATE)
    assert "AmazonECS.Unknown" in found["Fargate scan"].seen
    assert found["site"].outcome is Outcome.NOT_TESTED
    assert list(stack_of(cloud).store.running_sessions()) == []


@pytest.mark.slow  # 20 s
def test_a_function_that_lacks_a_permission_is_named_by_its_path(cloud: LocalCloud) -> None:
    with without(cloud, "swarm-dev-edit", "WriteContext"):
        found = smoked(cloud)
    assert unproven(found) == {"gap", "site"}
    assert "s3:PutObject" in found["site"].seen or "AccessDenied" in found["site"].seen


class WithoutImage:
    """The same stack as it is before the image was built."""

    def __init__(self, cloud: LocalCloud) -> None:
        self.client: Callable[[str], Any] = cloud.client
        self.outputs = {**cloud.outputs, "container_image": "registry.example/agent@sha256:" + "0" * 64}


def test_a_stack_without_an_image_says_so_and_proves_the_rest(cloud: LocalCloud) -> None:
    found = smoked(WithoutImage(cloud))
    assert {path for path, one in found.items() if one.outcome is Outcome.NOT_TESTED} == ON_FARGATE == unproven(found)
    assert all(found[path].seen.startswith("no image: containerImage is the placeholder") for path in ON_FARGATE)
