"""Sends heartbeats while a task works: the state machine notices a dead container, and the task a dead execution."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from typing import Self

from aws_lambda_powertools import Logger

from agents.errors import TaskTokenRejected
from agents.ports import TaskCallback

#: Exit code: the state machine no longer waits for this task.
TOKEN_REJECTED = 4
#: A task learns within this time that its execution is over, also where the state machine allows longer silence.
LONGEST_INTERVAL_SECONDS = 20.0

NOBODY_WAITS = "the execution no longer waits for this task"

logger = Logger(service="swarm", child=True)


def interval_seconds(heartbeat_seconds: float) -> float:
    """Seconds between heartbeats: two may be lost before the state machine times the task out."""
    return min(heartbeat_seconds / 3, LONGEST_INTERVAL_SECONDS)


class Heartbeat:
    """Sends heartbeats inside its context; ends the process when the task token is rejected, after `write_signals`."""

    def __init__(
        self, callback: TaskCallback, interval_seconds: float, write_signals: Callable[[Exception], None]
    ) -> None:
        self._callback = callback
        self._write_signals = write_signals
        self._interval_seconds = interval_seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(self._interval_seconds)

    def stop(self) -> None:
        """Send no further heartbeat: the result is being reported, and an answered token accepts none."""
        self._over.set()

    def _beat(self) -> None:
        while not self._over.is_set():
            try:
                self._callback.beat()
            except TaskTokenRejected as rejected:
                if self._over.is_set():  # the result was reported before this heartbeat arrived
                    return
                logger.warning(NOBODY_WAITS)
                self._write_signals(rejected)
                end_at_once(TOKEN_REJECTED)
                return
            except Exception:  # the next heartbeat follows
                logger.exception("heartbeat failed")
            self._over.wait(self._interval_seconds)


def end_at_once(code: int) -> None:
    """End the process now, from any thread, without waiting for the other threads."""
    sys.stderr.flush()
    os._exit(code)
