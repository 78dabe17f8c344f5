"""One state folder, one cloud: a command takes the cloud that is up in the folder, or its turn to start one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeAlias

from cli.disk_errors import explained
from cli.errors import BadInput
from cli.stack.keeper import starts_for
from local.cloud_users import using
from local.resident import CloudIsUp, CloudKind, Holder, Place, Resident, hold, holder_in
from local.state.database import StateFile, StateUnusable

_POLL_SECONDS = 0.2
#: While a cloud of this very run is being started.
_SHORT_SECONDS = 0.02
#: Decides about another process' cloud: one to use, or None to wait for. Raises BadInput to do neither.
Choice: TypeAlias = Callable[[Holder], Resident | None]


@contextmanager
def turn(
    folder: Path,
    kind: CloudKind,
    choose: Choice,
    say: Callable[[str], None],
    sleep: Callable[[float], None] = time.sleep,
    start: Callable[[], None] | None = None,
) -> Iterator[Place | Resident]:
    """The folder's place for a cloud of our own, or the cloud that is there; `say` announces a wait, once.

    With `start`, which has another process start a cloud, the place is not taken: that process takes it. A cloud of
    another process is in use until the block is left.

    Raises:
        BadInput: the folder cannot be used, or `choose` refuses the cloud that is there.
    """
    check_state(folder)
    with ExitStack() as stack:
        yield _place_or_cloud(folder, kind, choose, say, sleep, start, stack)


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
    start: Callable[[], None] | None,
    stack: ExitStack,
) -> Place | Resident:
    announced = ""
    while True:
        holder = holder_in(folder)
        if start is not None and (holder is None or starts_for(holder)):
            if holder is None:
                start()
            sleep(_SHORT_SECONDS)
            continue
        if holder is None:
            try:
                with explained(f"--state {folder}"):
                    return stack.enter_context(hold(folder, kind))
            except CloudIsUp:  # another process was faster
                continue
        chosen = choose(holder)
        if chosen is not None:
            use = stack.enter_context(ExitStack())
            with explained(f"--state {folder}"):
                use.enter_context(using(folder))
            if holder_in(folder) == holder:
                return chosen
            use.close()  # it ended before it was in use
            continue
        if holder_in(folder) is None:  # the choice has ended it
            continue
        waiting = _waiting(holder, folder)
        if waiting != announced:
            say(waiting)
            announced = waiting
        sleep(_POLL_SECONDS)


def _waiting(holder: Holder, folder: Path) -> str:
    process = f" (process {holder.process})" if holder.process else ""
    if holder.kind is CloudKind.RUN or (holder.kind is CloudKind.KEEPER and holder.cloud is not None):
        return f"another run is at work in {folder}{process}: waiting for its end"
    return f"a cloud is being started in {folder}{process}: waiting for it"
