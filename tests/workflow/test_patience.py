"""The retriers are patient enough for a new account: simulated, because waiting for it takes hours."""

from __future__ import annotations

import heapq
import random
import statistics
from collections.abc import Mapping
from itertools import count
from typing import Any

import pytest

from tools.retry_policies import RETRY_POLICIES

#: What a new account runs at once: Lambda's lowest quota of executions; tasks of 2 vCPU in a quota of 6.
FUNCTIONS, TASKS = 10, 3
#: dev's analystConcurrency: children of the Map that are open at once.
AT_ONCE = 40


def _lost(policy: Mapping[str, Any], batches: int, limit: int, seconds: float, seed: int) -> float:
    """The share of batches whose retries run out, when `limit` of them run at once and take about `seconds` each."""
    chance, order = random.Random(seed), count()  # noqa: S311 (a simulation)
    waiting, running, lost = batches, 0, 0
    events: list[tuple[float, int, str, int]] = []

    def plan(at: float, kind: str, tries: int) -> None:
        heapq.heappush(events, (at, next(order), kind, tries))

    for _ in range(min(AT_ONCE, waiting)):
        plan(chance.random() * 2, "try", 0)
        waiting -= 1
    while events:
        now, _, kind, tries = heapq.heappop(events)
        if kind == "try" and running < limit:
            running += 1
            plan(now + seconds * chance.uniform(0.7, 1.3), "end", 0)
            continue
        if kind == "try" and tries < policy["MaxAttempts"]:
            longest = min(policy["MaxDelaySeconds"], policy["IntervalSeconds"] * policy["BackoffRate"] ** tries)
            plan(now + chance.random() * longest, "try", tries + 1)
            continue
        running, lost = (running - 1, lost) if kind == "end" else (running, lost + 1)
        if waiting:
            waiting -= 1
            plan(now + 0.2, "try", 0)
    return lost / batches


def _mean(policy: Mapping[str, Any], batches: int, limit: int, seconds: float) -> float:
    return statistics.mean(_lost(policy, batches, limit, seconds, seed) for seed in range(20))


@pytest.mark.parametrize("seconds", [5, 15, 30, 60])
@pytest.mark.parametrize("batches", [40, 100])
def test_no_batch_is_lost_because_the_account_runs_ten_functions_at_once(batches: int, seconds: float) -> None:
    assert _mean(RETRY_POLICIES["lambda concurrency"], batches, FUNCTIONS, seconds) == 0


def test_batches_that_take_two_minutes_lose_less_than_a_twentieth() -> None:
    assert _mean(RETRY_POLICIES["lambda concurrency"], 100, FUNCTIONS, 120) < 0.05


@pytest.mark.parametrize("minutes", [2, 5, 10])
def test_no_batch_is_lost_because_the_account_runs_three_tasks_at_once(minutes: int) -> None:
    assert _mean(RETRY_POLICIES["task capacity"], AT_ONCE, TASKS, minutes * 60) < 0.01


def test_the_patience_that_was_there_before_would_have_lost_most() -> None:
    earlier = {**RETRY_POLICIES["lambda service"], "MaxAttempts": 6, "MaxDelaySeconds": 30}
    assert _mean(earlier, 100, FUNCTIONS, 30) > 0.5
