"""Handles SIGTERM: finished work is stored and the task token is answered within ECS's stop timeout."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType

from agents.aws.models import settle_calls
from agents.errors import TaskInterrupted
from agents.ports import TaskCallback
from agents.shells.heartbeat import end_at_once

INTERRUPTED = 143
#: ECS kills a task 30 s after SIGTERM unless its definition says more: the token is answered before that.
GRACE_SECONDS = 20.0


class Interruption:
    """Whether the process was asked to stop: by Fargate Spot, a stopped task, or Ctrl-C.

    `write_signals` is called when a file is given up, after the token was answered and before the process ends.
    """

    def __init__(
        self,
        callback: TaskCallback | None,
        write_signals: Callable[[Exception], None],
        grace_seconds: float = GRACE_SECONDS,
    ) -> None:
        self._callback = callback
        self._write_signals = write_signals
        self._grace_seconds = grace_seconds
        self._asked, self._finished = threading.Event(), threading.Event()
        self._timer: threading.Timer | None = None

    def __enter__(self) -> None:
        """Install the handler: the kernel gives a container's first process no default one."""
        signal.signal(signal.SIGTERM, self.ask)

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if self._timer is not None:
            self._timer.cancel()

    def ask(self, _signal: int = signal.SIGTERM, _frame: FrameType | None = None) -> None:
        """Stop after the current file, or at the end of the grace period."""
        if self._finished.is_set():
            return
        if self._callback is None:
            raise SystemExit(INTERRUPTED)
        self._asked.set()
        if self._timer is None:
            self._timer = threading.Timer(self._grace_seconds, self._give_up)
            self._timer.daemon = True
            self._timer.start()

    def pause(self) -> None:
        """Raises TaskInterrupted after a request to stop."""
        if self._asked.is_set():
            raise TaskInterrupted("the task was stopped; finished files are stored")

    def finish(self) -> None:
        """The work has ended, well or not: what is left is to say so, and a request to stop changes nothing."""
        self._finished.set()
        if self._timer is not None:
            self._timer.cancel()

    def _give_up(self) -> None:
        if self._callback is not None and not self._finished.is_set():
            stopped = TaskInterrupted("the task was stopped in the middle of a file")
            try:
                settle_calls(stopped)
                self._callback.fail(TaskInterrupted.__name__, str(stopped))
            finally:
                self._write_signals(stopped)
                end_at_once(INTERRUPTED)
