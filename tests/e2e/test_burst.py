"""Bursts of deliveries: each snapshot has one session, and of a branch the newest commit is published."""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest

from agents import keys
from agents.aws.items import session_in
from agents.aws.ledger_item import all_leases
from agents.contracts.reaping import ReapInput
from bench.stub_model import Behaviour, StubModel
from cli.commands.reap import ask_reaper
from tests.e2e.webhook_cloud import World, until, webhook_cloud
from tests.events.code_host import archive_of

pytestmark = [pytest.mark.local]

AT_ONCE = 20
REPOSITORY = "team/project"


@pytest.mark.parametrize(
    ("snapshots", "deliveries"),
    [
        pytest.param(8, 60, marks=pytest.mark.timeout(600)),
        pytest.param(100, 1_000, marks=[pytest.mark.slow, pytest.mark.timeout(3_600)]),
    ],
)
def test_each_snapshot_has_exactly_one_session(snapshots: int, deliveries: int) -> None:
    with webhook_cloud() as world:
        for number in range(snapshots):
            world.host.archives[_commit(number)] = archive_of(
                {"a.py": f"def number_{number}() -> int:\n    return 1\n"}
            )
        order = [(number % snapshots, number // snapshots) for number in range(deliveries)]
        random.Random(7).shuffle(order)  # noqa: S311  a shuffled order, no secret

        begun = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            statuses = Counter(pool.map(lambda pair: _deliver(world, *pair), order))
        received = time.monotonic() - begun
        # A webhook that is taken becomes one upload, and each upload one execution.
        executions = statuses["uploaded"] + statuses["202"]
        all_ended = until(lambda: world.ended() == executions, seconds=3_000, every=2)

        took = time.monotonic() - begun
        print(f"{deliveries} deliveries {dict(statuses)} in {received:.0f} s, all documented in {took:.0f} s")  # noqa: T201  figures for whoever reads the test's output
        assert all_ended, (executions, Counter(one["status"] for one in world.executions()), world.letters())
        # 409: the same delivery was being answered at that moment.
        assert set(statuses) <= {"uploaded", "200", "202", "409"}
        assert Counter(world.sessions().values()) == {"PUBLISHED": snapshots}
        assert Counter(map(world.came_to, world.executions())) == {
            "PUBLISHED": snapshots,
            "duplicate": executions - snapshots,
        }
        assert world.letters() == 0
        assert len(world.uploads()) == snapshots


@pytest.mark.parametrize(
    ("pushes", "seconds"),
    [
        pytest.param(10, 6, marks=pytest.mark.timeout(600)),
        pytest.param(100, 60, marks=[pytest.mark.slow, pytest.mark.timeout(3_600)]),
    ],
)
def test_of_many_pushes_to_a_branch_the_newest_is_published_and_nothing_is_orphaned(pushes: int, seconds: int) -> None:
    # A model that takes its time, and costs: runs are stopped in the middle of a question, with money reserved.
    with (
        StubModel(Behaviour(latency_seconds=0.5)) as stub,
        webhook_cloud(model=stub.model, modelPrices="openai:stub=1/1") as world,
    ):
        for number in range(pushes):
            files = {"shared.py": "def shared() -> None: ...\n", "a.py": f"def number_{number}() -> None: ...\n"}
            world.host.archives[_commit(number)] = archive_of(files)

        begun = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(
                pool.map(lambda number: _push(world, number, begun + number * seconds / pushes), range(pushes))
            )
        received = time.monotonic() - begun
        all_ended = until(lambda: world.ended() == pushes, seconds=3_000, every=2)
        ask_reaper(world.cloud, ReapInput())

        statuses = Counter(world.sessions().values())
        took = time.monotonic() - begun
        print(f"{pushes} pushes in {received:.0f} s, over in {took:.0f} s: {dict(statuses)}")  # noqa: T201  likewise
        assert answers == [202] * pushes
        assert all_ended, Counter(one["status"] for one in world.executions())
        assert _status(world, pushes - 1) == "PUBLISHED"
        assert set(statuses) <= {"SUPERSEDED", "PUBLISHED"}
        assert (sum(statuses.values()), statuses["SUPERSEDED"] > 0) == (pushes, True)
        assert _orphans(world) == []
        assert until(lambda: not list(_leases(world)), every=1), list(_leases(world))
        assert world.letters() == 0


def _commit(number: int) -> str:
    return f"{number:040x}"


def _deliver(world: World, snapshot: int, turn: int) -> str:
    """One delivery: every third an upload, the others webhooks, some of which come twice under one id."""
    commit = _commit(snapshot)
    if turn % 3 == 2:
        archive = world.host.archives[commit]
        key = keys.upload(world.full_name(REPOSITORY), hashlib.sha256(archive).hexdigest(), "tar.gz")
        world.cloud.client("s3").put_object(
            Bucket=world.cloud.outputs["upload_bucket"], Key=key, Body=archive, ChecksumAlgorithm="SHA256"
        )
        return "uploaded"
    return str(world.push(REPOSITORY, f"refs/tags/v{snapshot}", commit, 0, f"{snapshot}-{turn // 2}"))


def _push(world: World, number: int, at: float) -> int:
    time.sleep(max(0.0, at - time.monotonic()))
    return world.push(REPOSITORY, "refs/heads/main", _commit(number), 1_700_000_000 + number)


def _status(world: World, number: int) -> str:
    """The status of the commit's session, which is found by the archive's digest."""
    digest = hashlib.sha256(world.host.archives[_commit(number)]).hexdigest()
    return next(
        session.status for item in world.items("session") if digest in (session := session_in(item)).archive_key
    )


def _orphans(world: World) -> list[str]:
    """Whatever still runs, or says so."""
    cluster = world.cloud.outputs["cluster_arn"]
    tasks = world.cloud.client("ecs").list_tasks(cluster=cluster, desiredStatus="RUNNING")["taskArns"]
    executions = [one["executionArn"] for one in world.executions() if one["status"] == "RUNNING"]
    sessions = [item["pk"]["S"] for item in world.items("session") if session_in(item).status.open]
    heads = [json.dumps(item) for item in world.items("head") if item.get("displaced")]
    return [*tasks, *executions, *sessions, *heads]


def _leases(world: World) -> Iterable[str]:
    """Money that is reserved for a request to the model, of any session."""
    for item in world.items("ledger"):
        yield from (lease for lease, _ in all_leases(item))
