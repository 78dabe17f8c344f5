"""Every refusal of `swarm promote`, as a process against two stacks: what it says, and that nothing is written."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from releases.gate.record import GateRecord, RepositoryFigures
from releases.trail import TrailEntry
from tests.e2e.two_stacks import RELEASE, Stacks, built_release, deploy_by_hand, new_checkout, swarm, two_stacks
from tests.releases.releases import git

pytestmark = [pytest.mark.local, pytest.mark.slow, pytest.mark.timeout(900)]
#: Breaks something of the stacks or of the checkout, and may mend it at its end.
Breaking: TypeAlias = Callable[[Stacks, Path], Iterator[None]]


@pytest.fixture(scope="module")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stacks]:
    """Both stacks; the policies of their release buckets are gone, since an intruder's changes are tried."""
    folder = tmp_path_factory.mktemp("stacks")
    with built_release(folder) as release, two_stacks(release, folder) as running:
        running.bucket("dev").publish(RELEASE, release)
        for stack in ("dev", "prod"):
            running.cloud.client("s3").delete_bucket_policy(Bucket=running.bucket(stack).name)
        yield running


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_checkout(tmp_path_factory.mktemp("clean") / "checkout")


@pytest.fixture
def checkout(clean: Path) -> Iterator[Path]:
    yield clean
    git(clean, "checkout", "--quiet", "--", ".")
    git(clean, "clean", "-xfdq")


@pytest.fixture
def tested(stacks: Stacks) -> Iterator[Stacks]:
    """dev's release has a passing test; afterwards both buckets hold again what they held."""
    before = {stack: stacks.objects(stack) for stack in ("dev", "prod")}
    _store(stacks, record(stacks))
    yield stacks
    s3 = stacks.cloud.client("s3")
    for stack, held in before.items():
        name, now = stacks.bucket(stack).name, stacks.objects(stack)
        for key in now.keys() - held.keys():
            s3.delete_object(Bucket=name, Key=key)
        for key, body in held.items():
            if now.get(key) != body:
                s3.put_object(Bucket=name, Key=key, Body=body)


def record(stacks: Stacks, **changes: Any) -> GateRecord:
    figures = RepositoryFigures(status="PUBLISHED", session_id="s" + "0" * 20, coverage=100, recall=100, score=90)
    made = GateRecord(
        release=stacks.release, stack="dev", at=int(time.time()) - 60, repositories={"ledger": figures}, checks={}
    )
    return made.model_copy(update=changes)


def _store(stacks: Stacks, made: GateRecord) -> None:
    """The newest record decides, whatever time it names."""
    number = len(stacks.bucket("dev").records(stacks.release))
    stacks.bucket("dev").record(stacks.release, number, made.model_dump_json())


def _key(stacks: Stacks, file: str) -> dict[str, str]:
    return {"Bucket": stacks.bucket("dev").name, "Key": f"releases/{stacks.release}/{file}"}


def no_record(stacks: Stacks, _: Path) -> Iterator[None]:
    stacks.cloud.client("s3").delete_object(**_key(stacks, "records/000000000000000.json"))
    yield


def stale(stacks: Stacks, _: Path) -> Iterator[None]:
    _store(stacks, record(stacks, at=int(time.time()) - 100 * 3600))
    yield


def failed(stacks: Stacks, _: Path) -> Iterator[None]:
    _store(stacks, record(stacks, problems=("ledger: recall is 10, and must be at least 90",)))
    yield


def other_release(stacks: Stacks, _: Path) -> Iterator[None]:
    _store(stacks, record(stacks, release="f" * 64))
    yield


def other_stack(stacks: Stacks, _: Path) -> Iterator[None]:
    _store(stacks, record(stacks, stack="staging"))
    yield


def changed_artefact(stacks: Stacks, _: Path) -> Iterator[None]:
    stacks.cloud.client("s3").put_object(**_key(stacks, "function.zip"), Body=b"other")
    yield


def missing_artefact(stacks: Stacks, _: Path) -> Iterator[None]:
    stacks.cloud.client("s3").delete_object(**_key(stacks, "layer-base-arm64.zip"))
    yield


def changed_manifest(stacks: Stacks, _: Path) -> Iterator[None]:
    manifest = stacks.bucket("dev").manifest(stacks.release)
    other = manifest.model_copy(update={"contract_version": 99}).model_dump_json()
    stacks.cloud.client("s3").put_object(**_key(stacks, "manifest.json"), Body=other.encode())
    yield


def missing_manifest(stacks: Stacks, _: Path) -> Iterator[None]:
    stacks.cloud.client("s3").delete_object(**_key(stacks, "manifest.json"))
    yield


def changed_program(_: Stacks, checkout: Path) -> Iterator[None]:
    with (checkout / "agents" / "keys.py").open("a") as file:
        file.write("# a note\n")
    yield


def changed_target_file(_: Stacks, checkout: Path) -> Iterator[None]:
    with (checkout / "Pulumi.prod.yaml").open("a") as file:
        file.write("# a note\n")
    yield


def drifted_function(stacks: Stacks, _: Path) -> Iterator[None]:
    """Somebody leads a function's alias to other code."""
    functions, name = stacks.cloud.client("lambda"), "swarm-dev-edit"
    before = functions.get_alias(FunctionName=name, Name="live")["FunctionVersion"]
    functions.update_function_code(FunctionName=name, ZipFile=b"other")
    version = functions.publish_version(FunctionName=name)["Version"]
    functions.update_alias(FunctionName=name, Name="live", FunctionVersion=version)
    yield
    functions.update_alias(FunctionName=name, Name="live", FunctionVersion=before)


