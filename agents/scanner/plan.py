"""Plans batches: neighbours stay together, no batch is too large, the same files give the same plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agents.contracts.snapshot import PlannedBatch, Route


@dataclass(frozen=True)
class PlanLimits:
    """What a batch aims for and where Lambda ends; sizes in bytes of source."""

    target_files: int
    target_bytes: int
    lambda_bytes: int


@dataclass(frozen=True)
class FileToPlan:
    """A file that wants an analysis."""

    path: str
    bytes: int


def plan(files: Iterable[FileToPlan], limits: PlanLimits) -> list[tuple[PlannedBatch, tuple[str, ...]]]:
    """The batches and their files' paths. A file above the target has a batch of its own."""
    ordered = sorted(files, key=lambda file: (file.path.split("/")[:-1], file.path))
    return [
        (_batch(number, group, limits), tuple(file.path for file in group))
        for number, group in enumerate(_groups(ordered, limits))
    ]


def _groups(files: list[FileToPlan], limits: PlanLimits) -> Iterator[list[FileToPlan]]:
    group: list[FileToPlan] = []
    size = 0
    for file in files:
        if group and (len(group) >= limits.target_files or size + file.bytes > limits.target_bytes):
            yield group
            group, size = [], 0
        group.append(file)
        size += file.bytes
    if group:
        yield group


def _batch(number: int, group: list[FileToPlan], limits: PlanLimits) -> PlannedBatch:
    size = sum(file.bytes for file in group)
    what = f"{group[0].path} has" if len(group) == 1 else f"{len(group)} files have"
    oversize = size > limits.lambda_bytes
    reason = (
        f"{what} {size:,} bytes, more than the {limits.lambda_bytes:,} that a Lambda function analyses in time"
        if oversize
        else f"{what} {size:,} bytes, within the {limits.lambda_bytes:,} that a Lambda function analyses in time"
    )
    route = Route.FARGATE if oversize else Route.LAMBDA
    return PlannedBatch(batch_id=f"b{number:05d}", route=route, reason=reason, files=len(group), bytes=size)
