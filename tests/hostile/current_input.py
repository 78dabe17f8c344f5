"""The input that a fuzzed target is trying, in a file that outlives its process: a grammar in C can end it at once."""

from __future__ import annotations

import mmap
from pathlib import Path

_LONGEST_BYTES = 10_000
_HEAD = 8


class CurrentInput:
    """One input, shared by the process that tries it and the one that waits for that."""

    def __init__(self, file: Path) -> None:
        """`file` is made where it is missing."""
        if not file.exists():
            file.write_bytes(bytes(_HEAD + _LONGEST_BYTES))
        with file.open("r+b") as opened:
            self._map = mmap.mmap(opened.fileno(), 0)

    def begin(self) -> None:
        """The process that tries inputs has imported what it needs."""
        self._map[0] = 1

    @property
    def begun(self) -> bool:
        """Whether it has."""
        return self._map[0] == 1

    def write(self, data: bytes) -> None:
        """Note an input, of which the first 10,000 bytes count, before it is tried."""
        noted = data[:_LONGEST_BYTES]
        self._map[1:_HEAD] = len(noted).to_bytes(_HEAD - 1, "big")
        self._map[_HEAD : _HEAD + len(noted)] = noted

    def read(self) -> bytes:
        """The input that was tried last."""
        length = int.from_bytes(self._map[1:_HEAD], "big")
        return self._map[_HEAD : _HEAD + length]
