"""A stack's release bucket: releases, what tests of them recorded, and the trail of what was promoted. Nothing changes.

Keys: `releases/ID/FILE`, `releases/ID/records/TIME.json`, `trail/TIME-EVENT.json`; TIME is milliseconds since 1970.
Each object is put under the condition that there is none of its key; the bucket's policy refuses any other put, and
every deletion.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from agents.aws.failures import code_of
from agents.aws.rollout import TRAIL, trail_key
from releases.manifest import MANIFEST, ManifestRefused, ReleaseManifest, read_manifest

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_MISSING = frozenset({"NoSuchKey", "404", "NotFound"})


class ReleaseRefused(RuntimeError):
    """A release cannot be stored or is not what its manifest says; the message is a sentence."""


class ReleaseMissing(ReleaseRefused):
    """The bucket has no such release."""


class ReleaseBucket:
    """One bucket, by a client that may read it, and write it where something is to be put."""

    def __init__(self, s3: S3Client, name: str) -> None:
        self._s3, self.name = s3, name

    def publish(self, folder: Path, release: str) -> ReleaseManifest:
        """Store the release that `folder` holds; what is there already must be the same. Raises ReleaseRefused."""
        manifest = read_manifest((folder / MANIFEST).read_bytes(), release)
        for part in manifest.parts:
            content = (folder / part.file).read_bytes()
            if hashlib.sha256(content).hexdigest() != part.sha256:
                raise ReleaseRefused(f"{folder / part.file} is not what the manifest names: build the release again")
            self._put(_key(release, part.file), content)
        # The manifest comes last: where it is, everything is.
        self._put(_key(release, MANIFEST), (folder / MANIFEST).read_bytes())
        return manifest

    def manifest(self, release: str) -> ReleaseManifest:
        """Raises ReleaseMissing, and ReleaseRefused for one that was changed."""
        try:
            return read_manifest(self._get(_key(release, MANIFEST)), release)
        except ManifestRefused as error:
            raise ReleaseRefused(f"{error} (in {self.name})") from error

    def part(self, release: str, file: str, sha256: str) -> bytes:
        """One file of a release. Raises ReleaseMissing, and ReleaseRefused for other bytes than the manifest names."""
        content = self._get(_key(release, file))
        if hashlib.sha256(content).hexdigest() != sha256:
            raise ReleaseRefused(f"{file} of release {release[:12]} in {self.name} is not what the manifest names")
        return content

    def download(self, release: str, folder: Path) -> ReleaseManifest:
        """Write the release into the folder, manifest last. Raises ReleaseRefused."""
        manifest = self.manifest(release)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MANIFEST).unlink(missing_ok=True)
        for part in manifest.parts:
            (folder / part.file).write_bytes(self.part(release, part.file, part.sha256))
        (folder / MANIFEST).write_bytes(self._get(_key(release, MANIFEST)))
        return manifest

    def copy_from(self, other: ReleaseBucket, release: str) -> None:
        """Copy a release by its digests, through this process: so no account need trust the other's."""
        manifest = other.manifest(release)
        for part in manifest.parts:
            self._put(_key(release, part.file), other.part(release, part.file, part.sha256))
        self._put(_key(release, MANIFEST), other._get(_key(release, MANIFEST)))

    def record(self, release: str, at: int, record: str) -> str:
        """Store a test's record beside the release; its key."""
        key = _key(release, f"records/{at:015d}.json")
        self._put(key, record.encode())
        return key

    def records(self, release: str) -> list[str]:
        """The records of a release, oldest first."""
        return [self._get(key).decode() for key in sorted(self._keys(_key(release, "records/")))]

    def append(self, at: int, event: str, entry: str) -> None:
        """Add to the trail."""
        self._put(trail_key(at, event), entry.encode())

    def trail(self) -> list[str]:
        """The trail's entries, oldest first."""
        return [self._get(key).decode() for key in sorted(self._keys(TRAIL))]

    def releases(self) -> list[str]:
        """The ids of all releases in the bucket."""
        names = (key.split("/") for key in self._keys("releases/"))
        return sorted({parts[1] for parts in names if parts[2:] == [MANIFEST]})

    def _keys(self, prefix: str) -> Iterator[str]:
        for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix):
            yield from (entry["Key"] for entry in page.get("Contents", ()))

    def _get(self, key: str) -> bytes:
        try:
            return self._s3.get_object(Bucket=self.name, Key=key)["Body"].read()
        except ClientError as error:
            if code_of(error) in _MISSING:
                raise ReleaseMissing(f"there is no {key} in {self.name}") from error
            raise

    def _put(self, key: str, content: bytes) -> None:
        digest = hashlib.sha256(content).digest()
        checksum = base64.b64encode(digest).decode("ascii")
        try:
            self._s3.put_object(
                Bucket=self.name,
                Key=key,
                Body=content,
                IfNoneMatch="*",
                ChecksumAlgorithm="SHA256",
                ChecksumSHA256=checksum,
            )
        except ClientError as error:
            if code_of(error) not in {"PreconditionFailed", "ConditionalRequestConflict"}:
                raise
            if hashlib.sha256(self._get(key)).digest() != digest:
                raise ReleaseRefused(
                    f"{self.name} has another {key} already, and nothing there is overwritten"
                ) from error


def _key(release: str, file: str) -> str:
    return f"releases/{release}/{file}"
