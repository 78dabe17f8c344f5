"""A realised cloud in the state folder: the next one with the same identity is loaded whole instead of being built.

What is saved is what the program made, before anything of a session was in it: moto's state, the functions and the
program's exports. The identity names program, settings, code, Python and libraries, so that anything that could change
the cloud makes the file useless, and it is written anew.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.lambda_.environment import Function
from local.moto import saved_backends
from local.private_files import is_ours_alone
from local.state.database import SAVED_CLOUD

_FORMAT = b"swarm-cloud-3"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RealisedCloud:
    """What the program's run came to, beside moto's state."""

    outputs: Mapping[str, Any]
    functions: tuple[Function, ...]
    #: What moto has parsed of the state machines' definitions.
    programs: Mapping[str, bytes] = field(default_factory=dict)


class SavedCloud:
    """The folder's file for a cloud of one identity."""

    def __init__(self, folder: Path, identity: str) -> None:
        """`identity` is a fingerprint without spaces."""
        self._folder, self._identity = folder, identity

    def read(self, endpoint_url: str) -> RealisedCloud | None:
        """Put the saved state into moto, for a cloud at this address; None, and nothing is put, if there is none.

        A file of another identity, a broken one and one that another user could have written count as none.
        """
        saved = self._content()
        if not saved:
            return None
        try:
            realised = saved_backends.load(saved, endpoint_url)
        except Exception as problem:  # noqa: BLE001  whatever is wrong with it, the cloud can be built
            _log.warning("%s cannot be loaded (%s): the cloud is built", SAVED_CLOUD, problem)
            return None
        return realised if isinstance(realised, RealisedCloud) else None

    def write(self, realised: RealisedCloud, endpoint_url: str, secret: str) -> None:
        """Save moto's state and what belongs to it, in the place of an earlier cloud. A failure is only logged."""
        try:
            content = saved_backends.dump(realised, endpoint_url, secret)
            self._replace(self._head(content) + content)
        except OSError as problem:
            _log.warning("the cloud is not saved: %s", problem)
        except saved_backends.NotSavable as problem:
            _log.warning("the cloud is not saved: %s", problem)
            self.write_unsavable()

    def write_unsavable(self) -> None:
        """Write down that the cloud of this identity cannot be saved, so that nobody builds one to save it."""
        with suppress(OSError):
            self._replace(self._head(b""))

    @property
    def known(self) -> bool:
        """Whether the cloud of this identity is saved, or cannot be."""
        return self._content() is not None

    def take(self, other: SavedCloud) -> bool:
        """Save what the other place has; False if it is of another identity, or has nothing that may be trusted."""
        content = other._content()
        if content is None or other._identity != self._identity:
            return False
        try:
            self._replace(self._head(content) + content)
        except OSError:
            return False
        return True

    def _head(self, content: bytes) -> bytes:
        return b"%s %s %s\n" % (_FORMAT, self._identity.encode(), hashlib.sha256(content).hexdigest().encode())

    def _content(self) -> bytes | None:
        try:
            file = os.fdopen(os.open(self._folder / SAVED_CLOUD, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb")
        except OSError:
            return None
        with file:
            if not is_ours_alone(os.fstat(file.fileno())):
                return None
            head = file.readline(1_000)
            if not head.startswith(b"%s %s " % (_FORMAT, self._identity.encode())):
                return None
            content = file.read()
        return content if head == self._head(content) else None

    def _replace(self, content: bytes) -> None:
        """Write the file whole or not at all; mkstemp gives it to its owner alone."""
        handle, name = tempfile.mkstemp(prefix=f"{SAVED_CLOUD}-", dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).replace(self._folder / SAVED_CLOUD)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
