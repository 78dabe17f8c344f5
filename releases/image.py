"""The agents' image, with Docker where its daemon runs, else with buildah on a base made by debootstrap."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from releases.build import ROOT

IMAGE = "swarm-agent"
FOLDER = ROOT / "containers" / "agent"
#: Debian's release whose Python is Lambda's. Another name makes another base; the one that is there is used again.
SUITE = "trixie"
BASE = f"localhost/swarm-base:{SUITE}-1"
_PACKAGES = "python3,python3-venv,python-is-python3,ca-certificates"
_TOOLS = ("buildah", "debootstrap")
#: How this machine's pip finds packages and trusts their host: lent to the build, and in no layer of the image.
_LENT = ("/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt")


class ImageFailed(Exception):
    """The image cannot be built; the message is a sentence."""


@dataclass(frozen=True)
class BuildTools:
    """What this machine can do."""

    docker: bool
    root: bool
    tools: frozenset[str]


def engine(machine: BuildTools) -> str:
    """Who builds: `docker`, or `buildah`. Raises ImageFailed when neither can."""
    if machine.docker:
        return "docker"
    missing = [tool for tool in _TOOLS if tool not in machine.tools]
    if missing or not machine.root:
        wants = " and ".join([*(["root"] if not machine.root else []), *missing])
        raise ImageFailed(
            f"no Docker daemon runs here, and building without one takes {wants}: start Docker, or run"
            " `apt-get install buildah debootstrap` and `make image` as root"
        )
    return "buildah"


def docker_build(tag: str) -> tuple[str, ...]:
    """The command that builds from the base that the Dockerfile pins by digest."""
    return ("docker", "build", "-f", str(FOLDER / "Dockerfile"), "-t", tag, str(ROOT))


def buildah_build(tag: str, lent: Sequence[str]) -> tuple[str, ...]:
    """The command that builds from Debian's own Python; `lent` are files of this machine that the build reads."""
    volumes = [word for path in lent for word in ("--volume", f"{path}:{path}:ro")]
    ignore = ("--ignorefile", str(FOLDER / "Dockerfile.dockerignore"))
    how = ("--isolation", "chroot", "--format", "docker", "--build-arg", f"BASE={BASE}")
    return ("buildah", "bud", *how, *volumes, *ignore, "-f", str(FOLDER / "Dockerfile"), "-t", tag, str(ROOT))


def build(tag: str = IMAGE) -> str:
    """Build it and say from which base. Raises ImageFailed."""
    if engine(_this_machine()) == "docker":
        _run(docker_build(tag))
        return f"{tag}: built by Docker from the base that containers/agent/Dockerfile pins"
    if _answer("buildah", "images", "--quiet", BASE) is None:
        _make_base()
    _run(buildah_build(tag, [path for path in _LENT if Path(path).is_file()]))
    size = _answer("buildah", "images", "--format", "{{.Size}}", f"localhost/{tag}") or "?"
    return (
        f"{tag}: {size}, built by buildah from {BASE} (Debian's Python, not the pinned base: for this machine's tests)"
    )


def _make_base() -> None:
    folder = ROOT / "build" / "image-base"
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(exist_ok=True)
    _run(("debootstrap", "--variant=minbase", f"--include={_PACKAGES}", SUITE, str(folder)))
    container = _answer("buildah", "from", "scratch")
    if container is None:
        raise ImageFailed("buildah cannot make a container on this machine: `buildah from scratch` says why")
    try:
        _run(("buildah", "add", "--quiet", container, str(folder), "/"))
        _run(("buildah", "config", "--env", "PATH=/usr/local/bin:/usr/bin:/bin", container))
        _run(("buildah", "commit", "--quiet", container, BASE))
    finally:
        _answer("buildah", "rm", container)
        shutil.rmtree(folder, ignore_errors=True)


def _this_machine() -> BuildTools:
    tools = frozenset(tool for tool in _TOOLS if shutil.which(tool))
    docker = shutil.which("docker") is not None and _answer("docker", "version", "--format", "{{.Server.Version}}")
    return BuildTools(bool(docker), os.geteuid() == 0, tools)


def _answer(*command: str) -> str | None:
    """What the command prints, or None when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, check=False, stdout=sys.stderr)
    if done.returncode != 0:
        raise ImageFailed(f"`{' '.join(command[:2])}` ended with {done.returncode}; its last lines are above")
