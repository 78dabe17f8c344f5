"""Deliveries are remembered once, and the secrets of webhooks are read by their stages."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from agents.aws import clients
from agents.aws.webhooks import REMEMBERED_DAYS, SECRET_SECONDS, AwsWebhooks, code_host_credentials
from agents.contracts.webhook import HostKind, Push, RefKind
from agents.errors import SettingsMissing, StoreThrottled
from agents.keys import DELIVERIES
from tests.agents.fakes import FakeClock, settings

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_secretsmanager import SecretsManagerClient

SETTINGS = settings("ReceiveWebhook", context_table="context")


@pytest.fixture
def webhooks(dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch) -> AwsWebhooks:
    monkeypatch.setattr(clients, "dynamodb", cache(lambda: dynamodb))
    return AwsWebhooks(SETTINGS, FakeClock())


@pytest.fixture
def secrets(dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch) -> SecretsManagerClient:  # noqa: ARG001 (moto)
    client = boto3.client("secretsmanager", region_name="eu-central-1")
    monkeypatch.setattr(clients, "secrets_manager", lambda: client)
    return client


def test_a_delivery_is_acted_on_once(webhooks: AwsWebhooks, dynamodb: DynamoDBClient) -> None:
    acted: list[str] = []

    first = webhooks.once("github#1", lambda: acted.append("1"))
    again = webhooks.once("github#1", lambda: acted.append("1"))
    other = webhooks.once("github#2", lambda: acted.append("2"))

    assert (first, again, other, acted) == ("done", "already", "done", ["1", "2"])
    (item, _) = dynamodb.query(
        TableName="context",
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": DELIVERIES}},
    )["Items"]
    assert REMEMBERED_DAYS == 7
    assert "expires_at" in item


def test_a_delivery_whose_answer_failed_may_come_again(webhooks: AwsWebhooks) -> None:
    def fail() -> None:
        raise StoreThrottled("no")

    with pytest.raises(StoreThrottled):
        webhooks.once("github#1", fail)

    assert webhooks.once("github#1", lambda: None) == "done"


def test_a_delivery_that_is_being_answered_is_not_answered_beside_it(webhooks: AwsWebhooks) -> None:
    inner: list[str] = []

    outer = webhooks.once("github#1", lambda: inner.append(webhooks.once("github#1", lambda: None)))

    assert (outer, inner) == ("done", ["under way"])


def test_the_commit_that_was_fetched_last_is_remembered_for_each_branch(webhooks: AwsWebhooks) -> None:
    push = Push(provider=HostKind.GITHUB, repository="acme/shop", kind=RefKind.BRANCH, ref="main", commit=None)
    assert webhooks.fetched(push) == ""

    webhooks.save_fetched(push.with_changes(commit="a" * 40))

    assert webhooks.fetched(push) == "a" * 40
    assert webhooks.fetched(push.with_changes(ref="next")) == ""


def test_the_secrets_of_a_rotation_are_both_live_and_are_read_again_after_a_minute(
    webhooks: AwsWebhooks, secrets: SecretsManagerClient
) -> None:
    assert webhooks.live_secrets() == ()
    secrets.create_secret(Name=SETTINGS.webhook_secret, SecretString="first")
    assert webhooks.live_secrets() == ("first",)

    secrets.put_secret_value(SecretId=SETTINGS.webhook_secret, SecretString="second")
    assert webhooks.live_secrets() == ("first",)
    clock: Any = webhooks._clock
    clock.seconds += SECRET_SECONDS + 1

    assert webhooks.live_secrets() == ("second", "first")


def test_the_tokens_of_code_hosts_are_read_by_kind(secrets: SecretsManagerClient) -> None:
    assert code_host_credentials("hosts") == {}
    secrets.create_secret(Name="hosts", SecretString='{"gitlab": {"token": "t"}}')
    assert code_host_credentials("hosts") == {"gitlab": {"token": "t"}}


@pytest.mark.parametrize("text", ["zxy", "[909]", '{"gitlab": "zxy"}'])
def test_a_secret_of_another_form_is_named_and_never_said(secrets: SecretsManagerClient, text: str) -> None:
    secrets.create_secret(Name="hosts", SecretString=text)
    with pytest.raises(SettingsMissing, match="the secret hosts") as refused:
        code_host_credentials("hosts")
    assert text not in str(refused.value)
