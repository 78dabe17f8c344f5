"""Two stacks on one local cloud: dev deployed and tested, its release promoted, and prod running the same bytes."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from rich.console import Console
from typer.testing import CliRunner, Result

from agents.roster import MODEL_ROLES
from cli.app import app
from cli.commands import promote as promoting
from cli.gate.golden import golden_repositories
from cli.gate.measuring import measured
from cli.output.progress import view_for
from cli.stack.clients import stack_of
from components.settings.model import setting_keys
from local.cloud import LocalCloud
from local.configuration import configuration
from local.settings import ROOT, agent_settings_of
from releases.manifest import MANIFEST
from releases.release_bucket import ReleaseBucket
from tests.releases.releases import FACTS, git, small_release

pytestmark = [pytest.mark.local, pytest.mark.timeout(900)]
#: What a laptop cannot have: the registry in a private network, and the account's own CloudFront keys are prod's only.
PROD = {"privateSubnets": "false"}
RELEASE = ROOT / "build" / "release"


@dataclass
class Stacks:
    """Both stacks on one cloud, their outputs as files, and the release that dev runs."""

    cloud: LocalCloud
    release: str
    outputs: dict[str, Mapping[str, Any]]
    folder: Path

    def file(self, stack: str) -> str:
        path = self.folder / f"{stack}.json"
        path.write_text(json.dumps(dict(self.outputs[stack])))
        return str(path)

    def bucket(self, stack: str) -> ReleaseBucket:
        return ReleaseBucket(self.cloud.client("s3"), str(self.outputs[stack]["release_bucket"]))

    def swarm(self, *words: str) -> Result:
        return CliRunner().invoke(app, list(words), env=self.cloud.variables())

    def promote(self) -> Result:
        files = ["--outputs-from", self.file("dev"), "--outputs-to", self.file("prod")]
        return self.swarm("promote", "dev", "prod", *files)


class Seen:
    """A stack of this cloud, as stack_of takes it."""

    def __init__(self, cloud: LocalCloud, outputs: Mapping[str, Any]) -> None:
        self.client, self.outputs = cloud.client, outputs


@pytest.fixture
def release(tmp_path: Path) -> Iterator[str]:
    """A release in build/release, where the program looks for it; what was there comes back."""
    before = tmp_path / "release-of-before"
    if RELEASE.is_dir():
        shutil.move(RELEASE, before)
    facts = replace(FACTS, image="", models=dict.fromkeys(MODEL_ROLES, "extractive"), settings=tuple(setting_keys()))
    try:
        yield small_release(RELEASE, ROOT, facts)
    finally:
        shutil.rmtree(RELEASE, ignore_errors=True)
        if before.is_dir():
            shutil.move(before, RELEASE)


@pytest.fixture
def stacks(release: str, tmp_path: Path) -> Iterator[Stacks]:
    """dev with a release by content; prod as it is before its first promotion."""
    with LocalCloud("dev", settings={"release": release}) as cloud:
        prod = cloud.deploy_beside("prod", PROD)
        yield Stacks(cloud, release, {"dev": dict(cloud.outputs), "prod": prod}, tmp_path)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clean checkout: the promotion writes its stack's file, not ours."""
    tmp_path = tmp_path / "checkout"
    tmp_path.mkdir()
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml", "__main__.py"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    for name in ("agents", "components", "workflow", "policy_pack", "releases"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / ".gitignore").write_text("build/\n")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "-m", "checked out")
    monkeypatch.setattr(promoting, "ROOT", tmp_path)
    monkeypatch.setattr(promoting.PromotionRequest, "root", tmp_path)
    monkeypatch.setattr(promoting.PromotionRequest.__init__, "__defaults__", (tmp_path,))
    return tmp_path


def test_a_release_goes_from_dev_to_prod_byte_for_byte(stacks: Stacks, checkout: Path) -> None:
    published = stacks.swarm("release", "publish", "--stack", "dev", "--outputs", stacks.file("dev"))
    assert published.exit_code == 0, published.output
    refused = stacks.promote()
    assert refused.exit_code == 2
    assert "was never tested on dev" in refused.output

    tested = stacks.swarm("release", "test", "--stack", "dev", "--outputs", stacks.file("dev"), "--json")
    record = json.loads(tested.stdout)
    assert (tested.exit_code, record["problems"]) == (0, []), record
    assert set(record["repositories"]) == {"hostile", "ledger", "queue", "warehouse"}
    assert record["checks"]["deployed release"] == "passed"
    assert record["checks"]["Fargate"].startswith("not run: no image")

    promoted = stacks.promote()
    assert promoted.exit_code == 0, promoted.output
    assert "release: 'unreleased' -> " in promoted.output
    written = (checkout / "Pulumi.prod.yaml").read_text()
    lines = zip((ROOT / "Pulumi.prod.yaml").read_text().splitlines(), written.splitlines(), strict=True)
    changed = [after for line, after in lines if line != after]
    assert changed == [f'  serverless-swarm:release: "{stacks.release}"']

    dev, prod = stacks.bucket("dev"), stacks.bucket("prod")
    assert prod.manifest(stacks.release) == dev.manifest(stacks.release)
    for part in dev.manifest(stacks.release).parts:
        assert prod.part(stacks.release, part.file, part.sha256) == dev.part(stacks.release, part.file, part.sha256)

    trail = stacks.swarm("releases", "--stack", "prod", "--outputs", stacks.file("prod"), "--json")
    assert [entry["event"] for entry in json.loads(trail.stdout)["trail"]] == ["promoted"]
    (downloaded,) = [folder for folder in (checkout / "build").iterdir() if folder.name == "release"]
    assert (downloaded / MANIFEST).read_bytes() == (RELEASE / MANIFEST).read_bytes()

    s3, name = stacks.cloud.client("s3"), str(stacks.outputs["prod"]["release_bucket"])
    key = f"releases/{stacks.release}/function.zip"
    with pytest.raises(ClientError, match="403"):
        s3.delete_object(Bucket=name, Key=key)
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.put_object(Bucket=name, Key=key, Body=b"other", IfNoneMatch="*")


def test_prod_documents_a_snapshot_as_dev_does_from_the_same_release(release: str, tmp_path: Path) -> None:
    """And its functions run the release's very zip."""
    with LocalCloud("dev", settings={"release": release}) as cloud:
        prod = cloud.deploy_beside("prod", {**PROD, "release": release})
        settings = agent_settings_of(configuration(ROOT, "dev", {})[1])
        repositories = list(golden_repositories(tmp_path, "0123456789ab", settings, image=False))
        with view_for(Console(quiet=True)) as view:
            both = [measured(stack_of(seen), repositories, view) for seen in (cloud, Seen(cloud, prod))]
        functions = cloud.client("lambda")
        zips = {
            functions.get_function_configuration(FunctionName=f"swarm-{stack}-edit", Qualifier="live")["CodeSha256"]
            for stack in ("dev", "prod")
        }
    own = {"seconds", "session_id", "payload_bytes"}
    dev, prod_figures = ({name: each.model_dump(exclude=own) for name, each in figures.items()} for figures in both)
    assert dev == prod_figures
    assert zips == {base64.b64encode(hashlib.sha256((RELEASE / "function.zip").read_bytes()).digest()).decode()}
