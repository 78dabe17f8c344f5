"""Builds a cloud in a process of its own, which saves it and ends: `python -m local.builder`, its order on stdin.

Pulumi and what it knows of AWS stay in memory for as long as a process: 250 MB that a loaded cloud does without.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

from local.port import PORT_VARIABLE
from local.root import ROOT


class CloudBuilder:
    """The process that builds; it may begin before its order is known, and loads three seconds' imports meanwhile."""

    def __init__(self) -> None:
        """Begin it."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "local.builder"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def build(self, stack: str, settings: Mapping[str, str], folder: Path, saved_as: str) -> None:
        """Save the stack's cloud in the folder; when that fails nothing is there, and who loads it will see why."""
        order = {"stack": stack, "settings": dict(settings), "folder": str(folder.absolute()), "saved_as": saved_as}
        self._process.communicate(json.dumps(order).encode())

    def close(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def main() -> None:
    """Build and save the cloud of the order on standard input; nothing is done without one."""
    gc.disable()  # it ends when the cloud is built: to look for garbage would take an eighth of the time
    _load()
    from local.cloud import LocalCloud

    written = sys.stdin.read()
    if not written:
        return
    order = json.loads(written)
    os.environ.pop(PORT_VARIABLE, None)  # that port is for the cloud that is loaded
    settings, folder = order["settings"], Path(order["folder"])
    LocalCloud(order["stack"], settings=settings, saved_in=folder, saved_as=order["saved_as"]).close()


def _load() -> None:
    """Load what the program will use, while the order is still being made."""
    with suppress(ImportError):  # a clone that lacks something gets its sentence from whoever loads the cloud
        for name in ("local.cloud", "local.program", "components.platform"):
            importlib.import_module(name)
        for service in pkgutil.iter_modules(importlib.import_module("local.resources").__path__):
            with suppress(ImportError):
                # Pulumi loads each of its modules when something is asked of it for the first time.
                hasattr(importlib.import_module(f"pulumi_aws.{service.name}"), "__all__")
                importlib.import_module(f"moto.{service.name.replace('lambda_', 'awslambda')}.urls")


if __name__ == "__main__":
    main()
    os._exit(0)  # all is closed: Python would take a second to let go of Pulumi's modules
