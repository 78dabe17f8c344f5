"""One event loop for every model call of the process: threads share its connections and none has a loop of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from functools import cache
from typing import Any, TypeVar

_T = TypeVar("_T")

#: How long an interrupted caller waits for what its call still has to write down, in seconds: a few writes of an item.
SETTLING_SECONDS = 10.0


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    # A daemon: a process that ends does not wait for a model.
    threading.Thread(target=loop.run_forever, name="model-calls", daemon=True).start()
    return loop


_starting = threading.Lock()


def wait_for(work: Coroutine[Any, Any, _T]) -> _T:
    """Run it on the loop and wait, from any thread.

    An interrupted wait cancels the work and waits, for a bounded time, until it has put away what it holds: a Lambda
    function that returns is frozen, and a settlement would come when somebody thaws it.
    """
    with _starting:
        loop = _loop()
    over = threading.Event()
    started: list[asyncio.Task[_T]] = []

    def begin() -> None:
        started.append(loop.create_task(work))
        started[0].add_done_callback(end)

    def end(task: asyncio.Task[_T]) -> None:
        if not task.cancelled():
            task.exception()  # told to whoever still waits, and to nobody else
        over.set()

    loop.call_soon_threadsafe(begin)
    try:
        over.wait()
    except BaseException:
        loop.call_soon_threadsafe(lambda: started[0].cancel())  # noqa: PLW0108 (begin() may be still to come)
        over.wait(SETTLING_SECONDS)
        raise
    return started[0].result()
