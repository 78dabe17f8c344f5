"""`swarm rollback`: the aliases lead to the former release, twice in a row; a session under way ends as it began."""

from __future__ import annotations

import json
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from cli.app import app
from cli.commands import rollback as subject
from cli.gate.golden import packed
from cli.output.progress import view_for
from cli.session.execution_watch import follow
from cli.stack.clients import stack_of
from cli.upload.submission import execution_of, submit
from local.cloud import LocalCloud
from local.moto.repairs.step_functions import _version_of
from local.settings import ROOT
from releases.release_bucket import ReleaseBucket
from releases.trail import TrailEntry
from tests.e2e.two_stacks import deploy_by_hand

pytestmark = [pytest.mark.local, pytest.mark.timeout(600)]
FIRST, SECOND, THIRD = "first", "second", "third"


@pytest.fixture
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud("dev", settings={"packaged": "false", "release": FIRST}) as started:
        yield started


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copyfile(ROOT / "Pulumi.dev.yaml", tmp_path / "Pulumi.dev.yaml")
    monkeypatch.setattr(subject.rollback, "__defaults__", (tmp_path,))
    return tmp_path


def promoted(cloud: LocalCloud, *releases: str) -> ReleaseBucket:
    bucket = ReleaseBucket(cloud.client("s3"), str(cloud.outputs["release_bucket"]))
    for at, release in enumerate(releases, start=1):
        bucket.append(at, "promoted", TrailEntry(event="promoted", release=release, at=at).model_dump_json())
    return bucket


def aliases(cloud: LocalCloud) -> tuple[str, set[str]]:
    """The state machine's version, and the functions' versions, to which the aliases lead."""
    states, functions = cloud.client("stepfunctions"), cloud.client("lambda")
    alias = states.describe_state_machine_alias(stateMachineAliasArn=str(cloud.outputs["state_machine_alias_arn"]))
    (route,) = alias["routingConfiguration"]
    versions = {
        functions.get_alias(FunctionName=name, Name="live")["FunctionVersion"]
        for name in cloud.outputs["function_names"]
    }
    return route["stateMachineVersionArn"].rpartition(":")[2], versions


def rolled_back(cloud: LocalCloud, folder: Path) -> Any:
    file = folder / "outputs.json"
    file.write_text(json.dumps(dict(cloud.outputs)))
    return CliRunner().invoke(app, ["rollback", "dev", "--outputs", str(file)], env=cloud.variables())


def begun(cloud: LocalCloud, folder: Path, name: str) -> str:
    stack = stack_of(cloud)
    files = {f"part{number}.py": f'"""{name} {number}."""\n'.encode() for number in range(3)}
    return execution_of(stack, submit(stack, packed(folder, name, files).snapshot))


def test_a_rollback_goes_back_twice_in_a_row_within_a_minute_and_leaves_running_sessions(
    cloud: LocalCloud, checkout: Path
) -> None:
    deploy_by_hand(cloud, cloud.outputs, SECOND)
    deploy_by_hand(cloud, cloud.outputs, THIRD)
    bucket = promoted(cloud, FIRST, SECOND, THIRD)
    under_way = begun(cloud, checkout, "under-way")
    assert aliases(cloud) == ("3", {"3"})

    started = time.monotonic()
    once = rolled_back(cloud, checkout)
    assert once.exit_code == 0, once.output
    assert time.monotonic() - started < 60
    assert aliases(cloud) == ("2", {"2"})
    assert "serverless-swarm:release: second" in (checkout / "Pulumi.dev.yaml").read_text()

    twice = rolled_back(cloud, checkout)
    assert twice.exit_code == 0, twice.output
    assert aliases(cloud) == ("1", {"1"})
    assert [TrailEntry.model_validate_json(entry).event for entry in bucket.trail()][3:] == ["rolled-back"] * 2

    with view_for(Console(quiet=True)) as view:
        stack = stack_of(cloud)
        ended = [
            follow(stack, execution, view, time.monotonic())
            for execution in (under_way, begun(cloud, checkout, "afterwards"))
        ]
    assert [each.status for each in ended] == ["SUCCEEDED", "SUCCEEDED"]
    invoked = [json.dumps(each.events, default=str) for each in ended]
    assert "swarm-dev-open-session:3" in invoked[0]
    assert "swarm-dev-open-session:2" not in invoked[0]
    assert "swarm-dev-open-session:1" in invoked[1]

    third = rolled_back(cloud, checkout)
    assert third.exit_code == 2
    assert "its trail knows no release before it" in third.output


def test_a_release_whose_versions_are_gone_is_refused_before_anything_changes(
    cloud: LocalCloud, checkout: Path
) -> None:
    promoted(cloud, "gone", FIRST)
    refused = rolled_back(cloud, checkout)
    assert refused.exit_code == 2
    assert "has no version left of the state machine" in refused.output
    assert aliases(cloud) == ("1", {"1"})


def test_an_alias_starts_its_versions_by_their_weights() -> None:
    versions = {number: SimpleNamespace(definition=f"version {number}") for number in (1, 2)}
    routes = [
        {"stateMachineVersionArn": f"machine:{number}", "weight": weight} for number, weight in ((1, 90), (2, 10))
    ]
    live = SimpleNamespace(routing_configuration=routes)
    machine = SimpleNamespace(definition="newest", versions=versions, aliases={"live": live})
    chosen = Counter(_version_of(machine, "live").definition for _ in range(1_000))
    assert 850 < chosen["version 1"] < 950
    assert chosen.total() == chosen["version 1"] + chosen["version 2"]
    assert (_version_of(machine, "1"), _version_of(machine, "")) == (versions[1], None)
