"""The context store on DynamoDB keeps the promises of its port."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from agents import keys
from agents.aws.items import ContextTable
from agents.aws.session_items import DynamoDbSessionItems
from agents.contracts.analysis import AnalysisPointer
from agents.contracts.ladder import LadderStep, Rung
from agents.contracts.session import BatchOutcome, LostBatch, SessionStatus
from agents.contracts.site import SiteVersion
from agents.contracts.snapshot import Gap, RepositoryRoute, Route, TaskSize
from agents.contracts.usage import Spending, Usage
from agents.errors import SessionTaken, SessionUnknown, StoreThrottled
from tests.agents.fakes import EXECUTION, SESSION_ID, FakeClock, running_session

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

OTHER = f"{EXECUTION}-2"
ON_LAMBDA = RepositoryRoute(route=Route.LAMBDA, reason="it is small", task=TaskSize())


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(dynamodb: DynamoDBClient, clock: FakeClock) -> DynamoDbSessionItems:
    return DynamoDbSessionItems(dynamodb, "context", clock, retention_days=90)


def _hosted(name: str, published_at: int, readable_until: int) -> SiteVersion:
    return SiteVersion(
        session_id=SESSION_ID,
        repository="demo/app",
        name=name,
        snapshot="abc",
        status=SessionStatus.PUBLISHED,
        model="extractive",
        published_at=published_at,
        readable_until=readable_until,
    )


def test_hosted_versions_are_listed_newest_first_until_they_expire(
    store: DynamoDbSessionItems, clock: FakeClock
) -> None:
    now = int(clock.now())
    for name, published, until in (("old", now, now + 10), ("new", now + 1, now + 100)):
        store.save_site_version(_hosted(name, published, until))
    store.save_site_version(_hosted("old", now, now + 10))  # a retry

    assert [one.name for one in store.site_versions("demo/app")] == ["new", "old"]
    clock.seconds += 50
    assert [one.name for one in store.site_versions("demo/app")] == ["new"]
    assert store.site_versions("demo-app") == []


def test_a_hosted_version_expires_with_its_pages(store: DynamoDbSessionItems, dynamodb: DynamoDBClient) -> None:
    store.save_site_version(_hosted("v", 1, 4_000_000_000))
    key = keys.site_version_item("demo/app", "v")
    item = dynamodb.get_item(TableName="context", Key={"pk": {"S": key.pk}, "sk": {"S": key.sk}})["Item"]
    assert item["expires_at"] == {"N": "4000000000"}


def pointer(number: int) -> AnalysisPointer:
    return AnalysisPointer(
        analysis_key=f"{number:064x}", blob_key="analyses/x.jsonl", index=number, symbols_total=2, symbols_documented=1
    )


def outcome(batch: int, **changes: Any) -> BatchOutcome:
    return BatchOutcome(batch_id=f"b{batch:05d}", route=Route.LAMBDA, analysed=3, **changes)


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "Operation")


def test_a_new_session_is_claimed_and_read_back(store: DynamoDbSessionItems) -> None:
    assert store.claim(running_session()) is None
    assert store.session(SESSION_ID) == running_session()


def test_a_running_session_is_not_claimed_by_another_execution(store: DynamoDbSessionItems) -> None:
    store.claim(running_session())
    assert store.claim(running_session(execution=OTHER)) == running_session()
    assert store.session(SESSION_ID).execution == EXECUTION


def test_a_retry_of_the_same_execution_claims_again(store: DynamoDbSessionItems) -> None:
    store.claim(running_session())
    assert store.claim(running_session(opened_at=5)) is None


def test_a_failed_session_is_free(store: DynamoDbSessionItems) -> None:
    store.claim(running_session())
    store.close(store.session(SESSION_ID), SessionStatus.FAILED)
    assert store.claim(running_session(execution=OTHER)) is None
    assert store.session(SESSION_ID).status is SessionStatus.RUNNING


@pytest.mark.parametrize("status", [SessionStatus.PUBLISHED, SessionStatus.REJECTED, SessionStatus.AWAITING_APPROVAL])
def test_an_ended_session_stays_its_owners(store: DynamoDbSessionItems, status: SessionStatus) -> None:
    store.claim(running_session())
    store.close(store.session(SESSION_ID), status)
    held = store.claim(running_session())
    assert held is not None
    assert held.status is status


def test_only_one_execution_takes_over_from_a_dead_one(store: DynamoDbSessionItems) -> None:
    store.claim(running_session())
    assert store.take_over(running_session(execution=OTHER), EXECUTION)
    assert not store.take_over(running_session(execution=f"{EXECUTION}-3"), EXECUTION)
    assert store.session(SESSION_ID).execution == OTHER


def test_an_ended_session_is_not_taken_over(store: DynamoDbSessionItems) -> None:
    store.claim(running_session())
    store.close(store.session(SESSION_ID), SessionStatus.PUBLISHED)
    assert not store.take_over(running_session(execution=OTHER), EXECUTION)


def test_an_unknown_session_is_named(store: DynamoDbSessionItems) -> None:
    with pytest.raises(SessionUnknown, match=SESSION_ID):
        store.session(SESSION_ID)
    with pytest.raises(SessionUnknown, match=SESSION_ID):
        store.close(running_session(), SessionStatus.FAILED)


def test_a_session_is_closed_only_by_the_execution_that_has_it(store: DynamoDbSessionItems) -> None:
    store.claim(running_session())
    store.take_over(running_session(execution=OTHER), EXECUTION)

    with pytest.raises(SessionTaken, match=OTHER):
        store.close(running_session(), SessionStatus.FAILED)

    assert store.session(SESSION_ID) == running_session(execution=OTHER)


def test_the_plans_item_has_the_attributes_that_the_state_machine_reads(
    store: DynamoDbSessionItems, dynamodb: DynamoDBClient
) -> None:
    store.save_plan(SESSION_ID, ["sessions/x/plan-0.json", "sessions/x/plan-1.json"], 7, ON_LAMBDA, warm_up=True)
    item = dynamodb.get_item(TableName="context", Key={"pk": {"S": f"session#{SESSION_ID}"}, "sk": {"S": "plan"}})[
        "Item"
    ]
    assert json.loads(item["waves"]["S"]) == ["sessions/x/plan-0.json", "sessions/x/plan-1.json"]
    assert (item["batches"], item["warm_up"]) == ({"N": "7"}, {"S": "yes"})
    assert json.loads(item["repository"]["S"]) == {
        "route": "lambda",
        "reason": "it is small",
        "task": {"cpu_units": 2048, "memory_megabytes": 8192, "disk_gigabytes": 21},
    }


def test_the_last_scan_of_a_repository_is_remembered_by_its_name(store: DynamoDbSessionItems) -> None:
    assert store.last_scan("demo") == ""
    store.save_last_scan("demo", SESSION_ID)
    assert store.last_scan("demo") == SESSION_ID
    assert store.last_scan("other") == ""


def test_hundreds_of_analyses_are_saved_and_found_again(store: DynamoDbSessionItems) -> None:
    saved = [pointer(number) for number in range(230)]
    store.save_analyses([*saved, saved[0]])
    asked = [one.analysis_key for one in saved] + ["f" * 64, saved[0].analysis_key]
    assert store.analyses(asked) == {one.analysis_key: one for one in saved}
    assert store.analyses([]) == {}


def test_an_expired_analysis_is_not_found_even_while_it_is_there(store: DynamoDbSessionItems, clock: FakeClock) -> None:
    store.save_analyses([pointer(1)])
    clock.seconds += 90 * 86_400
    assert store.analyses([pointer(1).analysis_key]) == {}


def test_a_later_attempt_at_a_batch_replaces_an_earlier_one(store: DynamoDbSessionItems) -> None:
    store.save_batch(SESSION_ID, outcome(1))
    store.save_batch(SESSION_ID, outcome(1, seconds=2.5))
    assert store.batches(SESSION_ID) == ([outcome(1, seconds=2.5)], [])


def test_a_lost_batch_is_read_as_the_state_machine_wrote_it(
    store: DynamoDbSessionItems, dynamodb: DynamoDBClient
) -> None:
    key = keys.lost_batch_item(SESSION_ID, "b00002")
    cause = '{"errorMessage": "too long", "errorType": "X", "stackTrace": ["a"]}'
    dynamodb.put_item(
        TableName="context",
        Item={
            "pk": {"S": key.pk},
            "sk": {"S": key.sk},
            "batch_id": {"S": "b00002"},
            "error": {"S": "ModelContextExceeded"},
            "cause": {"S": cause},
        },
    )
    assert store.batches(SESSION_ID)[1] == [
        LostBatch(batch_id="b00002", error="ModelContextExceeded", cause="too long")
    ]


def test_a_new_scan_forgets_batches_and_nothing_else(store: DynamoDbSessionItems) -> None:
    store.claim(running_session())
    store.save_plan(SESSION_ID, ["plan"], 1, ON_LAMBDA)
    for batch in range(60):
        store.save_batch(SESSION_ID, outcome(batch))
    store.clear_batches(SESSION_ID)
    assert store.batches(SESSION_ID) == ([], [])
    assert store.session(SESSION_ID) == running_session()


def test_a_batch_of_huge_gaps_still_fits_an_item(store: DynamoDbSessionItems) -> None:
    gaps = tuple(Gap(path=f"{n}.py", reason="FileUnparseable", detail="d" * 5_000) for n in range(200))
    store.save_batch(SESSION_ID, outcome(1, gaps=gaps))
    (kept,), _ = store.batches(SESSION_ID)
    assert [gap.path for gap in kept.gaps] == [gap.path for gap in gaps]
    assert kept.gaps[0].detail
    assert kept.gaps[-1].detail == ""


def test_usage_is_kept_by_role(store: DynamoDbSessionItems) -> None:
    store.save_usage(SESSION_ID, "editor-1", Usage(requests=1))
    store.save_usage(SESSION_ID, "editor-1", Usage(requests=2))
    store.save_usage(SESSION_ID, "security", Usage(usd=0.5))
    assert store.usages(SESSION_ID) == {"editor-1": Usage(requests=2), "security": Usage(usd=0.5)}


def test_dropped_claims_are_stored_by_role_and_a_retry_replaces_them(store: DynamoDbSessionItems) -> None:
    store.save_dropped_claims(SESSION_ID, "editor", 3)
    store.save_dropped_claims(SESSION_ID, "editor", 2)
    store.save_dropped_claims(SESSION_ID, "critic", 0)
    assert store.dropped_claims(SESSION_ID) == {"editor": 2, "critic": 0}


@pytest.mark.parametrize(
    "code", ["ThrottlingException", "ProvisionedThroughputExceededException", "InternalServerError"]
)
def test_a_throttle_has_the_name_that_the_retrier_knows(code: str, clock: FakeClock) -> None:
    client = mock.Mock()
    client.get_item.side_effect = refusal(code)
    with pytest.raises(StoreThrottled):
        DynamoDbSessionItems(client, "context", clock).session(SESSION_ID)


def test_a_service_that_is_not_reached_is_tried_again(clock: FakeClock) -> None:
    client = mock.Mock()
    client.put_item.side_effect = EndpointConnectionError(endpoint_url="https://dynamodb")
    with pytest.raises(StoreThrottled):
        DynamoDbSessionItems(client, "context", clock).claim(running_session())


def test_another_refusal_is_not_taken_for_a_throttle(clock: FakeClock) -> None:
    client = mock.Mock()
    client.put_item.side_effect = refusal("AccessDeniedException")
    with pytest.raises(ClientError, match="AccessDenied"):
        DynamoDbSessionItems(client, "context", clock).claim(running_session())


def test_what_is_left_unprocessed_is_asked_for_again() -> None:
    client = mock.Mock()
    item = {"pk": {"S": "a"}, "sk": {"S": "b"}}
    client.batch_get_item.side_effect = [
        {"Responses": {}, "UnprocessedKeys": {"context": {"Keys": [item]}}},
        {"Responses": {"context": [item]}},
    ]
    client.batch_write_item.side_effect = [
        {"UnprocessedItems": {"context": [{"PutRequest": {"Item": item}}]}},
        {"UnprocessedItems": {}},
    ]
    pauses: list[float] = []
    table = ContextTable(client, "context", pauses.append)
    assert list(table.get_many([keys.ItemKey("a", "b")])) == [item]
    table.put_many([item])
    assert pauses == [0.05, 0.05]


def test_asking_again_is_bounded() -> None:
    client = mock.Mock()
    # Boto3's own name.
    client.batch_write_item.side_effect = lambda RequestItems: {"UnprocessedItems": RequestItems}  # noqa: N803
    pauses: list[float] = []
    with pytest.raises(StoreThrottled, match="unprocessed"):
        ContextTable(client, "context", pauses.append).put_many(iter([{"pk": {"S": "a"}}]))
    assert len(pauses) == 8


def test_a_query_is_read_to_its_last_page() -> None:
    client = mock.Mock()

    def pages(**_: object) -> Iterator[dict[str, object]]:
        yield {"Items": [{"a": {"S": "1"}}]}
        yield {"Items": [{"a": {"S": "2"}}]}

    client.get_paginator.return_value.paginate.side_effect = pages
    assert len(list(ContextTable(client, "context").query("pk", "batch#"))) == 2


def _step(rung: Rung, *, planned: bool, taken_at: int = 5) -> LadderStep:
    return LadderStep(rung=rung, planned=planned, role="analyst", answers=1, detail="x", taken_at=taken_at)


def test_steps_of_the_ladder_come_back_in_their_order_and_go_with_a_new_plan(store: DynamoDbSessionItems) -> None:
    run = [_step(Rung.EXTRACTIVE, planned=False, taken_at=at) for at in (9, 7)]
    planned = [_step(rung, planned=True) for rung in (Rung.EXTRACTIVE, Rung.LARGER_QUESTIONS, Rung.ECONOMY_MODEL)]
    for number, step in enumerate([*run, *planned]):
        store.save_step(SESSION_ID, step, f"b{number:05d}")
    store.save_step(SESSION_ID, run[0], "b00000")
    assert store.steps(SESSION_ID) == [*reversed(planned), *reversed(run)]
    store.clear_batches(SESSION_ID)
    assert store.steps(SESSION_ID) == []


def test_a_session_that_ran_short_is_free_for_a_larger_cap_or_on_another_day(
    store: DynamoDbSessionItems, clock: FakeClock
) -> None:
    store.claim(running_session(), 1.0)
    store.close(store.session(SESSION_ID), SessionStatus.PUBLISHED_WITH_FINDINGS, 1.0)
    again = running_session(execution=OTHER)
    assert store.claim(again, 1.0) is not None
    assert store.claim(again, 2.0) is None
    store.close(store.session(SESSION_ID), SessionStatus.PUBLISHED, 2.0)
    clock.seconds += 86_400
    assert store.claim(running_session(), 2.0) is None
    store.close(store.session(SESSION_ID), SessionStatus.PUBLISHED)
    assert store.claim(again, 99.0) is not None


def test_a_session_that_left_gaps_is_free_for_another_upload_until_it_has_none(store: DynamoDbSessionItems) -> None:
    store.claim(running_session(archive_version="v1"))
    store.close(store.session(SESSION_ID), SessionStatus.PUBLISHED, left_gaps=True)
    assert store.claim(running_session(execution=OTHER, archive_version="v1")) is not None, "its event came twice"
    again = running_session(execution=OTHER, archive_version="v2")
    assert store.claim(again) is None
    assert store.claim(running_session(archive_version="v3")) is not None, "it runs"
    store.close(again, SessionStatus.PUBLISHED)
    assert store.claim(running_session(archive_version="v3")) is not None


def test_a_session_without_a_ledger_has_spent_nothing(store: DynamoDbSessionItems) -> None:
    assert store.spending(SESSION_ID) == Spending()
