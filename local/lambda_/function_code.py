"""Where the code of one cloud's functions lies: shared with other clouds, or unpacked into a folder of its own."""

from __future__ import annotations

import threading
from pathlib import Path

from local.lambda_.environment import digest_of, unpack
from local.lambda_.shared_code import SharedCode


class FunctionCode:
    """The unpacked zips of a cloud's functions."""

    def __init__(self, folder: Path) -> None:
        """`folder` takes what is not shared."""
        self._folder = folder
        self._shared: dict[str, SharedCode] = {}
        self._lock = threading.Lock()

    def place(self, code: bytes) -> Path:
        """Where a zip is unpacked, now or earlier. Raises zipfile.BadZipFile."""
        name = digest_of(code)
        with self._lock:
            if name not in self._shared and (shared := SharedCode.of(code)) is not None:
                self._shared[name] = shared
            return self._shared[name].path if name in self._shared else unpack(code, self._folder)

    def close(self) -> None:
        """No process runs from it any more."""
        with self._lock:
            for shared in self._shared.values():
                shared.close()
            self._shared.clear()
