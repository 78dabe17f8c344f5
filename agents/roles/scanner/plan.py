"""Plans batches: neighbours stay together, no batch is too large, the same files give the same plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from agents.contracts.session import Pace
from agents.contracts.snapshot import PlannedBatch, TaskSize
from agents.roles.scanner.router import LADDER, PredictedWork, RouterLimits, decide, predict

#: A repository that is analysed on Fargate throughout gets batches this much larger: a task takes a minute to start.
FARGATE_FACTOR = 20


@dataclass(frozen=True)
class PlanLimits:
    """What a batch aims for and where Lambda ends; sizes in bytes of source, memory in MiB."""

    target_files: int
    target_bytes: int
    lambda_bytes: int
    repository_lambda_bytes: int = 200_000_000
    lambda_megabytes: int = 2048
    lambda_seconds: float = 900.0
    smallest_task: TaskSize = LADDER[0]
    model: str = "extractive"
    paces: Mapping[str, Pace] = field(default_factory=dict)


def task(cpu_units: int, memory_megabytes: int, disk_gigabytes: int) -> TaskSize:
    """The settings' own task, the smallest that an analyst gets."""
    return TaskSize(cpu_units=cpu_units, memory_megabytes=memory_megabytes, disk_gigabytes=disk_gigabytes)


@dataclass(frozen=True)
class FileToPlan:
    """A file that wants an analysis."""

    path: str
    bytes: int
    language: str = "text"


def plan(
    files: Iterable[FileToPlan], limits: PlanLimits, waves: Mapping[str, int] | None = None
) -> list[tuple[PlannedBatch, tuple[str, ...]]]:
    """The batches and their files' paths, wave by wave. A file above the target has a batch of its own.

    `waves` are the files' by path; without them everything is one.
    """
    wave_of = waves or {}
    ordered = sorted(files, key=lambda file: (file.path.split("/")[:-1], file.path))
    total = sum(file.bytes for file in ordered)
    oversized = total > limits.repository_lambda_bytes
    why = f"the repository's {total:,} bytes are more than the {limits.repository_lambda_bytes:,} for Lambda"
    router = RouterLimits(
        lambda_bytes=limits.lambda_bytes,
        lambda_megabytes=limits.lambda_megabytes,
        lambda_seconds=limits.lambda_seconds,
        smallest_task=limits.smallest_task,
        on_fargate=why if oversized else "",
    )
    factor = FARGATE_FACTOR if oversized else 1
    groups = [
        (wave, group)
        for wave in sorted({wave_of.get(file.path, 0) for file in ordered})
        for group in _groups(
            [file for file in ordered if wave_of.get(file.path, 0) == wave],
            limits.target_files * factor,
            limits.target_bytes * factor,
        )
    ]
    return [
        (_batch(number, group, limits, router, wave), tuple(file.path for file in group))
        for number, (wave, group) in enumerate(groups)
    ]


def _groups(files: list[FileToPlan], target_files: int, target_bytes: int) -> Iterator[list[FileToPlan]]:
    group: list[FileToPlan] = []
    size = 0
    for file in files:
        if group and (len(group) >= target_files or size + file.bytes > target_bytes):
            yield group
            group, size = [], 0
        group.append(file)
        size += file.bytes
    if group:
        yield group


def _batch(number: int, group: list[FileToPlan], limits: PlanLimits, router: RouterLimits, wave: int) -> PlannedBatch:
    work = [PredictedWork(file.language, file.bytes) for file in group]
    prediction = predict(work, limits.model, limits.paces)
    decision = decide(work, prediction, router)
    return PlannedBatch(
        batch_id=f"b{number:05d}",
        route=decision.route,
        reason=decision.reason,
        files=len(group),
        bytes=sum(file.bytes for file in group),
        predicted_seconds=prediction.seconds,
        predicted_megabytes=prediction.megabytes,
        task=decision.task,
        wave=wave,
    )
