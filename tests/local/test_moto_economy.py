"""What saves time in moto: that moto still takes the time, that the answer is the same, and that it can be left out.

The tests named `…_still_…` fail once moto has become as fast; then the replacement can go.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto import backends
from moto.core import serialize
from moto.core.serialize import JSONSerializer, TimestampSerializer, XFormedAttributePicker
from moto.core.utils import get_service_model
from moto.dynamodb.responses import DynamoHandler
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.stepfunctions.parser.asl.parse.asl_parser import ASLParserException

from local.cloud import LocalCloud
from local.moto.economy import requests
from local.moto.repairs import without
from tests.local.clouds import SMALL
from tests.local.still import Counted, repair_of, still_needs

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(program=SMALL) as running:
        yield running


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
    repair, parsed = repair_of("AmazonStateLanguageParser.parse"), Mock(wraps=requests._original_parse)
    monkeypatch.setattr(requests, "_original_parse", parsed)

    assert repair.original(definition)[1] is not repair.original(definition)[1]
    first, second = repair.replaced_by(definition), repair.replaced_by(definition)
    assert parsed.call_count == 1
    assert first[0] is not second[0], "executions share no program"


def test_a_definition_that_cannot_be_parsed_is_refused_each_time() -> None:
    for _ in range(2):
        with pytest.raises(ASLParserException):
            repair_of("AmazonStateLanguageParser.parse").replaced_by("{")


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


@still_needs("TimestampSerializer._convert_timestamp_to_str")
@pytest.mark.usefixtures("cloud")
def test_moto_still_parses_the_time_of_an_event_in_every_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = Counted(serialize.parse_to_aware_datetime)
    monkeypatch.setattr(serialize, "parse_to_aware_datetime", parsed)
    serializer = TimestampSerializer("iso8601")

    def text_of(value: Any) -> Any:
        return serializer._convert_timestamp_to_str(value, "unixtimestamp")

    ours = [text_of("2026-11-29T01:02:03.456789+00:00") for _ in range(3)]
    assert parsed.calls == 1
    with without("TimestampSerializer._convert_timestamp_to_str"):
        assert ours == [text_of("2026-11-29T01:02:03.456789+00:00") for _ in range(3)]
    assert parsed.calls == 4
    assert ours[0] == 1795914123.456
    assert text_of(1.5) == 1.5


@still_needs("method_names_from_class")
def test_moto_still_inspects_a_handler_for_every_request(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    table = cloud.client("dynamodb")
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
