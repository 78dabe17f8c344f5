"""One event loop for every model call of the process: threads share its connections and none has a loop of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from functools import cache
from typing import Any, TypeVar

_T = TypeVar("_T")


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    # A daemon: a process that ends does not wait for a model.
    threading.Thread(target=loop.run_forever, name="model-calls", daemon=True).start()
    return loop


_starting = threading.Lock()


def wait_for(work: Coroutine[Any, Any, _T]) -> _T:
    """Run it on the loop and wait, from any thread; an interrupted wait cancels the work."""
    with _starting:
        loop = _loop()
    future = asyncio.run_coroutine_threadsafe(work, loop)
    try:
        return future.result()
    except BaseException:
        future.cancel()
        raise
