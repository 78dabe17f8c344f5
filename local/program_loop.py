"""The event loop of one run of the program, which ends with the run however that ends."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any


@contextmanager
def program_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """This thread's loop, until the block is left; tasks that are unfinished then are cancelled.

    Pulumi's mocks make a loop in every thread that registers a resource, and close none: here each thread has one.
    """
    of_threads: list[asyncio.AbstractEventLoop] = []

    def own_loop() -> None:
        of_threads.append(asyncio.new_event_loop())
        asyncio.set_event_loop(of_threads[-1])

    loop = asyncio.new_event_loop()
    loop.set_default_executor(ThreadPoolExecutor(thread_name_prefix="pulumi-resource", initializer=own_loop))
    asyncio.set_event_loop(loop)
    try:
        yield loop
    finally:
        try:
            with suppress(SystemExit):  # of a task that answers its end with the program's
                loop.run_until_complete(_abandon(asyncio.all_tasks(loop)))
            loop.run_until_complete(loop.shutdown_default_executor())
        finally:
            asyncio.set_event_loop(None)
            for each in (loop, *of_threads):
                each.close()


async def _abandon(unfinished: set[asyncio.Task[Any]]) -> None:
    for task in unfinished:
        task.cancel()
    await asyncio.gather(*unfinished, return_exceptions=True)
