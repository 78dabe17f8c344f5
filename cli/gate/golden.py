"""The golden repositories: tests/golden, and one whose file only Fargate may analyse; new to the stack in each run."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from agents.settings import AgentSettings
from cli.errors import BadInput
from cli.smoke.repositories import Sizes
from cli.upload.snapshot import Snapshot
from local.settings import ROOT

FOLDER = ROOT / "tests" / "golden"
#: The repository that is made by code, since its size follows the stack's own limits.
OVERSIZED = "oversized"
_COMMENTS = {"py": "#", "rb": "#", "md": "<!--", "go": "//", "java": "//", "rs": "//", "ts": "//", "js": "//"}


@dataclass(frozen=True)
class GoldenRepository:
    """A repository as it is uploaded: its archive, and its texts by path."""

    name: str
    snapshot: Snapshot
    sources: Mapping[str, str]


def golden_repositories(folder: Path, run: str, settings: AgentSettings, image: bool) -> Iterator[GoldenRepository]:
    """Each archive is written to `folder`. Every file names the run: analyses of an earlier run would be reused.

    Raises:
        BadInput: this is no checkout of the project.
    """
    if not FOLDER.is_dir():
        raise BadInput(f"{FOLDER} is missing: test a release from a checkout of the project")
    for repository in sorted(path for path in FOLDER.iterdir() if path.is_dir()):
        files = {
            file.relative_to(repository).as_posix(): file.read_bytes()
            for file in sorted(repository.rglob("*"))
            if file.is_file() and "__pycache__" not in file.parts
        }
        yield packed(folder, repository.name, {path: _of_run(path, body, run) for path, body in files.items()})
    size = Sizes.of(settings, image).on_fargate
    if size:
        line = f"Golden run {run} repeats this line until the file is too large for Lambda.\n"
        module = (
            f'"""A small module beside a large file, golden run {run}."""\n\n\ndef alone() -> None:\n    """Alone."""\n'
        )
        files = {"README.md": b"# Oversized\n", "large.txt": (line * (size // len(line))).encode()}
        yield packed(folder, OVERSIZED, {**files, "alone.py": module.encode()})


def packed(folder: Path, name: str, files: Mapping[str, bytes]) -> GoldenRepository:
    """The files as an archive whose bytes depend on names and contents alone."""
    archive = folder / f"{name}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path, body in sorted(files.items()):
            member = zipfile.ZipInfo(path)
            member.compress_type = zipfile.ZIP_DEFLATED
            zipped.writestr(member, body)
    content = archive.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    snapshot = Snapshot(f"swarm-golden-{name}", archive, "zip", digest, len(content), len(files))
    return GoldenRepository(name, snapshot, {path: body.decode("utf-8", "replace") for path, body in files.items()})


def _of_run(path: str, body: bytes, run: str) -> bytes:
    """The file with a last line that names the run; one that is empty on purpose stays so."""
    comment = _COMMENTS.get(path.rpartition(".")[2])
    if not body or comment is None:
        return body
    end = " -->" if comment == "<!--" else ""
    return body + f"{comment} golden run {run}{end}\n".encode()
