"""A session's turns in DynamoDB and S3, and the answers that later sessions may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agents.aws.conversation import StoredConversation
from tests.agents.fakes import FakeClock, MemoryBlobs

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

HASH = "a" * 64


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
