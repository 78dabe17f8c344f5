"""Where the sessions of a command are: a deployed stack, or this machine's cloud and its state folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agents import keys
from agents.contracts.session import SessionStatus
from cli.commands.reap import SessionNotThere
from cli.errors import BadInput
from cli.session.store import FolderSessionStore, Item, SessionStore, StackSessionStore
from cli.stack.clients import Cloud
from cli.stack.cloud_turn import turn
from cli.stack.location import Location
from local.resident import CloudKind, Holder, Place, Resident, ResidentCloud, holder_in
from local.state.database import state_option
from local.state.stored import StateUnusable, stored_state_in

#: The settings of a cloud that is started for one call; the stored data does not depend on them.
_STACK = "local"


@contextmanager
def session_store(where: Location) -> Iterator[SessionStore]:
    """The sessions of a deployed stack, or of the state folder.

    Raises:
        BadInput: the stack cannot be found, or the folder stores no session.
    """
    if where.stack is not None:
        yield StackSessionStore(deployed_cloud(where))
        return
    try:
        with stored_state_in(where.folder) as stored:
            if stored is None:
                raise BadInput(
                    f"Nothing is stored in {where.folder}: no run has ended there. Name another folder with --state,"
                    " or a deployed stack with --stack"
                )
            yield FolderSessionStore(stored)
    except (StateUnusable, OSError) as error:
        raise BadInput(str(error)) from error


@contextmanager
def store_to_erase(where: Location) -> Iterator[SessionStore]:
    """The same, to delete from: through the cloud that is up, since it would write back what is deleted behind it.

    Raises:
        BadInput: as `session_store`.
    """
    if where.stack is not None:
        with session_store(where) as store:
            yield store
        return
    with session_store(where):
        pass
    with turn(where.folder, CloudKind.RUN, _any_that_is_built, _silent) as place:
        if isinstance(place, Resident):
            with ResidentCloud(place) as cloud:
                yield StackSessionStore(cloud)
            return
        with session_store(where) as store:
            yield store


@contextmanager
def cloud_of_session(where: Location, session: str) -> Iterator[Cloud | None]:
    """The cloud in which a session runs; None if the session has ended.

    Raises:
        BadInput: there is no such session.
    """
    if where.stack is None:
        with session_store(where) as store:
            item = next(
                (
                    candidate
                    for candidate in store.items(keys.session_item(session).pk)
                    if _is_session(candidate, session)
                ),
                None,
            )
            if item is None:
                raise where.unknown(session)
            running = SessionStatus(item["status"]["S"]).open
        if not running:
            yield None
            return
    with cloud_of(where) as cloud:
        try:
            yield cloud
        except SessionNotThere as error:
            raise where.unknown(session) from error


@contextmanager
def cloud_of_running(where: Location) -> Iterator[Cloud | None]:
    """The cloud to clear up in; None if no cloud is up and no session is RUNNING."""
    if where.stack is None and not _anything_left(where.folder):
        yield None
        return
    with cloud_of(where) as cloud:
        yield cloud


@contextmanager
def cloud_of(where: Location) -> Iterator[Cloud]:
    """The deployed stack, or the cloud that is up in the state folder, or one that is started for this call.

    Raises:
        BadInput: the stack cannot be found, or the folder cannot be used.
    """
    if where.stack is not None:
        yield deployed_cloud(where)
        return
    with turn(where.folder, CloudKind.RUN, _any_that_is_built, _silent) as place:
        if isinstance(place, Place):
            from cli.stack.laptop_cloud import own_cloud, settings_of
            from cli.stack.stack_settings import read_settings

            with own_cloud(read_settings(_STACK, {}), where.folder, settings_of({})) as own:
                yield own
            return
        with ResidentCloud(place) as cloud:
            yield cloud


def _any_that_is_built(holder: Holder) -> Resident | None:
    return holder.cloud


def _anything_left(folder: Path) -> bool:
    if holder_in(folder) is not None:
        return True
    try:
        with stored_state_in(folder) as stored:
            left = stored is not None and any(
                SessionStatus(item["status"]["S"]).open for item in FolderSessionStore(stored).sessions()
            )
    except (StateUnusable, OSError) as error:
        raise BadInput(str(error)) from error
    return left


def _is_session(item: Item, session: str) -> bool:
    return bool(item["sk"]["S"] == keys.session_item(session).sk)


def deployed_cloud(where: Location) -> Cloud:
    """The deployed stack. Raises BadInput when it cannot be found."""
    from cli.stack.deployed import DeployedCloud
    from cli.stack.outputs_source import find_outputs

    return DeployedCloud(find_outputs(where).outputs, where.profile)


@contextmanager
def cloud_of_stored(where: Location, session: str) -> Iterator[Cloud]:
    """The cloud to read a session from; on this machine one is started if none is up.

    Raises:
        BadInput: the stack cannot be found, or the folder stores no such session.
    """
    if where.stack is None and holder_in(where.folder) is None:
        with session_store(where) as store:
            if not any(_is_session(item, session) for item in store.items(keys.session_item(session).pk)):
                raise where.unknown(session)
    with cloud_of(where) as cloud:
        yield cloud


@contextmanager
def cloud_that_is_up(where: Location) -> Iterator[Cloud]:
    """The deployed stack, or the cloud that is up in the state folder; none is started.

    Raises:
        BadInput: the stack cannot be found, or no cloud is up in the folder.
    """
    if where.stack is not None:
        yield deployed_cloud(where)
        return
    holder = holder_in(where.folder)
    if holder is not None and holder.cloud is None:
        raise BadInput(f"A cloud is being started in {where.folder}: try again when it is up")
    if holder is None or holder.cloud is None:
        raise BadInput(
            f"No cloud is up in {where.folder}: start one with `swarm local up{state_option(where.folder)}`, or name a"
            " deployed stack with --stack"
        )
    with ResidentCloud(holder.cloud) as cloud:
        yield cloud


def _silent(_: str) -> None:
    """These commands do not announce a wait of a second."""
