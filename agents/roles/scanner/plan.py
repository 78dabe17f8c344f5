"""Plans batches: neighbours stay together, no batch is too large, the same files give the same plan. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from agents.contracts.session import Pace
from agents.contracts.snapshot import PlannedBatch
from agents.roles.scanner.router import PredictedWork, decide, predict
from agents.roles.scanner.waves import levels, waves
from agents.settings import SharedSettings

#: A repository that is analysed on Fargate throughout gets batches this much larger: a task takes a minute to start.
FARGATE_FACTOR = 20
#: Agents that work at once share a small repository, but none gets fewer files than this: a process has a price.
FEWEST_FILES = 12


@dataclass(frozen=True)
class FileToPlan:
    """A file that wants an analysis."""

    path: str
    bytes: int
    language: str = "text"


@dataclass(frozen=True)
class _Routing:
    settings: SharedSettings
    paces: Mapping[str, Pace]
    on_fargate: str


def plan(
    files: Iterable[FileToPlan],
    settings: SharedSettings,
    paces: Mapping[str, Pace],
    waves: Mapping[str, int] | None = None,
) -> list[tuple[PlannedBatch, tuple[str, ...]]]:
    """The batches and their files' paths, wave by wave. A file above the target has a batch of its own.

    `paces` are the measured speeds by language; `waves` are the files' by path, without them everything is one.
    """
    wave_of = waves or {}
    ordered = sorted(files, key=lambda file: (file.path.split("/")[:-1], file.path))
    total = sum(file.bytes for file in ordered)
    most = settings.repository_lambda_megabytes * 1_000_000
    oversized = total > most
    on_fargate = f"the repository's {total:,} bytes are more than the {most:,} for Lambda" if oversized else ""
    factor = FARGATE_FACTOR if oversized else 1
    target_bytes = settings.batch_target_kilobytes * 1_000 * factor
    groups = []
    for wave in sorted({wave_of.get(file.path, 0) for file in ordered}):
        together = [file for file in ordered if wave_of.get(file.path, 0) == wave]
        at_once = 1 if oversized else settings.analyst_concurrency
        most_files = _share(len(together), settings.batch_target_files * factor, at_once)
        groups += [(wave, group) for group in _groups(together, most_files, target_bytes)]
    return [
        (_batch(number, group, wave, _Routing(settings, paces, on_fargate)), tuple(file.path for file in group))
        for number, (wave, group) in enumerate(groups)
    ]


def plan_by_imports(
    files: Collection[FileToPlan],
    imports: Mapping[str, Collection[str]],
    settings: SharedSettings,
    paces: Mapping[str, Pace],
) -> list[tuple[PlannedBatch, tuple[str, ...]]]:
    """The same with waves by what the files import: what is imported comes before what imports it."""
    return plan(files, settings, paces, waves(levels([file.path for file in files], imports)))


def _share(files: int, target: int, at_once: int) -> int:
    """The files of one batch, at most the target: no agent waits for another that has more than the others."""
    agents = max(1, min(at_once, files // FEWEST_FILES))
    turns = math.ceil(files / target / agents)
    return math.ceil(files / (agents * turns))


def _groups(files: list[FileToPlan], most_files: int, target_bytes: int) -> Iterator[list[FileToPlan]]:
    group: list[FileToPlan] = []
    size = 0
    for file in files:
        if group and (len(group) >= most_files or size + file.bytes > target_bytes):
            yield group
            group, size = [], 0
        group.append(file)
        size += file.bytes
    if group:
        yield group


def _batch(number: int, group: list[FileToPlan], wave: int, routing: _Routing) -> PlannedBatch:
    work = [PredictedWork(file.language, file.bytes) for file in group]
    model, at_once = routing.settings.model_of("analyst"), routing.settings.calls_at_once("analyst")
    prediction = predict(work, model, routing.paces, at_once)
    decision = decide(work, prediction, routing.settings, routing.on_fargate)
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
