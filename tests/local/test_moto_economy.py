"""What saves time in moto: that moto still takes the time, that the answer is the same, and that it can be left out.

The tests named `…_still_…` fail once moto has become as fast; then the replacement can go.
"""

from __future__ import annotations

import copy
import inspect
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from unittest.mock import Mock

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st
from moto import backends
from moto.core.serialize import JSONSerializer, XFormedAttributePicker
from moto.core.utils import get_service_model
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.stepfunctions.parser.asl.parse.asl_parser import ASLParserException

from local.cloud import LocalCloud
from local.moto.economy import requests
from local.moto.repairs import Replacement, replacements, without
from tests.local.clouds import SMALL
from tests.local.still import still_needs

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(program=SMALL) as running:
        yield running


def repair_of(attribute: str) -> Replacement:
    return next(repair for repair in replacements() if repair.attribute == attribute and repair.only_saves_time)


class Counted:
    """A function, and how often it was called."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.calls = 0

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        self.calls += 1
        return self.function(*arguments, **named)


@still_needs("DomainDispatcherApplication.get_backend_for_host")
def test_moto_still_lists_its_services_for_every_request(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counted(backends.list_of_moto_modules)
    monkeypatch.setattr(backends, "list_of_moto_modules", counted)
    application, repair = DomainDispatcherApplication(create_backend_app), repair_of("get_backend_for_host")
    repair.replaced_by(application, "sqs")

    before = counted.calls
    for _ in range(3):
        repair.replaced_by(application, "sqs")
    assert counted.calls == before

    for _ in range(3):
        repair.original(application, "sqs")
    assert counted.calls == before + 3


def test_a_host_has_the_service_that_moto_finds_for_it() -> None:
    application = DomainDispatcherApplication(create_backend_app)
    repair = repair_of("get_backend_for_host")

    for host in ("dynamodb.eu-west-1.amazonaws.com", "moto_api", "lambda", None):
        assert repair.replaced_by(application, host) == repair.original(application, host)


@still_needs("AmazonStateLanguageParser.parse")
def test_moto_still_parses_a_definition_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    definition = json.dumps({"Comment": "once", "StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})
    repair, parsed = repair_of("parse"), Mock(wraps=requests._original_parse)
    monkeypatch.setattr(requests, "_original_parse", parsed)

    assert repair.original(definition)[1] is not repair.original(definition)[1]
    first, second = repair.replaced_by(definition), repair.replaced_by(definition)
    assert parsed.call_count == 1
    assert first[0] is not second[0], "executions share no program"


def test_a_definition_that_cannot_be_parsed_is_refused_each_time() -> None:
    for _ in range(2):
        with pytest.raises(ASLParserException):
            repair_of("parse").replaced_by("{")


@still_needs("JSONSerializer._serialize_type_structure")
def test_moto_still_looks_for_every_type_in_every_value(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    del cloud  # puts the replacements in place
    model = get_service_model("dynamodb").operation_model("GetItem")
    counted = Counted(JSONSerializer.get_value)
    monkeypatch.setattr(JSONSerializer, "get_value", lambda *arguments: counted(*arguments))
    item = {"Item": {str(number): {"S": "x"} for number in range(100)}}

    JSONSerializer(model).serialize(item)
    ours, counted.calls = counted.calls, 0
    with without("JSONSerializer._serialize_type_structure"):
        JSONSerializer(model).serialize(item)

    assert counted.calls >= ours + 1000


VALUES = st.recursive(
    st.one_of(
        st.builds(lambda text: {"S": text}, st.text(max_size=5)),
        st.builds(lambda number: {"N": number}, st.integers().map(str)),
        st.builds(lambda data: {"B": data}, st.binary(max_size=5)),
        st.builds(lambda truth: {"BOOL": truth}, st.booleans()),
        st.just({"NULL": True}),
        st.builds(lambda texts: {"SS": texts}, st.lists(st.text(min_size=1, max_size=3), min_size=1, max_size=3)),
        st.builds(lambda data: {"BS": data}, st.lists(st.binary(min_size=1, max_size=3), min_size=1, max_size=3)),
    ),
    lambda inner: st.one_of(
        st.builds(lambda values: {"L": values}, st.lists(inner, max_size=3)),
        st.builds(lambda values: {"M": values}, st.dictionaries(st.text(min_size=1, max_size=3), inner, max_size=3)),
    ),
    max_leaves=6,
)


@pytest.mark.usefixtures("cloud")
@given(st.dictionaries(st.text(min_size=1, max_size=4), VALUES, max_size=4))
def test_an_item_has_the_json_that_moto_gives_it(item: dict[str, Any]) -> None:
    model = get_service_model("dynamodb").operation_model("GetItem")

    ours = JSONSerializer(model).serialize({"Item": item})
    with without("JSONSerializer._serialize_type_structure"):
        by_moto = JSONSerializer(model).serialize({"Item": item})

    assert json.loads(ours["body"]) == json.loads(by_moto["body"])


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
    assert set(seen) == {"b"}
    with without("Table.query"):
        table.query(TableName=TABLE, **about)
    assert set(seen) == {"a", "b", "c"}


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
    about = {"UpdateExpression": "SET cows = :n", "ExpressionAttributeValues": {":n": {"N": "1"}}}

    table.update_item(TableName=TABLE, Key=key, **about)
    ours, counted.calls = counted.calls, 0
    with without("moto.dynamodb.parsing.validators.deepcopy"):
        table.update_item(TableName=TABLE, Key=key, **about)

    assert counted.calls >= ours + 5


@pytest.mark.usefixtures("cloud")
def test_a_history_has_the_json_that_moto_gives_it() -> None:
    model = get_service_model("stepfunctions").operation_model("GetExecutionHistory")
    entered = {"name": "Scan", "input": "{}", "inputDetails": {"truncated": False}}
    events = [
        {"timestamp": datetime(2026, 11, 28, tzinfo=UTC), "type": "ExecutionStarted", "id": 1, "previousEventId": 0},
        {
            "timestamp": 1.5,
            "type": "TaskStateEntered",
            "id": 2,
            "previousEventId": 1,
            "stateEnteredEventDetails": entered,
        },
        {"timestamp": 2, "type": "Odd", "id": 3, "unknown": "left out", "executionFailedEventDetails": None},
    ]

    def serialized() -> Any:
        return JSONSerializer(model, value_picker=XFormedAttributePicker()).serialize({"events": events})["body"]

    ours = json.loads(serialized())
    with without("JSONSerializer._serialize_type_structure"):
        assert ours == json.loads(serialized())
    assert ours["events"][1]["stateEnteredEventDetails"]["name"] == "Scan"


@still_needs("method_names_from_class")
def test_moto_still_inspects_a_handler_for_every_request(table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counted(inspect.getmembers)
    monkeypatch.setattr(inspect, "getmembers", counted)
    table.list_tables()
    counted.calls = 0

    table.list_tables()
    assert counted.calls == 0
    with without("moto.core.responses.method_names_from_class"):
        table.list_tables()
    assert counted.calls >= 1


def test_a_handler_has_the_methods_that_moto_finds() -> None:
    repair = repair_of("method_names_from_class")

    assert repair.replaced_by(DynamoHandler) == repair.original(DynamoHandler)
    assert "query" in repair.replaced_by(DynamoHandler)
