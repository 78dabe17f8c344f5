"""Decides where the states run that read what is known of every file: in functions while their memory is enough. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from agents.contracts.snapshot import ManifestEntry, RepositoryRoute, Route
from agents.roles.scanner.router import MEMORY_MARGIN, Prediction, smallest_task, task_size
from agents.settings import SharedSettings
from agents.text.wording import counted

#: MiB of such a state before it has read anything; bytes of memory for each file, and for each byte of source. Symbols
#: are not counted, because a scan without a model reads no structure: the bytes stand for them. Measured on code in
#: which every third line begins a symbol: docs/long-running.md.
IDLE_MEGABYTES = 100
MEMORY_PER_FILE = 14_000
MEMORY_PER_BYTE = 20


def predicted_megabytes(files: int, size: int) -> int:
    """The memory that the largest of these states needs for so many files of so many bytes in all, MiB."""
    return round(IDLE_MEGABYTES + (files * MEMORY_PER_FILE + size * MEMORY_PER_BYTE) / 1_048_576)


def repository_route(documented: Iterable[ManifestEntry], settings: SharedSettings) -> RepositoryRoute:
    """Lambda while the prediction leaves the margin of a function's memory free; a reason for people either way.

    The task has more memory than the function: it also takes over from a function that was too small after all.
    """
    sizes = [entry.bytes for entry in documented]
    needed, allowed = predicted_megabytes(len(sizes), sum(sizes)), settings.repository_memory_megabytes
    within, most = round(allowed * MEMORY_MARGIN), settings.repository_lambda_megabytes * 1_000_000
    predicted = f"{counted(len(sizes), 'file')} of {sum(sizes):,} bytes, predicted {needed:,} MiB"
    if sum(sizes) > most:
        route, why = Route.FARGATE, f"more than the {most:,} bytes that the settings allow Lambda"
    elif needed > within:
        route, why = Route.FARGATE, f"more than the {within:,} MiB that a Lambda function may plan with"
    else:
        route, why = Route.LAMBDA, "fits a Lambda function with margin"
    size = task_size(Prediction(0, max(needed, allowed)), smallest_task(settings))
    return RepositoryRoute(route=route, reason=f"{predicted}: {why}", task=size.with_changes(larger=None))
