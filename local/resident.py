"""A resident cloud: one process holds it open for as long as it likes, and runs of the same state folder find it.

The holder keeps a lock on one file of the folder, which the system takes back from a process however it ends: a file
that nobody holds tells of nothing.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from local.clients import Clients
from local.private_files import make_private_folder
from local.privileges.identity import CloudKeys

FILE_NAME = "resident.json"


class CloudIsUp(Exception):
    """A cloud is up in the folder already; the message names its process."""


@dataclass(frozen=True)
class Resident:
    """What a resident cloud tells of itself; `identity` is whatever must be equal for a run to take it.

    `secret` is what the cloud's keys are made of: it stays in a file that its owner alone can read.
    """

    process: int
    endpoint_url: str
    region: str
    identity: Mapping[str, str]
    outputs: Mapping[str, Any]
    secret: str = field(repr=False)


class ResidentCloud:
    """A cloud that another process holds."""

    def __init__(self, told: Resident) -> None:
        self.outputs = told.outputs
        self.endpoint_url = told.endpoint_url
        self._clients = Clients(told.endpoint_url, told.region, CloudKeys(told.secret).operator)

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
    """The folder's place for a resident cloud, held."""

    def __init__(self, file: int) -> None:
        self._file = file

    def tell(self, told: Resident) -> None:
        """From now on runs find it."""
        os.pwrite(self._file, json.dumps(asdict(told)).encode(), 0)


@contextmanager
def hold(folder: Path) -> Iterator[Place]:
    """Take the folder's place for a resident cloud. Raises CloudIsUp when another process has it."""
    make_private_folder(folder)
    path = folder / FILE_NAME
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _lock(file, folder)
        os.fchmod(file, 0o600)
        os.ftruncate(file, 0)
        try:
            yield Place(file)
        finally:
            os.ftruncate(file, 0)
    finally:
        os.close(file)


def resident_in(folder: Path) -> Resident | None:
    """The cloud that is up in the folder just now; None while there is none, or it is still being built."""
    try:
        return Resident(**json.loads(_told_by_holder(folder) or b""))
    except (ValueError, TypeError):  # nothing told, or by another version
        return None


def refuse_resident(folder: Path) -> None:
    """Raises CloudIsUp when a cloud is up in the folder: it has read what is kept there, and would write it back."""
    if _told_by_holder(folder) is not None:
        raise CloudIsUp(_already(folder))


def _lock(file: int, folder: Path) -> None:
    for patience in (0.1, 0.1, 0.1, 0.0):  # whoever looks for a cloud holds the lock too, for an instant
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(patience)
        else:
            return
    raise CloudIsUp(_already(folder))


def _told_by_holder(folder: Path) -> bytes | None:
    """What whoever holds the folder's place has told so far; None while nobody holds it."""
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
    found = resident_in(folder)
    process = f" (process {found.process})" if found is not None else ""
    return f"A cloud is up in {folder}{process}: end it first, with Ctrl-C where `swarm local up` runs"
