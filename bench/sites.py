"""Sites of real projects, built once into the user's cache, and the browser that looks at them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.projects import FOLDER, fetched, unpacked

_SCRIPT = Path(__file__).with_name("browser.js")
_PACKAGES = ("playwright-core@1.65.1", "axe-core@4.14.1")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_SECONDS = 600


def built(registry: str, name: str, version: str, folder: Path) -> Path | None:
    """The site that `swarm run` makes of a release, in a new folder; None where the release cannot be fetched."""
    archive = fetched(registry, name, version)
    if archive is None:
        return None
    sources = folder / "sources" / name.replace("/", "-").replace(":", "-")
    return site_of(unpacked(archive, sources), folder, sources.name)


def site_of(top: Path, folder: Path, name: str = "") -> Path:
    """The site that `swarm run` makes of a repository, in a new folder."""
    out = folder / "out" / (name or top.name)
    started = time.monotonic()
    command = [
        sys.executable,
        "-m",
        "cli",
        "run",
        str(top),
        "--out",
        str(out),
        "--state",
        str(folder / "state"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
    print(f"{out.name}: site after {time.monotonic() - started:.0f} s", file=sys.stderr)
    return out / "site"


def browsed(request: Mapping[str, Any]) -> Any:
    """The browser's answer to a request of bench/browser.js."""
    browser = next((program for name in _BROWSERS if (program := shutil.which(name))), None)
    if browser is None or shutil.which("npm") is None:
        raise SystemExit("this benchmark needs Chromium and npm: install both, then run it again")
    modules = FOLDER / "browser"
    wanted = modules / "-".join(_PACKAGES)
    if not wanted.exists():
        modules.mkdir(parents=True, exist_ok=True)
        (modules / "package.json").write_text("{}")
        install = ["npm", "install", "--silent", "--no-save", "--ignore-scripts", *_PACKAGES]
        subprocess.run(install, cwd=modules, check=True, capture_output=True)
        wanted.touch()
    command = ["node", str(_SCRIPT), str(modules), browser]
    done = subprocess.run(
        command, input=json.dumps(request), capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    if done.returncode:
        raise SystemExit(f"the browser failed: {done.stderr[-2_000:]}")
    return json.loads(done.stdout)
