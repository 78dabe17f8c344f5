"""A session's turns in DynamoDB and S3, and the answers that later sessions may have."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from agents.aws import group_commit
from agents.aws.conversation import StoredConversation
from agents.contracts.conversation import Turn
from agents.contracts.usage import Usage
from tests.agents.fakes import FakeClock, MemoryBlobs
from tests.agents.waiting import wait_until

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

HASH = "a" * 64


@pytest.fixture(autouse=True)
def patient_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """No thread gives up waiting for another one, however slow the machine is."""
    monkeypatch.setattr(group_commit, "_PATIENCE_SECONDS", 30.0)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def conversation(session: str, dynamodb: DynamoDBClient, clock: FakeClock) -> StoredConversation:
    return StoredConversation(session, dynamodb, "context", MemoryBlobs(), clock, retention_days=1)


def test_a_shared_reply_is_found_by_a_later_session_until_it_expires(
    dynamodb: DynamoDBClient, clock: FakeClock
) -> None:
    conversation("s1", dynamodb, clock).share(HASH, '{"a": 1}')
    later = conversation("s2", dynamodb, clock)
    assert later.recall_shared(HASH) == '{"a": 1}'
    assert later.recall_shared("b" * 64) is None
    clock.seconds += 86_401
    assert later.recall_shared(HASH) is None


def test_a_reply_that_no_item_can_hold_is_not_shared(dynamodb: DynamoDBClient, clock: FakeClock) -> None:
    talk = conversation("s1", dynamodb, clock)
    talk.share(HASH, "x" * 500_000)
    assert talk.recall_shared(HASH) is None


def turn(question: str) -> Turn:
    return Turn(
        role="analyst", model="m", instructions="i", question=question * 64, asked_at=1, usage=Usage(requests=1)
    )


def test_turns_that_come_at_the_same_time_are_stored_together_and_recalled_one_by_one(
    dynamodb: DynamoDBClient, clock: FakeClock
) -> None:
    blobs = _SlowBlobs()
    talk = StoredConversation("s1", dynamodb, "context", blobs, clock, retention_days=1)

    with ThreadPoolExecutor(6) as pool:
        first = pool.submit(talk.keep, turn("a"), ("ä", "asked"), '{"reply": "a"}')
        assert blobs.began.wait(10)
        others = [pool.submit(talk.keep, turn(name), ("ä", "asked"), f'{{"reply": "{name}"}}') for name in "bcde"]
        wait_until(lambda: len(talk._together._waiting) == 4)
        blobs.goes_on.set()
    for kept in (first, *others):
        kept.result()

    assert len(blobs.writes) == 2, "the first alone, then the others"
    for name in "abcde":
        recalled = talk.recall("analyst", name * 64)
        assert recalled is not None and recalled[1] == f'{{"reply": "{name}"}}'
    assert {json.loads(each.text(blobs.read))["messages"][0] for each in talk.turns()} == {"ä"}


def test_a_turn_that_no_item_can_hold_costs_the_others_nothing(dynamodb: DynamoDBClient, clock: FakeClock) -> None:
    blobs = _SlowBlobs()
    talk = StoredConversation("s1", dynamodb, "context", blobs, clock, retention_days=1)
    huge = turn("c").with_changes(model="m" * 500_000)

    with ThreadPoolExecutor(6) as pool:
        pool.submit(talk.keep, turn("a"), (), '{"reply": "a"}')
        assert blobs.began.wait(10)
        others = [pool.submit(talk.keep, each, (), '{"reply": "b"}') for each in (turn("b"), huge, turn("d"))]
        wait_until(lambda: len(talk._together._waiting) == 3)
        blobs.goes_on.set()

    assert others[1].exception() is not None
    assert {each.question[0] for each in talk.turns()} == {"a", "b", "d"}


class _SlowBlobs(MemoryBlobs):
    """Its first write lasts until the test lets it go on."""

    def __init__(self) -> None:
        super().__init__()
        self.began, self.goes_on = threading.Event(), threading.Event()

    def write(self, key: str, body: bytes, content_type: str = "application/json") -> None:
        self.began.set()
        assert self.goes_on.wait(10)
        super().write(key, body, content_type)
