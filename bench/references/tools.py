"""Reference tools that this computer lacks, from the package indexes of its own clients, into the user's cache."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from bench.projects import FOLDER

_SECONDS = 600
_DOXYGEN = ("doxygen", "libclang1-14", "libclang-cpp14", "libllvm14", "libxapian30")


class Missing(Exception):
    """A tool that cannot be had on this computer; the message says which, and what would change that."""


def run(command: list[str], folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """A command's standard output. Raises CalledProcessError, whose message is the tool's own last words."""
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {(done.stderr or done.stdout)[-1500:]}")
    return done.stdout


def on_path(name: str, hint: str) -> str:
    """The path of a program. Raises Missing."""
    found = shutil.which(name)
    if found is None:
        raise Missing(f"{name} is not installed: {hint}")
    return found


def from_pypi(requirement: str) -> Path:
    """A folder with a Python package and what it needs."""
    folder = FOLDER / "tools" / requirement.replace("==", "-")
    if not folder.exists():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder), requirement]
        run(command, Path.cwd())
    return folder


def from_npm(*packages: str) -> Path:
    """A folder whose node_modules hold the packages."""
    on_path("npm", "install Node.js with npm")
    folder = FOLDER / "tools" / "-".join(packages).replace("/", "-")
    if not (folder / "done").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text("{}")
        run(["npm", "install", "--silent", "--no-save", "--ignore-scripts", *packages], folder)
        (folder / "done").touch()
    return folder


def doxygen() -> tuple[str, dict[str, str]]:
    """Doxygen and the environment it needs: the installed one, else Debian's package unpacked into the cache."""
    installed = shutil.which("doxygen")
    if installed is not None:
        return installed, {}
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise Missing("doxygen is not installed, and there is no apt-get to fetch it with: install doxygen")
    folder = FOLDER / "tools" / "doxygen"
    if not (folder / "usr/bin/doxygen").exists():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            run(["apt-get", "download", *_DOXYGEN], folder)
        except RuntimeError as error:
            raise Missing(f"doxygen is not installed, and apt-get cannot fetch it: {error}") from error
        for package in sorted(folder.glob("*.deb")):
            run(["dpkg-deb", "-x", str(package), str(folder)], folder)
            package.unlink()
    libraries = [
        folder / "usr/lib/x86_64-linux-gnu",
        *folder.glob("usr/lib/*-linux-gnu"),
        *folder.glob("usr/lib/llvm-*/lib"),
    ]
    return str(folder / "usr/bin/doxygen"), {"LD_LIBRARY_PATH": ":".join(map(str, libraries))}
