"""Texts with their names on disk, in the order in which they were written: pages that one process hands to another."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

#: The length of a name and of its text, in bytes, which follow: nothing has to be escaped, nor to be parsed.
_HEAD = "{} {}\n"


class SpooledTexts:
    """A file of texts; it may be read as often as one likes."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @contextmanager
    def written(self) -> Iterator[Callable[[str, str], None]]:
        """Write the file anew: what is given is called with each name and its text."""
        with self._file.open("wb") as file:

            def write(name: str, text: str) -> None:
                name_bytes, text_bytes = _bytes(name), _bytes(text)
                file.write(_HEAD.format(len(name_bytes), len(text_bytes)).encode() + name_bytes + text_bytes)

            yield write

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Each name with its text."""
        with self._file.open("rb") as file:
            while head := file.readline():
                yield _read(file, head)

    def __reversed__(self) -> Iterator[tuple[str, str]]:
        """Each name with its text, the last one first."""
        with self._file.open("rb") as file:
            places: list[int] = []
            while head := file.readline():
                places.append(file.tell() - len(head))
                file.seek(sum(map(int, head.split())), os.SEEK_CUR)
            for place in reversed(places):
                file.seek(place)
                yield _read(file, file.readline())


def _read(file: IO[bytes], head: bytes) -> tuple[str, str]:
    name, text = map(int, head.split())
    return _text(file.read(name)), _text(file.read(text))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")
