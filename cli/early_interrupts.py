"""Ctrl-C before a command has begun: one sentence and exit code 130, where Python would print a traceback.

This is the first module that `swarm` imports, so it imports nothing that takes time.
"""

from __future__ import annotations

import os
import signal
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_STANDARD_ERROR = 2
_INTERRUPTED = 130  # cli.errors.ExitCode.INTERRUPTED, whose import would come too late


def leave_when_interrupted() -> None:
    """End the process at the first signal; a signal that the caller has this process ignore stays ignored."""
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _leave)


def hear_interrupts() -> None:
    """From here on Ctrl-C is a KeyboardInterrupt again: there may be something to end."""
    if signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _leave(_: int, __: FrameType | None) -> None:
    """Leave without the interpreter's own end, which an import that was cut off could disturb."""
    os.write(_STANDARD_ERROR, b"swarm: Stopped before anything was begun.\n")
    os._exit(_INTERRUPTED)
