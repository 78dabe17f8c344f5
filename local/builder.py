"""Builds a cloud in a process of its own, which saves it and ends: `python -m local.builder`, its order on stdin.

Pulumi and what it knows of AWS stay in memory for as long as a process: 250 MB that a loaded cloud does without.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from local.port import PORT_VARIABLE
from local.root import ROOT


def build_apart(stack: str, settings: Mapping[str, str], folder: Path, saved_as: str) -> None:
    """Save the stack's cloud in the folder; when that fails nothing is there, and who loads it will see why."""
    order = {"stack": stack, "settings": dict(settings), "folder": str(folder.absolute()), "saved_as": saved_as}
    subprocess.run(
        [sys.executable, "-m", "local.builder"],
        cwd=ROOT,
        input=json.dumps(order).encode(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )


def main() -> None:
    """Build and save the cloud of the order on standard input."""
    gc.set_threshold(50_000, 20, 100)  # as in cli/__main__.py
    atexit.register(gc.freeze)
    from local.cloud import LocalCloud

    order = json.loads(sys.stdin.read())
    os.environ.pop(PORT_VARIABLE, None)  # that port is for the cloud that is loaded
    settings, folder = order["settings"], Path(order["folder"])
    LocalCloud(order["stack"], settings=settings, saved_in=folder, saved_as=order["saved_as"]).close()


if __name__ == "__main__":
    main()
