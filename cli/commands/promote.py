"""`swarm promote dev prod`: what dev runs and has passed its test becomes what prod is to run, byte for byte."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import ClientError
from rich.console import Console

from agents.roster import MODEL_ROLES
from cli.commands.release import settings_of_file
from cli.commands.release_test import baseline
from cli.errors import BadInput, ExitCode
from cli.gate.checks import drift
from cli.gate.differences import figures_difference, instructions_difference, settings_difference
from cli.gate.pulumi_command import PACK, previewed, pulumi_drift
from cli.stack.image_copy import copy_image, download
from cli.stack.location import Location
from cli.stack.release_location import StackReleases, releases_of, versions_of
from cli.stack.release_program import unpack_program
from local.configuration import configuration
from local.settings import ROOT
from releases.assembly import BUILT_FROM
from releases.commit import CommitUnknown, changed_files
from releases.gate.record import GateRecord
from releases.manifest import ReleaseManifest, is_release_id, program_digest
from releases.package import RELEASE
from releases.program_files import program_files
from releases.promotion import PromotionFacts, new_values, refusals
from releases.release_bucket import ReleaseMissing, ReleaseRefused
from releases.stack_file import with_values
from releases.trail import TrailEntry, canary_version, read_trail


@dataclass(frozen=True)
class PromotionRequest:
    """From where to where; `up` runs `pulumi up` at the end."""

    source: Location
    target: Location
    up: bool
    root: Path = ROOT


def promote(request: PromotionRequest, messages: Console, answers: Console) -> ExitCode:
    """Check, copy, show what changes, and write the target's file. Raises BadInput with every reason to refuse."""
    source, target = releases_of(request.source), releases_of(request.target)
    name = source.named("")
    facts = facts_of(source, target, name, request.root)
    refused = refusals(facts)
    if refused or facts.manifest is None:
        raise BadInput(f"release {name[:12]} is not promoted: " + "; ".join(refused))
    messages.print(f"Copying release {name[:12]} to {target.bucket.name} ...", markup=False)
    _copy(source, target, name, facts.manifest)
    folder = _prepare(request.root, target, name, facts.manifest)
    values = _values(request, target, name, facts.manifest)
    text = with_values(_stack_file(request).read_text("utf-8"), values)
    resources = previewed(folder, str(request.target.stack), text)
    _show(request, facts, facts.manifest, source, target, values, resources, answers)
    _stack_file(request).write_text(text, "utf-8")
    if folder != request.root:
        shutil.copyfile(_stack_file(request), folder / _stack_file(request).name)
    _write_trails(source, target, name, facts.manifest, values)
    command = ["pulumi", "up", "-s", str(request.target.stack), *PACK]
    if request.up:
        return _up([*command, "--yes"], folder)
    place = "" if folder == request.root else f"cd {folder} && "
    answers.print(f"next: {place}{' '.join(command)}", markup=False, soft_wrap=True)
    return ExitCode.DONE


def facts_of(source: StackReleases, target: StackReleases, name: str, root: Path) -> PromotionFacts:
    """All that the promotion is decided by."""
    stacks = (source.outputs.environment, target.outputs.environment)
    manifest, stored = _stored(source, name)
    trail, versions = read_trail(target.bucket.trail()), versions_of(target)
    # During a canary, and after one that went back, functions run another release than was deployed last.
    running = versions.release_of(min(versions.routes()[0])) or target.outputs.release
    target_manifest = _stored(target, running)[0] if is_release_id(running) else None
    drifted = [*_drifted(source, manifest), *_drifted(target, target_manifest, running, canary_version(trail))]
    try:
        dirty = changed_files(root, [*BUILT_FROM, f"Pulumi.{stacks[1]}.yaml"])
    except CommitUnknown as error:
        raise BadInput(str(error)) from error
    project, values = configuration(root, stacks[1], {})
    return PromotionFacts(
        source=stacks[0],
        target=stacks[1],
        release=name,
        manifest=manifest,
        records=[GateRecord.model_validate_json(text) for text in source.bucket.records(name)],
        now=int(time.time()),
        stored=stored,
        dirty=dirty,
        drift=drifted,
        target_release=running,
        target_manifest=target_manifest,
        target_trail=trail,
        settings=[key.partition(":")[2] for key in values if key.startswith(f"{project}:")],
    )


def _drifted(
    stack: StackReleases, manifest: ReleaseManifest | None, release: str = "", canary: int = 0
) -> Iterator[str]:
    """What differs in a stack from its release and from Pulumi's state; nothing is known of it without a manifest."""
    name = stack.outputs.environment
    of_release = drift(stack.cloud, stack.outputs, manifest, release, canary) if manifest else ()
    problems = [*of_release, *filter(None, [pulumi_drift(name)])]
    if problems:
        yield f"{name} has drifted: {', '.join(problems)}: `pulumi up -s {name}` puts it back"


