"""Two stacks on one local cloud: dev deployed and tested, its release promoted, and prod running the same bytes."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from agents import keys
from cli.gate.golden import golden_repositories
from cli.gate.measuring import measured
from cli.output.progress import view_for
from cli.stack.clients import Stack, stack_of
from local.cloud import LocalCloud
from local.configuration import configuration
from local.settings import ROOT, agent_settings_of
from releases.gate.record import RepositoryFigures
from releases.manifest import MANIFEST
from tests.e2e.two_stacks import PROD, RELEASE, built_release, new_checkout, swarm, two_stacks

pytestmark = [pytest.mark.local, pytest.mark.timeout(900)]
#: An image without layers: moto has none to download, and tests/releases/test_promotion.py copies some.
IMAGE = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json"})
DIGEST = f"sha256:{hashlib.sha256(IMAGE.encode()).hexdigest()}"
REGISTRY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"


class DeployedCloud:
    """A stack of this cloud, as stack_of takes it."""

    def __init__(self, cloud: LocalCloud, outputs: Mapping[str, Any]) -> None:
        self.client, self.outputs = cloud.client, outputs


def test_a_release_goes_from_dev_to_prod_byte_for_byte(tmp_path: Path) -> None:
    """The stack has an image, so the gate's oversized repository runs as a task: the image's command, in a process."""
    checkout, image = new_checkout(tmp_path / "checkout"), f"{REGISTRY}/swarm-dev-agent@{DIGEST}"
    with (
        built_release(tmp_path, DIGEST) as release,
        two_stacks(release, tmp_path, containerImage=image) as stacks,
    ):
        variables = {**os.environ, **stacks.cloud.variables()}
        shutil.copytree(RELEASE, checkout / "build" / "release")
        stacks.cloud.client("ecr").put_image(repositoryName="swarm-dev-agent", imageManifest=IMAGE, imageDigest=DIGEST)
        of_dev = ("--stack", "dev", "--outputs", stacks.file("dev"))
        published = swarm(checkout, variables, "release", "publish", *of_dev)
        assert published.returncode == 0, published.stderr
        refused = swarm(checkout, variables, *stacks.promotion)
        assert (refused.returncode, "was never tested on dev" in refused.stderr) == (2, True)

        tested = swarm(checkout, variables, "release", "test", *of_dev, "--json")
        record = json.loads(tested.stdout)
        assert (tested.returncode, record["problems"]) == (0, []), record
        assert set(record["repositories"]) == {"hostile", "ledger", "oversized", "queue", "warehouse"}
        assert record["repositories"]["oversized"]["fargate_files"] == 1
        assert record["repositories"]["hostile"]["invented_symbols"] == 0
        assert {name: record["checks"][name] for name in ("deployed release", "Fargate", "alarms")} == {
            "deployed release": "passed",
            "Fargate": "passed",
            "alarms": "passed",
        }
        assert record["checks"]["image scan"] == "not run: ECR answers ScanNotFoundException"

        promoted = swarm(checkout, variables, *stacks.promotion)
        assert promoted.returncode == 0, promoted.stderr
        assert "release: 'unreleased' -> " in promoted.stdout
        written = (checkout / "Pulumi.prod.yaml").read_text()
        lines = zip((ROOT / "Pulumi.prod.yaml").read_text().splitlines(), written.splitlines(), strict=True)
        changed = [after.strip() for line, after in lines if line != after]
        assert changed == [
            f'serverless-swarm:release: "{release}"',
            f'serverless-swarm:containerImage: "{stacks.outputs["prod"]["image_repository_url"]}@{DIGEST}"',
        ]
        assert (checkout / "build" / "release" / MANIFEST).read_bytes() == (RELEASE / MANIFEST).read_bytes()

        dev, prod = ({key: body for key, body in stacks.objects(name).items() if "/records/" not in key
                      and key.startswith("releases/")} for name in ("dev", "prod"))  # fmt: skip
        assert dev == prod
        (copied,) = stacks.cloud.client("ecr").list_images(repositoryName="swarm-prod-agent")["imageIds"]
        assert copied == {"imageDigest": DIGEST, "imageTag": release}

        of_prod = ("--stack", "prod", "--outputs", stacks.file("prod"))
        trail = swarm(checkout, variables, "releases", *of_prod, "--json")
        assert [entry["event"] for entry in json.loads(trail.stdout)["trail"]] == ["promoted"]


def site_files(stack: Stack, figures: Mapping[str, RepositoryFigures]) -> dict[str, bytes]:
    """Every file of the sessions' sites before they are rendered, but for the session's own id and the stack's name."""
    files = {}
    for repository, each in figures.items():
        with zipfile.ZipFile(io.BytesIO(stack.blobs.read(keys.site_source(each.session_id)))) as archive:
            for name in archive.namelist():
                files[f"{repository}/{name}"] = archive.read(name).replace(each.session_id.encode(), b"SESSION")
    return files


@pytest.mark.slow  # 46 s
def test_prod_documents_a_snapshot_as_dev_does_from_the_same_release(tmp_path: Path) -> None:
    """And its functions run the release's very zip."""
    with built_release(tmp_path) as release, LocalCloud("dev", settings={"release": release}) as cloud:
        prod = cloud.deploy_beside("prod", {**PROD, "release": release})
        settings = agent_settings_of(configuration(ROOT, "dev", {})[1])
        repositories = list(golden_repositories(tmp_path, "0123456789ab", settings, image=False))
        stacks = [stack_of(each) for each in (cloud, DeployedCloud(cloud, prod))]
        with view_for(Console(quiet=True)) as view:
            both = [measured(stack, repositories, view) for stack in stacks]
        sites = [site_files(stack, figures) for stack, figures in zip(stacks, both, strict=True)]
        functions = cloud.client("lambda")
        zips = {
            functions.get_function_configuration(FunctionName=f"swarm-{stack}-edit", Qualifier="live")["CodeSha256"]
            for stack in ("dev", "prod")
        }
        built = hashlib.sha256((RELEASE / "function.zip").read_bytes()).digest()
    own = {"seconds", "session_id", "payload_bytes"}
    dev, prod_figures = ({name: each.model_dump(exclude=own) for name, each in figures.items()} for figures in both)
    assert dev == prod_figures
    assert len(sites[0]) > 20
    assert sites[0] == sites[1]
    assert zips == {base64.b64encode(built).decode()}
