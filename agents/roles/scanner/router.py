"""Decides where a batch runs: a Lambda function while its predicted time and memory fit with margin, else Fargate.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from agents.contracts.session import Pace
from agents.contracts.snapshot import Route, TaskSize
from agents.settings import SharedSettings
from agents.text.wording import counted

#: The share of a function's time (setting lambdaSeconds) that a batch may be predicted to take.
TIME_MARGIN = 0.6
MEMORY_MARGIN = 0.7
#: Seconds of measured work that weigh as much as the figures below; history counts more the more there is of it.
PRIOR_WEIGHT_SECONDS = 20.0
#: However odd the history, it makes a prediction no more than so many times slower or faster.
LARGEST_CORRECTION = 20.0
#: MiB of an idle analyst, and bytes of memory for each byte: of the batch (held as text, structure and JSON), of its
#: largest file (held as a syntax tree). Measured with the grammars on Python and JavaScript: docs/long-running.md.
IDLE_MEGABYTES = 130
MEMORY_PER_BYTE = 20
MEMORY_PER_BYTE_OF_LARGEST = 45
#: A file that no correction is known for: seconds a file and a byte. Structure is read in any case, file by file.
_EXTRACTIVE = (0.004, 3.0e-6)
#: A language model reads a few thousand tokens a second and writes about sixty. Files are waited for side by side.
_LANGUAGE_MODEL = (8.0, 1.0e-4)
#: Fargate's steps of CPU and memory that an analyst may get; it works on one file at a time, so CPU follows memory.
#: The settings' own task is the lowest step: `ladder`.
LADDER = (
    TaskSize(cpu_units=1024, memory_megabytes=2048),
    TaskSize(cpu_units=1024, memory_megabytes=4096),
    TaskSize(cpu_units=2048, memory_megabytes=8192),
    TaskSize(cpu_units=4096, memory_megabytes=16384),
    TaskSize(cpu_units=8192, memory_megabytes=32768),
)


@dataclass(frozen=True)
class PredictedWork:
    """A file as far as its route depends on it."""

    language: str
    bytes: int


@dataclass(frozen=True)
class Prediction:
    """What a batch is expected to take."""

    seconds: float
    megabytes: int


@dataclass(frozen=True)
class Decision:
    """A route, the sentence that explains it, and the task for the case that it runs on Fargate."""

    route: Route
    reason: str
    task: TaskSize


def predict(files: Sequence[PredictedWork], model: str, paces: Mapping[str, Pace], at_once: int = 0) -> Prediction:
    """What analysing the files takes, by the model's usual pace and what was measured before.

    So many questions are asked `at_once`, and none takes less than alone.
    """
    width = max(1, at_once)
    languages = {file.language for file in files}
    corrections = {language: _correction(paces.get(language), model, width) for language in languages}
    reading = sum(corrections[file.language] * _reading(1, file.bytes) for file in files)
    waits = [corrections[file.language] * _waiting(1, file.bytes, model) for file in files]
    seconds = reading + max(max(waits, default=0.0), sum(waits) / width)
    size, largest = sum(file.bytes for file in files), max((file.bytes for file in files), default=0)
    memory = IDLE_MEGABYTES + (size * MEMORY_PER_BYTE + largest * MEMORY_PER_BYTE_OF_LARGEST) / 1_048_576
    return Prediction(seconds=round(seconds, 3), megabytes=round(memory))


def decide(
    files: Sequence[PredictedWork], prediction: Prediction, settings: SharedSettings, on_fargate: str = ""
) -> Decision:
    """Lambda while everything fits with margin; a reason for people either way.

    `on_fargate` is the reason why nothing of this repository runs on Lambda, or empty.
    """
    size = sum(file.bytes for file in files)
    size_and_time = (
        f"{counted(len(files), 'file')} of {size:,} bytes, "
        f"predicted {prediction.seconds:,.1f} s and {prediction.megabytes:,} MiB"
    )
    task = task_size(prediction, smallest_task(settings))
    excess = on_fargate or _excess(size, prediction, settings)
    if excess:
        return Decision(Route.FARGATE, f"{size_and_time}: {excess}", task)
    return Decision(Route.LAMBDA, f"{size_and_time}: fits a Lambda function with margin", task)


def smallest_task(settings: SharedSettings) -> TaskSize:
    """The settings' own task, the smallest that an analyst gets."""
    return TaskSize(
        cpu_units=settings.task_cpu_units,
        memory_megabytes=settings.task_memory_megabytes,
        disk_gigabytes=settings.task_disk_gigabytes,
    )


def ladder(smallest: TaskSize) -> tuple[TaskSize, ...]:
    """The sizes that an analyst's task may get: the settings' own, then larger ones with its disk and no less CPU."""
    above = [step for step in LADDER if step.memory_megabytes > smallest.memory_megabytes]
    return (
        smallest,
        *(
            TaskSize(
                cpu_units=max(step.cpu_units, smallest.cpu_units),
                memory_megabytes=step.memory_megabytes,
                disk_gigabytes=smallest.disk_gigabytes,
            )
            for step in above
        ),
    )


def task_size(prediction: Prediction, smallest: TaskSize = LADDER[0]) -> TaskSize:
    """The smallest step of the ladder that the prediction fits with margin, and the step above it; the largest if none
    does, which has nothing above it."""
    steps = ladder(smallest)
    for step, larger in pairwise(steps):
        if prediction.megabytes <= step.memory_megabytes * MEMORY_MARGIN:
            return step.with_changes(larger=larger)
    return steps[-1]


def _excess(size: int, prediction: Prediction, settings: SharedSettings) -> str:
    """Why the batch does not go to Lambda; empty when it does."""
    seconds, megabytes = settings.lambda_seconds * TIME_MARGIN, round(settings.analyst_memory_megabytes * MEMORY_MARGIN)
    most = settings.batch_lambda_kilobytes * 1_000
    if size > most:
        return f"more than the {most:,} bytes that the settings allow a Lambda function"
    if prediction.seconds > seconds:
        return f"more than the {seconds:,.0f} s that a Lambda function may plan with"
    if prediction.megabytes > megabytes:
        return f"more than the {megabytes:,} MiB that the analyst's function may plan with"
    return ""


def _reading(files: int, size: int) -> float:
    a_file, a_byte = _EXTRACTIVE
    return files * a_file + size * a_byte


def _waiting(files: int, size: int, model: str) -> float:
    a_file, a_byte = _LANGUAGE_MODEL if model != "extractive" else (0.0, 0.0)
    return files * a_file + size * a_byte


def _correction(pace: Pace | None, model: str, width: int) -> float:
    """How much slower than usual a language was, shrunk towards 1 while little was measured."""
    if pace is None:
        return 1.0
    usual = _reading(pace.files, pace.bytes) + _waiting(pace.files, pace.bytes, model) / width
    measured = (pace.seconds + PRIOR_WEIGHT_SECONDS) / (usual + PRIOR_WEIGHT_SECONDS)
    return min(max(measured, 1 / LARGEST_CORRECTION), LARGEST_CORRECTION)
