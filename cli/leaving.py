"""The end of a process that has imported a thousand modules, without the interpreter's taking them apart first."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from typing import NoReturn


def leave(code: int) -> NoReturn:
    """End the process: threads are waited for, exit functions called and streams written, and that is all.

    Taking modules and what they hold apart is a tenth of a second of every command, and a third of the process' that
    had a cloud.
    """
    if sys.getprofile() or sys.gettrace():  # whoever measures writes the result at the interpreter's own end
        sys.exit(code)
    threading._shutdown()  # type: ignore[attr-defined]  # what the interpreter does first
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # nobody reads any more: the interpreter has a message and an exit code for it
        sys.exit(code)
    os._exit(code)
