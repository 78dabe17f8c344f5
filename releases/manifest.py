"""The manifest of a release: every part by its digest. The release's id is the digest of the manifest itself. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

#: The manifest's file, in build/release and in a release bucket.
MANIFEST = "manifest.json"
_ID = re.compile(r"[0-9a-f]{64}")
_SHA256 = r"^[0-9a-f]{64}$"


class ManifestRefused(ValueError):
    """The text is no manifest of this version; the message is a sentence."""


class ReleasePart(BaseModel):
    """One file of a release: its name, SHA-256 in hexadecimal, and size."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    sha256: str = Field(pattern=_SHA256)
    bytes: int = Field(ge=0)


class ReleaseManifest(BaseModel):
    """What a release is. Nothing in it depends on when, where or by whom it was built."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    commit: str = Field(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?$")
    committed_at: int = Field(ge=0, description="the commit's own time, in seconds since 1970")
    architecture: Literal["arm64", "x86_64"]
    function: ReleasePart
    layers: Mapping[str, ReleasePart]
    source: ReleasePart = Field(
        description="the program and the state machine, to deploy this release from any checkout"
    )
    dependencies: ReleasePart = Field(description="every pinned package, as CycloneDX")
    image: str = Field(pattern=r"^(sha256:[0-9a-f]{64})?$", description="the tasks' image; empty if there is none")
    state_machine: str = Field(pattern=_SHA256, description="of workflow/documentation.asl.json, before it is rendered")
    program: str = Field(pattern=_SHA256, description="of the Pulumi program and all that it imports of ours")
    instructions: Mapping[str, str] = Field(description="fingerprint by role")
    models: Mapping[str, str] = Field(description="model by role")
    contract_version: int = Field(ge=1, description="of what is stored")
    settings: tuple[str, ...] = Field(description="the keys that the program reads from a stack's file")

    @property
    def parts(self) -> tuple[ReleasePart, ...]:
        """Every file that the manifest names."""
        return (self.function, *self.layers.values(), self.source, self.dependencies)


def canonical(manifest: ReleaseManifest) -> bytes:
    """The manifest's one form: sorted keys, no space, ASCII."""
    return json.dumps(manifest.model_dump(mode="json"), sort_keys=True, separators=(",", ":")).encode("ascii")


def release_id(manifest: ReleaseManifest) -> str:
    """The release's name: SHA-256 of the canonical manifest, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(manifest)).hexdigest()


def is_release_id(name: str) -> bool:
    """Whether a release of this name is named by its content, and can be checked."""
    return _ID.fullmatch(name) is not None


def read_manifest(text: bytes, name: str) -> ReleaseManifest:
    """The manifest of the release of this name.

    Raises:
        ManifestRefused: it is none, or it is another release's: somebody changed it.
    """
    try:
        manifest = ReleaseManifest.model_validate_json(text)
    except ValidationError as error:
        raise ManifestRefused(
            f"the manifest of release {name[:12]} cannot be read: {error.errors()[0]['msg']}"
        ) from error
    if release_id(manifest) != name:
        raise ManifestRefused(
            f"the manifest of release {name[:12]} was changed: its content is that of {release_id(manifest)[:12]}"
        )
    return manifest


def program_digest(files: Mapping[str, bytes]) -> str:
    """One digest of files by path, SHA-256 in hexadecimal; it depends on paths and contents alone."""
    lines = (f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in sorted(files.items()))
    return hashlib.sha256("".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def mismatches(manifest: ReleaseManifest, digests: Mapping[str, str | None]) -> list[str]:
    """What differs from the manifest among files' digests by name; a digest is None where the file is missing."""
    wanted = {part.file: part.sha256 for part in manifest.parts}
    return [
        f"{name} is missing" if digest is None else f"{name} has another SHA-256"
        for name, digest in sorted(digests.items())
        if digest != wanted.get(name)
    ]
