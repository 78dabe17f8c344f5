"""Clouds of a checkout run from one copy of their functions' code, which stays as long as one of them uses it."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from local.lambda_ import shared_code
from local.lambda_.function_code import FunctionCode
from local.lambda_.shared_code import SharedCode


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a checkout in which every zip is worth sharing."""
    monkeypatch.setattr(shared_code, "FOLDER", tmp_path / "build" / "functions")
    monkeypatch.setattr(shared_code, "FEWEST_BYTES", 1)
    yield tmp_path / "build" / "functions"


def packed(number: int = 0) -> bytes:
    """The same bytes at each call, whatever the time is."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(zipfile.ZipInfo("kettle/boil.py"), f"DEGREES = {number}\n")
    return content.getvalue()


def test_a_zip_is_unpacked_and_compiled_once_for_all_clouds(tmp_path: Path) -> None:
    with (
        closing(FunctionCode(tmp_path / "first")) as first,
        closing(FunctionCode(tmp_path / "second")) as second,
    ):
        place = first.place(packed())
        assert second.place(packed()) == place

    source = place / "kettle" / "boil.py"
    compiled = place / "kettle" / "__pycache__" / f"boil.{sys.implementation.cache_tag}.pyc"
    assert (source.read_text(), compiled.is_file()) == ("DEGREES = 0\n", True)
    # The second lowest bit says that the hash of the source is compared, the lowest that there is one (PEP 552).
    assert compiled.read_bytes()[4] == 0b11
    assert not (tmp_path / "first").exists() and not (tmp_path / "second").exists()


def test_a_release_that_brings_its_own_bytecode_is_unpacked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []
    make = shared_code._make

    def counted(code: bytes, path: Path) -> None:
        made.append(path)
        make(code, path)

    monkeypatch.setattr(shared_code, "_make", counted)
    code = io.BytesIO(packed())
    with zipfile.ZipFile(code, "a") as archive:
        archive.writestr(f"kettle/__pycache__/boil.{sys.implementation.cache_tag}.pyc", b"of the release's own Python")

    places = []
    for _ in range(2):
        shared = SharedCode.of(code.getvalue())
        assert shared is not None
        places.append(shared.path)
        shared.close()

    assert (len(made), places) == (1, [made[0], made[0]])


def test_what_was_used_longest_ago_goes_unless_a_cloud_runs_from_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_code, "_MOST", 2)
    places = []
    for number in range(3):
        shared = SharedCode.of(packed(number))
        assert shared is not None
        places.append(shared.path)
        os.utime(shared.path, (number, number))
        if number:
            shared.close()
    assert all(place.is_dir() for place in places)  # the first is in use, and two are kept

    newest = SharedCode.of(packed(3))

    assert newest is not None
    assert sorted(folder.iterdir()) == sorted([places[0], places[2], newest.path])
    newest.close()


@pytest.mark.parametrize("used", [False, True])
def test_code_that_lost_its_content_is_unpacked_anew(tmp_path: Path, used: bool) -> None:
    first = SharedCode.of(packed(7))
    assert first is not None
    (first.path / "kettle" / "boil.py").write_bytes(b"")
    if not used:
        first.close()

    with closing(FunctionCode(tmp_path / "own")) as own:
        place = own.place(packed(7))
        assert (place / "kettle" / "boil.py").read_text() == "DEGREES = 7\n"

    assert (place == first.path) is not used
    if used:
        first.close()


@pytest.mark.parametrize("mode", [0o722, 0o702])
def test_code_that_others_may_have_written_is_not_run(tmp_path: Path, mode: int) -> None:
    shared = SharedCode.of(packed())
    assert shared is not None
    shared.close()
    shared.path.chmod(mode)

    with closing(FunctionCode(tmp_path / "own")) as own:
        assert own.place(packed()).parent == tmp_path / "own"


def test_a_cloud_unpacks_its_code_itself_where_nothing_can_be_shared(tmp_path: Path, folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("no folder")

    with closing(FunctionCode(tmp_path / "own")) as own:
        place = own.place(packed())

    assert (place.parent, (place / "kettle" / "boil.py").read_text()) == (tmp_path / "own", "DEGREES = 0\n")


def test_small_code_is_not_shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_code, "FEWEST_BYTES", 10_000)
    with closing(FunctionCode(tmp_path / "own")) as own:
        assert own.place(packed()).parent == tmp_path / "own"


def test_a_zip_that_is_none_leaves_nothing_behind(folder: Path) -> None:
    with pytest.raises(zipfile.BadZipFile):
        SharedCode.of(b"no zip")
    assert not list(folder.iterdir())
