"""Which files are the Pulumi program: what a release carries so that it can be deployed from any checkout."""

from __future__ import annotations

import hashlib
from pathlib import Path

#: The program, and everything of ours that it imports.
PROGRAM = (
    Path("__main__.py"),
    Path("Pulumi.yaml"),
    Path("agents"),
    Path("components"),
    Path("workflow"),
    Path("policy_pack"),
    Path("releases", "__init__.py"),
    Path("releases", "manifest.py"),
    Path("releases", "program_files.py"),
)
STATE_MACHINE = Path("workflow", "documentation.asl.json")
_LEFT_OUT = {"__pycache__"}


def program_files(root: Path) -> dict[str, bytes]:
    """The program's files by their path below `root`."""
    found = (file for path in PROGRAM for file in _files(root / path))
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in found}


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    below = (file for file in path.rglob("*") if file.is_file() and file.suffix != ".pyc")
    return [file for file in below if not _left_out(file.relative_to(path))]


def _left_out(path: Path) -> bool:
    return bool(_LEFT_OUT.intersection(path.parts)) or any(part.startswith(".") for part in path.parts)


def digest_of(file: Path) -> str | None:
    """The file's SHA-256 in hexadecimal; None if there is no such file."""
    if not file.is_file():
        return None
    with file.open("rb") as body:
        return hashlib.file_digest(body, "sha256").hexdigest()
