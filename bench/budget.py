"""The budget ledger's real code over a table in memory: 2,400 calls in flight, and random trials near the cap."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, cast

from agents.aws.escrow import SHARDS
from agents.aws.ledger import LEASE_SECONDS, DynamoDbLedger
from agents.aws.ledger_item import NANO, account_in
from agents.aws.ledger_reading import account_keys
from agents.errors import BudgetExhausted, StoreThrottled
from agents.keys import day_ledger_item, ledger_item
from bench.ledger_table import LedgerTable, Schedule, TurnLock

_NOON = 20_000 * 86_400 + 43_200
_SESSION = "s" + "0" * 20
_UNITS = 1_000
_WORKERS = 300
_CALLS_OF_A_WORKER = 8
_SECONDS = 30


def figures(trials: int = 10_000) -> Iterator[dict[str, Any]]:
    """Write units and conflicts at 2,400 calls in flight, then overruns in random trials."""
    for shards, seconds in ((1, 10.0), (16, 10.0), (SHARDS, 10.0), (SHARDS, 2.0)):
        yield under_load(shards, seconds)
    overruns = sum(trial(seed) > 0 for seed in range(trials))
    yield {"case": "trials", "trials": trials, "overruns": overruns, "within": overruns == 0}


def under_load(shards: int, call_seconds: float, cap: float = 2_000.0) -> dict[str, Any]:
    """300 processes of eight calls each, for half a minute of simulated time."""
    random.seed(shards)
    schedule = Schedule(shards, _NOON)
    table = LedgerTable(schedule, lambda chance: chance.lognormvariate(-5.3, 0.4))  # 5 ms, the longest 20
    waits: list[float] = []
    gave_up = Counter[str]()

    def worker(ledger: DynamoDbLedger) -> None:
        schedule.wait(schedule.random.uniform(0, call_seconds))
        while schedule.at < _NOON + _SECONDS:
            began = schedule.at
            try:
                reservation = ledger.reserve(_SESSION, 0.06)
                waits.append(schedule.at - began)
                schedule.wait(schedule.random.uniform(0.5, 1.5) * call_seconds)
                ledger.settle(reservation, schedule.random.uniform(0.005, 0.04))
            except (StoreThrottled, BudgetExhausted) as error:
                gave_up[type(error).__name__] += 1
                schedule.wait(1)

    workers: list[Callable[[], None]] = []
    for _ in range(_WORKERS):
        ledger = _ledger(table, schedule, (cap, cap), shards)
        workers += [lambda ledger=ledger: worker(ledger)] * _CALLS_OF_A_WORKER  # type: ignore[misc]  # mypy infers no lambda with a default
    schedule.run(workers)
    steady = [units for second, units in table.units.items() if _NOON + 5 <= second < _NOON + _SECONDS]
    most = max(max(units.values(), default=0) for units in steady)
    return {
        "case": f"{len(workers)} calls in flight, {call_seconds:g} s each, {shards} shards",
        "calls": len(waits),
        "most_units_of_a_partition": most,
        "units_a_second": round(sum(sum(units.values()) for units in steady) / len(steady)),
        "conflicts_percent": round(100 * table.conflicts / table.transactions, 1),
        "throttled": table.throttled,
        "gave_up": sum(gave_up.values()),
        "reserved_within_s_p50": round(_quantile(waits, 0.5), 3),
        "reserved_within_s_p99": round(_quantile(waits, 0.99), 3),
        "within": shards != SHARDS or (most < _UNITS and not gave_up and not table.throttled),
    }


def trial(seed: int) -> int:
    """What is wrong after workers that race, die and settle twice: billionths of a dollar beyond a cap, wrong sums."""
    random.seed(seed)
    schedule = Schedule(seed, _NOON)
    chance = schedule.random
    table = LedgerTable(schedule, lambda chance: chance.uniform(0.001, 0.03))
    cancelled = chance.random() < 0.2  # then what is settled late may pass a cap, and only the sums are looked at
    caps = (100.0, 100.0) if cancelled else (chance.uniform(0.02, 0.4), chance.uniform(0.02, 0.4))
    shards = chance.choice((1, 2, 4, 8))
    really, reserved = Counter[str](), Counter[str]()
    worst = 0

    def worker(ledger: DynamoDbLedger, session: str) -> None:
        nonlocal worst
        for _ in range(chance.randint(1, 4)):
            usd = chance.choice((0.0, 0.01, 0.03, 0.1)) * chance.random()
            try:
                held = ledger.reserve(session, usd)
            except (BudgetExhausted, StoreThrottled):
                continue
            reserved[session] += round(usd * NANO)
            worst = max(
                worst,
                reserved[session] + really[session] - round(caps[0] * NANO),
                sum(reserved.values()) + sum(really.values()) - round(caps[1] * NANO),
            )
            schedule.wait(chance.uniform(0, 0.2))
            if chance.random() < 0.2:
                continue  # died: its lease stays
            cost = chance.random() * usd
            reserved[session] -= round(usd * NANO)
            really[session] += round(cost * NANO)
            for _ in range(chance.choice((1, 1, 2))):
                with suppress(StoreThrottled):
                    ledger.settle(held, cost)

    def cancel(ledger: DynamoDbLedger) -> None:
        for _ in range(3):
            schedule.wait(chance.uniform(0, 0.2))
            ledger.give_back(_SESSION)

    ledgers = [_ledger(table, schedule, caps, shards) for _ in range(4)]
    sessions = [chance.choice((_SESSION, _SESSION, "s" + "1" * 20)) for _ in range(7)]
    workers = [lambda one=one: worker(chance.choice(ledgers), one) for one in sessions]
    schedule.run([*workers, *[lambda: cancel(ledgers[0])] * (2 * cancelled)])
    return max(0, worst - 100) + _wrong(table, really, caps, schedule, ledgers[0])


def _wrong(
    table: LedgerTable, really: Counter[str], caps: tuple[float, float], schedule: Schedule, ledger: DynamoDbLedger
) -> int:
    """What the accounts say that is not so, once all leases have expired."""
    schedule.at += LEASE_SECONDS + 61
    accounts = [(ledger_item(session), session, caps[0]) for session in {_SESSION, "s" + "1" * 20}]
    schedule.run([lambda session=session: ledger.give_back_expired(session) for _, session, _ in accounts])  # type: ignore[misc]  # likewise
    wrong = table.overdrawn
    for key, session, cap in (*accounts, (day_ledger_item("bench", 20_000), "", caps[1])):
        named = [(one.pk, one.sk) for one in account_keys(key)]
        items = account_in([table.items[one] for one in named if one in table.items])
        total = int(items.own.get("total", {"N": "0"})["N"])
        spent = really[session] if session else sum(really.values())
        wrong += abs(items.spent - spent) > 100
        wrong += items.sum_of("reserved") != 0
        wrong += total != items.spent + sum(items.unreserved.values())
        wrong += total > cap * NANO
    return wrong


def _ledger(table: LedgerTable, schedule: Schedule, caps: tuple[float, float], shards: int) -> DynamoDbLedger:
    return DynamoDbLedger(
        cast(Any, table), "context", schedule, "bench", caps, 90, shards, schedule.wait, lambda: TurnLock(schedule)
    )


def _quantile(values: list[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))] if values else 0.0
