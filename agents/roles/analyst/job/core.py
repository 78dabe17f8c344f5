"""What goes into a batch inference job, and when to look at it again. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from agents.contracts.batch_inference import BatchJob, CheckBatchInferenceOutput, JobProgress, PollVerdict

#: The state machine's gate lets no more looks through: with the growing waits below, 28 hours of the usual 60 s.
POLLS = 24
_GROWTH = 1.5
#: No wait is longer than this many of the first: two hours of the usual 60 s.
_LONGEST = 120
#: Bedrock's quotas of one job, and what a function holds in memory of it.
RECORDS = 50_000
JOB_BYTES = 128_000_000
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
#: Older pages of AWS ask for eleven characters, newer ones for any number of letters and digits.
_ID_LENGTH = 11
_REASON_LIMIT = 500


class Costed(Protocol):
    """A record as far as the budget is concerned."""

    @property
    def most_usd(self) -> float:
        """US dollars that it can cost at most."""


CostedT = TypeVar("CostedT", bound=Costed)


def record_id(analysis_key: str) -> str:
    """A record's name, made of the analysis that it asks for: letters and digits."""
    number, digits = int(analysis_key, 16), ""
    for _ in range(_ID_LENGTH):
        number, digit = divmod(number, len(_DIGITS))
        digits += _DIGITS[digit]
    return digits


def most_usd(records: Sequence[Costed]) -> float:
    """US dollars that a job of these records cannot exceed."""
    return round(sum(record.most_usd for record in records), 9)


def fewer(records: Sequence[CostedT]) -> Sequence[CostedT]:
    """What to try when a job does not fit the budget: its first half."""
    return records[: len(records) // 2]


def wait_seconds(polls: int, first: int, left: float) -> int:
    """Until the next look, at least a second and never beyond the deadline, which is `left` seconds away."""
    grown = min(first * _GROWTH**polls, first * _LONGEST)
    return max(1, int(min(grown, left)))


def verdict(
    job: BatchJob, progress: JobProgress | None, polls: int, first: int, now: float
) -> CheckBatchInferenceOutput:
    """What the gate reads after a look; `progress` is None when AWS had no time to answer."""
    over = progress is not None and progress.status.over
    observation = (
        "AWS throttled the look" if progress is None else f"{progress.status.value} {progress.message}".strip()
    )
    return CheckBatchInferenceOutput(
        verdict=PollVerdict.COLLECT if over else PollVerdict.WAIT,
        polls=polls,
        wait_seconds=wait_seconds(polls, first, job.deadline - now),
        checked_at=int(now),
        deadline=job.deadline,
        reason="; ".join(filter(None, (observation, job.reason)))[:_REASON_LIMIT],
    )


def realtime(reason: str, now: float) -> CheckBatchInferenceOutput:
    """What the gate reads when there is no job: every file is asked about in realtime, for this reason."""
    return CheckBatchInferenceOutput(
        verdict=PollVerdict.REALTIME,
        polls=0,
        wait_seconds=1,
        checked_at=int(now),
        deadline=int(now),
        reason=reason[:_REASON_LIMIT],
    )
