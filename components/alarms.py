"""The alarms of an environment: each is a figure that an operator acts on, with a runbook in docs. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from agents.signals.names import NAMESPACE

#: What an alarm's metric is of: its dimensions.
Subject = Literal["state machine", "dead letters", "analysts", "sign-in", "environment"]

FIVE_MINUTES, HOUR, DAY = 300, 3_600, 86_400
#: A session of 10,000 files takes hours on Fargate; the state machine's own timeout is 30.
STUCK_SECONDS = 6 * HOUR
GAP_PERCENT = 5
DROPPED_CLAIMS_PER_FILE = 1
#: An hour may spend as much as six hours of the day's cap.
SPEND_RATE_HOURS = 6
DAY_CAP_SHARE = 0.8


@dataclass(frozen=True)
class Watched:
    """One alarm: a metric whose `statistic` reached `threshold` in each of `periods` looks of `seconds`.

    Missing data is health: these metrics exist only while something happens.
    """

    name: str
    description: str
    subject: Subject
    namespace: str
    metric: str
    statistic: Literal["Sum", "Maximum"]
    threshold: float = 1
    periods: int = 1
    seconds: int = FIVE_MINUTES


SESSIONS_FAILED = Watched(
    "sessions-failed", "A session ended as Failed", "state machine", "AWS/States", "ExecutionsFailed", "Sum"
)
SESSIONS_TIMED_OUT = Watched(
    "sessions-timed-out",
    "A session ran into the state machine's own timeout",
    "state machine",
    "AWS/States",
    "ExecutionsTimedOut",
    "Sum",
)
DEAD_LETTERS = Watched(
    "dead-letters",
    "An upload that started no session, or an asynchronous call that failed, lies in the queue",
    "dead letters",
    "AWS/SQS",
    "ApproximateNumberOfMessagesVisible",
    "Maximum",
)
#: The state machine waits and tries again for half an hour; a quarter of it says that the quota is too small.
ANALYST_THROTTLED = Watched(
    "analyst-throttled",
    "The account's concurrency is too small for the analysts",
    "analysts",
    "AWS/Lambda",
    "Throttles",
    "Sum",
    periods=3,
)
#: What a reader does wrong is answered with a page; an error is the provider's, a secret's or ours.
SIGN_IN_FAILED = Watched(
    "sign-in-failed", "Readers of the sites cannot sign in", "sign-in", "AWS/Lambda", "Errors", "Sum"
)
SESSION_STUCK = Watched(
    "session-stuck",
    "A session has been running for six hours",
    "environment",
    NAMESPACE,
    "OldestSessionSeconds",
    "Maximum",
    STUCK_SECONDS,
)
ORPHAN_TASKS = Watched(
    "orphan-tasks",
    "Fargate tasks went on for a session that was over, and were stopped",
    "environment",
    NAMESPACE,
    "OrphanTasks",
    "Sum",
)
GAP_SHARE = Watched(
    "gap-share",
    "A session left a twentieth of its files undocumented, or more",
    "environment",
    NAMESPACE,
    "GapPercent",
    "Maximum",
    GAP_PERCENT,
)
DROPPED_CLAIMS = Watched(
    "dropped-claims",
    "A model's claims about the code were dropped, one a file or more: the source does not support them",
    "environment",
    NAMESPACE,
    "DroppedClaimsPerFile",
    "Maximum",
    DROPPED_CLAIMS_PER_FILE,
)
MODEL_THROTTLED = Watched(
    "model-throttled",
    "The model or the table has throttled states for a quarter of an hour",
    "environment",
    NAMESPACE,
    "Throttles",
    "Sum",
    periods=3,
)


def spend_rate(day_cap_usd: float) -> Watched:
    """An hour's spend is a large part of the day's cap."""
    return Watched(
        "spend-rate",
        "An hour of model calls has cost a quarter of the day's cap",
        "environment",
        NAMESPACE,
        "SpentUsd",
        "Sum",
        day_cap_usd * SPEND_RATE_HOURS / 24,
        seconds=HOUR,
    )


def day_cap(day_cap_usd: float) -> Watched:
    """The day's cap is nearly used up; beyond it sessions go on without a model."""
    return Watched(
        "day-cap",
        "A day of model calls has cost four fifths of the day's cap",
        "environment",
        NAMESPACE,
        "SpentUsd",
        "Sum",
        day_cap_usd * DAY_CAP_SHARE,
        seconds=DAY,
    )


def approval_waiting(hours: float) -> Watched:
    """A draft waits for a person, and half of the time to decide is over."""
    return Watched(
        "approval-waiting",
        "A draft waits for a person's decision, and half of the time is over",
        "environment",
        NAMESPACE,
        "ApprovalWaitSeconds",
        "Maximum",
        hours * HOUR / 2,
    )


def alarms_of(*, signs_in: bool, asks_a_model: bool, day_cap_usd: float, approval_hours: float) -> Iterator[Watched]:
    """The alarms of an environment; each costs money every month, so what cannot happen there has none.

    `approval_hours` is 0 where nobody is asked.
    """
    yield from (SESSIONS_FAILED, SESSIONS_TIMED_OUT, DEAD_LETTERS, ANALYST_THROTTLED)
    yield from (SESSION_STUCK, ORPHAN_TASKS, GAP_SHARE)
    if asks_a_model:
        yield from (MODEL_THROTTLED, DROPPED_CLAIMS)
        if day_cap_usd:
            yield from (spend_rate(day_cap_usd), day_cap(day_cap_usd))
    if approval_hours:
        yield approval_waiting(approval_hours)
    if signs_in:
        yield SIGN_IN_FAILED