def split_alias(stacks: Stacks, _: Path) -> Iterator[None]:
    """Somebody leads half of dev's sessions to another version of the state machine."""
    states, alias = stacks.cloud.client("stepfunctions"), str(stacks.outputs["dev"]["state_machine_alias_arn"])
    machine = str(stacks.outputs["dev"]["state_machine_arn"])
    before = states.describe_state_machine_alias(stateMachineAliasArn=alias)["routingConfiguration"]
    role = states.describe_state_machine(stateMachineArn=machine)["roleArn"]
    other = states.update_state_machine(stateMachineArn=machine, roleArn=role, publish=True)["stateMachineVersionArn"]
    routes = [{**before[0], "weight": 50}, {"stateMachineVersionArn": other, "weight": 50}]
    states.update_state_machine_alias(stateMachineAliasArn=alias, routingConfiguration=routes)
    yield
    states.update_state_machine_alias(stateMachineAliasArn=alias, routingConfiguration=before)


def prod_is_ahead(stacks: Stacks, _: Path) -> Iterator[None]:
    """prod runs a release of a later commit."""
    before = dict(stacks.outputs["prod"])
    with built_release(stacks.folder, later=60) as later:
        stacks.bucket("prod").publish(RELEASE, later)
        deploy_by_hand(stacks.cloud, before, later, (RELEASE / "function.zip").read_bytes())
    stacks.outputs["prod"] = {**before, "release": later}
    yield
    stacks.outputs["prod"] = before


def schema_older_than_data(stacks: Stacks, _: Path) -> Iterator[None]:
    entry = TrailEntry(event="promoted", release="d" * 64, at=1, contract_version=99)
    stacks.bucket("prod").append(1, "promoted", entry.model_dump_json())
    yield


def unknown_setting(_: Stacks, checkout: Path) -> Iterator[None]:
    file = checkout / "Pulumi.prod.yaml"
    file.write_text(file.read_text().replace("config:\n", 'config:\n  serverless-swarm:colour: "red"\n', 1))
    git(checkout, "commit", "--quiet", "-am", "a colour")
    yield
    git(checkout, "reset", "--quiet", "--hard", "HEAD~1")


def nothing_by_content(stacks: Stacks, _: Path) -> Iterator[None]:
    before = stacks.outputs["dev"]
    stacks.outputs["dev"] = {**before, "release": "unreleased"}
    yield
    stacks.outputs["dev"] = before


_TEST, _PUBLISH = "`swarm release test --stack dev`", "`swarm release publish --stack dev`"
_BUCKET = "`aws s3api list-object-versions --bucket swarm-dev-releases"
#: What is broken, and what the refusal says: the thing, and what to do.
REFUSALS: dict[Breaking, tuple[str, ...]] = {
    no_record: ("was never tested on dev", _TEST),
    stale: ("the test is 100 hours old, and may be 24", _TEST),
    failed: ("ledger: recall is 10, and must be at least 90", "build, deploy and test"),
    other_release: ("the record is of release ffffffffffff on dev", _TEST),
    other_stack: ("on staging, not of", _TEST),
    changed_artefact: ("function.zip of release", "is not what the manifest names", _BUCKET),
    missing_artefact: ("layer-base-arm64.zip in swarm-dev-releases", _PUBLISH),
    changed_manifest: ("the manifest of release", "was changed", _BUCKET),
    missing_manifest: ("manifest.json in swarm-dev-releases", _PUBLISH),
    changed_program: ("1 files have changes without a commit, such as agents/keys.py", "commit them"),
    changed_target_file: ("such as Pulumi.prod.yaml", "commit them"),
    drifted_function: ("dev has drifted: the function swarm-dev-edit runs another zip", "`pulumi up -s dev`"),
    split_alias: ("dev has drifted: the alias live of the state machine is split", "`pulumi up -s dev`"),
    prod_is_ahead: ("prod is ahead", "`swarm rollback prod`"),
    schema_older_than_data: ("prod stores documents of version 99", "promote a newer one"),
    unknown_setting: ("Pulumi.prod.yaml has settings that the release does not know: colour", "remove them"),
    nothing_by_content: ("runs unreleased, which is no release by content", "`swarm release build --publish`"),
}


@pytest.mark.parametrize("breaking", REFUSALS, ids=lambda breaking: breaking.__name__)
def test_a_promotion_is_refused_in_one_sentence_and_writes_nothing(
    tested: Stacks, checkout: Path, breaking: Breaking
) -> None:
    with contextmanager(breaking)(tested, checkout):
        before = _everything(tested, checkout)
        refused = swarm(checkout, {**os.environ, **tested.cloud.variables()}, *tested.promotion)
        assert _everything(tested, checkout) == before
    assert refused.returncode == 2, refused.stderr
    assert refused.stdout == ""
    for words in REFUSALS[breaking]:
        assert words in refused.stderr
    assert refused.stderr.count("; ") == 0, "one reason alone"
    assert len(refused.stderr.splitlines()) == 1


def _everything(stacks: Stacks, checkout: Path) -> list[object]:
    """What a promotion writes: both release buckets, prod's registry, the checkout."""
    images = stacks.cloud.client("ecr").list_images(repositoryName=str(stacks.outputs["prod"]["image_repository"]))
    file = (checkout / "Pulumi.prod.yaml").read_bytes()
    return [stacks.objects("dev"), stacks.objects("prod"), images["imageIds"], file, (checkout / "build").exists()]


def test_without_a_reason_it_is_promoted(tested: Stacks, checkout: Path) -> None:
    promoted = swarm(checkout, {**os.environ, **tested.cloud.variables()}, *tested.promotion)
    assert promoted.returncode == 0, promoted.stderr
    assert tested.release in (checkout / "Pulumi.prod.yaml").read_text()
    assert (checkout / "build" / "release" / "manifest.json").is_file()
    assert tested.bucket("prod").releases() == [tested.release]
