"""The repositories of a smoke run: made by code, the same bytes for the same run, new to the stack in each run."""

from __future__ import annotations

import hashlib
import math
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agents.codebase.notes import FOLDER as NOTES
from agents.roles.scanner.repository_route import (
    IDLE_MEGABYTES,
    LINES_PER_SYMBOL,
    MEMORY_PER_BYTE,
    MEMORY_PER_SYMBOL,
)
from agents.roles.scanner.router import MEMORY_MARGIN
from agents.settings import AgentSettings
from cli.upload.snapshot import Snapshot

#: Names of the repositories, which the stack's sessions have.
BATCHES, SCAN, REFUSED = "swarm-smoke-batches", "swarm-smoke-scan", "swarm-smoke-refused"
#: The files that only Fargate may analyse, and the one that nobody may.
SPOT_FILE, ON_DEMAND_FILE, GAP_FILE = "large/first.txt", "large/second.txt", "large/too-large.txt"
#: How far a file is beyond a limit that is to be passed, in bytes.
_BEYOND = 20_000
#: Gaps that the session must bear: the forced one, and both large files if no task can run.
_MOST_GAPS = 3
_FEWEST_FILES = 4
_MOST_FILES = 400
#: Notes of empty lines: more of them are not made.
_MOST_LONG_FILES = 40
_CHUNK = 1_000_000


@dataclass(frozen=True)
class Sizes:
    """The files' sizes in bytes by the stack's own limits; 0 for what those limits leave no room for."""

    on_fargate: int
    gap: int
    archive: int
    small_files: int
    empty_lines: int
    longest_file: int

    @classmethod
    def of(cls, settings: AgentSettings, image: bool) -> Sizes:
        """Nothing for Fargate without an image."""
        largest = settings.file_limit_kilobytes * 1_000
        fargate = settings.batch_lambda_kilobytes * 1_000 + _BEYOND
        tolerance = settings.gap_tolerance_percent
        lines = _lines_for_fargate(settings)
        longest = min(largest, settings.batch_lambda_kilobytes * 1_000) // 2
        files = math.ceil(_MOST_GAPS * 100 / tolerance) if tolerance else 0
        return cls(
            on_fargate=fargate if image and fargate <= largest else 0,
            gap=largest + _BEYOND if 0 < files <= _MOST_FILES else 0,
            archive=settings.scan_lambda_megabytes * 1_000_000 + _BEYOND if image else 0,
            small_files=min(max(files, _FEWEST_FILES), _MOST_FILES),
            empty_lines=lines if image and lines <= longest * _MOST_LONG_FILES else 0,
            longest_file=longest,
        )


def _lines_for_fargate(settings: AgentSettings) -> int:
    """Empty lines after which no function may hold what is known of the repository: by prediction, or by its bytes.

    A line counts as a share of a symbol, and is one byte: a million of them are a kilobyte in an archive.
    """
    beyond = settings.repository_memory_megabytes * MEMORY_MARGIN + 2 - IDLE_MEGABYTES
    by_memory = beyond * 1_048_576 / (MEMORY_PER_SYMBOL / LINES_PER_SYMBOL + MEMORY_PER_BYTE)
    return math.ceil(min(by_memory, settings.repository_lambda_megabytes * 1_000_000)) + _BEYOND


def write_repositories(folder: Path, run: str, sizes: Sizes) -> Iterator[Snapshot]:
    """The archives, each written to `folder` before it is given; every file names the run, so no work is reused."""
    if sizes.archive:
        small = {"README.md": _readme(SCAN, run), "src/alone.py": _module(SCAN, run)}
        small |= _long(run, sizes)
        yield _packed(folder / "scan.zip", SCAN, small, padding=sizes.archive)
    refused = folder / "refused.zip"
    refused.write_text(f"This is no archive. Smoke run {run}.\n", encoding="utf-8")
    yield _snapshot(refused, REFUSED, files=0)
    # Last: its tasks are watched from their beginning, and uploading the large archive takes seconds.
    yield _packed(folder / "batches.zip", BATCHES, _batches(run, sizes))


def _batches(run: str, sizes: Sizes) -> dict[str, str]:
    files = {"README.md": _readme(BATCHES, run)}
    files |= {f"src/part{number:03d}.py": _module(f"part {number}", run) for number in range(sizes.small_files)}
    if sizes.on_fargate:
        files |= {path: _prose(path, run, sizes.on_fargate) for path in (SPOT_FILE, ON_DEMAND_FILE)}
    if sizes.gap:
        files[GAP_FILE] = _prose(GAP_FILE, run, sizes.gap)
    return files


def _long(run: str, sizes: Sizes) -> dict[str, str]:
    """Notes of empty lines, each with the module that it is about: a note is shown as it is, and no model is asked."""
    count = math.ceil(sizes.empty_lines / sizes.longest_file)
    files = {}
    for number in range(count):
        path = f"src/noted{number:02d}.py"
        files[path] = _module(path, run)
        files[f"{NOTES}{path}.md"] = f"Noted in smoke run {run}.\n" + "\n" * math.ceil(sizes.empty_lines / count)
    return files


def _readme(name: str, run: str) -> str:
    return f"# {name}\n\nMade by `swarm smoke`, run {run}, to try a stack.\n"


def _module(name: str, run: str) -> str:
    title = f'"""Says hello from {name} in smoke run {run}."""'
    return f'{title}\n\n\ndef greeting() -> str:\n    """The greeting."""\n    return "hello"\n'


def _prose(path: str, run: str, size: int) -> str:
    line = f"{path} of smoke run {run} repeats this line until it is too large for a smaller place.\n"
    return line * (size // len(line))


def _packed(archive: Path, repository: str, files: dict[str, str], padding: int = 0) -> Snapshot:
    """A zip whose members have one fixed date. `padding` bytes are stored as they are: the archive's size counts."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path, text in sorted(files.items()):
            member = zipfile.ZipInfo(path)
            member.compress_type = zipfile.ZIP_DEFLATED
            zipped.writestr(member, text)
        if padding:
            with zipped.open(zipfile.ZipInfo("padding.bin"), "w", force_zip64=True) as stored:
                for _ in range(0, padding, _CHUNK):
                    stored.write(bytes(_CHUNK))
    return _snapshot(archive, repository, len(files) + bool(padding))


def _snapshot(archive: Path, repository: str, files: int) -> Snapshot:
    with archive.open("rb") as body:
        digest = hashlib.file_digest(body, "sha256").hexdigest()
    return Snapshot(repository, archive, ".zip", digest, archive.stat().st_size, files)
