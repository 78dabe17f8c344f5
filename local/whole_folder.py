"""A folder that is there whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path


def make_whole(target: Path, fill: Callable[[Path], object]) -> None:
    """Make a folder that `fill` has filled, whole or not at all; another process or thread may be faster.

    Raises OSError, and what `fill` raises.
    """
    partial = Path(tempfile.mkdtemp(dir=target.parent, prefix="partial-"))
    try:
        fill(partial)
        partial.rename(target)
    except OSError:
        if not target.is_dir():  # else another one was faster
            raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)
