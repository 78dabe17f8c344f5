"""Whether what is about to be deployed is the release that the stack's file names."""

from __future__ import annotations

from pathlib import Path

from agents.roster import FUNCTIONS, layers_of
from components.layers import layer_zip
from components.settings.model import Settings
from components.short_agent import PACKAGED_ZIP
from releases.manifest import (
    MANIFEST,
    ManifestRefused,
    ReleaseManifest,
    is_release_id,
    mismatches,
    program_digest,
    read_manifest,
)
from releases.program_files import digest_of, program_files

_FOLDER = Path("build", "release")


def release_problem(settings: Settings, root: Path) -> str:
    """A sentence about what differs from the release's manifest; empty if nothing does.

    A release with another name than its content's, such as `unreleased`, has no manifest and is not checked.
    """
    if not is_release_id(settings.release):
        return ""
    path = root / _FOLDER / MANIFEST
    if not path.is_file():
        return f"release {settings.release[:12]} is not in build/release: {_GET}."
    try:
        manifest = read_manifest(path.read_bytes(), settings.release)
    except ManifestRefused as error:
        return f"{error}: {_GET}."
    problems = [*mismatches(manifest, _digests(settings, root)), *_others(manifest, settings, root)]
    if not problems:
        return ""
    return f"what is here is not release {settings.release[:12]}: {'; '.join(problems)}; {_GET}."


_GET = "`swarm release fetch` downloads what the stack's release bucket has, `swarm release build` builds this commit's"


def _digests(settings: Settings, root: Path) -> dict[str, str | None]:
    wanted = [PACKAGED_ZIP]
    layers = {layer for state in FUNCTIONS for layer in layers_of(state, settings.heaviest_model)}
    wanted += [layer_zip(layer, settings.lambda_architecture) for layer in sorted(layers)]
    return {Path(path).name: digest_of(root / path) for path in wanted}


def _others(manifest: ReleaseManifest, settings: Settings, root: Path) -> list[str]:
    problems = []
    if not settings.packaged:
        problems.append("packaged is false, so other zips would be deployed")
    if program_digest(program_files(root)) != manifest.program:
        problems.append(
            "the program in this folder is another (`swarm release fetch --program` gives the release's own)"
        )
    digest = settings.container_image.rpartition("@")[2]
    if manifest.image and digest != manifest.image:
        problems.append(f"containerImage has the digest {digest[7:19]}, the release's image {manifest.image[7:19]}")
    return problems
