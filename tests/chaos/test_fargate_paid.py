"""A task with a paid model is killed outright three times: whatever was stored is never asked, nor paid, again."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from bench.stub_model import Behaviour, StubModel
from local.cloud import LocalCloud
from tests.chaos import fargate_cloud as fargate
from tests.chaos.cloud import IN_TIME, eventually
from tests.chaos.fargate_cloud import analysts_machine, ended, item, open_session

pytestmark = [pytest.mark.slow, pytest.mark.local, pytest.mark.timeout(900)]
FILES = 60
_PATH = re.compile(r"^File: (\S+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def stub() -> Iterator[StubModel]:
    with StubModel(Behaviour(latency_seconds=1.0)) as running:
        yield running


@pytest.fixture(scope="module")
def cloud(stub: StubModel) -> Iterator[LocalCloud]:
    with fargate.start_cloud(model=stub.model, modelCallsAtOnce="4") as started:
        yield started


def asked(questions: Sequence[dict[str, Any]]) -> list[str]:
    """The file that each question is about."""
    texts = ("\n".join(str(message["content"]) for message in one["messages"]) for one in questions)
    return [found[1] for text in texts if (found := _PATH.search(text))]


def test_what_is_stored_when_a_task_is_killed_is_not_asked_again(cloud: LocalCloud, stub: StubModel) -> None:
    session = open_session(cloud)
    sources = {f"m{n:02d}.py": f'"""Module {n}."""\n\n\ndef f_{n}():\n    return {n}\n' for n in range(FILES)}
    paths = dict(zip(fargate.write_batch(cloud, session, sources), sources, strict=True))
    store = fargate.store_of(cloud)
    execution = analysts_machine(cloud).start(item(session, heartbeat_seconds=600))
    kept: list[tuple[int, set[str]]] = []
    for number, share in enumerate((0.1, 0.5, 0.9), start=1):
        task = fargate.one_task(cloud, session, number)
        wanted = int(share * FILES)
        # The default binds the loop variable.
        eventually(lambda wanted=wanted: len(store.analyses(paths)) >= wanted or None, 240, IN_TIME)  # type: ignore[misc]
        os.kill(fargate.process_of(task), signal.SIGKILL)
        fargate.stopped(cloud, session, number)
        stored = {paths[key] for key in store.analyses(paths)}
        kept.append((len(stub.questions), stored))  # in this order: what is asked from here on was not stored then
    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    assert fargate.lost_batches(cloud, session) == {}
    assert len(store.analyses(paths)) == FILES
    for questions, stored in kept:
        assert set(asked(stub.questions[questions:])) & stored == set()
    assert set(asked(stub.questions)) == set(sources)
