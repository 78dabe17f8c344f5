"""Ctrl-C waits while modules are imported, and is heard all the same."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from cli.interrupts import interrupts_wait


def test_an_interrupt_is_heard_when_the_block_is_over() -> None:
    done: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        with interrupts_wait():
            os.kill(os.getpid(), signal.SIGINT)
            done.append("imported")
        done.append("went on")
    assert done == ["imported"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_end_waits_as_well(number: int) -> None:
    heard: list[int] = []
    before = signal.signal(number, lambda number, _: heard.append(number))
    try:
        with interrupts_wait():
            os.kill(os.getpid(), number)
            assert heard == []
        assert heard == [number]
    finally:
        signal.signal(number, before)


def test_without_an_interrupt_everything_is_as_it_was() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with interrupts_wait():
        pass
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_an_error_in_the_block_is_raised() -> None:
    with pytest.raises(ImportError, match="no such module"), interrupts_wait():
        raise ImportError("no such module")


def test_other_threads_import_as_ever() -> None:
    done: list[bool] = []

    def work() -> None:
        with interrupts_wait():
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]
