"""`swarm release build` itself, packages and all, twice, in surroundings that differ. It needs a package registry."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from releases.build import ROOT
from releases.manifest import MANIFEST, ReleaseManifest, mismatches, release_id
from releases.program_files import digest_of
from tests.releases.releases import git

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]
SURROUNDINGS = {
    "first": (0o022, {"LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "1"}),
    "another place/b": (0o077, {"LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "2"}),
}


def built(clone: Path, umask: int, variables: dict[str, str]) -> Path:
    """Build the release of a fresh clone; the folder that holds it."""
    clone.parent.mkdir(parents=True, exist_ok=True)
    git(ROOT, "clone", "--quiet", str(ROOT), str(clone))
    (clone / "build").mkdir()
    (clone / "build" / "vendor").symlink_to(ROOT / "build" / "vendor")
    command = [sys.executable, "-m", "cli", "release", "build", "--json"]
    ran = subprocess.run(
        command, cwd=clone, env={**os.environ, **variables}, umask=umask, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    folder = clone / "build" / "release"
    manifest = ReleaseManifest.model_validate_json((folder / MANIFEST).read_bytes())
    assert json.loads(ran.stdout)["release"] == release_id(manifest)
    assert mismatches(manifest, {part.file: digest_of(folder / part.file) for part in manifest.parts}) == []
    return folder


def test_two_builds_of_a_commit_give_the_same_files_within_the_limits(tmp_path: Path) -> None:
    folders = [built(tmp_path / place, umask, variables) for place, (umask, variables) in SURROUNDINGS.items()]
    files = [{file.name: digest_of(file) for file in folder.iterdir()} for folder in folders]
    assert len(files[0]) >= 8
    assert files[0] == files[1]
