"""Beats beside the work: a dead container is noticed by its silence, a dead execution by its answer."""

from __future__ import annotations

import os
import sys
import threading
from typing import Self

from aws_lambda_powertools import Logger

from agents.errors import TaskTokenRejected
from agents.ports import TaskCallback

#: The process ended because nobody waits for it any more.
TOKEN_REJECTED = 4
#: However patient the state machine is, a task whose execution is over learns it this soon.
LONGEST_INTERVAL_SECONDS = 20.0

logger = Logger(service="swarm", child=True)


def interval_seconds(heartbeat_seconds: float) -> float:
    """How often to beat: two beats may be lost before the state machine gives the task up."""
    return min(heartbeat_seconds / 3, LONGEST_INTERVAL_SECONDS)


class Heartbeat:
    """Beats from entering to leaving; ends the process when the token is refused."""

    def __init__(self, callback: TaskCallback, interval_seconds: float) -> None:
        self._callback = callback
        self._interval_seconds = interval_seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(self._interval_seconds)

    def hush(self) -> None:
        """Beat no more: the answer is on its way, and an answered token takes no beat."""
        self._over.set()

    def _beat(self) -> None:
        while not self._over.is_set():
            try:
                self._callback.beat()
            except TaskTokenRejected:
                if self._over.is_set():  # the answer overtook this beat
                    return
                logger.warning("the execution no longer waits for this task")
                end_at_once(TOKEN_REJECTED)
                return
            except Exception:  # a beat that did not get through is followed by the next one
                logger.exception("heartbeat failed")
            self._over.wait(self._interval_seconds)


def end_at_once(code: int) -> None:
    """End the process now, from any thread, whatever the others do."""
    sys.stderr.flush()
    os._exit(code)
