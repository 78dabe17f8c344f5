"""Group commit: what threads write at the same time is written in one call."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, NamedTuple, Protocol, TypeVar

_T = TypeVar("_T")
_R = TypeVar("_R")

#: Seconds after which a thread writes alone: the one that writes for others may wait for an answer that does not come.
_PATIENCE_SECONDS = 0.5


class Lock(Protocol):
    """What of `threading.Lock` is used."""

    def acquire(self, *, timeout: float) -> bool:
        """Whether it was free within so many seconds."""

    def release(self) -> None:
        """Let the next one have it."""


class NotTogether(Exception):
    """Nothing of a group was written, since one part of it cannot be: each part is written alone."""


class GroupCommit(Generic[_T, _R]):
    """Writes parts that come from several threads.

    A thread that finds nobody writing writes at once; parts that come meanwhile wait and are then written together. So
    a lone part never waits, and the slower the store, the larger the groups.
    """

    def __init__(self, write: Callable[[Sequence[_T]], _R], most: int, lock: Lock) -> None:
        """`write` takes up to `most` parts; it raises NotTogether for two or more that it can only write one by one."""
        self._write = write
        self._most = most
        self._lock = lock
        self._waiting: deque[_Part[_T, _R]] = deque()

    def __call__(self, content: _T) -> _R:
        """Write it; what `write` returned for its group. Raises what `write` raised."""
        part = _Part(content, Future[_R]())
        self._waiting.append(part)
        while not self._lock.acquire(timeout=_PATIENCE_SECONDS):
            if self._withdrawn(part):
                return self._write([content])
        try:
            while not part.result.done():
                self._write_group()
        finally:
            self._lock.release()
        try:
            return part.result.result()
        except NotTogether:
            return self._write([content])

    def _withdrawn(self, part: _Part[_T, _R]) -> bool:
        """Whether nobody has begun to write it; then nobody will."""
        try:
            self._waiting.remove(part)
        except ValueError:
            return False
        return True

    def _write_group(self) -> None:
        group: list[_Part[_T, _R]] = []
        while len(group) < self._most:
            try:
                group.append(self._waiting.popleft())
            except IndexError:
                break
        try:
            answer = self._write([part.content for part in group])
        except BaseException as error:  # noqa: BLE001 (raised in each thread of the group, this one included)
            for part in group:
                part.result.set_exception(error)
        else:
            for part in group:
                part.result.set_result(answer)


class _Part(NamedTuple, Generic[_T, _R]):
    """What one thread writes, and what became of it."""

    content: _T
    result: Future[_R]
