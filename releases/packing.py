"""Compiles and zips folders; standard library alone, because the pinned Python of releases/pinned_python.py runs it.

Bytes depend on names and contents alone: members are sorted, have one time and two modes, and carry bytecode whose
file names are those that Lambda will see. Compiler and zlib are pinned together with the Python that runs this.
"""

from __future__ import annotations

import io
import json
import py_compile
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

_EARLIEST = (1980, 1, 1, 0, 0, 0)
#: Lambda never writes bytecode and mounts what we ship read-only: there is nothing to check a .pyc against.
_MODE = py_compile.PycInvalidationMode.UNCHECKED_HASH


@dataclass(frozen=True)
class PackingJob:
    """One zip to make: `source`'s files below `prefix`, compiled as if they lay in the folder `runs_at`."""

    source: str
    target: str
    prefix: str
    runs_at: str


@dataclass(frozen=True)
class PackedZip:
    """What became of a job; `uncompiled` are the .py files that are no Python 3.13, shipped as they are."""

    target: str
    unpacked_bytes: int
    files: int
    uncompiled: list[str]


def pack(job: PackingJob) -> PackedZip:
    """Write the job's zip."""
    source = Path(job.source)
    uncompiled: list[str] = []
    members = dict(_members(source, job.runs_at, uncompiled))
    Path(job.target).parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(job.target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(members):
            member = zipfile.ZipInfo(job.prefix + name, _EARLIEST)
            member.create_system = 3  # Unix, whichever system builds
            member.external_attr = (0o100755 if _is_library(name) else 0o100644) << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, members[name])
    return PackedZip(job.target, sum(len(content) for content in members.values()), len(members), uncompiled)


def _members(source: Path, runs_at: str, uncompiled: list[str]) -> Iterator[tuple[str, bytes]]:
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source).as_posix()
        if not path.is_file() or "__pycache__" in path.parts:
            continue
        yield name, path.read_bytes()
        if path.suffix == ".py":
            try:
                yield _cached_name(name), _bytecode(path, f"{runs_at}/{name}")
            except py_compile.PyCompileError:
                uncompiled.append(name)


def _is_library(name: str) -> bool:
    return name.endswith(".so") or ".so." in name


def _cached_name(name: str) -> str:
    folder, _, file = name.rpartition("/")
    cached = f"__pycache__/{file.removesuffix('.py')}.{sys.implementation.cache_tag}.pyc"
    return f"{folder}/{cached}" if folder else cached


def _bytecode(path: Path, shown_as: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the packages' authors are warned of is nothing to us
        compiled = str(Path(folder, "out.pyc"))
        py_compile.compile(str(path), compiled, shown_as, doraise=True, optimize=0, invalidation_mode=_MODE)
        return Path(compiled).read_bytes()


def main(jobs: str) -> str:
    """Pack a JSON array of jobs; the answers as JSON."""
    answer = io.StringIO()
    json.dump([asdict(pack(PackingJob(**job))) for job in json.loads(jobs)], answer)
    return answer.getvalue()
