"""A file that two processes read: each has a place of its own."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.session.positioned_file import PositionedFile, opened

BYTES = bytes(range(256)) * 40


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / "file"
    path.write_bytes(BYTES)
    return path


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("read"), st.integers(-1, 9_000)),
            st.tuples(st.just("seek"), st.integers(0, 12_000)),
            st.tuples(st.just("end"), st.integers(-10_000, 100)),
        ),
        max_size=8,
    )
)
def test_it_reads_as_any_file_does(file: Path, steps: list[tuple[str, int]]) -> None:
    with opened(file) as ours, io.BytesIO(BYTES) as other:
        for step, number in steps:
            if step == "read":
                assert ours.read(number) == other.read(number)
            else:
                whence = os.SEEK_END if step == "end" else os.SEEK_SET
                assert ours.seek(number, whence) == other.seek(number, whence)
            assert ours.tell() == other.tell()


def test_a_place_before_the_beginning_is_refused(file: Path) -> None:
    with PositionedFile(file) as ours, pytest.raises(ValueError, match="-1"):
        ours.seek(-1)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
def test_another_process_does_not_move_the_place(file: Path) -> None:
    with opened(file) as ours:
        assert ours.read(3) == BYTES[:3]
        child = os.fork()
        if not child:
            ours.seek(5_000)
            os._exit(ours.read(9_000) != BYTES[5_000:])
        assert os.waitpid(child, 0)[1] == 0
        assert ours.read(9_000) == BYTES[3:9_003]
