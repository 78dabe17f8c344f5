"""What saves time with every request: moto and Flask still take the time, and the answers are the same."""

from __future__ import annotations

import http.client
import re
import string
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from moto.core import responses, serialize, utils
from moto.core.base_backend import AccountSpecificBackend, BackendDict
from moto.core.parse import JSONParser
from moto.core.serialize import AttributePicker, JSONSerializer, XFormedAttributePicker
from moto.core.utils import get_service_model
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.responses import DynamoHandler
from moto.moto_api._internal.moto_random import MotoRandom
from werkzeug.sansio import request as werkzeug_request

from local.cloud import LocalCloud
from local.moto.repairs import without
from local.moto.server import HttpServer
from tests.local.clouds import SMALL
from tests.local.still import Counted, repair_of, still_needs
from tests.local.test_moto_economy import VALUES

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]
S3 = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=x/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=0"
}
DYNAMODB = {name: text.replace("/s3/", "/dynamodb/") for name, text in S3.items()} | {
    "Content-Type": "application/x-amz-json-1.0"
}


@pytest.fixture(scope="module", autouse=True)
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(program=SMALL) as running:  # puts the replacements in place
        yield running


@pytest.fixture(scope="module")
def connection(cloud: LocalCloud) -> Iterator[http.client.HTTPConnection]:
    """To moto's views without our gates."""
    cloud.client("s3").put_object(Bucket="small-uploads", Key="kept", Body=b"bytes", Metadata={"a": "b"})
    server = HttpServer(0, lambda application: application)
    server.start()
    opened = http.client.HTTPConnection("127.0.0.1", server.get_host_and_port()[1], timeout=60)
    try:
        yield opened
    finally:
        opened.close()
        server.stop()


def answer_to(connection: http.client.HTTPConnection, method: str, path: str, **about: Any) -> Any:
    connection.request(method, path, **about)
    answer = connection.getresponse()
    body = re.sub(rb"<RequestId>\w*", b"", answer.read())
    passing = {"date", "x-amzn-requestid"}
    return answer.status, answer.reason, [each for each in answer.getheaders() if each[0].lower() not in passing], body


REQUESTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "object": ("GET", "/small-uploads/kept", {"headers": S3}),
    "head": ("HEAD", "/small-uploads/kept", {"headers": S3}),
    "part": ("GET", "/small-uploads/kept", {"headers": S3 | {"Range": "bytes=1-2"}}),
    "not modified": (
        "GET",
        "/small-uploads/kept",
        {"headers": S3 | {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}},
    ),
    "missing": ("GET", "/small-uploads/none", {"headers": S3}),
    "missing head": ("HEAD", "/small-uploads/none", {"headers": S3}),
    "slashes": ("GET", "/small-uploads//a%2Fb//c", {"headers": S3}),
    "letters": ("GET", "/small-uploads/%C3%A9%FF", {"headers": S3}),
    "listing": ("GET", "/small-uploads?list-type=2", {"headers": S3}),
    "deleted": ("DELETE", "/small-uploads/none", {"headers": S3}),
    "options": ("OPTIONS", "/small-uploads/kept", {"headers": S3}),
    "verb": ("PROPFIND", "/small-uploads/kept", {"headers": S3}),
    "items": ("POST", "/", {"headers": DYNAMODB | {"X-Amz-Target": "DynamoDB_20120810.ListTables"}, "body": "{}"}),
    "refused": ("POST", "/", {"headers": DYNAMODB | {"X-Amz-Target": "DynamoDB_20120810.GetItem"}, "body": "{}"}),
    "unknown": ("POST", "/", {"headers": DYNAMODB | {"X-Amz-Target": "DynamoDB_20120810.Nonsense"}, "body": "{}"}),
    "no such path": (
        "POST",
        "/a/b",
        {"headers": DYNAMODB | {"X-Amz-Target": "DynamoDB_20120810.GetItem"}, "body": "{}"},
    ),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_is_answered_as_through_flask(connection: http.client.HTTPConnection, name: str) -> None:
    method, path, about = REQUESTS[name]

    ours = answer_to(connection, method, path, **about)
    with without("Flask.wsgi_app"):
        assert ours == answer_to(connection, method, path, **about)


