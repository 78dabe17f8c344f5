"""One state folder, one cloud: a command takes the cloud that is up in the folder, or its turn to start one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeAlias

from cli.disk_errors import explained
from cli.errors import BadInput
from local.resident import CloudIsUp, CloudKind, Holder, Place, Resident, hold, holder_in
from local.state.database import StateFile, StateUnusable

_POLL_SECONDS = 0.2
#: Decides about another process' cloud: one to use, or None to wait for. Raises BadInput to do neither.
Choice: TypeAlias = Callable[[Holder], Resident | None]


@contextmanager
def turn(
    folder: Path,
    kind: CloudKind,
    choose: Choice,
    say: Callable[[str], None],
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Place | Resident]:
    """The folder's place for a cloud of our own, or the cloud that is there; `say` announces a wait, once.

    Raises:
        BadInput: the folder cannot be used, or `choose` refuses the cloud that is there.
    """
    check_state(folder)
    with ExitStack() as stack:
        yield _place_or_cloud(folder, kind, choose, say, sleep, stack)


def check_state(folder: Path) -> None:
    """Raises BadInput if the folder cannot store anything."""
    try:
        StateFile(folder).close()
    except StateUnusable as error:
        raise BadInput(str(error)) from error


def _place_or_cloud(
    folder: Path,
    kind: CloudKind,
    choose: Choice,
    say: Callable[[str], None],
    sleep: Callable[[float], None],
    stack: ExitStack,
) -> Place | Resident:
    announced = ""
    while True:
        holder = holder_in(folder)
        if holder is None:
            try:
                with explained(f"--state {folder}"):
                    return stack.enter_context(hold(folder, kind))
            except CloudIsUp:  # another process was faster
                continue
        chosen = choose(holder)
        if chosen is not None:
            return chosen
        waiting = _waiting(holder, folder)
        if waiting != announced:
            say(waiting)
            announced = waiting
        sleep(_POLL_SECONDS)


def _waiting(holder: Holder, folder: Path) -> str:
    process = f" (process {holder.process})" if holder.process else ""
    if holder.kind is CloudKind.RUN:
        return f"another run is at work in {folder}{process}: waiting for its end"
    return f"a cloud is being started in {folder}{process}: waiting for it"
