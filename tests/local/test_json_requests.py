"""A request of the JSON protocol is read as one, whatever its texts look like."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.cloud import LocalCloud
from local.moto.repairs import without
from local.moto.repairs.json_requests import _protocols
from tests.local.clouds import SMALL
from tests.local.still import still_needs

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]
TABLE = "small-context"


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(program=SMALL) as running:
        yield running


def kept(dynamodb: Any, text: str) -> dict[str, Any]:
    key = {"pk": {"S": "texts"}, "sk": {"S": "one"}}
    dynamodb.delete_item(TableName=TABLE, Key=key)
    dynamodb.put_item(TableName=TABLE, Item=key | {"body": {"S": text}})
    item: dict[str, Any] = dynamodb.get_item(TableName=TABLE, Key=key).get("Item", {})
    body: dict[str, Any] = item.get("body", {})
    return body


@still_needs("BaseResponse.setup_class")
def test_a_text_in_an_item_names_no_operation(cloud: LocalCloud) -> None:
    dynamodb, text = cloud.client("dynamodb"), "https://example.com/?page=1&Action=ListTables&Version=1"

    assert kept(dynamodb, text) == {"S": text}
    with without("BaseResponse.setup_class"):
        assert kept(dynamodb, text) == {}, "moto has listed tables"


@still_needs("BaseResponse._get_action")
def test_a_text_in_a_payload_and_a_parameter_of_a_url_name_no_operation(cloud: LocalCloud) -> None:
    functions = cloud.client("lambda")

    def answers() -> list[str]:
        """To a call with a text, and to one with a parameter that no operation has."""
        payload = json.dumps({"n": 7, "text": "?page=1&Action=ListFunctions&Version=1"})
        with_text = functions.invoke(FunctionName="small-work", Payload=payload)["Payload"].read().decode()

        def change(request: Any, **_: Any) -> None:
            request.params["Action"] = "ListFunctions"

        functions.meta.events.register_first("before-sign.lambda.*", change)
        try:
            payload = json.dumps({"n": 8})
            return [with_text, functions.invoke(FunctionName="small-work", Payload=payload)["Payload"].read().decode()]
        finally:
            functions.meta.events.unregister("before-sign.lambda.*", change)

    assert ['"greeting"' in each for each in answers()] == [True, True]
    with without("BaseResponse._get_action"):
        assert ['"greeting"' in each for each in answers()] == [True, False]
    with without("BaseResponse._get_action", "BaseResponse.setup_class"):
        assert ['"greeting"' in each for each in answers()] == [False, False]


def test_every_response_of_moto_s_has_protocols_or_a_name_of_its_own() -> None:
    for service in ("", "dynamodb", "sqs", "lambda", "apigatewayv2", "moto_api"):
        assert _protocols(service) == {
            "dynamodb": ("json",),
            "sqs": ("json", "query"),
            "lambda": ("rest-json",),
            "apigatewayv2": ("rest-json",),
        }.get(service, ())


def test_a_text_in_a_task_s_output_is_no_task_token(cloud: LocalCloud) -> None:
    states = cloud.client("stepfunctions")

    for output in ('{"url": "?a=1&taskToken=other&"}', '{"url": "?a=1&Action=ListStateMachines&"}'):
        with pytest.raises(ClientError, match="InvalidToken"):
            states.send_task_success(taskToken="nobody's", output=output)


def test_an_unknown_operation_and_an_empty_body_are_answered_as_by_moto(cloud: LocalCloud) -> None:
    dynamodb = cloud.client("dynamodb")
    requests = (("Nonsense", b"{}"), ("ListTables", b""), ("GetItem", b"\xff"), ("", b"{}"))

    def outcomes() -> list[tuple[int, str]]:
        seen = []
        for operation, body in requests:

            def change(request: Any, operation: str = operation, body: bytes = body, **_: Any) -> None:
                request.headers.replace_header("X-Amz-Target", f"DynamoDB_20120810.{operation}")
                request.data = body

            dynamodb.meta.events.register_first("before-sign.dynamodb.*", change)
            try:
                seen.append((200, repr(dynamodb.list_tables()["TableNames"])))
            except ClientError as error:
                seen.append((error.response["ResponseMetadata"]["HTTPStatusCode"], str(error)))
            finally:
                dynamodb.meta.events.unregister("before-sign.dynamodb.*", change)
        return seen

    ours = outcomes()
    with without("BaseResponse.setup_class"):
        assert ours == outcomes()
    assert {status for status, _ in ours} == {200, 404, 500}
