"""AWS in this process: moto, with invented credentials."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest
from moto import mock_aws
from moto.dynamodb.responses import DynamoHandler

from agents.aws import clients
from agents.aws.ledger import DynamoDbLedger
from tests.agents.aws.ledgers import Ledgers, SetClock

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_s3 import S3Client

REGION: Final = "eu-central-1"


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        yield
    for client in (clients.s3, clients.dynamodb, clients.step_functions):
        client.cache_clear()


@pytest.fixture
def dynamodb() -> DynamoDBClient:
    client = boto3.client("dynamodb", region_name=REGION)
    client.create_table(
        TableName="context",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return client


@pytest.fixture
def s3() -> S3Client:
    client = boto3.client("s3", region_name=REGION)
    client.create_bucket(Bucket="blobs", CreateBucketConfiguration={"LocationConstraint": REGION})
    return client


@pytest.fixture
def one_request_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """moto reads, changes and writes an item without a lock; DynamoDB does not (local/moto/repairs/dynamodb.py)."""
    lock, original = threading.RLock(), DynamoHandler.call_action

    def locked(handler: Any) -> Any:
        with lock:
            return original(handler)

    monkeypatch.setattr(DynamoHandler, "call_action", locked)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def ledger_of(dynamodb: DynamoDBClient, clock: SetClock, one_request_at_a_time: None) -> Ledgers:  # noqa: ARG001 (a fixture)
    def make(session_cap: float = 1.0, day_cap: float = 10.0) -> DynamoDbLedger:
        return DynamoDbLedger(dynamodb, "context", clock, "test", (session_cap, day_cap))

    return make
