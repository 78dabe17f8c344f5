"""A function's log as CloudWatch would show it: START, what the worker printed, END and REPORT, call by call."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from local.private_files import opened_privately

TAIL_BYTES = 4096
_CHUNK = 1 << 16
_PUBLISHED_BYTES = 1 << 20


@dataclass(frozen=True)
class Report:
    """The figures of a REPORT line; `status` is "" for a call that answered."""

    duration_ms: float
    memory_mb: int
    peak_mb: int
    init_ms: float | None
    status: str

    def line(self, request_id: str) -> str:
        """The line, fields separated by tabs as Lambda does."""
        fields = [
            f"REPORT RequestId: {request_id}",
            f"Duration: {self.duration_ms:.2f} ms",
            f"Billed Duration: {math.ceil(self.duration_ms)} ms",
            f"Memory Size: {self.memory_mb} MB",
            f"Max Memory Used: {self.peak_mb} MB",
            *([] if self.init_ms is None else [f"Init Duration: {self.init_ms:.2f} ms"]),
            *([self.status] if self.status else []),
        ]
        return "\t".join(fields)


class FunctionLog:
    """What one version of a function logs; calls that ran side by side stand one after the other in its file.

    `publish` gets the last part of what each call has logged.
    """

    def __init__(self, path: Path, version: str, publish: Callable[[bytes], None] | None = None) -> None:
        self.path = path
        self._version = version
        self._publish = publish or (lambda _: None)
        self._lock = threading.Lock()

    def write(self, request_id: str, output: Path, verdict: str, report: Report) -> str:
        """Move a call's output into the log and return the log's last 4 KB for this call.

        `verdict` is what Lambda itself has to say about the call's end, or "".
        """
        ending = f"{verdict}END RequestId: {request_id}\n{report.line(request_id)}\n".encode()
        logged = f"START RequestId: {request_id} Version: {self._version}\n".encode()
        with self._lock, open(self.path, "ab", opener=opened_privately) as log:
            log.write(logged)
            with output.open("r+b") as printed:
                while chunk := printed.read(_CHUNK):
                    log.write(chunk)
                    logged = (logged + chunk)[-_PUBLISHED_BYTES:]
                printed.truncate(0)  # the worker appends, so it goes on at the start
            if not logged.endswith(b"\n"):
                ending = b"\n" + ending
            log.write(ending)
        self._publish(logged + ending)
        return (logged + ending)[-TAIL_BYTES:].decode("utf-8", "replace")
