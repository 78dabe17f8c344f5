"""The keeper: a process that keeps the cloud of a state folder up for a while after a run, so that the next finds it.

`swarm run` starts it, uses its cloud and leaves it. It ends by itself: cli/keeper_process.py is its program.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final, TypeAlias

from cli.errors import BadInput, CommandError
from local.cloud_users import alone
from local.private_files import make_private_file
from local.resident import CloudKind, Holder, holder_in
from local.root import ROOT
from local.shared_clouds import may_have_to_build

Process: TypeAlias = subprocess.Popen[bytes]

VARIABLE: Final = "SWARM_KEEPER"
LOG_NAME: Final = "keeper.log"
#: The option of a process that begins early: functions will ask a model.
ASKS_MODEL: Final = "--asks-model"
#: Likewise: no cloud is saved in the folder, so one will be built.
BUILDS: Final = "--builds"
_DEFAULT_MINUTES, _MOST_MINUTES = 10.0, 24 * 60.0
#: How often a run starts a keeper that ends before it can be used; more often is a fault that a person has to see.
_STARTS = 3
_POLL_SECONDS = 0.05
#: A keeper that gets SIGTERM lets functions finish their calls; after this it is killed.
_END_SECONDS = 20.0


def idle_seconds(variables: Mapping[str, str] = os.environ) -> float | None:
    """How long a keeper stays after its last run; None where there is to be no keeper. Raises BadInput."""
    value = variables.get(VARIABLE) or str(_DEFAULT_MINUTES)
    if value == "off":
        return None
    with suppress(ValueError):
        if 0 < float(value) <= _MOST_MINUTES:
            return float(value) * 60
    raise BadInput(
        f"{VARIABLE}={value}: set it to `off`, or to the minutes that a cloud stays after a run, at most 1440"
    )


@contextmanager
def early_process(folder: Path, asks_model: bool) -> Iterator[Process | None]:
    """A keeper's process without an order, where the folder has no cloud and keepers are wanted; else None.

    It loads the cloud's code, a second's work, while the command checks its input. It ends when the block is left
    without an order for it, and by itself when the command is killed. `asks_model` says that functions will want a
    model's client. Raises BadInput.
    """
    if idle_seconds() is None or holder_in(folder) is not None:
        yield None
        return
    builds = may_have_to_build(folder)
    process = _process(subprocess.DEVNULL, *([ASKS_MODEL] if asks_model else []), *([BUILDS] if builds else []))
    try:
        yield process
    finally:
        if process.stdin is not None and not process.stdin.closed:  # it never got an order
            process.kill()
            process.communicate()


def _process(messages: IO[bytes] | int, *options: str) -> Process:
    # Its own session: Ctrl-C and the end of this terminal are not for the keeper.
    return subprocess.Popen(
        [sys.executable, "-m", "cli.keeper_process", *options],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=messages,
        start_new_session=True,
    )


class KeeperStart:
    """A run's wish for a keeper in its state folder; the same keeper may be what another run waits for."""

    def __init__(
        self,
        folder: Path,
        stack: str,
        settings: Mapping[str, str],
        on_start: Callable[[], None],
        early: Process | None = None,
    ) -> None:
        """`settings` are the command's own, without the release; `on_start` is called when a keeper is started.

        `early` is a process that waits for its order.
        """
        self._folder = folder.absolute()
        self._order = json.dumps({"folder": str(self._folder), "stack": stack, "settings": dict(settings)})
        self._on_start = on_start
        self._early = early
        self._process: Process | None = None
        self._starts = 0

    def __call__(self) -> None:
        """Start a keeper, unless the one that was started still begins. Raises CommandError when it cannot begin."""
        if self._process is not None:
            code = self._process.poll()
            if code is None:
                return
            if code != 0 or self._starts == _STARTS:
                raise self._failure(code)
        if not self._starts:
            self._on_start()
        self._starts += 1
        self._process = self._waiting_or_new()
        assert self._process.stdin is not None  # noqa: S101  a pipe was asked for
        with suppress(BrokenPipeError), self._process.stdin as orders:
            orders.write(self._order.encode())

    def _waiting_or_new(self) -> Process:
        """The process that began early, unless it has ended; it opens its log itself, when it has its order."""
        log = self._folder / LOG_NAME
        make_private_file(log)
        log.write_bytes(b"")
        early, self._early = self._early, None
        if early is not None and early.poll() is None:
            return early
        with log.open("ab") as messages:
            return _process(messages)

    def _failure(self, code: int) -> CommandError:
        assert self._process is not None  # noqa: S101  it has ended
        assert self._process.stdout is not None  # noqa: S101  a pipe was asked for
        reported = self._process.stdout.read().decode("utf-8", "replace").strip()
        if reported:
            return BadInput(reported)
        log = self._folder / LOG_NAME
        return CommandError(
            f"The process that keeps the cloud ended ({code}) before its cloud was up; {log} says why."
            f" {VARIABLE}=off runs without it"
        )


def end_unused(folder: Path, holder: Holder) -> bool:
    """End a keeper whose cloud nobody uses just now; whether it was ended. Raises CommandError if it does not end."""
    with alone(folder) as nobody:
        if nobody:
            end(folder, holder)
        return nobody


def end(folder: Path, holder: Holder) -> None:
    """End the process that holds the folder's cloud, at once, and wait for that. Raises CommandError."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + _END_SECONDS
        if not _holds(folder, holder):
            return
        with suppress(ProcessLookupError):
            os.kill(holder.process, number)
        while time.monotonic() < deadline:
            if not _holds(folder, holder):
                return
            time.sleep(_POLL_SECONDS)
    raise CommandError(f"Process {holder.process} holds the cloud in {folder} and does not end: end it yourself")


def _holds(folder: Path, holder: Holder) -> bool:
    now = holder_in(folder)
    return now is not None and now.process == holder.process > 0 and now.kind is holder.kind


def starts_for(holder: Holder) -> bool:
    """Whether it is a keeper whose cloud is not up yet."""
    return holder.kind is CloudKind.KEEPER and holder.cloud is None
