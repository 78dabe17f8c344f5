"""What the scanner has read is what the analyst gets, and what it cannot get it parses."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from agents import keys
from agents.contracts.structure import Structure
from agents.errors import FileUnparseable
from agents.session.structures import StructureSpool, stored_structures
from tests.agents.fakes import SESSION_ID, MemoryBlobs

NAMES = ("a.py", 'b"\t\n.py')


def read(path: str, language: str, text: str) -> Structure:
    if text == "broken":
        raise FileUnparseable(path)
    return Structure(language=language, line_count=text.count("\n"), doc=f"of {path}")


def stored(tmp_path: Path) -> MemoryBlobs:
    blobs = MemoryBlobs()
    spool = StructureSpool(tmp_path / "structures", read)
    for name in NAMES:
        spool.read(name, "python", "x\n")
    with pytest.raises(FileUnparseable):
        spool.read("c.py", "python", "broken")
    spool.store(SESSION_ID, [("b1", NAMES), ("b2", ["c.py"])], blobs)
    return blobs


def test_an_analyst_gets_what_the_scanner_has_read_whatever_a_file_is_called(tmp_path: Path) -> None:
    found = stored_structures(SESSION_ID, "b1", stored(tmp_path))
    assert [found.of(name) for name in NAMES] == [read(name, "python", "x\n") for name in NAMES]


def test_a_file_that_could_not_be_read_has_none(tmp_path: Path) -> None:
    blobs = stored(tmp_path)
    assert stored_structures(SESSION_ID, "b1", blobs).of("c.py") is None
    assert not blobs.exists(keys.structures(SESSION_ID, "b2"))


@pytest.mark.parametrize("body", [b"broken", zlib.compress(b'"a.py"\t{"language":'), zlib.compress(b"a.py\t{}")])
def test_what_cannot_be_read_is_as_if_nothing_were_stored(body: bytes) -> None:
    blobs = MemoryBlobs()
    blobs.write(keys.structures(SESSION_ID, "b1"), body)
    assert stored_structures(SESSION_ID, "b1", blobs).of("a.py") is None
