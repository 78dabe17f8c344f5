"""One event loop for every model call of the process: threads share its connections and none has a loop of its own."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, TypeVar

_T = TypeVar("_T")

#: How long an interrupted caller waits for what its call still has to write down, in seconds: a few writes of an item.
SETTLING_SECONDS = 10.0
#: Threads that wait for the ledger at the same time.
_WRITERS = 32


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    # What calls write at the same time the ledger writes together: asyncio's six threads would make small groups.
    loop.set_default_executor(ThreadPoolExecutor(_WRITERS, thread_name_prefix="ledger"))
    # A daemon: a process that ends does not wait for a model.
    threading.Thread(target=loop.run_forever, name="model-calls", daemon=True).start()
    return loop


_starting = threading.Lock()
#: The calls in flight, and the reason of each that end_calls cancelled.
_calls: set[asyncio.Task[Any]] = set()
_cancelled: dict[asyncio.Task[Any], Exception] = {}
_closing = threading.Event()


def wait_for(work: Coroutine[Any, Any, _T]) -> _T:
    """Run it on the loop and wait, from any thread.

    An interrupted wait cancels the work and waits, for a bounded time, until it has put away what it holds: a Lambda
    function that returns is frozen, and a settlement would come when somebody thaws it.
    """
    with _starting:
        loop = _loop()
    if _closing.is_set():
        work.close()
        threading.Event().wait()  # for the end of the process, which is near: nothing is asked any more
    over = threading.Event()
    started: list[asyncio.Task[_T]] = []

    def begin() -> None:
        started.append(loop.create_task(work))
        _calls.add(started[0])
        started[0].add_done_callback(end)

    def end(task: asyncio.Task[_T]) -> None:
        _calls.discard(task)
        if not task.cancelled():
            task.exception()  # it is raised where somebody still waits, and nowhere else
        over.set()

    loop.call_soon_threadsafe(begin)
    try:
        over.wait()
    except BaseException:
        loop.call_soon_threadsafe(lambda: started[0].cancel())  # noqa: PLW0108 (begin() may be still to come)
        over.wait(SETTLING_SECONDS)
        raise
    try:
        return started[0].result()
    except asyncio.CancelledError:
        reason = _cancelled.pop(started[0], None)
        if reason is None:
            raise
        raise reason from None


def end_calls(reason: Exception) -> None:
    """Cancel the calls in flight and wait until each is settled; who waits for them gets `reason` raised."""
    if not _calls:
        return
    loop = _loop()

    def cancel() -> None:
        for call in tuple(_calls):
            _cancelled[call] = reason
            call.cancel()

    loop.call_soon_threadsafe(cancel)
    _wait_for_calls(SETTLING_SECONDS)


def finish_calls(seconds: float) -> None:
    """Before the process ends: begin no further call, let those in flight finish for so long, cancel the rest."""
    _closing.set()
    _wait_for_calls(seconds)
    end_calls(RuntimeError("the process ends"))


def _wait_for_calls(seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while _calls and time.monotonic() < deadline:
        time.sleep(0.02)
