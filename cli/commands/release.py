"""`swarm release build`, `publish` and `fetch`: a release made from the checkout, stored, and brought back."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console

from agents.roster import MODEL_ROLES
from cli.checkout import RELEASE as NEEDS_CHECKOUT
from cli.checkout import check_checkout
from cli.doctor.limits import is_placeholder
from cli.errors import BadInput, ExitCode
from cli.stack.location import Location
from cli.stack.release_location import releases_of
from cli.stack.release_program import unpack_program
from components.settings.model import Settings, SettingsRefused, parse_settings, setting_keys
from local.configuration import ProgramFailed, configuration
from local.settings import ROOT
from releases import pinned_python
from releases.assembly import BUILT_FROM, ReleaseFacts, assemble
from releases.commit import CommitUnknown, changed_files, commit_of
from releases.layers import Architecture, LayerFailed
from releases.manifest import MANIFEST, ManifestRefused, ReleaseManifest, read_manifest
from releases.package import RELEASE, PackageTooLarge, fill, package
from releases.release_bucket import ReleaseBucket, ReleaseRefused
from releases.vendor import NpmFailed

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True)
class BuildRequest:
    """The stack's file names models, architecture and, unless `image` does, the image's digest."""

    stack: str
    image: str
    as_json: bool


def build_release(request: BuildRequest, where: Location | None, messages: Console, answers: Console) -> ExitCode:
    """Build it, and store it at `where`. Raises BadInput."""
    check_checkout(NEEDS_CHECKOUT)
    facts, architecture = facts_of(request, ROOT)
    messages.print("Packing the functions' code and packages, one to two minutes ...")
    try:
        pinned_python.fetch()
        filled = partial(fill, architecture=architecture)
        packaged = package(architecture, pinned_python.pack, filled, out=RELEASE)
    except (LayerFailed, NpmFailed, PackageTooLarge, pinned_python.PackingFailed) as error:
        raise BadInput(str(error)) from error
    name = assemble(ROOT, packaged, facts, ROOT / RELEASE)
    if where is not None:
        _publish(releases_of(where).bucket, name)
    manifest = read_manifest((ROOT / RELEASE / MANIFEST).read_bytes(), name)
    _answer(name, manifest, request.stack, request.as_json, answers)
    return ExitCode.DONE


def facts_of(request: BuildRequest, root: Path) -> tuple[ReleaseFacts, Architecture]:
    """What the stack's file and git say, and the architecture. Raises BadInput."""
    settings = settings_of_file(request.stack, root)
    try:
        commit, changed = commit_of(root), changed_files(root, BUILT_FROM)
    except CommitUnknown as error:
        raise BadInput(str(error)) from error
    if changed:
        raise BadInput(
            f"{len(changed)} files differ from the commit, such as {changed[0]}, and a release is of a commit:"
            " commit them, or `git stash -u`"
        )
    image = request.image
    if not image and not is_placeholder(settings.container_image):
        image = settings.container_image.rpartition("@")[2]
    if image and not _DIGEST.fullmatch(image):
        raise BadInput(f"--image takes a digest such as sha256:0123… with 64 digits, not {image!r}")
    models = {role: settings.model_of(role) for role in MODEL_ROLES}
    return ReleaseFacts(commit, image, models, tuple(setting_keys())), settings.lambda_architecture


def settings_of_file(stack: str, root: Path, overrides: Mapping[str, str] | None = None) -> Settings:
    """The settings in the stack's file. Raises BadInput."""
    try:
        project, values = configuration(root, stack, overrides or {})
        named = {key.partition(":")[2]: value for key, value in values.items() if key.startswith(f"{project}:")}
        return parse_settings(named)
    except (ProgramFailed, SettingsRefused) as error:
        raise BadInput(f"Pulumi.{stack}.yaml: {error}") from error


def publish_release(where: Location, as_json: bool, answers: Console) -> ExitCode:
    """Store what is in build/release. Raises BadInput."""
    name = built_release()
    manifest = _publish(releases_of(where).bucket, name)
    _answer(name, manifest, str(where.stack), as_json, answers)
    return ExitCode.DONE


def built_release() -> str:
    """The id of the release in build/release. Raises BadInput."""
    from releases.manifest import release_id

    path = ROOT / RELEASE / MANIFEST
    try:
        return release_id(ReleaseManifest.model_validate_json(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise BadInput("There is no release in build/release: `swarm release build` builds one") from error


def _publish(bucket: ReleaseBucket, name: str) -> ReleaseManifest:
    try:
        return bucket.publish(ROOT / RELEASE, name)
    except (ReleaseRefused, ManifestRefused, OSError) as error:
        raise BadInput(str(error)) from error


def fetch_release(where: Location, prefix: str, program: Path | None, answers: Console) -> ExitCode:
    """Download a release, and unpack its program into a new folder. Raises BadInput."""
    found = releases_of(where)
    name = found.named(prefix)
    try:
        manifest = found.bucket.download(name, ROOT / RELEASE)
        if program is not None:
            unpack_program(found, name, manifest, program)
    except ReleaseRefused as error:
        raise BadInput(str(error)) from error
    answers.print(f"release {name} is in {RELEASE}" + (f", its program in {program}" if program else ""), markup=False)
    return ExitCode.DONE


def _answer(name: str, manifest: ReleaseManifest, stack: str, as_json: bool, answers: Console) -> None:
    if as_json:
        shown = {"release": name, "manifest": manifest.model_dump(mode="json")}
        answers.file.write(json.dumps(shown, indent=2) + os.linesep)
        return
    image = manifest.image or "none: repositories that need Fargate fail with it (docs/deploy.md, The image)"
    answers.print(f"release  {name}\ncommit   {manifest.commit}\nimage    {image}", markup=False, soft_wrap=True)
    answers.print(f"deploy   pulumi config set release {name} -s {stack}", markup=False, soft_wrap=True)
