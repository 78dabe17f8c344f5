"""Two stacks on one local cloud, a small release in build/release, and `swarm` run from a checkout of its own."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from agents.roster import MODEL_ROLES
from components.settings.model import setting_keys
from local.cloud import LocalCloud
from local.settings import ROOT
from releases.assembly import BUILT_FROM
from releases.release_bucket import ReleaseBucket
from tests.releases.releases import COMMIT, FACTS, git, small_release

#: What a laptop cannot have: the registry in a private network, and the account's own CloudFront keys are prod's only.
PROD = {"privateSubnets": "false"}
RELEASE = ROOT / "build" / "release"
#: What `swarm` runs from, beside what a release is built from.
_CHECKOUT = (*BUILT_FROM, "Pulumi.dev.yaml", "Pulumi.prod.yaml", "cli", "local", "pyproject.toml", "tests/golden")


@contextmanager
def built_release(aside: Path, image: str = "", later: int = 0) -> Iterator[str]:
    """The id of a release in build/release, where the program looks for it; what was there comes back.

    `later` is how many seconds after the others' its commit was made.
    """
    before = aside / "release-of-before"
    if RELEASE.is_dir():
        shutil.move(RELEASE, before)
    models = dict.fromkeys(MODEL_ROLES, "extractive")
    commit = replace(COMMIT, at=COMMIT.at + later)
    facts = replace(FACTS, commit=commit, image=image, models=models, settings=tuple(setting_keys()))
    try:
        yield small_release(RELEASE, ROOT, facts)
    finally:
        shutil.rmtree(RELEASE, ignore_errors=True)
        if before.is_dir():
            shutil.move(before, RELEASE)


@dataclass
class Stacks:
    """Both stacks on one cloud, their outputs as files in `folder`, and the release that dev runs."""

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

    def objects(self, stack: str) -> dict[str, bytes]:
        """Everything in the stack's release bucket."""
        s3, name = self.cloud.client("s3"), self.bucket(stack).name
        listed = s3.list_objects_v2(Bucket=name).get("Contents", ())
        return {each["Key"]: s3.get_object(Bucket=name, Key=each["Key"])["Body"].read() for each in listed}

    @property
    def promotion(self) -> Sequence[str]:
        """The words of `swarm promote dev prod`, with outputs from files."""
        return ["promote", "dev", "prod", "--outputs-from", self.file("dev"), "--outputs-to", self.file("prod")]


@contextmanager
def two_stacks(release: str, folder: Path, **settings: str) -> Iterator[Stacks]:
    """dev with a release by content, and with `settings`; prod as it is before its first promotion."""
    with LocalCloud("dev", settings={"release": release, **settings}) as cloud:
        prod = cloud.deploy_beside("prod", PROD)
        yield Stacks(cloud, release, {"dev": dict(cloud.outputs), "prod": prod}, folder)


def new_checkout(folder: Path) -> Path:
    """A clean checkout of this project's files as they are, in one commit."""
    folder.mkdir()
    for name in _CHECKOUT:
        source = ROOT / name
        (folder / name).parent.mkdir(exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            shutil.copyfile(source, folder / name)
    (folder / ".gitignore").write_text("build/\n__pycache__/\n")
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "checked out")
    return folder


def swarm(checkout: Path, variables: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run the checkout's own `swarm` to its end."""
    command = [sys.executable, "-m", "cli", *words]
    return subprocess.run(
        command, cwd=checkout, env=dict(variables), capture_output=True, text=True, timeout=120, check=False
    )


def deploy_by_hand(cloud: LocalCloud, outputs: Mapping[str, Any], release: str, code: bytes = b"") -> None:
    """As `pulumi up` does with another release: new versions of functions and state machine, and moved aliases.

    Without `code`, the functions' zip stays.
    """
    made, versions = publish_by_hand(cloud, outputs, {"SWARM_RELEASE": release}, code)
    functions, states = cloud.client("lambda"), cloud.client("stepfunctions")
    for name, version in versions.items():
        functions.update_alias(FunctionName=name, Name="live", FunctionVersion=version)
    route = {"stateMachineVersionArn": made, "weight": 100}
    alias = str(outputs["state_machine_alias_arn"])
    states.update_state_machine_alias(stateMachineAliasArn=alias, routingConfiguration=[route])


def publish_by_hand(
    cloud: LocalCloud, outputs: Mapping[str, Any], changed: Mapping[str, str], code: bytes = b""
) -> tuple[str, Mapping[str, str]]:
    """New versions of functions and state machine, and no alias is moved: the state machine's ARN, the functions' own.

    `changed` are variables of every function. Without `code`, the functions' zip stays.
    """
    functions, states = cloud.client("lambda"), cloud.client("stepfunctions")
    machine = str(outputs["state_machine_arn"])
    definition = str(states.describe_state_machine(stateMachineArn=machine)["definition"])
    versions: dict[str, str] = {}
    for name in outputs["function_names"]:
        variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        environment = {"Variables": {**variables, **changed}}
        functions.update_function_configuration(FunctionName=name, Environment=environment)
        if code:
            functions.update_function_code(FunctionName=name, ZipFile=code)
        versions[name] = functions.publish_version(FunctionName=name)["Version"]
        definition = re.sub(rf":{name}:[0-9]+", f":{name}:{versions[name]}", definition)
    made = states.update_state_machine(stateMachineArn=machine, definition=definition, publish=True)
    return str(made["stateMachineVersionArn"]), versions
