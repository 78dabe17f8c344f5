"""The commit that a release is built from, and what the working copy has changed since, by git."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class CommitUnknown(RuntimeError):
    """The folder is no git checkout, or git is missing; the message says what git said."""


@dataclass(frozen=True)
class ReleaseCommit:
    """A commit's name in hexadecimal, and its own time in seconds since 1970."""

    name: str
    at: int


def commit_of(root: Path) -> ReleaseCommit:
    """The checked out commit. Raises CommitUnknown."""
    name, at = _git(root, "show", "--no-patch", "--format=%H %ct", "HEAD").split()
    return ReleaseCommit(name, int(at))


def changed_files(root: Path, paths: Sequence[str]) -> list[str]:
    """Files below `paths` that differ from the commit, new ones too. Raises CommitUnknown."""
    listed = _git(root, "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--", *paths)
    return [entry[3:] for entry in listed.split("\0") if entry]


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            [shutil.which("git") or "git", "-C", str(root), *arguments],
            capture_output=True,
            text=True,
            check=False,
            errors="surrogateescape",
        )
    except OSError as error:
        raise CommitUnknown(f"git cannot be started: {error}") from error
    if done.returncode:
        raise CommitUnknown(f"git does not know the commit of {root}: {done.stderr.strip()}")
    return done.stdout
