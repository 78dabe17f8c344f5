"""A small release, made as `swarm release build` makes one but for the packages."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from releases import layers, packing
from releases.assembly import ReleaseFacts, assemble
from releases.build import ROOT
from releases.commit import ReleaseCommit
from releases.package import package

COMMIT = ReleaseCommit("c" * 40, 1_700_000_000)
IMAGE = "sha256:" + "a" * 64
FACTS = ReleaseFacts(COMMIT, IMAGE, {"analyst": "extractive", "critic": "extractive"}, ("environment", "release"))


def _pack(folder: Path, jobs: Sequence[packing.PackingJob]) -> list[packing.PackedZip]:
    here = [replace(job, source=str(folder / job.source), target=str(folder / job.target)) for job in jobs]
    return [replace(packing.pack(inner), target=job.target) for inner, job in zip(here, jobs, strict=True)]


def _without_packages(layer: layers.Layer, folder: Path) -> None:
    folder.mkdir()
    (folder / "package.txt").write_text(layer.name)


def small_release(out: Path, root: Path = ROOT, facts: ReleaseFacts = FACTS) -> str:
    """Build it into `out`; its id."""
    packaged = package("arm64", _pack, _without_packages, root=root, out=out)
    return assemble(root, packaged, facts, out)


def git(folder: Path, *arguments: str) -> str:
    """Git's answer, as a person without settings of their own."""
    person = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false"]
    command = ["git", *person, "-C", str(folder), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout.strip()
