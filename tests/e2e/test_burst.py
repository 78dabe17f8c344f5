"""Uploads and webhooks of the same snapshots, duplicated, shuffled, many at a time: each snapshot has one session."""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from agents import keys
from tests.e2e.webhook_cloud import World, until, webhook_cloud
from tests.events.code_host import archive_of
from tests.events.deliveries import delivery

pytestmark = [pytest.mark.local]

AT_ONCE = 20


@pytest.mark.parametrize(
    ("snapshots", "deliveries"),
    [
        pytest.param(8, 80, marks=pytest.mark.timeout(600)),
        pytest.param(100, 1_000, marks=[pytest.mark.slow, pytest.mark.timeout(3_600)]),
    ],
)
def test_each_snapshot_has_exactly_one_session(snapshots: int, deliveries: int) -> None:
    with webhook_cloud() as world:
        for number in range(snapshots):
            commit = f"{number:040x}"
            world.host.archives[commit] = archive_of({"a.py": f"def number_{number}() -> int:\n    return {number}\n"})
        order = [(number % snapshots, number // snapshots) for number in range(deliveries)]
        random.Random(7).shuffle(order)  # noqa: S311  a shuffled order, no secret

        begun = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            statuses = Counter(pool.map(lambda pair: _deliver(world, *pair), order))
        received = time.monotonic() - begun
        everything = until(lambda: _finished(world) == snapshots and world.is_quiet(), seconds=3_000)

        took = time.monotonic() - begun
        measured = f"{deliveries} deliveries {dict(statuses)} in {received:.0f} s, all documented in {took:.0f} s"
        print(measured)  # noqa: T201  figures for whoever reads the test's output
        assert everything, (Counter(world.sessions().values()), world.letters())
        assert set(statuses) <= {0, 200, 202, 409}
        assert Counter(world.sessions().values()) == {"PUBLISHED": snapshots}
        assert world.letters() == 0
        assert len(world.uploads()) == snapshots


def _finished(world: World) -> int:
    return sum(status == "PUBLISHED" for status in world.sessions().values())


def _deliver(world: World, snapshot: int, turn: int) -> int:
    """One delivery: every third an upload, the others webhooks, some of which come twice under one id."""
    commit = f"{snapshot:040x}"
    if turn % 3 == 2:
        archive = world.host.archives[commit]
        _upload(world, archive)
        return 0
    body = {"repository": "team/project", "ref": f"refs/tags/v{snapshot}", "commit": commit}
    text = json.dumps(body).encode()
    return world.post(text, delivery("plain", "push", text, time.time(), delivery_id=f"{snapshot}-{turn // 2}"))[0]


def _upload(world: World, archive: bytes) -> None:
    key = keys.upload("team/project", hashlib.sha256(archive).hexdigest(), "tar.gz")
    world.cloud.client("s3").put_object(
        Bucket=world.cloud.outputs["upload_bucket"], Key=key, Body=archive, ChecksumAlgorithm="SHA256"
    )
