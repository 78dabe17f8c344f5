"""One state folder, one cloud: a process holds it, and the commands of the same folder find it.

The holder, a `swarm local up`, a `swarm run` or the keeper that a run has started, keeps a lock on one file of the
folder, which the system takes back from a process however it ends: a file that no process has locked names no cloud.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from local.clients import Clients
from local.file_lock import is_still_at, taken
from local.private_files import make_private_folder
from local.privileges.identity import CloudKeys
from local.state.database import state_option

FILE_NAME = "resident.json"
#: Whoever looks for a cloud holds the lock too, for an instant: seconds between our attempts.
_PATIENCE = (0.1, 0.1, 0.1)


class CloudIsUp(Exception):
    """A cloud is up in the folder already; the message names its process."""


class CloudKind(StrEnum):
    """What holds a folder's cloud: one that stays, that of a single command, or one that stays until it is idle."""

    UP = "up"
    RUN = "run"
    KEEPER = "keeper"


@dataclass(frozen=True)
class Resident:
    """The published description of a resident cloud; `identity` must be equal for a run to use the cloud.

    `secret` is what the cloud's keys are made of: it stays in a file that its owner alone can read.
    """

    process: int
    endpoint_url: str
    region: str
    identity: Mapping[str, str]
    outputs: Mapping[str, Any]
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Holder:
    """The process that holds the folder's cloud; `cloud` is None while it is being built."""

    process: int
    kind: CloudKind
    cloud: Resident | None = None


class ResidentCloud:
    """A cloud that another process holds."""

    def __init__(self, resident: Resident) -> None:
        self.outputs = resident.outputs
        self.endpoint_url = resident.endpoint_url
        self._clients = Clients(resident.endpoint_url, resident.region, CloudKeys(resident.secret).operator)

    def client(self, service: str, /) -> Any:
        """A boto3 client of this cloud, one a service."""
        return self._clients.client(service)

    def close(self) -> None:
        """Close this side's connections; the cloud stays up."""
        self._clients.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Place:
    """The folder's place for a cloud, which this process holds."""

    def __init__(self, file: int, path: Path, kind: CloudKind) -> None:
        self._file, self._path, self._kind = file, path, kind
        self._write(None)

    @property
    def found(self) -> bool:
        """Whether other processes can find this one: not after the folder or its file was deleted."""
        return is_still_at(self._path, self._file)

    def publish(self, resident: Resident) -> None:
        """Let other processes find this cloud from now on."""
        self._write(resident)

    def withdraw(self) -> None:
        """Let nobody find this cloud any more; the place is given back at the end of `hold`."""
        self._write(None)

    def _write(self, resident: Resident | None) -> None:
        holder = Holder(os.getpid() if resident is None else resident.process, self._kind, resident)
        os.ftruncate(self._file, os.pwrite(self._file, json.dumps(asdict(holder)).encode(), 0))


@contextmanager
def hold(folder: Path, kind: CloudKind = CloudKind.UP) -> Iterator[Place]:
    """Take the folder's place for a cloud. Raises CloudIsUp when another process has it."""
    make_private_folder(folder)
    path = folder / FILE_NAME
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not taken(file, _PATIENCE):
            raise CloudIsUp(_already(folder))
        os.fchmod(file, 0o600)
        os.ftruncate(file, 0)
        try:
            yield Place(file, path, kind)
        finally:
            os.ftruncate(file, 0)
    finally:
        os.close(file)


def resident_in(folder: Path) -> Resident | None:
    """The cloud that `swarm local up` has up in the folder just now; None while it is still being built."""
    holder = holder_in(folder)
    return holder.cloud if holder is not None and holder.kind is CloudKind.UP else None


def holder_in(folder: Path) -> Holder | None:
    """The process that has the folder's place just now, if there is one."""
    written = _written_by_holder(folder)
    if written is None:
        return None
    try:
        fields = json.loads(written)
        return Holder(int(fields["process"]), CloudKind(fields["kind"]), _cloud_in(fields))
    except (ValueError, TypeError, KeyError):  # nothing is written yet, or by another version
        return Holder(0, CloudKind.UP)


def _cloud_in(fields: Mapping[str, Any]) -> Resident | None:
    """A keeper of another version has a cloud that equals none of ours, and can be ended."""
    described = fields["cloud"]
    try:
        return Resident(**described) if described else None
    except TypeError:
        if fields["kind"] != CloudKind.KEEPER:
            raise
        return Resident(int(fields["process"]), "", "", {}, {}, "")


def refuse_resident(folder: Path) -> None:
    """Raises CloudIsUp when a cloud is up in the folder: it has read what is stored there, and would write it back."""
    if holder_in(folder) is not None:
        raise CloudIsUp(_already(folder))


def _written_by_holder(folder: Path) -> bytes | None:
    """What the process that has the folder's place has written so far; None while no process has it."""
    try:
        file = (folder / FILE_NAME).open("rb")
    except OSError:
        return None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return file.read()
    return None


def _already(folder: Path) -> str:
    holder = holder_in(folder) or Holder(0, CloudKind.UP)
    process = f" (process {holder.process})" if holder.process else ""
    if holder.kind is not CloudKind.UP:
        return f"A run is at work in {folder}{process}: wait for its end, or end it with Ctrl-C where it runs"
    return f"A cloud is up in {folder}{process}: end it first, with `swarm local down{state_option(folder)}`"