@still_needs("Flask.wsgi_app")
def test_flask_still_makes_a_context_for_every_request(
    connection: http.client.HTTPConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = Counted(Flask.request_context)
    monkeypatch.setattr(Flask, "request_context", lambda *arguments: counted(*arguments))
    method, path, about = REQUESTS["object"]

    answer_to(connection, method, path, **about)
    assert counted.calls == 0
    with without("Flask.wsgi_app"):
        answer_to(connection, method, path, **about)
    assert counted.calls == 1


@still_needs("moto.core.responses.camelcase_to_underscores")
def test_moto_still_spells_an_operation_for_every_request(
    connection: http.client.HTTPConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    method, path, about = REQUESTS["items"]
    repair = repair_of("camelcase_to_underscores")
    assert repair.replaced_by("PutItem") == repair.original("PutItem") == "put_item"

    with without("moto.core.responses.camelcase_to_underscores"):
        counted = Counted(utils.camelcase_to_underscores)
        monkeypatch.setattr(responses, "camelcase_to_underscores", counted)
        for _ in range(2):
            answer_to(connection, method, path, **about)
    assert counted.calls >= 2


@still_needs("BackendDict._create_account_specific_backend")
def test_moto_still_goes_through_its_services_to_find_one(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = Counted(BackendDict.__eq__)
    monkeypatch.setattr(BackendDict, "__eq__", lambda *arguments: compared(*arguments))

    assert isinstance(dynamodb_backends[cloud.account], AccountSpecificBackend)
    assert compared.calls == 0
    with without("BackendDict._create_account_specific_backend"):
        assert isinstance(dynamodb_backends[cloud.account], AccountSpecificBackend)
    assert compared.calls > 0


@still_needs("MotoRandom.get_random_string")
def test_moto_still_draws_an_id_letter_by_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = Counted(MotoRandom.choice)
    monkeypatch.setattr(MotoRandom, "choice", lambda *arguments: drawn(*arguments))
    repair, random = repair_of("get_random_string"), MotoRandom()

    repair.original(random, 52)
    assert drawn.calls == 52
    for draw in (repair.original, repair.replaced_by):
        assert set(draw(random, 10_000)) == set(string.ascii_letters + string.digits)
        assert set(draw(random, 10_000, include_digits=False)) == set(string.ascii_letters)
        assert set(draw(random, 10_000, lower_case=True)) == set(string.ascii_lowercase + string.digits)
        assert len(draw(random)) == 20
    assert drawn.calls > 30_000
    drawn.calls = 0
    repair.replaced_by(random, 52)
    assert drawn.calls == 0


@still_needs("BaseJSONParser._parse_structure")
def test_moto_still_looks_for_every_type_in_every_value_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = Counted(JSONParser._parse_shape)
    monkeypatch.setattr(JSONParser, "_parse_shape", lambda *arguments: parsed(*arguments))
    shape = get_service_model("dynamodb").shape_for("AttributeValue")
    parser = JSONParser(get_service_model("dynamodb").operation_model("PutItem"))

    assert parser._parse_structure(shape, {"S": "a"}) == {"S": "a"}
    assert parsed.calls == 0
    with without("BaseJSONParser._parse_structure"):
        assert parser._parse_structure(shape, {"S": "a"}) == {"S": "a"}
    assert parsed.calls == 1


ON_THE_WIRE = st.one_of(
    VALUES.filter(lambda value: not {"B", "BS"} & value.keys()),
    st.sampled_from(
        [{}, {"S": None}, {"S": "a", "N": "1"}, {"N": "1", "S": "a"}, {"X": "a"}, {"S": 1}, {"L": [{"S": None}]}]
    ),
)


@given(ON_THE_WIRE)
def test_a_value_is_read_as_by_moto(value: dict[str, Any]) -> None:
    shape = get_service_model("dynamodb").shape_for("AttributeValue")
    parser = JSONParser(get_service_model("dynamodb").operation_model("PutItem"))

    def read() -> str:
        try:
            return repr(parser._parse_structure(shape, value))  # with the order of members
        except Exception as error:  # noqa: BLE001  bytes in a list, which the wire has as text
            return repr(error)

    ours = read()
    with without("BaseJSONParser._parse_structure"):
        assert ours == read()


class Compared(dict[str, Any]):
    """A key that counts how often it is compared."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        Compared.compared += 1
        return super().__eq__(other)

    __hash__ = None  # as a dict


@still_needs("DynamoHandler._contains_duplicates")
def test_moto_still_compares_each_key_with_all_before_it() -> None:
    repair, handler = repair_of("_contains_duplicates"), DynamoHandler()
    keys = [Compared({"pk": {"S": str(number)}}) for number in range(10)]
    Compared.compared = 0

    assert not repair.replaced_by(handler, keys)
    assert Compared.compared == 0
    assert not repair.original(handler, keys)
    assert Compared.compared == 45


@pytest.mark.parametrize(
    "keys",
    [
        [],
        ["a", "b"],
        ["a", "b", "a"],
        [{"pk": {"S": "a"}, "sk": {"S": "b"}}, {"sk": {"S": "b"}, "pk": {"S": "a"}}],
        [{"pk": {"S": "a"}}, {"pk": {"S": "b"}}],
        [{"pk": {"B": b"a"}}, {"pk": {"B": b"a"}}],
    ],
    ids=repr,
)
def test_a_batch_has_the_duplicates_that_moto_finds(keys: list[Any]) -> None:
    repair, handler = repair_of("_contains_duplicates"), DynamoHandler()

    assert repair.replaced_by(handler, keys) == repair.original(handler, keys)


@still_needs("werkzeug.sansio.request.get_current_url")
def test_werkzeug_still_puts_our_address_together_for_every_request(monkeypatch: pytest.MonkeyPatch) -> None:
    encoded = Counted(werkzeug_request.get_current_url.__globals__["_original_url"].__globals__["uri_to_iri"])
    monkeypatch.setitem(repair_of("get_current_url").original.__globals__, "uri_to_iri", encoded)
    address = ("http", "127.0.0.1:1234", "")

    for _ in range(2):
        assert werkzeug_request.get_current_url(*address) == "http://127.0.0.1:1234/"
    assert encoded.calls == 1
    with without("werkzeug.sansio.request.get_current_url"):
        for _ in range(2):
            assert werkzeug_request.get_current_url(*address) == "http://127.0.0.1:1234/"
    assert encoded.calls == 3


@still_needs("ResponseSerializer.get_value")
def test_moto_still_works_out_the_names_of_a_member_for_every_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    worked_out = Counted(AttributePicker.get_possible_keys)
    monkeypatch.setattr(AttributePicker, "get_possible_keys", lambda *arguments: worked_out(*arguments))
    operation = get_service_model("stepfunctions").operation_model("DescribeExecution")

    def answer() -> str:
        serializer = JSONSerializer(operation, value_picker=XFormedAttributePicker())
        return str(serializer.serialize({"executionArn": "arn", "start_date": 1.5, "Status": "RUNNING"})["body"])

    answer()
    worked_out.calls = 0
    ours = answer()
    assert worked_out.calls == 0
    with without("ResponseSerializer.get_value"):
        assert ours == answer()
    assert worked_out.calls > 10


def test_an_answer_that_is_no_dictionary_or_transformed_is_left_to_moto() -> None:
    operation = get_service_model("stepfunctions").operation_model("DescribeExecution")
    shape = operation.output_shape.members["executionArn"]
    transformed = XFormedAttributePicker(response_transformers={"executionArn": str.upper})

    class Execution:
        execution_arn = "arn"

    for picker, value, expected in (
        (XFormedAttributePicker(), Execution(), "arn"),
        (transformed, {"executionArn": "arn"}, "ARN"),
        (serialize.DefaultAttributePicker(), {"execution_arn": "arn"}, None),
    ):
        assert JSONSerializer(operation, value_picker=picker).get_value(value, "executionArn", shape) == expected
