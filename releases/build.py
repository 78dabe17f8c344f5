"""Builds the function zip: `python -m releases.build`.

Our code alone (dependencies are a layer), free of architecture and the same bytes on any machine, so that a release
can be named by its content.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from agents import keys

ROOT = Path(__file__).resolve().parents[1]
ZIP_PATH = Path("build", "function.zip")
#: What a release is made of besides the zip.
NAMED_BY = (
    Path("workflow", "documentation.asl.json"),
    Path("requirements", "agents.txt"),
    Path("requirements", "models.txt"),
    Path("requirements", "site.txt"),
    Path("vendor", "package-lock.json"),
    Path("vendor", "python", "package-lock.json"),
)
_LEFT_OUT = {"__pycache__", "tests"}
_EARLIEST = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Build:
    """What was built: the zip's path, its SHA-256 in hexadecimal, and the name of the release it belongs to."""

    path: Path
    digest: str
    release: str


def code_files(root: Path) -> list[Path]:
    """Everything that belongs into a function, relative to `root`, sorted."""
    files: list[Path] = []
    # Each run of `swarm` asks: this takes a sixth of the time of Path.rglob, which looks at every path twice.
    for folder, folders, names in os.walk(root / "agents"):
        folders[:] = [name for name in folders if _belongs(name)]
        below = Path(folder).relative_to(root)
        files += [below / name for name in names if _belongs(name)]
    return sorted(files)


def _belongs(name: str) -> bool:
    return not name.startswith(".") and not name.endswith(".pyc") and name not in _LEFT_OUT


def function_zip(root: Path, files: Iterable[Path]) -> bytes:
    """A zip whose bytes depend on names and contents alone."""
    packed = io.BytesIO()
    # Stored, not deflated: two zlib builds compress the same bytes differently.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path in files:
            member = zipfile.ZipInfo(path.as_posix(), _EARLIEST)
            member.create_system = 3  # Unix, whichever system builds
            member.external_attr = 0o100644 << 16
            archive.writestr(member, (root / path).read_bytes())
    return packed.getvalue()


def release_name(root: Path, zip_digest: str) -> str:
    """The release's name: a short hash of everything in it."""
    return keys.fingerprint(zip_digest, *((root / path).read_bytes() for path in NAMED_BY))


def build(root: Path = ROOT) -> Build:
    """Write build/function.zip if its content changed; two processes may do this at once."""
    content = function_zip(root, code_files(root))
    digest = hashlib.sha256(content).hexdigest()
    path = root / ZIP_PATH
    if not path.is_file() or path.read_bytes() != content:
        _replace(path, content)
    return Build(path, digest, release_name(root, digest))


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=path.name, dir=path.parent)
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        partial.chmod(0o644)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


if __name__ == "__main__":
    built = build()
    sys.stdout.write(f"{built.path} sha256:{built.digest} release {built.release}\n")
