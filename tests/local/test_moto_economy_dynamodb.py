"""What saves time in moto's DynamoDB: that moto still takes the time, and that the answer is the same."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto.dynamodb import comparisons
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser

from local.cloud import LocalCloud
from local.moto.repairs import without
from tests.local.clouds import SMALL
from tests.local.still import Counted, repair_of, still_needs

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(program=SMALL) as running:
        yield running


TABLE = "many-partitions"


@pytest.fixture(scope="module")
def table(cloud: LocalCloud) -> Iterator[Any]:
    """A client, and a table with three partitions and an index across them."""
    dynamodb = cloud.client("dynamodb")
    names = ("pk", "sk", "colour")
    dynamodb.create_table(
        TableName=TABLE,
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
        KeySchema=key_schema("pk", "sk"),
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-colour",
                "KeySchema": key_schema("colour", "sk"),
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    for number in (5, 3, 1, 4, 2, 0):
        for partition, colour in (("b", "red"), ("a", "blue"), ("c", "red")):
            item = {"pk": {"S": partition}, "sk": {"S": f"x#{number}"}, "colour": {"S": colour}}
            dynamodb.put_item(TableName=TABLE, Item=item | {"n": {"N": str(number)}})
    yield dynamodb
    dynamodb.delete_table(TableName=TABLE)


def key_schema(partition: str, sort: str) -> list[dict[str, str]]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]


@still_needs("Table.query")
def test_moto_still_reads_the_whole_table_for_a_query(table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    all_items = Table.all_items

    def noted(self: Any) -> Iterator[Any]:
        for item in all_items(self):
            seen.append(item.hash_key.value)
            yield item

    monkeypatch.setattr(Table, "all_items", noted)
    about = {"KeyConditionExpression": "pk = :one", "ExpressionAttributeValues": {":one": {"S": "b"}}}

    table.query(TableName=TABLE, **about)
    assert not seen, "nothing but the partition is looked at"
    with without("Table.query"):
        table.query(TableName=TABLE, **about)
    assert set(seen) >= {"a", "b", "c"}


@still_needs("DynamoDBBackend.transact_write_items")
def test_moto_still_copies_the_whole_table_for_a_transaction(table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counted(Item.__deepcopy__ if hasattr(Item, "__deepcopy__") else copy.deepcopy)
    monkeypatch.setattr(Item, "__deepcopy__", lambda self, memo: counted(self, memo), raising=False)
    key = {"pk": {"S": "b"}, "sk": {"S": "x#0"}}
    update = {"TableName": TABLE, "Key": key, "UpdateExpression": "SET bees = :n"}
    items = [{"Update": update | {"ExpressionAttributeValues": {":n": {"N": "1"}}}}]

    table.transact_write_items(TransactItems=items)
    ours, counted.calls = counted.calls, 0
    with without("DynamoDBBackend.transact_write_items"):
        table.transact_write_items(TransactItems=items)

    assert counted.calls > ours + 10, "of eighteen items, one is named"


def test_a_transaction_that_is_refused_changes_nothing(table: Any) -> None:
    first, second = ({"pk": {"S": "b"}, "sk": {"S": f"x#{number}"}} for number in (1, 2))
    values = {":n": {"N": "100"}}
    change = {"TableName": TABLE, "UpdateExpression": "SET n = :n", "ExpressionAttributeValues": values}
    items = [
        {"Update": change | {"Key": first}},
        {"Update": change | {"Key": second, "ConditionExpression": "attribute_not_exists(pk)"}},
    ]

    with pytest.raises(ClientError, match="TransactionCanceledException"):
        table.transact_write_items(TransactItems=items)

    assert table.get_item(TableName=TABLE, Key=first)["Item"]["n"] == {"N": "1"}


@pytest.mark.parametrize(
    "about",
    [
        {"KeyConditionExpression": "pk = :one"},
        {"KeyConditionExpression": "pk = :one", "ScanIndexForward": False},
        {"KeyConditionExpression": "pk = :one AND sk > :from", "Limit": 2},
        {"KeyConditionExpression": "pk = :nobody"},
        {"KeyConditionExpression": "colour = :colour", "IndexName": "by-colour"},
    ],
    ids=lambda about: " ".join(map(str, about.values())),
)
def test_a_query_finds_page_by_page_what_moto_finds(table: Any, about: dict[str, Any]) -> None:
    named = {":one": "b", ":from": "x#1", ":nobody": "z", ":colour": "red"}
    used = {name: {"S": text} for name, text in named.items() if name in about["KeyConditionExpression"]}

    def pages() -> list[Any]:
        paginator = table.get_paginator("query")
        answers = paginator.paginate(TableName=TABLE, ExpressionAttributeValues=used, **about)
        return [page["Items"] for page in answers]

    ours = pages()
    with without("Table.query"):
        assert ours == pages()
    assert sum(map(len, ours)) == {":one": 6, ":nobody": 0, ":colour": 12}.get(min(used), 4)


@still_needs("UpdateExpressionParser.make")
def test_moto_still_reads_an_update_anew_each_time() -> None:
    original = repair_of("make").original

    assert original("SET n = :n") is not original("SET n = :n")


def test_an_update_that_was_read_before_changes_what_moto_would_change(table: Any) -> None:
    change = "SET n = n + :one, m = if_not_exists(m, :one) ADD bees :bees REMOVE colour"
    values = {":one": {"N": "1"}, ":bees": {"SS": ["bee"]}}

    def change_twice(partition: str) -> list[Any]:
        key = {"pk": {"S": partition}, "sk": {"S": "changed"}}
        table.put_item(TableName=TABLE, Item=key | {"n": {"N": "1"}, "colour": {"S": "green"}})
        about = {"UpdateExpression": change, "ExpressionAttributeValues": values, "ReturnValues": "ALL_NEW"}
        changed = [table.update_item(TableName=TABLE, Key=key, **about)["Attributes"] for _ in range(2)]
        table.delete_item(TableName=TABLE, Key=key)
        return [{name: value for name, value in one.items() if name != "pk"} for one in changed]

    ours = [change_twice(name) for name in ("d", "e")]
    with without("UpdateExpressionParser.make"):
        by_moto = change_twice("f")

    assert ours == [by_moto, by_moto]
    assert by_moto[-1]["n"] == {"N": "3"}


def test_an_update_that_cannot_be_read_is_refused_each_time(table: Any) -> None:
    for _ in range(2):
        with pytest.raises(ClientError, match="ValidationException"):
            table.update_item(TableName=TABLE, Key={"pk": {"S": "b"}, "sk": {"S": "x#1"}}, UpdateExpression="SET SET n")


@still_needs("moto.dynamodb.parsing.validators.deepcopy")
def test_moto_still_copies_an_expression_node_by_node(table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counted(copy._reconstruct)  # type: ignore[attr-defined]  # the standard library's own copy of an object
    monkeypatch.setattr(copy, "_reconstruct", counted)
    key = {"pk": {"S": "b"}, "sk": {"S": "x#0"}}
    about = {"UpdateExpression": "SET cows = if_not_exists(cows, :n)", "ExpressionAttributeValues": {":n": {"N": "1"}}}

    table.update_item(TableName=TABLE, Key=key, **about)
    ours, counted.calls = counted.calls, 0
    with without("moto.dynamodb.parsing.validators.deepcopy"):
        table.update_item(TableName=TABLE, Key=key, **about)

    assert counted.calls >= ours + 5


SIMPLE_UPDATES = ("Validator.__init__", "Validator.validate", "UpdateExpressionExecutor.execute")


@still_needs(*SIMPLE_UPDATES)
def test_moto_still_walks_a_checked_update_again(table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    walked = Counted(DepthFirstTraverser.traverse)
    monkeypatch.setattr(DepthFirstTraverser, "traverse", lambda *arguments: walked(*arguments))
    key = {"pk": {"S": "b"}, "sk": {"S": "x#0"}}
    about = {"UpdateExpression": "SET goats = :n", "ExpressionAttributeValues": {":n": {"N": "1"}}}
    table.update_item(TableName=TABLE, Key=key, **about)
    walked.calls = 0

    table.update_item(TableName=TABLE, Key=key, **about)
    assert walked.calls == 0
    with without(*SIMPLE_UPDATES):
        table.update_item(TableName=TABLE, Key=key, **about)
    assert walked.calls >= 10


NAMES = st.sampled_from(["n", "m", "#own", "#n"])
NUMBERS = st.builds(lambda number: {"N": number}, st.sampled_from(["0", "-1", "7", "1.50", "10000000000000000000"]))
TEXTS = st.builds(lambda text: {"S": text}, st.sampled_from(["", "a", "1"]))
SETS = st.just({"NS": ["1", "2"]})
CHANGES = st.lists(
    st.tuples(st.sampled_from(["SET", "ADD"]), NAMES, st.one_of(NUMBERS, TEXTS, SETS)), min_size=1, max_size=3
)


def expression_of(changes: list[tuple[str, str, dict[str, Any]]]) -> dict[str, Any]:
    """An update of all of them, wrong ones among them: an attribute twice, a sum with a text, a clause twice."""
    clauses = {"SET": list[str](), "ADD": list[str]()}
    for number, (action, name, _) in enumerate(changes):
        clauses[action].append(f"{name} {'= ' if action == 'SET' else ''}:v{number}")
    names = {"#own": "own", "#n": "n"}
    return {
        "UpdateExpression": " ".join(f"{action} {', '.join(each)}" for action, each in clauses.items() if each),
        "ExpressionAttributeValues": {f":v{number}": value for number, (_, _, value) in enumerate(changes)},
    } | ({"ExpressionAttributeNames": used} if (used := {n: names[n] for _, n, _ in changes if n in names}) else {})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES, st.dictionaries(st.sampled_from(["n", "m", "own"]), st.one_of(NUMBERS, SETS), max_size=3))
def test_an_update_changes_or_refuses_what_moto_does(
    table: Any, changes: list[tuple[str, str, dict[str, Any]]], item: dict[str, Any]
) -> None:
    key = {"pk": {"S": "simple"}, "sk": {"S": "x"}}

    def outcomes() -> list[Any]:
        """Of the same update three times: as the first, as one that is checked, of another item."""
        seen = list[Any]()
        for before in (item, item, {"n": {"S": "text"}}):
            table.put_item(TableName=TABLE, Item=key | before)
            try:
                about = expression_of(changes)
                seen.append(table.update_item(TableName=TABLE, Key=key, ReturnValues="ALL_NEW", **about)["Attributes"])
            except ClientError as error:
                seen.append(error.response["Error"])
        return seen

    ours = outcomes()
    with without(*SIMPLE_UPDATES):
        assert ours == outcomes()


@still_needs("ConditionExpressionParser.parse")
def test_moto_still_parses_a_condition_that_it_has_parsed(table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Counted(comparisons.ConditionExpressionParser._lex_condition_expression)
    monkeypatch.setattr(comparisons.ConditionExpressionParser, "_lex_condition_expression", lambda self: read(self))
    about = {"ConditionExpression": "attribute_exists(pk) AND n > :n", "ExpressionAttributeValues": {":n": {"N": "-9"}}}

    def check() -> None:
        item = {"ConditionCheck": about | {"TableName": TABLE, "Key": {"pk": {"S": "b"}, "sk": {"S": "x#0"}}}}
        table.transact_write_items(TransactItems=[item])

    check()
    assert read.calls > 0
    read.calls = 0
    check()
    assert read.calls == 0
    with without("ConditionExpressionParser.parse"):
        check()
    assert read.calls > 0


@pytest.mark.parametrize("number", ["1", "2"])
def test_a_condition_is_held_against_the_values_and_the_item_of_its_request(table: Any, number: str) -> None:
    about = {"ConditionExpression": "n = :n", "ExpressionAttributeValues": {":n": {"N": number}}}
    held = list[bool]()
    for sort_key in ("x#1", "x#2"):
        key = {"pk": {"S": "c"}, "sk": {"S": sort_key}}
        try:
            table.transact_write_items(TransactItems=[{"ConditionCheck": about | {"TableName": TABLE, "Key": key}}])
            held.append(True)
        except ClientError:
            held.append(False)

    assert held == [number == "1", number == "2"]


def test_a_condition_may_compare_bytes(table: Any) -> None:
    key = {"pk": {"S": "bytes"}, "sk": {"S": "x"}}
    table.put_item(TableName=TABLE, Item=key | {"payload": {"B": b"\x00\xff"}})
    change = {
        "TableName": TABLE,
        "Key": key,
        "UpdateExpression": "SET payload = :new",
        "ConditionExpression": "payload = :old",
    }

    def replace(old: bytes, new: bytes) -> None:
        values = {":old": {"B": old}, ":new": {"B": new}}
        table.transact_write_items(TransactItems=[{"Update": change | {"ExpressionAttributeValues": values}}])

    replace(b"\x00\xff", b"1")
    replace(b"1", b"2")
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        replace(b"1", b"3")
    assert table.get_item(TableName=TABLE, Key=key)["Item"]["payload"] == {"B": b"2"}


def test_a_name_that_a_remembered_condition_does_not_use_is_refused_again(table: Any) -> None:
    about = {"ConditionExpression": "attribute_exists(pk)", "ExpressionAttributeNames": {"#unused": "n"}}

    for _ in range(2):
        with pytest.raises(ClientError, match="unused in expressions"):
            table.put_item(TableName=TABLE, Item={"pk": {"S": "b"}, "sk": {"S": "x#1"}}, **about)
