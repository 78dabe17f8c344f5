"""Promises of agents.second_process: work in two processes ends as in one, whatever happens to the second."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import pytest

from agents import second_process
from agents.second_process import FromBothEnds, beside

forks = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere one process does all, as the next test shows")


@pytest.fixture
def _two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def noting(file: Path, first: Callable[[], object] = int) -> Callable[[], None]:
    """Work that `first` is done before, and that notes its process."""

    def work() -> None:
        if os.getpid() != test_process:
            first()
        file.write_text(str(os.getpid()))

    test_process = os.getpid()
    return work


@forks
@pytest.mark.usefixtures("_two")
def test_a_second_process_works_beside_the_first(tmp_path: Path) -> None:
    with beside(noting(tmp_path / "who")):
        pass

    assert int((tmp_path / "who").read_text()) != os.getpid()


def test_one_processor_does_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)

    with beside(noting(tmp_path / "who")):
        assert not (tmp_path / "who").exists()

    assert int((tmp_path / "who").read_text()) == os.getpid()


@forks
@pytest.mark.usefixtures("_two")
@pytest.mark.parametrize(
    "end",
    [lambda: os._exit(3), lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: 1 // 0],
    ids=["ends", "killed", "error"],
)
def test_what_a_second_process_does_not_finish_the_first_does(tmp_path: Path, end: Callable[[], object]) -> None:
    with beside(noting(tmp_path / "who", end)):
        pass

    assert int((tmp_path / "who").read_text()) == os.getpid()


@forks
@pytest.mark.usefixtures("_two")
def test_a_second_process_that_is_stuck_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_process, "_SECONDS", 0.2)

    with beside(noting(tmp_path / "who", lambda: time.sleep(600))):
        pass

    assert int((tmp_path / "who").read_text()) == os.getpid()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@forks
@pytest.mark.usefixtures("_two")
def test_an_error_ends_the_second_process(tmp_path: Path) -> None:
    with pytest.raises(KeyError), beside(noting(tmp_path / "who", lambda: time.sleep(600))):
        raise KeyError

    assert not (tmp_path / "who").exists()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.usefixtures("_two")
def test_an_error_of_the_work_is_raised() -> None:
    def fail() -> None:
        raise LookupError

    with pytest.raises(LookupError), beside(fail):
        pass


def children() -> set[int]:
    """The processes that this one has started and not yet waited for."""
    lists = (thread.joinpath("children").read_text() for thread in Path("/proc/self/task").iterdir())
    return {int(child) for one in lists for child in one.split()}


def await_others_than(before: set[int]) -> None:
    """Wait until each process that was started since has ended; who started it may still wait for it."""
    for child in children() - before:
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)


COUNTS = (0, 1, 2, 7, 3_999, 4_000, 4_001, 8_000, 12_345)


def noting_pieces(file: Path, pieces: Callable[[], Iterable[int]]) -> Callable[[], None]:
    """Work that takes pieces and notes them."""

    def work() -> None:
        file.write_text(" ".join(map(str, pieces())))

    return work


@pytest.mark.parametrize("count", COUNTS)
def test_the_first_process_alone_takes_every_piece(count: int) -> None:
    with closing(FromBothEnds(count)) as work:
        assert list(work.front()) == list(range(count))
        assert list(work.back()) == []


@forks
@pytest.mark.usefixtures("_two")
@pytest.mark.parametrize("count", COUNTS)
def test_two_processes_take_each_piece_once_and_meet(count: int, tmp_path: Path) -> None:
    with closing(FromBothEnds(count)) as work:
        with beside(noting_pieces(tmp_path / "second", work.back)):
            first = list(work.front())
        second = [int(number) for number in (tmp_path / "second").read_text().split()]

    assert first == list(range(len(first)))
    assert second == list(reversed(range(len(first), count)))


@forks
@pytest.mark.usefixtures("_two")
@pytest.mark.parametrize("count", [10, 12_345])
def test_what_a_killed_process_has_taken_is_left_for_the_first(count: int, tmp_path: Path) -> None:
    test_process, before = os.getpid(), children()
    with closing(FromBothEnds(count)) as work:

        def take_some_and_end() -> None:
            taken = []
            for number in work.back():
                taken.append(number)
                if os.getpid() != test_process and len(taken) > count // 3:
                    os.kill(os.getpid(), signal.SIGKILL)
            (tmp_path / "second").write_text(" ".join(map(str, taken)))

        with beside(take_some_and_end):
            await_others_than(before)  # the second process has had its turn first
            first = list(work.front())
        second = [int(number) for number in (tmp_path / "second").read_text().split()]

    assert first == list(range(len(first)))
    assert 0 < len(first) < count
    assert second == list(reversed(range(len(first), count)))


@forks
@pytest.mark.usefixtures("_two")
def test_a_process_that_waits_leaves_the_pieces_to_the_other(tmp_path: Path) -> None:
    before = children()
    with closing(FromBothEnds(100)) as work, beside(noting_pieces(tmp_path / "second", work.back)):
        await_others_than(before)
        assert list(work.front()) == []

    assert len((tmp_path / "second").read_text().split()) == 100
