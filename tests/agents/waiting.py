"""Waiting for what another thread does."""

from __future__ import annotations

import time
from collections.abc import Callable


def wait_until(done: Callable[[], bool]) -> None:
    """Wait up to a minute for it."""
    until = time.monotonic() + 60
    while not done():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.01)
