"""What a release goes through under the real engine: built, deployed to dev, tested, promoted, deployed to prod."""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from copy import copy
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from agents.roster import MODEL_ROLES
from components.settings.model import setting_keys
from releases.build import build
from releases.commit import commit_of
from releases.gate.record import GateRecord, RepositoryFigures
from releases.release_bucket import ReleaseBucket
from tests.e2e.two_stacks import new_checkout
from tests.engine.binary import find_engine
from tests.engine.engine import ROOT, Engine, engine_for
from tests.engine.lives import PACK, Life, Living
from tests.releases.releases import FACTS, git, small_release

_NOW = ("--yes", "--skip-preview")
#: An image without layers: moto has none to download, and tests/releases/test_promotion.py copies some.
_IMAGE = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json"})
_DIGEST = f"sha256:{hashlib.sha256(_IMAGE.encode()).hexdigest()}"
_COMMENT = "Counts a release that is promoted."


@cache
def promotion() -> Life:
    """From a build to prod, then a change in dev that nobody but Pulumi sees."""
    with (
        tempfile.TemporaryDirectory(prefix="swarm-engine-") as folder,
        engine_for("dev", find_engine(), Path(folder), project=_checkout) as engine,
    ):
        engine.cloud.root = engine.folder  # where the functions' zips are
        alive, life = Living(engine, "dev"), Life()
        assert engine.pulumi("stack", "init", "prod").code == 0
        release = _released(alive)
        life.seen |= {"release": release, "image": _DIGEST}
        life.ended["up dev"] = alive.up("up", *PACK)
        _push(engine)
        life.ended["publish"] = engine.swarm("release", "publish", "--stack", "dev")
        _record(engine, release)
        life.ended["up prod"] = engine.pulumi("up", *_NOW, "--stack", "prod")
        _go_on(engine)
        life.ended["promote"] = engine.swarm("promote", "dev", "prod", "--yes")
        if life.ended["promote"].code == 0:
            _compare(engine, life, release)
            git(engine.folder, "commit", "--quiet", "-am", "promote")
        life.ended["releases"] = engine.swarm("releases", "--stack", "prod", "--json")
        engine.cloud.client("cloudwatch").delete_alarms(AlarmNames=["swarm-dev-dead-letters"])
        life.ended["drifted"] = engine.swarm("promote", "dev", "prod")
        return life


def _checkout(folder: Path) -> None:
    new_checkout(folder)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    build(folder)


def _released(alive: Living) -> str:
    """A release of the checkout's commit, named in dev's file; both stacks' files are committed."""
    folder = alive.engine.folder
    alive.set(containerImage=f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/swarm-dev-agent@{_DIGEST}")
    git(folder, "commit", "--quiet", "-am", "stacks")
    models = dict.fromkeys(MODEL_ROLES, "extractive")
    facts = replace(FACTS, commit=commit_of(folder), image=_DIGEST, models=models, settings=tuple(setting_keys()))
    release = small_release(folder / "build" / "release", folder, facts)
    alive.set(release=release)
    return release


def _push(engine: Engine) -> None:
    registry = engine.cloud.client("ecr")
    registry.put_image(repositoryName="swarm-dev-agent", imageManifest=_IMAGE, imageDigest=_DIGEST)


def _record(engine: Engine, release: str) -> None:
    """As `swarm release test` writes it; tests/e2e/test_promotion.py runs that command."""
    figures = RepositoryFigures(status="PUBLISHED", session_id="s" + "0" * 20, coverage=100, recall=100, score=90)
    record = GateRecord(release=release, stack="dev", at=int(time.time()), repositories={"ledger": figures}, checks={})
    bucket = ReleaseBucket(engine.cloud.client("s3"), str(engine.outputs("dev")["release_bucket"]))
    bucket.record(release, record.at * 1000, record.model_dump_json())


def _go_on(engine: Engine) -> None:
    """Somebody commits another program after the release was built."""
    file = engine.folder / "workflow" / "documentation.asl.json"
    machine = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**machine, "Comment": _COMMENT}), "utf-8")
    git(engine.folder, "commit", "--quiet", "-am", "go on")


def _compare(engine: Engine, life: Life, release: str) -> None:
    cloud, outputs = engine.cloud, {stack: engine.outputs(stack) for stack in ("dev", "prod")}
    life.seen |= {stack: _runs(engine, outputs[stack], release) for stack in outputs}
    machines = {
        stack: cloud.client("stepfunctions").describe_state_machine(stateMachineArn=found["state_machine_arn"])
        for stack, found in outputs.items()
    }
    life.seen["comments"] = {stack: _COMMENT not in found["definition"] for stack, found in machines.items()}
    life.seen["checkout differs"] = _COMMENT in (engine.folder / "workflow" / "documentation.asl.json").read_text()
    own = copy(engine)
    own.folder = engine.folder / "build" / "promotion" / release[:12]
    life.seen["second preview"] = own.pulumi("preview", "--stack", "prod").changes


def _runs(engine: Engine, outputs: dict[str, Any], release: str) -> dict[str, Any]:
    """The digests of what a stack stores, and of what was deployed: a canary moves prod's alias to it later."""
    s3, functions, registry = (engine.cloud.client(name) for name in ("s3", "lambda", "ecr"))
    bucket = outputs["release_bucket"]
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=f"releases/{release}/")["Contents"]
    bodies = {each["Key"]: s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read() for each in listed}
    found = [functions.get_function(FunctionName=name, Qualifier="$LATEST") for name in outputs["function_names"]]
    image = registry.list_images(repositoryName=outputs["image_repository"])["imageIds"][0]["imageDigest"]
    return {
        "objects": {key: hashlib.sha256(body).hexdigest() for key, body in bodies.items() if "/records/" not in key},
        "zips": {each["Configuration"]["CodeSha256"] for each in found},
        "image": image,
    }
