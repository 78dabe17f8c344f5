"""Where the commands about sessions look: a deployed stack, or this machine's own cloud and what it has kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from agents import keys
from agents.contracts.session import SessionStatus
from cli.commands.reap import SessionNotThere
from cli.errors import BadInput
from cli.session.records import Item, KeptRecords, Records, StackRecords
from cli.stack.stack import Cloud
from cli.stack.turns import turn
from local.resident import Holder, Kind, Place, Resident, ResidentCloud, holder_in
from local.state.file import default_folder
from local.state.stored import StateUnusable, stored_state_in

#: Whose settings a cloud has that is started for one call; what is stored does not depend on them.
_STACK = "local"


@dataclass(frozen=True)
class Where:
    """A deployed stack, or without one this machine's state folder."""

    stack: str | None
    outputs: Path | None
    state: Path | None

    def __post_init__(self) -> None:
        """Raises BadInput for options that would be ignored."""
        if self.outputs is not None and self.stack is None:
            raise BadInput(f"--outputs {self.outputs} wants --stack, whose outputs they are")
        if self.state is not None and self.stack is not None:
            raise BadInput(f"--state {self.state} and --stack {self.stack} are two places: name one of them")

    @property
    def folder(self) -> Path:
        """The state folder."""
        return (self.state or default_folder()).expanduser()

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"stack {self.stack}" if self.stack is not None else str(self.folder)

    def unknown(self, session: str) -> BadInput:
        """What is said about a session that is not there."""
        return BadInput(f"There is no session {session} in {self.name}; `swarm sessions` lists those there are")


@contextmanager
def records(where: Where) -> Iterator[Records]:
    """What a deployed stack has stored, or what is kept in the state folder.

    Raises:
        BadInput: the stack cannot be found, or nothing is kept in the folder.
    """
    if where.stack is not None:
        yield StackRecords(_deployed(where.stack, where.outputs))
        return
    try:
        with stored_state_in(where.folder) as kept:
            if kept is None:
                raise BadInput(
                    f"Nothing is kept in {where.folder}: no run has ended there. Name another folder with --state, or a"
                    " deployed stack with --stack"
                )
            yield KeptRecords(kept)
    except (StateUnusable, OSError) as error:
        raise BadInput(str(error)) from error


@contextmanager
def records_to_erase(where: Where) -> Iterator[Records]:
    """The same, to delete from: through the cloud that is up, which would write back what is deleted beside it.

    Raises:
        BadInput: as `records`.
    """
    if where.stack is not None:
        with records(where) as found:
            yield found
        return
    with records(where):
        pass
    with turn(where.folder, Kind.RUN, _any_that_is_built, _silent) as place:
        if isinstance(place, Resident):
            with ResidentCloud(place) as cloud:
                yield StackRecords(cloud)
            return
        with records(where) as found:
            yield found


@contextmanager
def cloud_of_session(where: Where, session: str) -> Iterator[Cloud | None]:
    """The cloud that a session runs in; None where it is known that none runs it, since it is over.

    Raises:
        BadInput: there is no such session.
    """
    if where.stack is None:
        with records(where) as found:
            item = next((one for one in found.items(keys.session_item(session).pk) if _is_session(one, session)), None)
            if item is None:
                raise where.unknown(session)
            running = item["status"]["S"] == SessionStatus.RUNNING.value
        if not running:
            yield None
            return
    with cloud_of(where) as cloud:
        try:
            yield cloud
        except SessionNotThere as error:
            raise where.unknown(session) from error


@contextmanager
def cloud_of_running(where: Where) -> Iterator[Cloud | None]:
    """The cloud to clear up in; None where nothing is up, and no session was left RUNNING."""
    if where.stack is None and not _anything_left(where.folder):
        yield None
        return
    with cloud_of(where) as cloud:
        yield cloud


@contextmanager
def cloud_of(where: Where) -> Iterator[Cloud]:
    """The deployed stack, or the cloud that is up in the state folder, or one that is started for this call.

    Raises:
        BadInput: the stack cannot be found, or the folder cannot be used.
    """
    if where.stack is not None:
        yield _deployed(where.stack, where.outputs)
        return
    with turn(where.folder, Kind.RUN, _any_that_is_built, _silent) as place:
        if isinstance(place, Place):
            from cli.stack.clouds import own_cloud, settings_of

            with own_cloud(_STACK, where.folder, settings_of({})) as own:
                yield own
            return
        with ResidentCloud(place) as found:
            yield found


def _any_that_is_built(holder: Holder) -> Resident | None:
    return holder.cloud


def _anything_left(folder: Path) -> bool:
    if holder_in(folder) is not None:
        return True
    try:
        with stored_state_in(folder) as kept:
            left = kept is not None and any(
                item["status"]["S"] == SessionStatus.RUNNING.value for item in KeptRecords(kept).sessions()
            )
    except (StateUnusable, OSError) as error:
        raise BadInput(str(error)) from error
    return left


def _is_session(item: Item, session: str) -> bool:
    return bool(item["sk"]["S"] == keys.session_item(session).sk)


def _deployed(stack: str, outputs: Path | None) -> Cloud:
    from cli.stack import outputs as stack_outputs

    return stack_outputs.DeployedCloud(stack_outputs.read_outputs(stack, outputs))


def _silent(_: str) -> None:
    """Nothing is said about a wait of a second."""
