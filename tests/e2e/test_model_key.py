"""The model's key on a laptop: from OPENAI_API_KEY through Secrets Manager, read under the agents' own roles."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from agents.contracts.session import SessionRecord, SessionStatus
from bench.stub_model import Behaviour, StubModel
from cli.stack.model_options import KEY_VARIABLE, LAPTOP_SECRET, keep_key, with_key
from local.cloud import LocalCloud
from tests.e2e.main_job import ROOT, TIMEOUT_SECONDS
from tests.e2e.model_cloud import cloud_asking, run_on, write_package

pytestmark = [pytest.mark.local, pytest.mark.timeout(600)]

KEY = "sk-x"
FILES = 4


@dataclass(frozen=True)
class World:
    """A cloud that has the key, and a stub that takes no other."""

    cloud: LocalCloud
    stub: StubModel


def _asking(stub: StubModel) -> str:
    """The model's name without the token: the key that the agents send must be it."""
    return f"openai:stub@http://127.0.0.1:{stub.port}/v1"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    state = tmp_path_factory.mktemp("model-key") / "state"
    with StubModel(secret=KEY) as stub:
        given = with_key({"model": _asking(stub)}, {KEY_VARIABLE: KEY})
        with cloud_asking(stub, state, **given) as cloud:
            keep_key(given, cloud, {KEY_VARIABLE: KEY})
            yield World(cloud, stub)


def _without_permission(cloud: LocalCloud) -> dict[str, str]:
    """Take the right to read the key from every role; the documents as they were, by role."""
    iam, before = cloud.client("iam"), {}
    for role in cloud.roles():
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            kept = [each for each in document["Statement"] if each.get("Sid") != "ReadModelKey"]
            if kept != document["Statement"]:
                before[f"{role}/{name}"] = json.dumps(document)
                changed = json.dumps({**document, "Statement": kept})
                iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=changed)
    return before


def _put_back(cloud: LocalCloud, documents: Mapping[str, str]) -> None:
    for place, document in documents.items():
        role, name = place.split("/")
        cloud.client("iam").put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)


def test_with_a_key_everything_is_published_and_each_role_reads_it_by_its_own_permission(
    world: World, tmp_path: Path
) -> None:
    refused, answered = Counter(world.cloud.ledger.refused), world.stub.answered  # by the other tests of this cloud
    ran = run_on(world.cloud, write_package(tmp_path / "with-key", FILES), tmp_path / "out")

    assert (ran.code, ran.session.status) == (0, SessionStatus.PUBLISHED), ran.session.error
    assert (ran.session.coverage.files_analysed, ran.session.gaps) == (FILES + 1, ())
    assert ran.session.usage.requests == world.stub.answered - answered > FILES
    assert not world.cloud.ledger.refused - refused
    used = {used for used in world.cloud.ledger.used if used.action == "secretsmanager:GetSecretValue"}
    assert {one.role.removeprefix("swarm-local-") for one in used} >= {"analyse-batch", "synthesize", "critique"}
    assert {LAPTOP_SECRET in one.resource for one in used} == {True}


def test_without_the_permission_the_gap_names_role_action_and_resource(world: World, tmp_path: Path) -> None:
    taken = _without_permission(world.cloud)
    assert taken
    for worker in list(world.cloud._functions._idle):  # a process that has read the key keeps it
        worker.interrupt()
    try:
        ran = run_on(world.cloud, write_package(tmp_path / "without-permission", FILES), tmp_path / "out")
    finally:
        _put_back(world.cloud, taken)

    assert (ran.code, ran.session.status) == (1, SessionStatus.FAILED)
    assert {gap.reason for gap in ran.session.gaps} == {"ModelAccessDenied"}
    for gap in ran.session.gaps:
        assert (
            "swarm-local-analyse-batch may not secretsmanager:GetSecretValue on arn:aws:secretsmanager:" in gap.detail
        )
        assert f":secret:{LAPTOP_SECRET}-" in gap.detail
    assert "may not secretsmanager:GetSecretValue" in ran.files["report.html"]


def test_a_provider_that_refuses_the_key_is_reported_as_such(world: World, tmp_path: Path) -> None:
    refusal = {"error": {"message": "Incorrect API key provided", "type": "invalid_request_error"}}
    world.stub.behaviour = Behaviour(intercept=lambda _: (401, refusal))
    try:
        ran = run_on(world.cloud, write_package(tmp_path / "refused-key", FILES), tmp_path / "out")
    finally:
        world.stub.behaviour = Behaviour()
    assert {gap.reason for gap in ran.session.gaps} == {"ModelAccessDenied"}
    assert all("Incorrect API key provided" in gap.detail for gap in ran.session.gaps)


@pytest.mark.slow  # 23 s
def test_the_command_line_takes_the_key_from_its_variable_and_says_it_nowhere(tmp_path: Path) -> None:
    key = "sk-of-a-person-0123456789"
    repository = write_package(tmp_path / "command", FILES)
    out = tmp_path / "out"
    with StubModel(secret=key) as stub:
        options = ["--state", str(tmp_path / "state"), "--model", _asking(stub), "--keep-logs"]
        ran = subprocess.run(
            [sys.executable, "-m", "cli", "run", str(repository), "--out", str(out), *options],
            cwd=ROOT,
            env={**os.environ, KEY_VARIABLE: key},
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        assert stub.answered > FILES
    assert ran.returncode == 0, ran.stderr
    record = SessionRecord.model_validate_json((out / "session.json").read_text("utf-8"))
    assert (record.status, record.gaps) == (SessionStatus.PUBLISHED, ())
    written = [path for place in (out, tmp_path / "state") for path in place.rglob("*") if path.is_file()]
    assert [path for path in written if key.encode() in path.read_bytes()] == []
    assert key not in ran.stdout + ran.stderr
    logs = list((out / "logs").rglob("*"))
    assert logs
    assert {path.stat().st_mode & 0o077 for path in [out / "logs", *logs]} == {0}
