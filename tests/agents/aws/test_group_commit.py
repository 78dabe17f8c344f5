"""What threads write at the same time is written in one call, and no thread pays for another's mistake."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import pytest

from agents.aws import group_commit
from agents.aws.group_commit import GroupCommit, NotTogether
from agents.errors import StoreThrottled
from tests.agents.waiting import wait_until


class _Store:
    """A store whose first write lasts until the test lets it go on."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.began = threading.Event()
        self.goes_on = threading.Event()
        self.refuses: Callable[[Sequence[str]], Exception | None] = lambda _: None

    def write(self, parts: Sequence[str]) -> int:
        self.groups.append(list(parts))
        if len(self.groups) == 1:
            self.began.set()
            assert self.goes_on.wait(10)
        refusal = self.refuses(parts)
        if refusal is not None:
            raise refusal
        return len(parts)


@contextmanager
def _written(store: _Store, names: str, most: int = 10) -> Iterator[list[Future[int]]]:
    """The futures of one thread a name: the first writes, the others come while it does."""
    commit = GroupCommit(store.write, most, threading.Lock())
    with ThreadPoolExecutor(len(names)) as pool:
        futures = [pool.submit(commit, names[0])]
        assert store.began.wait(10)
        for number, name in enumerate(names[1:], start=1):
            futures.append(pool.submit(commit, name))
            wait_until(partial(_has_waiting, commit, number))
        yield futures


def _has_waiting(commit: GroupCommit[str, int], parts: int) -> bool:
    return len(commit._waiting) == parts


def test_a_part_that_comes_alone_is_written_at_once() -> None:
    store = _Store()
    store.goes_on.set()
    commit = GroupCommit(store.write, 10, threading.Lock())
    assert [commit("a"), commit("b")] == [1, 1]
    assert store.groups == [["a"], ["b"]]


def test_parts_that_come_while_another_is_written_are_written_in_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "_PATIENCE_SECONDS", 10.0)
    store = _Store()
    with _written(store, "abcd") as futures:
        store.goes_on.set()
    assert store.groups == [["a"], ["b", "c", "d"]]
    assert [future.result() for future in futures] == [1, 3, 3, 3]


def test_a_group_has_no_more_parts_than_one_call_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "_PATIENCE_SECONDS", 10.0)
    store = _Store()
    with _written(store, "abcdef", most=3):
        store.goes_on.set()
    assert store.groups == [["a"], ["b", "c", "d"], ["e", "f"]]


def test_only_the_wrong_part_of_a_group_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "_PATIENCE_SECONDS", 10.0)
    store = _Store()
    store.refuses = lambda parts: (
        None if "c" not in parts else NotTogether() if len(parts) > 1 else KeyError("c has no lease")
    )
    with _written(store, "abcd") as (a, b, c, d):
        store.goes_on.set()
    assert [a.result(), b.result(), d.result()] == [1, 1, 1]
    with pytest.raises(KeyError, match="no lease"):
        c.result()


def test_an_error_of_the_store_reaches_every_thread_of_the_group_and_none_waits_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(group_commit, "_PATIENCE_SECONDS", 10.0)
    store = _Store()
    store.refuses = lambda parts: StoreThrottled("too busy") if len(parts) > 1 else None
    with _written(store, "abc") as (a, b, c):
        store.goes_on.set()
    assert a.result() == 1
    for future in (b, c):
        with pytest.raises(StoreThrottled):
            future.result()


def test_a_thread_does_not_wait_long_for_one_whose_call_hangs() -> None:
    store = _Store()
    with _written(store, "abc") as (a, b, c):
        assert [b.result(10), c.result(10)] == [1, 1]
        assert not a.done()
        store.goes_on.set()
    assert store.groups[0] == ["a"] and sorted(store.groups[1:]) == [["b"], ["c"]]