def _stored(stack: StackReleases, name: str) -> tuple[ReleaseManifest | None, list[str]]:
    """The manifest, and what is wrong with the release in its bucket."""
    try:
        manifest = stack.bucket.manifest(name)
    except ReleaseRefused as error:
        return None, [_with_advice(error, stack, name)]
    problems = []
    for part in manifest.parts:
        try:
            stack.bucket.part(name, part.file, part.sha256)
        except ReleaseRefused as error:
            problems.append(_with_advice(error, stack, name))
    return manifest, problems


def _with_advice(problem: ReleaseRefused, stack: StackReleases, name: str) -> str:
    if isinstance(problem, ReleaseMissing):
        publish = f"`swarm release publish --stack {stack.outputs.environment}`"
        return f"{problem}: build its commit again (`swarm release build`) and store it with {publish}"
    listing = f"`aws s3api list-object-versions --bucket {stack.bucket.name} --prefix releases/{name}/`"
    return f"{problem}: restore the version that was published, which {listing} lists"


def _copy(source: StackReleases, target: StackReleases, name: str, manifest: ReleaseManifest) -> None:
    try:
        target.bucket.copy_from(source.bucket, name)
    except ReleaseRefused as error:
        raise BadInput(str(error)) from error
    if manifest.image:
        registries = source.cloud.client("ecr"), target.cloud.client("ecr")
        names = source.outputs.image_repository, target.outputs.image_repository
        copy_image(registries[0], names[0], registries[1], names[1], manifest.image, name, download)


def _prepare(root: Path, target: StackReleases, name: str, manifest: ReleaseManifest) -> Path:
    """Where to deploy from: this checkout if its program is the release's, else a folder with the release's own."""
    if program_digest(program_files(root)) == manifest.program:
        target.bucket.download(name, root / RELEASE)
        return root
    folder = root / "build" / "promotion" / name[:12]
    shutil.rmtree(folder, ignore_errors=True)
    unpack_program(target, name, manifest, folder, root)
    return folder


def _show(
    request: PromotionRequest,
    facts: PromotionFacts,
    manifest: ReleaseManifest,
    source: StackReleases,
    target: StackReleases,
    values: Mapping[str, str],
    resources: list[str],
    answers: Console,
) -> None:
    project, read = configuration(request.root, str(request.target.stack), {})
    before = {key.partition(":")[2]: value for key, value in read.items() if key.startswith(f"{project}:")}
    running, earlier, record = target.outputs.release, None, facts.records[-1]
    if is_release_id(running):
        earlier = target.bucket.part(running, "function.zip", target.bucket.manifest(running).function.sha256)
    function = source.bucket.part(facts.release, manifest.function.file, manifest.function.sha256)
    sections = {
        "settings": settings_difference(before, values),
        "resources": resources,
        "instructions": instructions_difference(earlier, function) if earlier else ["the first release by content"],
        "figures": figures_difference(baseline(source.bucket), record),
        "not run": [f"{check}: {outcome}" for check, outcome in record.checks.items() if outcome != "passed"],
    }
    for title, lines in sections.items():
        answers.print(f"{title}:", markup=False)
        for line in lines or ["no difference"]:
            answers.print(f"  {line}", markup=False, soft_wrap=True)


def _values(request: PromotionRequest, target: StackReleases, name: str, manifest: ReleaseManifest) -> dict[str, str]:
    settings = settings_of_file(str(request.target.stack), request.root)
    models = {role: settings.model_of(role) for role in MODEL_ROLES}
    return new_values(name, manifest, models, target.outputs.image_repository_url)


def _stack_file(request: PromotionRequest) -> Path:
    return request.root / f"Pulumi.{request.target.stack}.yaml"


def _write_trails(
    source: StackReleases,
    target: StackReleases,
    name: str,
    manifest: ReleaseManifest,
    values: Mapping[str, str],
) -> None:
    at = int(time.time() * 1000)
    image = values.get("containerImage", target.outputs.container_image)
    entry = TrailEntry(
        event="promoted",
        release=name,
        before=target.outputs.release,
        other_stack=source.outputs.environment,
        at=at,
        by=caller(target),
        container_image=image,
        contract_version=manifest.contract_version,
    )
    passed_on = entry.model_copy(update={"event": "passed-on", "other_stack": target.outputs.environment})
    target.bucket.append(at, "promoted", entry.model_dump_json())
    source.bucket.append(at, "passed-on", passed_on.model_dump_json())


def caller(stack: StackReleases) -> str:
    """The ARN of whoever runs this; empty where AWS does not say."""
    try:
        return str(stack.cloud.client("sts").get_caller_identity()["Arn"])
    except ClientError:
        return ""


def _up(command: list[str], folder: Path) -> ExitCode:
    program = shutil.which(command[0])
    if program is None:
        raise BadInput("The pulumi command is not on PATH: everything is prepared; run it where it is installed")
    done = subprocess.run([program, *command[1:]], check=False, cwd=folder)
    return ExitCode.DONE if done.returncode == 0 else ExitCode.AWS_REFUSED
