"""Makes a release of what `make package` made: adds the program, the list of packages and the manifest."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from agents.contracts.base import CONTRACT_VERSION
from agents.questions.instructions import FILES, fingerprint_of
from releases.commit import ReleaseCommit
from releases.dependencies import cyclonedx
from releases.manifest import MANIFEST, ReleaseManifest, ReleasePart, canonical, program_digest, release_id
from releases.package import Artefact, Release
from releases.program_files import STATE_MACHINE, program_files

SOURCE, DEPENDENCIES = "source.zip", "dependencies.cdx.json"
_REQUIREMENTS = ("agents", "models", "site", "laptop")
_NPM_LOCKS = (Path("vendor", "package-lock.json"),)
#: What a release is built from: a change there that no commit has would be in no commit's release.
BUILT_FROM = (
    "__main__.py",
    "Pulumi.yaml",
    "agents",
    "components",
    "containers",
    "policy_pack",
    "releases",
    "requirements",
    "vendor",
    "workflow",
)


@dataclass(frozen=True)
class ReleaseFacts:
    """What the sources alone do not say. `image` is a digest, or empty; `models` are by role."""

    commit: ReleaseCommit
    image: str
    models: Mapping[str, str]
    settings: Sequence[str]


def assemble(root: Path, packaged: Release, facts: ReleaseFacts, out: Path) -> str:
    """Write source archive, list of packages and manifest beside the zips in `out`; the release's id."""
    program = program_files(root)
    # To run the program somewhere else, its packages are needed as well.
    pinned = {
        f"requirements/{name}.txt": (root / "requirements" / f"{name}.txt").read_bytes() for name in _REQUIREMENTS
    }
    manifest = ReleaseManifest(
        commit=facts.commit.name,
        committed_at=facts.commit.at,
        architecture=packaged.architecture,
        function=_of_artefact(packaged.function),
        layers={name: _of_artefact(layer) for name, layer in sorted(packaged.layers.items())},
        source=_written(out / SOURCE, source_archive({**program, **pinned})),
        dependencies=_written(out / DEPENDENCIES, _dependencies(root)),
        image=facts.image,
        state_machine=hashlib.sha256(program[STATE_MACHINE.as_posix()]).hexdigest(),
        program=program_digest(program),
        instructions={role: fingerprint_of(role) for role in sorted(FILES)},
        models=dict(sorted(facts.models.items())),
        contract_version=int(CONTRACT_VERSION),
        settings=tuple(sorted(facts.settings)),
    )
    (out / MANIFEST).write_bytes(canonical(manifest))
    return release_id(manifest)


def source_archive(files: Mapping[str, bytes]) -> bytes:
    """A zip whose bytes depend on names and contents alone; stored, since two zlib builds compress differently."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path, content in sorted(files.items()):
            member = zipfile.ZipInfo(path)  # of 1980
            member.create_system = 3  # Unix, whichever system builds
            member.external_attr = 0o100644 << 16
            archive.writestr(member, content)
    return packed.getvalue()


def _dependencies(root: Path) -> bytes:
    requirements = {name: (root / "requirements" / f"{name}.txt").read_text("utf-8") for name in _REQUIREMENTS[:3]}
    return cyclonedx(requirements, {path.as_posix(): (root / path).read_text("utf-8") for path in _NPM_LOCKS})


def _of_artefact(artefact: Artefact) -> ReleasePart:
    return ReleasePart(file=artefact.file, sha256=artefact.sha256, bytes=artefact.zipped_bytes)


def _written(path: Path, content: bytes) -> ReleasePart:
    path.write_bytes(content)
    return ReleasePart(file=path.name, sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))
