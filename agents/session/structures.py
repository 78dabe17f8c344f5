"""What the scanner has read of a batch, stored for its analyst: parsing takes a dozen times as long."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from pydantic import ValidationError

from agents import keys
from agents.contracts.structure import Structure
from agents.errors import BlobMissing
from agents.ports import BlobStore


class StoredStructures:
    """By path what the scanner has read; each structure is made when it is asked for."""

    def __init__(self, rows: Mapping[str, bytes]) -> None:
        self._rows = rows

    def of(self, path: str) -> Structure | None:
        """The file's structure; None where the file has to be parsed."""
        with suppress(KeyError, ValidationError):  # another release may have written it
            return Structure.model_validate_json(self._rows[path])
        return None


NOTHING_STORED: Final = StoredStructures({})


class StructureSpool:
    """Structures as they are read, in a file: those of a whole snapshot would not fit a function's memory."""

    def __init__(self, path: Path, read: Callable[[str, str, str], Structure]) -> None:
        """`read` takes a path, a language and a text."""
        self._path, self.parse = path, read
        self._places: dict[str, tuple[int, int]] = {}
        self._path.write_bytes(b"")

    def __contains__(self, path: str) -> bool:
        """Whether the file's structure is kept."""
        return path in self._places

    def read(self, path: str, language: str, text: str) -> Structure:
        """The structure that is kept, or else read it, and keep it. Raises what `read` raises."""
        if path in self._places:
            with self._path.open("rb") as spool:
                return Structure.model_validate_json(self._json(path, spool))
        structure = self.parse(path, language, text)
        self.add(path, structure)
        return structure

    def add(self, path: str, structure: Structure) -> None:
        """Keep a structure."""
        self.add_json(path, structure.model_dump_json())

    def add_json(self, path: str, structure: str) -> None:
        """Keep a structure that is JSON already."""
        with self._path.open("ab") as spool:
            self._places[path] = spool.tell(), spool.write(structure.encode())

    def store(self, session: str, batches: Iterable[tuple[str, Iterable[str]]], blobs: BlobStore) -> None:
        """Store those of each batch, by its id and its paths; a batch of which nothing was read has no blob."""
        with self._path.open("rb") as spool:
            for batch_id, paths in batches:
                spooled = [path for path in paths if path in self._places]
                rows = b"".join(b"%s\t%s\n" % (json.dumps(path).encode(), self._json(path, spool)) for path in spooled)
                if rows:
                    blobs.write(keys.structures(session, batch_id), zlib.compress(rows, 1), "application/octet-stream")

    def _json(self, path: str, spool: BinaryIO) -> bytes:
        start, length = self._places[path]
        spool.seek(start)
        return spool.read(length)


def stored_structures(session: str, batch_id: str, blobs: BlobStore) -> StoredStructures:
    """What the scanner has read of the batch; nothing where the analyst's model reads one file alone."""
    rows: dict[str, bytes] = {}
    with suppress(BlobMissing, zlib.error, ValueError):
        for line in zlib.decompress(blobs.read(keys.structures(session, batch_id))).split(b"\n"):
            path, tab, structure = line.partition(b"\t")
            if tab:
                rows[json.loads(path)] = structure
    return StoredStructures(rows)
