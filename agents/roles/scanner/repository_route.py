"""Decides where the states run that read what is known of every file: in functions while these can hold it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agents.contracts.snapshot import ManifestEntry, RepositoryRoute, Route
from agents.roles.scanner.router import MEMORY_MARGIN, Prediction, smallest_task, task_size
from agents.settings import SharedSettings
from agents.text.wording import counted

#: MiB of such a state before it has read anything; bytes of memory for each file, symbol and byte of source. Measured:
#: docs/long-running.md.
IDLE_MEGABYTES = 100
MEMORY_PER_FILE = 14_000
MEMORY_PER_SYMBOL = 3_300
MEMORY_PER_BYTE = 1
#: A scan without a model reads no structure, so symbols are estimated: the languages of our benchmarks' projects have
#: one for 8 (Python) to 15 lines (Java), TypeScript one for 6.
LINES_PER_SYMBOL = 10


@dataclass(frozen=True)
class RepositorySize:
    """What the memory depends on."""

    files: int
    lines: int
    bytes: int


def predicted_megabytes(size: RepositorySize) -> int:
    """The memory of the state that needs most of it, MiB."""
    symbols = size.lines / LINES_PER_SYMBOL
    bytes_needed = size.files * MEMORY_PER_FILE + symbols * MEMORY_PER_SYMBOL + size.bytes * MEMORY_PER_BYTE
    return round(IDLE_MEGABYTES + bytes_needed / 1_048_576)


def repository_route(documented: Iterable[ManifestEntry], settings: SharedSettings) -> RepositoryRoute:
    """Where the states run that read these entries."""
    entries = list(documented)
    size = RepositorySize(len(entries), sum(entry.lines for entry in entries), sum(entry.bytes for entry in entries))
    return route_of(size, settings)


def route_of(size: RepositorySize, settings: SharedSettings) -> RepositoryRoute:
    """Lambda while the prediction leaves the margin of a function's memory free; a reason for people either way.

    The task has more memory than the function: it also takes over from a function that was too small after all.
    """
    needed, allowed = predicted_megabytes(size), settings.repository_memory_megabytes
    within, most = round(allowed * MEMORY_MARGIN), settings.repository_lambda_megabytes * 1_000_000
    given = f"{counted(size.files, 'file')}, {size.lines:,} lines and {size.bytes:,} bytes"
    if size.bytes > most:
        route, why = Route.FARGATE, f"more than the {most:,} bytes that the settings allow Lambda"
    elif needed > within:
        route, why = Route.FARGATE, f"more than the {within:,} MiB that a Lambda function may plan with"
    else:
        route, why = Route.LAMBDA, "fits a Lambda function with margin"
    task = task_size(Prediction(0, max(needed, allowed)), smallest_task(settings))
    reason = f"{given}, predicted {needed:,} MiB: {why}"
    return RepositoryRoute(route=route, reason=reason, task=task.with_changes(larger=None))
