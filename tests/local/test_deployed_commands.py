"""A stack on the local cloud, used as a deployed one: over HTTP, with credentials, found by its parameter."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from typer.testing import CliRunner, Result

from agents import keys
from cli.app import app
from local.cloud import LocalCloud
from local.root import ROOT
from releases.build import build

pytestmark = pytest.mark.local


@pytest.fixture(scope="module")
def variables() -> Iterator[dict[str, str]]:
    with LocalCloud("local", settings={"release": build().release}, warm=True) as cloud:
        yield {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONPATH": str(ROOT), **cloud.variables()}


def swarm(variables: dict[str, str], *words: str) -> Result:
    """A command in this process: there are a dozen, and each would take a second to start."""
    return CliRunner().invoke(app, [*words, "--stack", "local"], env=variables)


def test_submit_watch_fetch_and_logs_lead_from_a_folder_to_its_site(variables: dict[str, str], tmp_path: Path) -> None:
    repository, out = tmp_path / "shop", tmp_path / "out"
    repository.mkdir()
    (repository / "shop.py").write_text('"""Sells things."""\n\n\ndef sell() -> int:\n    """One."""\n    return 1\n')
    for number in range(200):  # a session long enough to be watched
        (repository / f"part{number}.py").write_text(f'"""Part {number}."""\n')

    submitted = swarm(variables, "submit", str(repository), "--json")
    assert submitted.exit_code == 0, submitted.stderr
    session = json.loads(submitted.stdout)["session_id"]

    command = [sys.executable, "-m", "cli", "watch", session, "--stack", "local"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=variables) as watching:
        assert watching.stderr is not None
        watching.stderr.readline()  # the first phase
        watching.send_signal(signal.SIGINT)
        assert "goes on" in watching.stderr.read()
    assert watching.returncode == 130

    watched = swarm(variables, "watch", session)
    assert watched.exit_code == 0, watched.stderr
    assert "PUBLISHED" in watched.stdout
    assert watched.stdout.count("next:") == 1

    fetched = swarm(variables, "fetch", session, "--out", str(out), "--json")
    assert fetched.exit_code == 0, fetched.stderr
    assert json.loads((out / "session.json").read_text()) == json.loads(fetched.stdout)
    assert (out / "site" / "index.html").is_file()

    lines = [json.loads(line) for line in swarm(variables, "logs", session, "--json").stdout.splitlines()]
    assert {"OpenSession", "Scan", "AnalyseBatch", "Publish", "CloseSession"} <= {line["state"] for line in lines}
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)

    assert "has not failed" in swarm(variables, "redrive", session).stderr


def test_what_is_not_there_is_named_in_one_sentence(variables: dict[str, str], tmp_path: Path) -> None:
    unknown = "s" + "0" * 20
    (tmp_path / "mine.txt").write_text("mine")
    for words in (("watch", unknown), ("fetch", unknown, "--out", str(tmp_path)), ("logs", unknown)):
        refused = swarm(variables, *words)
        assert refused.exit_code == 2
        assert refused.stderr.count("\n") == 1
        assert unknown in refused.stderr
    nobody = {name: value for name, value in variables.items() if not name.startswith("AWS_SE")}
    assert swarm({**nobody, "AWS_ACCESS_KEY_ID": ""}, "sessions").exit_code == 3


def clients(variables: dict[str, str]) -> Callable[[str], Any]:
    session: Any = boto3.Session(
        variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"], None, variables["AWS_REGION"]
    )
    endpoint = {"endpoint_url": variables["AWS_ENDPOINT_URL"]}
    return lambda service: session.client(service, **endpoint)


def test_the_lines_of_a_batch_on_fargate_are_found(variables: dict[str, str], tmp_path: Path) -> None:
    repository = tmp_path / "large"
    repository.mkdir()
    (repository / "prose.txt").write_text("A line that is too much for a function when it is repeated.\n" * 36_000)

    watched = swarm(variables, "submit", str(repository), "--watch", "--json")
    assert watched.exit_code == 0, watched.stderr
    outcome = json.loads(watched.stdout)
    assert outcome["routes"]["fargate"] == 1

    found = [json.loads(line) for line in swarm(variables, "logs", outcome["session_id"], "--json").stdout.splitlines()]
    on_fargate = [line for line in found if line["group"].startswith("/aws/ecs/")]
    assert {line["state"] for line in on_fargate} == {"AnalyseBatch"}
    batch = next(line["batch"] for line in on_fargate)
    shown = swarm(variables, "logs", outcome["session_id"], "--state", "AnalyseOversizedBatch", "--batch", batch)
    assert batch in shown.stdout


def test_an_upload_that_could_not_be_delivered_is_delivered_from_the_queue(variables: dict[str, str]) -> None:
    client, body = clients(variables), io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("lost.py", '"""Was lost, and found."""\n')
    outputs = json.loads(client("ssm").get_parameter(Name="/swarm/local/outputs")["Parameter"]["Value"])
    events, rule = client("events"), outputs["upload_rule"]
    (target,) = events.list_targets_by_rule(Rule=rule)["Targets"]
    queue = {"QueueUrl": outputs["dead_letter_queue_url"], "AttributeNames": ["ApproximateNumberOfMessages"]}

    events.put_targets(Rule=rule, Targets=[{**target, "Arn": outputs["state_machine_arn"] + "-gone"}])
    digest = hashlib.sha256(body.getvalue())
    client("s3").put_object(
        Bucket=outputs["upload_bucket"],
        Key=keys.upload("lost", digest.hexdigest(), ".zip"),
        Body=body.getvalue(),
        ChecksumSHA256=base64.b64encode(digest.digest()).decode(),
    )
    deadline = time.monotonic() + 30
    while client("sqs").get_queue_attributes(**queue)["Attributes"]["ApproximateNumberOfMessages"] == "0":
        assert time.monotonic() < deadline, "the event was not buried"
        time.sleep(0.1)
    events.put_targets(Rule=rule, Targets=[target])

    redriven = swarm(variables, "redrive", "--dead-letters")
    assert (redriven.exit_code, redriven.stderr) == (0, "")
    assert "an execution was started" in redriven.stdout
    assert "empty" in swarm(variables, "redrive", "--dead-letters").stdout
    deadline = time.monotonic() + 60
    while "lost" not in (listed := swarm(variables, "sessions").stdout) or "RUNNING" in listed:
        assert time.monotonic() < deadline, listed
        time.sleep(0.2)
    assert "PUBLISHED" in next(line for line in listed.splitlines() if "lost" in line)


def test_a_session_whose_execution_was_stopped_goes_on_where_it_ended(
    variables: dict[str, str], tmp_path: Path
) -> None:
    repository, states = tmp_path / "stopped", clients(variables)("stepfunctions")
    repository.mkdir()
    (repository / "prose.txt").write_text(
        "Another line that is too much for a function when it is repeated.\n" * 36_000
    )
    opened = json.loads(swarm(variables, "submit", str(repository), "--json").stdout)
    states.stop_execution(executionArn=opened["execution"])

    redriven = swarm(variables, "redrive", opened["session_id"])
    watched = swarm(variables, "watch", opened["session_id"], "--json")

    assert "goes on where it ended" in redriven.stdout
    assert (watched.exit_code, json.loads(watched.stdout)["status"]) == (0, "PUBLISHED")
    described = states.describe_execution(executionArn=opened["execution"])
    assert (described["status"], described["redriveCount"]) == ("SUCCEEDED", 1)
