"""A deployed function, and a call that waits for a process of it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from local.lambda_.environment import Function
from local.lambda_.log import FunctionLog
from local.lambda_.worker import Worker


@dataclass(frozen=True)
class Deployed:
    """A function, its unpacked code and its log."""

    function: Function
    task_root: Path
    log: FunctionLog


@dataclass(eq=False)
class Waiter:
    """A call waiting for a slot; `worker` None with `granted` set means: start one."""

    deployed: Deployed
    since: float = field(default_factory=time.monotonic)
    granted: threading.Event = field(default_factory=threading.Event)
    worker: Worker | None = None
