"""The program of the keeper (cli/stack/keeper.py): `python -m cli.keeper_process`, with its order on standard input.

The order is a line of JSON: the state folder, the stack and the command's settings. What stops the keeper from having a
cloud goes to standard output as one sentence, for the run that started it; everything else goes to its log.
"""

# ruff: noqa: E402  the first lines have to run before anything is imported

from __future__ import annotations

import gc
import sys

if __name__ == "__main__":
    gc.disable()  # until the cloud is there: what is imported stays

from cli.stack.keeper import ASKS_MODEL, BUILDS, LOG_NAME, idle_seconds
from local.builder import CloudBuilder

# To build takes longest, and half a second of imports follows.
_builder = CloudBuilder() if __name__ == "__main__" and BUILDS in sys.argv else None

import importlib
import json
import logging
import os
import resource
import signal
import time
from collections.abc import Mapping
from contextlib import nullcontext, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from cli.errors import CommandError, ExitCode
from cli.leaving import leave
from cli.stack.cloud_identity import code_of, identity_of
from local.cloud_users import alone
from local.lambda_.layers import EVERYWHERE, MODEL_LIBRARY
from local.processes.child_processes import Processes
from local.resident import CloudIsUp, CloudKind, Place, hold
from local.root import ROOT

if TYPE_CHECKING:
    from local.cloud import LocalCloud

_LOOK_SECONDS = 0.25
#: A keeper that a run has left with more memory than this ends, and the next run starts a new one.
_MOST_BYTES = 1 << 30
_log = logging.getLogger(__name__)


def main() -> int:
    """Keep a cloud until nobody has used it for a while; the exit code is 0 also if another process was faster.

    Without an order, because the command that began it needs no cloud, it ends at once.
    """
    os.umask(0o077)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(name)s %(message)s")
    signal.signal(signal.SIGTERM, _end)
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    try:
        with _builder or nullcontext() as builder, Processes(forks=True) as processes:
            # While this process imports what it needs itself. The clients of models come with the first function that
            # asks one: those that a session wants before it would wait for them.
            processes.import_ahead(EVERYWHERE)
            if ASKS_MODEL in sys.argv:
                processes.import_ahead((MODEL_LIBRARY,))
            code = code_of(ROOT)
            _load()
            written = sys.stdin.read()
            if not written or code_of(ROOT) != code:  # edited meanwhile: the command starts another
                return ExitCode.DONE
            order = json.loads(written)
            _log_in(Path(order["folder"]))
            _keep(Path(order["folder"]), order["stack"], order["settings"], processes, builder)
    except (CloudIsUp, KeyboardInterrupt):
        return ExitCode.DONE
    except CommandError as error:
        sys.stdout.write(f"{error}\n")
        return error.exit_code
    except Exception:  # noqa: BLE001  the outermost handler
        _log.exception("the keeper has failed")
        return ExitCode.SESSION_FAILED
    return ExitCode.DONE


def _load() -> None:
    """Load the cloud's code, a second's work, while the command that gives the order checks its input."""
    with suppress(ImportError):  # a clone that lacks something gets its sentence from own_cloud
        importlib.import_module("local.cloud")


def _log_in(folder: Path) -> None:
    """Write messages to the folder's log from now on."""
    log = os.open(folder / LOG_NAME, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
    os.dup2(log, sys.stderr.fileno())
    os.close(log)


def _end(_: int, __: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # what is being closed is closed to its end
    raise KeyboardInterrupt


def _keep(
    folder: Path, stack: str, settings: Mapping[str, str], processes: Processes, builder: CloudBuilder | None
) -> None:
    with hold(folder, CloudKind.KEEPER) as place:
        from cli.stack.laptop_cloud import own_cloud, resident_entry, settings_of
        from cli.stack.stack_settings import read_settings

        read = read_settings(stack, settings)
        overrides = settings_of(settings)
        # Before the cloud is built: the code may be edited meanwhile, and the identity must be that of the code in use.
        identity = identity_of(read, overrides)
        idle = idle_seconds()
        with own_cloud(read, folder, overrides, processes, builder) as cloud:
            place.publish(resident_entry(cloud, identity))
            gc.freeze()
            gc.set_threshold(50_000, 20, 100)  # it stays, and requests leave some behind
            gc.enable()
            _wait(cloud, place, folder, idle or 0.0)


def _wait(cloud: LocalCloud, place: Place, folder: Path, idle: float) -> None:
    """Wait for the end: nobody has used the cloud for `idle` seconds, it can store no more, or its folder is gone."""
    used, last = False, time.monotonic()
    while place.found and not cloud.trouble:
        with alone(folder) as nobody:
            if not nobody:
                used, last = True, time.monotonic()
            elif used:
                used = False
                _end_left(cloud)
                if _peak_bytes() > _MOST_BYTES:
                    return
            elif time.monotonic() - last > idle:
                place.withdraw()  # before anyone can begin to use it
                return
        time.sleep(_LOOK_SECONDS)


def _end_left(cloud: LocalCloud) -> None:
    """Cancel the sessions of runs that were killed: nobody waits for them, and their models cost money."""
    from cli.stack.clients import stack_of
    from cli.stack.resident_cloud import end_execution

    stack = stack_of(cloud)
    for execution in stack.states.list_executions(
        stateMachineArn=stack.state_machine_arn, statusFilter="RUNNING", maxResults=100
    )["executions"]:
        end_execution(cloud, stack, execution["executionArn"])
        _log.warning("cancelled, since its run has ended: %s", execution["executionArn"])


def _peak_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    leave(main())
