"""Promises of agents.second_process: work in two processes ends as in one, whatever happens to the second."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from agents import second_process
from agents.second_process import beside

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
