"""What `swarm estimate` says of AWS's bill, beside what a session of the state machine used."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bench.estimate import at_length
from bench.stub_model import Behaviour, StubModel
from cli.app import app
from local.cloud import LocalCloud
from tests.e2e.model_cloud import SETTINGS, cloud_asking, run_on, write_package

pytestmark = [pytest.mark.local, pytest.mark.timeout(600)]

FILES = 60


def options(settings: dict[str, str]) -> Iterator[str]:
    for name, value in settings.items():
        yield from ("--setting", f"{name}={value}")


def estimated(repository: Path, model: str) -> dict[str, Any]:
    settings = {"model": model, "modelPrices": f"{model}=1/5", **SETTINGS}
    arguments = ["estimate", str(repository), "--state", str(repository.parent / "none"), "--json", *options(settings)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    lines: dict[str, Any] = json.loads(result.stdout)["aws"]["lines"]
    return lines


def transitions_of(cloud: LocalCloud) -> int:
    """The states that the parent and the children of its maps entered: a child enters three."""
    machine = cloud.client("stepfunctions")
    (execution,) = machine.list_executions(stateMachineArn=cloud.outputs["state_machine_arn"])["executions"]
    arn = execution["executionArn"]
    pages = machine.get_paginator("get_execution_history").paginate(executionArn=arn)
    entered = sum(event["type"].endswith("StateEntered") for page in pages for event in page["events"])
    runs = machine.list_map_runs(executionArn=arn)["mapRuns"]
    children = [machine.describe_map_run(mapRunArn=run["mapRunArn"])["itemCounts"]["total"] for run in runs]
    return int(entered + 3 * sum(children))


def reports_of(cloud: LocalCloud) -> list[str]:
    """The REPORT line of each call of a function."""
    logs = cloud.client("logs")
    names = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    events = (logs.filter_log_events(logGroupName=name)["events"] for name in names if "/lambda/" in name)
    return [event["message"] for each in events for event in each if event["message"].startswith("REPORT")]


@pytest.mark.slow  # 25 s
def test_states_and_calls_are_those_that_were_estimated(tmp_path: Path) -> None:
    with StubModel(Behaviour(rewrite=at_length)) as stub:
        repository = write_package(tmp_path / "hive", FILES)
        lines = estimated(repository, stub.model)
        with cloud_asking(stub, tmp_path / "state", modelPrices=f"{stub.model}=1/5") as cloud:
            ran = run_on(cloud, repository, tmp_path / "out")
            used = transitions_of(cloud), len(reports_of(cloud))
    assert ran.session.revisions == 1
    assert lines["State transitions"]["units"] == used[0]
    assert lines["Lambda, requests"]["units"] == used[1]
