"""Bursts of deliveries: each snapshot has one session, and of a branch the newest commit is published."""

from __future__ import annotations

import hashlib
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from agents import keys
from agents.aws.items import session_in
from agents.aws.ledger_item import number_in
from agents.contracts.session import Session, SessionRecord, SessionStatus
from bench.stub_http import Json
from bench.stub_model import Behaviour, StubModel
from tests.e2e.webhook_cloud import World, until, webhook_cloud
from tests.events.code_host import archive_of

pytestmark = [pytest.mark.local]

AT_ONCE = 20
#: Calls that run at once, and a warm process for every function: with fewer, a burst starts a process for each call.
WORKERS = 24
#: Seconds in which a webhook is answered while everything else runs. A signature is taken for 300.
PATIENCE = 290
REPOSITORY = "team/project"


@pytest.mark.parametrize(
    ("snapshots", "deliveries"),
    [
        pytest.param(4, 24, marks=pytest.mark.timeout(600)),
        pytest.param(100, 1_000, marks=[pytest.mark.slow, pytest.mark.timeout(3_600)]),
    ],
)
def test_each_snapshot_has_exactly_one_session(snapshots: int, deliveries: int) -> None:
    with webhook_cloud(workers=WORKERS) as world:
        world.patience = PATIENCE
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
        # Each webhook that is taken becomes an upload, and each upload an execution.
        taken = statuses["uploaded"] + statuses["202"]
        all_ended = until(lambda: world.arrivals() == taken == world.ended(), seconds=3_000, every=2)

        took = time.monotonic() - begun
        print(f"{deliveries} deliveries {dict(statuses)} in {received:.0f} s, all documented in {took:.0f} s")  # noqa: T201  figures to read
        assert all_ended, (taken, world.arrivals(), len(world.executions()), world.letters())
        # 409: the same delivery was being answered at that moment.
        assert set(statuses) <= {"uploaded", "200", "202", "409"}
        assert Counter(world.sessions().values()) == {"PUBLISHED": snapshots}
        assert Counter(map(world.came_to, world.executions())) == {
            "PUBLISHED": snapshots,
            "duplicate": taken - snapshots,
        }
        assert world.letters() == 0
        assert len(world.uploads()) == snapshots


@dataclass
class Asking:
    """A cloud whose every role asks this stub."""

    world: World
    stub: StubModel


@pytest.fixture
def asking() -> Iterator[Asking]:
    # The model costs: a run that is stopped in the middle of a question has money reserved.
    with StubModel() as stub, webhook_cloud(workers=WORKERS, model=stub.model, modelPrices="openai:stub=1/1") as world:
        yield Asking(world, stub)


@pytest.mark.parametrize(
    ("pushes", "seconds"),
    [
        pytest.param(10, 6, marks=[pytest.mark.slow, pytest.mark.timeout(600)]),  # half a minute
        pytest.param(100, 60, marks=[pytest.mark.slow, pytest.mark.timeout(3_600)]),
    ],
)
def test_of_many_pushes_the_newest_is_published_and_nothing_is_orphaned(
    asking: Asking, pushes: int, seconds: int
) -> None:
    world, repository = asking.world, f"team/burst-{pushes}"
    asking.stub.behaviour = Behaviour(latency_seconds=0.5)
    commits = [f"{pushes:08x}{number:032x}" for number in range(pushes)]
    for commit in commits:
        world.host.archives[commit] = _archive(repository, commit)
    before = len(world.executions())

    begun = time.monotonic()

    def push(number: int) -> int:
        time.sleep(max(0.0, begun + number * seconds / pushes - time.monotonic()))
        return world.push(repository, "refs/heads/main", commits[number], 1_700_000_000 + number)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(push, range(pushes)))
    received = time.monotonic() - begun
    all_ended = until(lambda: world.ended() == before + pushes, seconds=3_000, every=2)
    took = time.monotonic() - begun

    def sessions() -> list[Session]:
        return [session for session in _sessions(world) if session.repository == world.full_name(repository)]

    until(lambda: not any(session.status.open for session in sessions()), every=1)
    statuses = Counter(session.status.value for session in sessions())
    print(f"{pushes} pushes in {received:.0f} s, over in {took:.0f} s: {dict(statuses)}")  # noqa: T201  likewise
    assert answers == [202] * pushes
    assert all_ended, Counter(one["status"] for one in world.executions())
    assert _session_of(world, commits[-1]).status is SessionStatus.PUBLISHED
    assert set(statuses) <= {"SUPERSEDED", "PUBLISHED"}
    assert (sum(statuses.values()), statuses["SUPERSEDED"] > 0) == (pushes, True)
    assert _orphans(world) == []
    assert until(lambda: not list(_leases(world)), every=1), list(_leases(world))
    assert world.letters() == 0


