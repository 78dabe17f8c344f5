"""Ctrl-C while modules are imported: it waits.

CPython throws a KeyboardInterrupt away that arrives in the callback of an import's own lock (`_get_module_lock` in
importlib), and ends by the signal, whatever code is asked for, after one that arrives in code that a library makes from
text, as dataclasses do. The second of imports before a cloud is started is full of both.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def interrupts_wait() -> Iterator[None]:
    """Hear Ctrl-C, SIGTERM and SIGHUP only once the block is over."""
    if threading.current_thread() is not threading.main_thread():  # which alone hears them
        yield
        return
    heard: list[int] = []
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    for number in (number for number, handler in before.items() if handler is not signal.SIG_IGN):
        signal.signal(number, lambda number, _: heard.append(number))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if heard:
            signal.raise_signal(heard[0])
