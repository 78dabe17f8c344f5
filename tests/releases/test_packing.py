"""A packed zip depends on names and contents alone, and carries bytecode that nothing has to check."""

from __future__ import annotations

import importlib.util
import json
import marshal
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from releases import packing, pinned_python
from releases.packing import PackingJob, pack


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    for name, text in {
        "pkg/__init__.py": "NAMES = frozenset({'a', 'b', 'c'})\n",
        "pkg/core.py": "def fail():\n    raise ValueError\n",
        "pkg/native.so": "binary",
        "pkg/notes.md": "notes",
        "pkg/broken.py": "print 'two'\n",
        "pkg/__pycache__/core.cpython-399.pyc": "junk",
        "single.py": "x = 1\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def _job(source: Path, target: Path) -> PackingJob:
    return PackingJob(str(source), str(target), "python/", "/opt/python")


def _pyc(name: str) -> str:
    return f"{name}.{sys.implementation.cache_tag}.pyc"


def test_should_hold_sources_bytecode_and_data_sorted_below_the_prefix(source: Path, tmp_path: Path) -> None:
    pack(_job(source, tmp_path / "out.zip"))
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        names = archive.namelist()
    assert names == sorted(names)
    assert set(names) == {
        "python/pkg/__init__.py",
        f"python/pkg/__pycache__/{_pyc('__init__')}",
        "python/pkg/core.py",
        f"python/pkg/__pycache__/{_pyc('core')}",
        "python/pkg/native.so",
        "python/pkg/notes.md",
        "python/pkg/broken.py",
        "python/single.py",
        f"python/__pycache__/{_pyc('single')}",
    }


def test_should_be_the_same_bytes_whatever_times_modes_and_folder(source: Path, tmp_path: Path) -> None:
    pack(_job(source, tmp_path / "first.zip"))
    other = source.rename(tmp_path / "another-place")
    for path in other.rglob("*.py"):
        os.utime(path, (1, 1))
        path.chmod(0o700)
    pack(_job(other, tmp_path / "second.zip"))
    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()


def test_should_make_libraries_executable_and_everything_readable(source: Path, tmp_path: Path) -> None:
    pack(_job(source, tmp_path / "out.zip"))
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        modes = {member.filename: oct(member.external_attr >> 16) for member in archive.infolist()}
    assert modes["python/pkg/native.so"] == "0o100755"
    assert modes["python/pkg/core.py"] == "0o100644"


def test_should_ship_bytecode_that_is_taken_without_looking_at_the_source(source: Path, tmp_path: Path) -> None:
    pack(_job(source, tmp_path / "out.zip"))
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        content = archive.read(f"python/pkg/__pycache__/{_pyc('core')}")
    assert content[:4] == importlib.util.MAGIC_NUMBER
    assert int.from_bytes(content[4:8], "little") == 0b01  # by hash, unchecked
    code = marshal.loads(content[16:])  # noqa: S302 (compiled a moment ago)
    assert code.co_filename == "/opt/python/pkg/core.py"


def test_should_name_what_could_not_be_compiled_and_count_what_is_there(source: Path, tmp_path: Path) -> None:
    packed = pack(_job(source, tmp_path / "out.zip"))
    assert packed.uncompiled == ["pkg/broken.py"]
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert packed.files == len(archive.namelist())
        assert packed.unpacked_bytes == sum(member.file_size for member in archive.infolist())


def test_should_import_from_what_was_packed(source: Path, tmp_path: Path) -> None:
    pack(_job(source, tmp_path / "out.zip"))
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        archive.extractall(tmp_path / "opt")
    (tmp_path / "opt" / "python" / "single.py").write_text("x = 2\n")  # unchecked: the bytecode is what counts
    program = f"import sys; sys.path.insert(0, {str(tmp_path / 'opt' / 'python')!r}); import single; print(single.x)"
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1"


@pytest.mark.slow
@pytest.mark.usefixtures("source")
@pytest.mark.skipif(not pinned_python.PYODIDE.is_dir(), reason="`make package` fetches the pinned Python")
def test_should_compile_for_lambdas_python_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    job = PackingJob("source", "first.zip", "python/", "/opt/python")
    (packed,) = pinned_python.pack(tmp_path, [job])
    pinned_python.pack(tmp_path, [PackingJob("source", "second.zip", "python/", "/opt/python")])
    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "first.zip") as archive:
        assert archive.read("python/pkg/__pycache__/core.cpython-313.pyc")[:4] == b"\xf3\r\r\n"
    assert packed.uncompiled == ["pkg/broken.py"]
    assert packed.target == "first.zip"


@pytest.mark.slow
@pytest.mark.skipif(not pinned_python.PYODIDE.is_dir(), reason="`make package` fetches the pinned Python")
def test_should_tell_what_the_pinned_python_said_when_it_failed(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    (tmp_path / "source").mkdir()
    with pytest.raises(pinned_python.PackingFailed, match="taken"):
        pinned_python.pack(tmp_path, [PackingJob("source", "taken/out.zip", "", "/var/task")])


def test_should_take_and_give_json_where_the_pinned_python_runs_it(source: Path, tmp_path: Path) -> None:
    jobs = json.dumps(
        [{"source": str(source), "target": str(tmp_path / "o.zip"), "prefix": "", "runs_at": "/var/task"}]
    )
    (answer,) = json.loads(packing.main(jobs))
    assert answer["target"] == str(tmp_path / "o.zip")
    assert (tmp_path / "o.zip").is_file()
