"""What moto need not work out in every request: that it still does, and that the answer is the same.

The tests named `…_still_…` fail once moto has mended itself; then the repair can go.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st
from moto.core.responses import BaseResponse
from moto.core.serialize import JSONSerializer, ResponseSerializer
from moto.core.utils import get_service_model
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.stepfunctions.parser.asl.parse.asl_parser import ASLParserException

from local.cloud import LocalCloud
from local.moto.repairs import Replacement, replacements, without
from tests.local.clouds import SMALL

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(program=SMALL) as running:
        yield running


def repair_of(attribute: str) -> Replacement:
    return next(repair for repair in replacements() if repair.attribute == attribute)


def test_moto_still_lists_its_services_for_every_request() -> None:
    assert "list_of_moto_modules()" in inspect.getsource(repair_of("get_backend_for_host").original)


def test_a_host_has_the_service_that_moto_finds_for_it() -> None:
    application = DomainDispatcherApplication(create_backend_app)
    repair = repair_of("get_backend_for_host")

    for host in ("dynamodb.eu-west-1.amazonaws.com", "moto_api", "lambda", None):
        assert repair.replaced_by(application, host) == repair.original(application, host)


def test_moto_still_parses_a_definition_each_time() -> None:
    definition = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})
    repair = repair_of("parse")

    assert repair.original(definition)[1] is not repair.original(definition)[1]
    first, second = repair.replaced_by(definition), repair.replaced_by(definition)
    assert first[1] is second[1]
    assert first[0] is not second[0], "executions share no program"


def test_a_definition_that_cannot_be_parsed_is_refused_each_time() -> None:
    for _ in range(2):
        with pytest.raises(ASLParserException):
            repair_of("parse").replaced_by("{")


def test_moto_still_looks_for_every_type_in_every_value() -> None:
    source = inspect.getsource(repair_of("_serialize_type_structure").original)

    assert "super()._serialize_type_structure" in source
    assert "for member_key, member_shape in shape.members.items()" in inspect.getsource(ResponseSerializer)


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
def test_an_item_is_told_as_moto_tells_it(item: dict[str, Any]) -> None:
    model = get_service_model("dynamodb").operation_model("GetItem")

    told = JSONSerializer(model).serialize({"Item": item})
    with without("JSONSerializer._serialize_type_structure"):
        by_moto = JSONSerializer(model).serialize({"Item": item})

    assert json.loads(told["body"]) == json.loads(by_moto["body"])


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


def test_moto_still_sorts_the_whole_table_for_a_query() -> None:
    source = inspect.getsource(repair_of("query").original)

    assert "for item in self.all_items()" in source
    assert "sorted(" in inspect.getsource(Table.all_items)


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
        asked = table.get_paginator("query").paginate(TableName=TABLE, ExpressionAttributeValues=used, **about)
        return [page["Items"] for page in asked]

    found = pages()
    with without("Table.query"):
        assert found == pages()
    assert sum(map(len, found)) == {":one": 6, ":nobody": 0, ":colour": 12}.get(min(used), 4)


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


def test_moto_still_inspects_a_handler_for_every_request() -> None:
    repair = repair_of("method_names_from_class")

    assert "inspect.getmembers" in inspect.getsource(repair.original)
    assert "method_names_from_class(self.__class__)" in inspect.getsource(BaseResponse.call_action)
    assert repair.replaced_by(DynamoHandler) == repair.original(DynamoHandler)
    assert "query" in repair.replaced_by(DynamoHandler)