@pytest.mark.slow  # half a minute
@pytest.mark.timeout(400)
def test_a_newer_commit_reuses_what_the_older_one_had_analysed_and_the_older_one_can_be_pushed_again(
    asking: Asking,
) -> None:
    world, repository = asking.world, "team/twice"
    older, newer, oldest = ("a1" * 20, "b2" * 20, "c3" * 20)
    for commit in (older, newer, oldest):
        world.host.archives[commit] = _archive(repository, commit)
    analysed, goes_on = threading.Event(), threading.Event()

    def until_all_is_analysed(question: Json) -> None:
        if asking.stub.read(question).kind != "AnalystReply":
            analysed.set()
            goes_on.wait(200)

    asking.stub.behaviour = Behaviour(intercept=until_all_is_analysed)
    assert world.push(repository, "refs/heads/main", older, 1_700_000_001) == 202
    assert analysed.wait(100)
    stopped = _session_of(world, older).execution
    assert world.push(repository, "refs/heads/main", newer, 1_700_000_002) == 202
    assert until(lambda: _is(world, older, SessionStatus.SUPERSEDED), every=0.5)
    goes_on.set()  # the local engine aborts an execution when the calls of its functions have returned
    assert until(lambda: world.status_of(stopped) == "ABORTED", every=0.5)
    assert until(lambda: _is(world, newer, SessionStatus.PUBLISHED), every=1)

    assert (error := _record(world, older).error) is not None
    assert error.name == "Superseded"
    assert _record(world, newer).coverage.files_reused == 2

    assert world.push(repository, "refs/heads/main", oldest, 1_700_000_000) == 202
    assert until(lambda: _is(world, oldest, SessionStatus.SUPERSEDED), every=1)
    assert _record(world, oldest).coverage.files_total == 0

    assert world.push(repository, "refs/heads/main", older, 1_700_000_003) == 202
    assert until(lambda: _is(world, older, SessionStatus.PUBLISHED), every=1)


def _archive(repository: str, commit: str) -> bytes:
    """Two files that all commits of a repository share, and one of this commit."""
    name = repository.replace("/", "_").replace("-", "_")
    shared = {f"{part}.py": f"def {part}_of_{name}() -> None: ...\n" for part in ("first", "second")}
    return archive_of({**shared, "own.py": f"def made_by_{commit}() -> None: ...\n"})


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


def _sessions(world: World) -> list[Session]:
    return [session_in(item) for item in world.items("session")]


def _session_of(world: World, commit: str) -> Session:
    """The commit's session, which is found by the archive's digest."""
    digest = hashlib.sha256(world.host.archives[commit]).hexdigest()
    return next(session for session in _sessions(world) if digest in session.archive_key)


def _is(world: World, commit: str, status: SessionStatus) -> bool:
    digest = hashlib.sha256(world.host.archives[commit]).hexdigest()
    return any(digest in session.archive_key and session.status is status for session in _sessions(world))


def _record(world: World, commit: str) -> SessionRecord:
    key = keys.record(_session_of(world, commit).session_id)
    stored = world.cloud.client("s3").get_object(Bucket=world.cloud.outputs["context_bucket"], Key=key)
    return SessionRecord.model_validate_json(stored["Body"].read())


def _orphans(world: World) -> list[str]:
    """Whatever still runs, or says so."""
    cluster = world.cloud.outputs["cluster_arn"]
    tasks = world.cloud.client("ecs").list_tasks(cluster=cluster, desiredStatus="RUNNING")["taskArns"]
    executions = [one["executionArn"] for one in world.executions() if one["status"] == "RUNNING"]
    sessions = [session.session_id for session in _sessions(world) if session.status.open]
    heads = [json.dumps(item) for item in world.items("head") if item.get("displaced")]
    return [*tasks, *executions, *sessions, *heads]


def _leases(world: World) -> Iterable[str]:
    """Money that is reserved for a request to the model, of any session."""
    yield from (item["pk"]["S"] for item in world.items("shard") if number_in(item, "open_calls"))
