"""The structures of many files: two processes read what one would, whatever happens to the second."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.states import ScanInput
from agents.contracts.structure import Structure
from agents.errors import FileUnparseable
from agents.ports import Ports
from agents.roles.scanner import two_processes
from agents.roles.scanner.run import run
from agents.roles.scanner.surroundings import Readable
from agents.roles.scanner.two_processes import half_of, read_by_two
from agents.session.structures import StructureSpool
from tests.agents.fakes import SESSION_ID, fake_ports, running_session, settings, with_model
from tests.agents.roles.scanner.archives import tar_gz
from tests.agents.test_second_process import forks

CORPUS = Path(__file__).parents[3] / "corpus"
MODEL = "openai:stub@http://127.0.0.1:1/v1"
FILES = [Readable(f"ü/{number}.py", "python", 1_000 + number) for number in range(100)]
BROKEN = {"ü/7.py", "ü/8.py", "ü/50.py", "ü/51.py"}
TEST_PROCESS = os.getpid()


def read(path: str, language: str, text: str) -> Structure:
    """A structure that tells which process has read the file."""
    if path in BROKEN:
        raise FileUnparseable(path)
    return Structure(language=language, line_count=os.getpid(), doc=f"{text} of {path}\n\u2028")


def read_files(
    folder: Path,
    reading: Callable[[str, str, str], Structure] = read,
    earlier: tuple[str, ...] = (),
) -> tuple[StructureSpool, dict[str, Structure]]:
    """The spool, and what was taken."""
    spool = StructureSpool(folder / "structures", reading)
    for path in earlier:
        spool.add(path, Structure(language="python", line_count=0, doc="read before"))
    structures: dict[str, Structure] = {}

    def take(path: str, structure: Structure) -> None:
        assert path not in structures
        structures[path] = structure

    read_by_two(spool, lambda path: f"text {path}", FILES, take)
    return spool, structures


@pytest.fixture
def _two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


@forks
@pytest.mark.usefixtures("_two")
def test_each_process_reads_half(tmp_path: Path) -> None:
    _, structures = read_files(tmp_path)

    processes = [structure.line_count for structure in structures.values()]
    assert len(set(processes)) == 2
    assert processes.count(TEST_PROCESS) in range(45, 52)


@pytest.mark.parametrize("processors", [1, 2])
@pytest.mark.parametrize("fewest", [0, 1_000_000])
def test_every_file_that_can_be_read_is_taken_and_in_the_spool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processors: int, fewest: int
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    monkeypatch.setattr(two_processes, "FEWEST_BYTES", fewest)

    spool, structures = read_files(tmp_path)

    assert set(structures) == {file.path for file in FILES} - BROKEN
    for path, structure in structures.items():
        assert structure.doc == read(path, "python", f"text {path}").doc
        assert spool.read(path, "python", "not parsed again") == structure
    assert not any(path in spool for path in BROKEN)


@forks
@pytest.mark.usefixtures("_two")
def test_what_an_earlier_session_has_read_is_read_by_neither(tmp_path: Path) -> None:
    earlier = tuple(file.path for file in FILES[10:40])

    _, structures = read_files(tmp_path, earlier=earlier)

    assert {path for path, structure in structures.items() if structure.doc == "read before"} == set(earlier)
    others = [structure.line_count for path, structure in structures.items() if path not in earlier]
    assert others.count(TEST_PROCESS) in range(30, 38)


@forks
@pytest.mark.usefixtures("_two")
@pytest.mark.parametrize("end", [lambda: os._exit(3), lambda: 1 // 0], ids=["ends", "error"])
def test_what_a_second_process_does_not_read_the_first_does(tmp_path: Path, end: Callable[[], object]) -> None:
    def dying(path: str, language: str, text: str) -> Structure:
        if os.getpid() != TEST_PROCESS and path == "ü/90.py":
            end()
        return read(path, language, text)

    assert "ü/90.py" in half_of(FILES[1:])
    _, structures = read_files(tmp_path, dying)

    assert set(structures) == {file.path for file in FILES} - BROKEN
    assert {structure.line_count for structure in structures.values()} == {TEST_PROCESS}


@pytest.mark.usefixtures("_two")
def test_an_error_while_reading_is_raised_and_ends_the_second_process(tmp_path: Path) -> None:
    def failing(path: str, language: str, text: str) -> Structure:
        if os.getpid() != TEST_PROCESS:
            time.sleep(60)
        if path == "ü/99.py":
            raise KeyError(path)
        return read(path, language, text)

    began = time.monotonic()
    with pytest.raises(KeyError):
        read_files(tmp_path, failing)
    assert time.monotonic() - began < 30
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_half_of_the_bytes_of_each_language_are_half() -> None:
    files = [
        Readable(f"{number}.{language}", language, size)
        for language, size in (("python", 900), ("json", 50_000), ("markdown", 3_000))
        for number in range(10)
    ]

    half = half_of(files)

    for language in ("python", "json", "markdown"):
        assert sum(file.language == language and file.path in half for file in files) == 5


@forks
def test_a_scan_by_two_processes_stores_what_a_scan_by_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(two_processes, "FEWEST_BYTES", 0)
    texts = {
        str(path.relative_to(CORPUS)): path.read_bytes()
        for path in sorted(CORPUS.rglob("*"))
        if path.is_file() and path.stat().st_size < 20_000
    }
    blobs = []
    for processors in (1, 2):
        monkeypatch.setattr(os, "cpu_count", lambda number=processors: number)
        world = fake_ports()
        world.store.sessions[SESSION_ID] = running_session()
        world.uploads.blobs[running_session().archive_key] = tar_gz(texts)
        ports: Ports = replace(with_model(world, world.model), structure=TreeSitterReader())
        run(ScanInput(session_id=SESSION_ID), ports, settings(model=MODEL))
        blobs.append(world.blobs.blobs)

    assert blobs[0] == blobs[1]
