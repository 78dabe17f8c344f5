"""Where a laptop's functions and tasks write their spans: in the state folder, a file for each session."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from local.private_files import make_private_folder

#: Traces are for looking at a run; older ones are removed when a cloud starts.
KEPT_SECONDS = 30 * 86_400


def trace_folder(state: Path) -> Path:
    """The folder, made where it is missing, without the traces that are too old. Raises OSError."""
    folder = state.resolve() / "traces"
    make_private_folder(folder)
    for trace in folder.glob("*.jsonl"):
        with suppress(OSError):  # another cloud has removed it
            if trace.stat().st_mtime < time.time() - KEPT_SECONDS:
                trace.unlink()
    return folder
