"""Builds a cloud in a process of its own, which saves it and ends: `python -m local.builder`, its order on stdin.

The end of its standard input means that whoever began it is gone, however it died: it ends then, whatever it does.
Pulumi and what it knows of AWS stay in memory for as long as a process: 250 MB that a loaded cloud does without.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import queue
import subprocess
import sys
import threading
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
        assert self._process.stdin is not None  # noqa: S101  it is a pipe
        with suppress(BrokenPipeError):  # the process has ended
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
        self._process.wait()  # its input stays open: that it ends would mean that this process is gone

    def close(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        with suppress(BrokenPipeError):
            self._process.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def main() -> None:
    """Build and save the cloud of the order on standard input; nothing is done without one."""
    gc.disable()  # it ends when the cloud is built: to look for garbage would take an eighth of the time
    orders: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_listen, args=(orders,), daemon=True).start()
    _load()
    from local.cloud import LocalCloud

    order = json.loads(orders.get())
    os.environ.pop(PORT_VARIABLE, None)  # that port is for the cloud that is loaded
    settings, folder = order["settings"], Path(order["folder"])
    LocalCloud(order["stack"], settings=settings, saved_in=folder, saved_as=order["saved_as"]).close()


def _listen(orders: queue.Queue[str]) -> None:
    """Hand on each order, and end the process with its input."""
    for line in sys.stdin:
        orders.put(line)
    os._exit(0)


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
