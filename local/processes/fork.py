"""A process that begins where its parent stands: the parent has imported what every worker imports, and forks.

Loaded by the keeper alone, standard library only. A forked child runs a module as `python -m` would: its environment,
folder, output and path are its own, and it is the leader of its own session. What it does not pay again is the import
of libraries, half a second of processor for each worker. AWS does the same under the name of SnapStart.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import runpy
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

#: Nothing that the keeper holds open may stay open in a child: the parent would wait for its end.
_FIRST_OWN_DESCRIPTOR = 3
_LAST_DESCRIPTOR = 1024
#: What nearly every agent calls.
_SERVICES = ("dynamodb", "s3", "stepfunctions")
#: Modules of functions' own code that are imported, each with the folder that it comes from.
_of_code: dict[str, str] = {}


class Forked:
    """A forked child, with those of Popen's methods that the keeper uses."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._status: int | None = None

    def poll(self) -> int | None:
        """The exit code, minus the signal's number if one ended it, or None while it runs."""
        if self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._status = os.waitstatus_to_exitcode(status)
        return self._status

    def wait(self) -> int:
        """Wait for its end."""
        if self._status is None:
            self._status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._status

    def send_signal(self, number: int) -> None:
        """Send a signal to the child alone."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)


def import_now(modules: Sequence[str], code: str = "", builders: Sequence[str] = ()) -> None:
    """Import what children will want, from a function's `code` where a folder is named, and call the `builders`.

    A library that is not installed, and code that cannot be imported, are the children's own affair.
    """
    gc.disable()  # what is imported stays: there is nothing to collect
    before = set(sys.modules)
    if code:
        sys.path.insert(0, code)
    for name in modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    for builder in builders:
        module, _, function = builder.partition(":")
        with contextlib.suppress(ImportError, AttributeError):
            getattr(importlib.import_module(module), function)()
    if code:
        sys.path.remove(code)
        inside = code + os.sep
        _of_code.update(
            (name, code)
            for name in set(sys.modules) - before
            if str(getattr(sys.modules[name], "__file__", "")).startswith(inside)
        )
    if "boto3" in modules:
        _read_service_models()
    gc.freeze()  # a collection in a child would touch, and so copy, every page
    gc.enable()


def _read_service_models() -> None:
    """Give children a default session that has read botocore's descriptions of what every agent calls.

    Reading costs each worker more than building its clients. Nothing of the session depends on variables that a child
    is given later: region and credentials are looked up when a client is built, and the keeper's own configuration
    files are none, as a worker's are.
    """
    boto3: Any = sys.modules["boto3"]
    boto3.setup_default_session()
    loader = boto3.DEFAULT_SESSION._session.get_component("data_loader")
    for service in _SERVICES:
        for kind in ("service-2", "endpoint-rule-set-1"):
            loader.load_service_model(service, kind)
    for shared in ("partitions", "sdk-default-configuration", "_retry"):
        loader.load_data(shared)
    loader.load_data_with_path("endpoints")


def fork(order: Mapping[str, Any], on_start: Callable[[], object] | None) -> Forked:
    """Start the order's module in a forked child. Raises OSError, also when the output or folder cannot be used."""
    output = os.open(order["output"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    try:
        if not Path(order["folder"]).is_dir():
            raise NotADirectoryError(order["folder"])
        pid = os.fork()
        if pid:
            return Forked(pid)
        _run_child(order, output, on_start)
    finally:
        os.close(output)
    raise AssertionError("a child does not return")


def _run_child(order: Mapping[str, Any], output: int, on_start: Callable[[], object] | None) -> None:
    code = 1
    try:
        _settle_in(order, output, on_start)
        runpy.run_module(order["module"], run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as leaving:
        code = _exit_code(leaving)
    except BaseException:  # noqa: BLE001  the child's own end, reported as the interpreter would report it
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _settle_in(order: Mapping[str, Any], output: int, on_start: Callable[[], object] | None) -> None:
    """Leave everything of the keeper's behind but its modules."""
    os.setsid()
    if on_start is not None:
        on_start()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    # The keeper's objects that own these numbers stay alive below on the stack: none of them closes one again.
    os.closerange(_FIRST_OWN_DESCRIPTOR, _LAST_DESCRIPTOR)
    os.environ.clear()
    os.environ.update(order["environment"])
    time.tzset()
    os.chdir(order["folder"])
    own = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    for name, code in _of_code.items():
        if code not in own:
            del sys.modules[name]
    sys.path[:0] = [order["folder"], *own]
    importlib.invalidate_caches()
    sys.argv[:] = [order["module"], *order["arguments"]]


def _exit_code(leaving: SystemExit) -> int:
    if leaving.code is None:
        return 0
    if isinstance(leaving.code, int):
        return leaving.code & 0xFF
    sys.stderr.write(f"{leaving.code}\n")
    return 1
