"""The simulation's clock obeys laws with closed forms, its quotas are never exceeded, and it repeats itself."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from dataclasses import replace
from typing import Any, cast

import pytest
from pydantic import ValidationError

from agents.aws.escrow import SHARDS
from agents.aws.ledger import DynamoDbLedger
from bench.ledger_table import LedgerTable, Schedule, TurnLock
from bench.simulation.__main__ import ROOT, SIZES
from bench.simulation.__main__ import predictions as predicted
from bench.simulation.events import Bucket, Process, Simulation, Slots
from bench.simulation.figures import Figure, figures
from bench.simulation.place import account
from bench.simulation.report import predictions, sources
from bench.simulation.session import Subject, simulate
from bench.simulation.stores import Calls, Stores
from bench.simulation.subjects import repository
from cli.stack.stack_settings import read_settings

MODEL = "bedrock:eu.anthropic.claude-haiku-4-5-20251001-v1:0"


@pytest.fixture(scope="module")
def subject() -> Subject:
    return repository(200, read_settings("prod", {"model": MODEL}).for_agents)


def test_equal_work_takes_as_many_rounds_as_there_are_slots_for() -> None:
    simulation = Simulation()
    slots = Slots(simulation, 4)

    def work() -> Process:
        yield slots.take()
        yield 3.0
        slots.give()

    simulation.start(iter_all(simulation, [work() for _ in range(10)]))
    assert simulation.run() == math.ceil(10 / 4) * 3.0
    assert slots.most_used == 4


def iter_all(simulation: Simulation, processes: list[Process]) -> Process:
    yield simulation.all(processes)


def test_a_queue_with_random_arrivals_and_service_waits_as_its_closed_form_says_and_obeys_littles_law() -> None:
    # M/M/1: with arrivals of 0.5 and service of 1 a second, one waits 0.5 / (1 - 0.5) = 1 s, and stays 2 s.
    simulation, dice = Simulation(), random.Random(7)  # noqa: S311 (the same queue each time)
    server, stays = Slots(simulation, 1), []
    inside, area, since = 0, 0.0, 0.0

    def change(by: int) -> None:
        nonlocal inside, area, since
        area += inside * (simulation.now - since)
        inside, since = inside + by, simulation.now

    def customer() -> Process:
        came = simulation.now
        change(1)
        yield server.take()
        yield dice.expovariate(1.0)
        server.give()
        change(-1)
        stays.append(simulation.now - came)

    def arrivals() -> Process:
        for _ in range(40_000):
            yield dice.expovariate(0.5)
            simulation.start(customer())

    simulation.start(arrivals())
    end = simulation.run()
    assert server.waited / server.taken == pytest.approx(1.0, rel=0.1)
    assert area / end == pytest.approx((len(stays) / end) * (sum(stays) / len(stays)), rel=1e-6)


def test_larger_takers_leave_room_for_fewer() -> None:
    simulation = Simulation()
    slots = Slots(simulation, 6)

    def work(amount: float) -> Process:
        yield slots.take(amount)
        yield 3.0
        slots.give(amount)

    simulation.start(iter_all(simulation, [work(4), work(4), work(100)]))
    assert simulation.run() == 9.0
    assert slots.most_used == 6


def test_states_of_the_whole_repository_are_tasks_where_their_predicted_memory_is_too_large_for_functions(
    subject: Subject,
) -> None:
    small = simulate(subject, account(figures()), figures())
    narrow = replace(subject, settings=subject.settings.model_copy(update={"repository_lambda_megabytes": 0.1}))
    large = simulate(narrow, account(figures()), figures())
    started = figures().time["fargate_start"].value
    for state in ("ReviewRepository", "Synthesize", "Edit", "Critique", "Publish"):
        assert large.states[state] > small.states[state] + started - 10, state
    assert large.run.fargate_memory_gigabytes * 1024 >= subject.settings.repository_memory_megabytes
    assert large.run.fargate_seconds > small.run.fargate_seconds == 0
    assert sum(large.usd_by_role.values()) == pytest.approx(sum(small.usd_by_role.values()))


def test_a_publisher_that_its_functions_time_is_too_short_for_goes_on_as_a_task(subject: Subject) -> None:
    hurried = replace(subject, settings=subject.settings.model_copy(update={"lambda_seconds": 60}))
    page = Figure(value=1.0, unit="s a page", why="a slow builder")
    slow = figures().model_copy(update={"time": {**figures().time, "page": page}})
    outcome = simulate(hurried, account(slow), slow)
    assert [at for at in outcome.beyond_lambda if at.startswith("Publish")]
    assert outcome.states["Publish"] > 60 + slow.time["fargate_start"].value
    assert outcome.run.fargate_seconds > 0


def test_a_bucket_lets_no_more_through_than_its_size_and_its_rate() -> None:
    simulation = Simulation()
    bucket, granted = Bucket(simulation, rate=20, size=100), []

    def task() -> Process:
        yield bucket.take()
        granted.append(simulation.now)

    simulation.start(iter_all(simulation, [task() for _ in range(300)]))
    assert simulation.run() == pytest.approx((300 - 100) / 20, rel=0.01)
    assert all(number <= 100 + 20 * at + 1 for number, at in enumerate(granted, start=1))


def test_a_bucket_of_millions_comes_to_an_end() -> None:
    simulation = Simulation()
    bucket = Bucket(simulation, rate=2_000_000 / 60, size=2_000_000)

    def call() -> Process:
        yield bucket.take(7_777.77)
        yield 0.1
        bucket.give(3_333.33)

    simulation.start(iter_all(simulation, [call() for _ in range(2_000)]))
    assert simulation.run() < 2_000 * 7_777.77 / 2_000_000 * 60


def test_quotas_are_never_exceeded_and_less_of_them_takes_longer(subject: Subject) -> None:
    place = replace(account(figures()), lambda_at_once=1)
    usual, narrow = (simulate(subject, at, figures()) for at in (account(figures()), place))
    assert usual.most_at_once["functions"] > narrow.most_at_once["functions"] == 1
    assert narrow.seconds > usual.seconds
    assert narrow.waited["Lambda"] > 0


def test_the_models_quota_bounds_a_session_from_below(subject: Subject) -> None:
    tokens = 60_000
    outcome = simulate(subject, replace(account(figures()), model_tokens=tokens), figures())
    spent = sum(outcome.usd_by_role.values()) * 1e6 / subject.models["analyst"].price.output  # fewer than there were
    assert outcome.seconds > spent / tokens * 60 - 60
    assert outcome.waited["model"] > 0


def test_dollars_depend_on_the_work_and_not_on_the_quotas(subject: Subject) -> None:
    usual, new = (simulate(subject, account(figures(), new=new), figures()) for new in (False, True))
    assert sum(usual.usd_by_role.values()) == pytest.approx(sum(new.usd_by_role.values()))
    assert usual.seconds < new.seconds


def test_the_same_seed_gives_the_same_session(subject: Subject) -> None:
    first, again, other = (simulate(subject, account(figures()), figures(), seed) for seed in (1, 1, 2))
    assert first == again
    assert first.seconds != other.seconds


def test_a_figure_has_a_source_or_is_called_an_assumption() -> None:
    with pytest.raises(ValidationError):
        Figure(value=1, unit="s")
    rows = sources(figures())[2:]
    assert len(rows) == len(figures().rows())
    assert all("assumption: " in row or "measured" in row or "https://" in row or "computer" in row for row in rows)


def test_the_table_takes_of_a_call_what_the_ledger_writes() -> None:
    # The product's own ledger over a table that counts units; its first call supplies the process's shards, too.
    schedule = Schedule(1, 1_700_000_000.0)
    table = LedgerTable(schedule, lambda _: 0.0)
    ledger = DynamoDbLedger(
        cast(Any, table),
        "context",
        schedule,
        "bench",
        (100.0, 100.0),
        90,
        SHARDS,
        schedule.wait,
        lambda: TurnLock(schedule),
    )

    def call() -> None:
        ledger.settle(ledger.reserve("s" + "0" * 20, 0.01), 0.005)

    def written() -> int:
        return sum(sum(units.values()) for units in table.units.values())

    schedule.run([call])
    first = written()
    schedule.run([call])
    assert _units_of_calls(1) == first
    assert _units_of_calls(2, at_once=1) - _units_of_calls(1) == written() - first == 12


def _units_of_calls(many: int, at_once: int | None = None) -> float:
    simulation, used = Simulation(), defaultdict[str, float](float)
    calls = Calls(Stores(simulation, account(figures()), used), shard=0)

    def call() -> Process:
        yield from calls.reserve()
        yield 1.0
        yield from calls.settle()

    for _ in range(many // (at_once or many)):
        simulation.start(iter_all(simulation, [call() for _ in range(at_once or many)]))
        simulation.run()
    return used["item_writes"]


def test_calls_that_come_while_another_is_written_share_its_shards() -> None:
    # Each call's lease twice and each transaction's two shards twice: the first call alone, then thirty, then the rest.
    alone, supplied = 12, 8
    assert _units_of_calls(1) == alone + supplied
    assert _units_of_calls(60) < 60 * alone
    leases, transactions = 60 * 2 * 2, 2 * 2 * 2
    assert _units_of_calls(60) - supplied >= leases + 2 * transactions


@pytest.mark.parametrize(
    ("quota", "least", "waits_for"),
    [("partition_writes", 5.0, "table"), ("table_writes", 5.0, "table"), ("object_writes", 1.0, "objects")],
)
def test_a_session_waits_for_the_writes_that_the_table_and_the_bucket_do_not_take(
    subject: Subject, quota: str, least: float, waits_for: str
) -> None:
    usual = simulate(subject, account(figures()), figures())
    narrow = simulate(subject, replace(account(figures()), **cast(Any, {quota: least})), figures())
    assert narrow.waited[waits_for] > usual.waited[waits_for] == 0
    assert narrow.seconds > usual.seconds


def test_a_session_writes_no_faster_than_the_bucket_takes(subject: Subject) -> None:
    outcome = simulate(subject, replace(account(figures()), object_writes=2.0), figures())
    assert outcome.run.object_writes > len(subject.files)  # a page for each
    assert outcome.seconds >= (outcome.run.object_writes - 2) / 2


def test_requests_a_minute_bind_where_an_account_counts_them(subject: Subject) -> None:
    unlimited = simulate(subject, account(figures()), figures())
    outcome = simulate(subject, replace(account(figures()), model_requests=60), figures())
    assert outcome.seconds >= len(subject.files) - 60
    assert outcome.waited["model"] > unlimited.waited["model"]


def test_the_page_says_what_the_simulation_gives() -> None:
    text = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    small = [size for size in SIZES if size[1] <= 1_000]
    assert len(small) == 2
    for row in predictions(list(predicted(small)))[2:-2]:
        assert row in text.splitlines(), "run `python -m bench.simulation` and commit docs/scale.md and its plots"
    assert "\n".join(sources(figures())) in text
