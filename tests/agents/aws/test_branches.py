"""Branches and claims on DynamoDB: each step is one conditional write, and each can be done again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agents import keys
from agents.aws.branches import DynamoDbBranches
from agents.aws.session_items import DynamoDbSessionItems
from agents.contracts.pushed import PushedCommit
from agents.contracts.session import SessionStatus
from agents.errors import StoreThrottled
from agents.ports import DisplacedHead
from tests.agents.fakes import EXECUTION, SESSION_ID, FakeClock, running_session

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

OTHER = "s" + "1" * 20


@pytest.fixture
def branches(dynamodb: DynamoDBClient) -> DynamoDbBranches:
    return DynamoDbBranches(dynamodb, "context", FakeClock())


@pytest.fixture
def store(dynamodb: DynamoDBClient) -> DynamoDbSessionItems:
    return DynamoDbSessionItems(dynamodb, "context", FakeClock())


def pushed(second: int, ref: str = "branch/main") -> PushedCommit:
    return PushedCommit(repository="h/a/x", ref=ref, commit="c" * 40, pushed_at=second, arrival=9 * 10**9)


def test_a_newer_push_displaces_the_head_until_that_is_settled(branches: DynamoDbBranches) -> None:
    assert branches.advance(pushed(1), SESSION_ID) == []
    displaced = branches.advance(pushed(2), OTHER)
    assert displaced == [DisplacedHead(SESSION_ID, pushed(1).order)]
    assert branches.advance(pushed(2), OTHER) == displaced, "a retry"
    branches.settle(pushed(2), displaced)
    assert branches.advance(pushed(2), OTHER) == []


def test_an_older_push_of_another_session_is_refused_and_one_of_the_same_session_is_not(
    branches: DynamoDbBranches,
) -> None:
    branches.advance(pushed(2), SESSION_ID)
    assert branches.advance(pushed(1), OTHER) is None
    assert branches.is_older(pushed(1), OTHER)
    assert branches.advance(pushed(1), SESSION_ID) == []
    assert branches.advance(pushed(2, "branch/other"), OTHER) == []
    assert branches.is_older(pushed(1), OTHER), "the order of the head does not go back"


def test_the_same_push_under_another_release_takes_the_place_of_its_session(branches: DynamoDbBranches) -> None:
    branches.advance(pushed(2), SESSION_ID)
    assert not branches.is_older(pushed(2), OTHER)
    assert branches.advance(pushed(2), OTHER) == [DisplacedHead(SESSION_ID, pushed(2).order)]


def test_a_head_that_moves_while_it_is_looked_at_is_read_again(
    branches: DynamoDbBranches, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = branches._table.get
    meanwhile = [lambda: branches.advance(pushed(3), OTHER)]

    def get(key: keys.ItemKey) -> dict[str, object]:
        item = read(key)
        if meanwhile:
            meanwhile.pop()()
        return item

    monkeypatch.setattr(branches._table, "get", get)
    assert branches.advance(pushed(2), SESSION_ID) is None


def test_a_head_that_never_stands_still_is_a_throttle(
    branches: DynamoDbBranches, monkeypatch: pytest.MonkeyPatch
) -> None:
    branches.advance(pushed(1), SESSION_ID)
    monkeypatch.setattr(branches._table, "get", lambda _: {})
    with pytest.raises(StoreThrottled, match="branch/main"):
        branches.advance(pushed(2), OTHER)


def test_a_session_is_superseded_when_its_last_branch_withdraws(store: DynamoDbSessionItems) -> None:
    store.claim(running_session(), wanted_by="b1@1")
    assert store.want(SESSION_ID, "b2@1")
    assert store.withdraw(SESSION_ID, "b1", "5") is None
    withdrawn = store.withdraw(SESSION_ID, "b2", "5")
    assert withdrawn == store.withdraw(SESSION_ID, "b2", "5") == running_session(superseded=True)
    assert not store.want(SESSION_ID, "b3@1")


def test_a_push_after_the_one_that_withdraws_still_wants_the_session(store: DynamoDbSessionItems) -> None:
    store.claim(running_session(), wanted_by="b1@1")
    store.want(SESSION_ID, "b1@7")
    assert store.withdraw(SESSION_ID, "b1", "5") is None


def test_whoever_claims_a_superseded_session_wants_it_again(store: DynamoDbSessionItems) -> None:
    store.claim(running_session(), wanted_by="b1@1")
    store.withdraw(SESSION_ID, "b1", "5")
    held = store.claim(running_session(execution="second"), wanted_by="b1@7")
    assert held is not None
    assert held.superseded
    assert store.take_over(running_session(execution="second"), EXECUTION, "b1@7")
    assert store.session(SESSION_ID) == running_session(execution="second")
    assert store.withdraw(SESSION_ID, "b1", "5") is None


def test_a_retry_and_a_take_over_forget_nobody_who_wants_the_session(store: DynamoDbSessionItems) -> None:
    store.claim(running_session(), wanted_by="b1@1")
    store.want(SESSION_ID, "b2@1")
    store.claim(running_session(), wanted_by="b1@1")
    store.take_over(running_session(execution="second"), EXECUTION, "b1@1")
    assert store.withdraw(SESSION_ID, "b1", "5") is None


def test_a_closed_session_is_not_superseded_and_a_superseded_one_is_free(store: DynamoDbSessionItems) -> None:
    store.claim(running_session(), wanted_by="b1@1")
    store.close(store.session(SESSION_ID), SessionStatus.PUBLISHED)
    assert store.withdraw(SESSION_ID, "b1", "5") is None
    store.close(store.session(SESSION_ID), SessionStatus.SUPERSEDED)
    assert store.claim(running_session(execution="second"), wanted_by="b1@7") is None


def test_an_upload_by_hand_counts_until_the_session_is_closed(store: DynamoDbSessionItems) -> None:
    store.claim(running_session())
    assert store.withdraw(SESSION_ID, "b1", "5") is None
    store.close(store.session(SESSION_ID), SessionStatus.FAILED)
    store.claim(running_session(), wanted_by="b1@1")
    assert store.withdraw(SESSION_ID, "b1", "5") is not None


def test_an_unknown_session_is_not_withdrawn(store: DynamoDbSessionItems) -> None:
    assert store.withdraw(SESSION_ID, "b1", "5") is None
