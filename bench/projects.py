"""Fetches one release of a public project by its registry's own client, into the user's cache."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

FOLDER = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "swarm-bench"

_OPENED: dict[str, Callable[[Path], IO[bytes]]] = {".xz": lzma.open, ".bz2": bz2.open}


def fetched(registry: str, name: str, version: str) -> Path | None:
    """The release's archive, a tar.gz or a zip; None where the registry's client is not on this machine."""
    client, fetch = _CLIENTS[registry]
    folder = FOLDER / registry / f"{name.replace('/', '--')}-{version}"
    archive = _archive(folder)
    if archive is None and shutil.which(client) is not None:
        print(f"fetching {name} {version}", file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        fetch(name, version, folder)
        archive = _archive(folder)
    return archive


def unpacked(archive: Path, folder: Path) -> Path:
    """An archive's files in a new folder; the folder that holds them, below those that hold one folder alone."""
    folder.mkdir(parents=True)
    if archive.suffix in {".zip", ".jar"}:
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(folder)  # noqa: S202 (an archive that the benchmark names)
    else:
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
    return _top(folder)


def _top(folder: Path) -> Path:
    inside = list(folder.iterdir())
    return _top(inside[0]) if len(inside) == 1 and inside[0].is_dir() else folder


def _archive(folder: Path) -> Path | None:
    return next(
        (path for path in sorted(folder.glob("*")) if path.name.endswith((".gz", ".tgz", ".zip", ".crate", ".jar"))),
        None,
    )


def _pypi(name: str, version: str, folder: Path) -> None:
    options = ["--quiet", "--no-deps", "--no-binary", name, f"{name}=={version}"]
    _run([sys.executable, "-m", "pip", "download", *options, "--dest", str(folder)], folder)


def _npm(name: str, version: str, folder: Path) -> None:
    _run(["npm", "pack", "--silent", "--ignore-scripts", f"{name}@{version}"], folder)


def _cargo(name: str, version: str, folder: Path) -> None:
    """Cargo fetches what a package depends on, so it is given a package that depends on this one alone."""
    manifest = (
        f'[package]\nname = "bench"\nversion = "0.0.0"\n[lib]\npath = "lib.rs"\n[dependencies]\n{name} = "={version}"\n'
    )
    (folder / "Cargo.toml").write_text(manifest)
    (folder / "lib.rs").write_text("")
    _run(["cargo", "fetch", "--quiet"], folder)
    home = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
    shutil.copy(next(home.glob(f"registry/cache/*/{name}-{version}.crate")), folder)


def _go(name: str, version: str, folder: Path) -> None:
    printed = _run(["go", "mod", "download", "-json", f"{name}@v{version}"], folder)
    shutil.copy(json.loads(printed)["Zip"], folder)


def _maven(name: str, version: str, folder: Path) -> None:
    options = ["-q", "-B", "dependency:copy", f"-Dartifact={name}:{version}:jar:sources", f"-DoutputDirectory={folder}"]
    _run(["mvn", *options], folder)


def _debian(name: str, version: str, folder: Path) -> None:
    """The source package: this machine's own list of packages, read as one of sources."""
    sources = Path("/etc/apt/sources.list.d/debian.sources").read_text().replace("Types: deb\n", "Types: deb-src\n")
    (folder / "src.sources").write_text(sources)
    (folder / "lists" / "partial").mkdir(parents=True)
    options = {"sourcelist": "/dev/null", "sourceparts": str(folder)}
    chosen = [f"-oDir::Etc::{key}={value}" for key, value in options.items()] + [f"-oDir::State::lists={folder}/lists"]
    _run(["apt-get", "-qq", *chosen, "update"], folder)
    _run(["apt-get", "-qq", *chosen, "source", "--download-only", "--tar-only", f"{name}={version}"], folder)
    # A session takes archives of gzip alone.
    for packed in [path for path in folder.glob("*.tar.*") if path.suffix in _OPENED]:
        with _OPENED[packed.suffix](packed) as sources_in, gzip.open(packed.with_suffix(".gz"), "wb") as sources_out:
            shutil.copyfileobj(sources_in, sources_out)


def _run(command: list[str], folder: Path) -> str:
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


_CLIENTS: dict[str, tuple[str, Callable[[str, str, Path], None]]] = {
    "pypi": ("python3", _pypi),
    "npm": ("npm", _npm),
    "crates": ("cargo", _cargo),
    "go": ("go", _go),
    "maven": ("mvn", _maven),
    "debian": ("apt-get", _debian),
}
