"""A release's own program in a folder of its own, from which `pulumi` deploys it whatever is checked out."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from cli.errors import BadInput
from cli.stack.release_location import StackReleases
from local.settings import ROOT
from releases.assembly import SOURCE
from releases.manifest import ReleaseManifest
from releases.package import RELEASE

_PINNED = Path("requirements", "laptop.txt")
_ENVIRONMENT = ".venv"


def unpack_program(
    found: StackReleases, name: str, manifest: ReleaseManifest, folder: Path, checkout: Path = ROOT
) -> None:
    """Write program, zips, the checkout's stack files and the packages into a new folder. Raises BadInput."""
    target = folder.expanduser()
    if target.exists() and any(target.iterdir()):
        raise BadInput(f"{folder} is not empty: name a new folder for the release's program")
    source = found.bucket.part(name, SOURCE, manifest.source.sha256)
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        archive.extractall(target)
    found.bucket.download(name, target / RELEASE)
    for stack_file in checkout.glob("Pulumi.*.yaml"):
        shutil.copyfile(stack_file, target / stack_file.name)
    add_environment(target, checkout)


def add_environment(folder: Path, checkout: Path) -> None:
    """The virtual environment that Pulumi.yaml names: the checkout's if both pin the same packages, else a new one.

    Raises:
        BadInput: the packages cannot be installed; the message holds pip's last line.
    """
    here = checkout / _ENVIRONMENT
    same = (checkout / _PINNED).read_bytes() == (folder / _PINNED).read_bytes()
    if same and here.is_dir():
        (folder / _ENVIRONMENT).symlink_to(here.resolve())
        return
    python = folder / _ENVIRONMENT / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    for command in (
        [sys.executable, "-m", "venv", str(folder / _ENVIRONMENT)],
        [*install, "-r", str(folder / _PINNED)],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            reason = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
            raise BadInput(f"The packages of the release's program cannot be installed in {folder}: {''.join(reason)}")
