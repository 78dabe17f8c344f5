"""What webhooks need of AWS: their secrets, a memory of deliveries, and a way to have a snapshot fetched."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, cast

from botocore.exceptions import ClientError

from agents import keys
from agents.aws import clients
from agents.aws.asynchronous_calls import call_later
from agents.aws.failures import code_of, our_errors
from agents.aws.items import ContextTable, Item, key_of
from agents.contracts.webhook import FetchSnapshotInput, Push
from agents.errors import SettingsMissing, StoreThrottled
from agents.keys import DAY_SECONDS, DELIVERIES, ItemKey
from agents.ports import Clock
from agents.settings import AgentSettings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, IdempotencyConfig
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from types_boto3_secretsmanager import SecretsManagerClient

#: A process reads secrets again after so many seconds: a rotation takes effect within them.
SECRET_SECONDS = 60
REMEMBERED_DAYS = 7
#: During a rotation two of them are live.
STAGES = ("AWSCURRENT", "AWSPENDING", "AWSPREVIOUS")
#: A delivery that was not answered within so many seconds may come again.
_ANSWER_SECONDS = 30


class _AnswerTime:
    """How long Powertools takes a delivery to be under way: it asks Lambda's context of no other thing."""

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        """The longest answer."""
        return _ANSWER_SECONDS * 1000


class AwsWebhooks:
    """Webhooks over Secrets Manager, the context table and Lambda; nothing is built before it is used."""

    def __init__(self, settings: AgentSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._secrets: tuple[float, tuple[str, ...]] = (0.0, ())

    def live_secrets(self) -> Sequence[str]:
        """Every version of the secret that is live, at most a minute old. Raises StoreThrottled."""
        read_at, secrets = self._secrets
        if not secrets or self._clock.now() - read_at > SECRET_SECONDS:
            name, client = self._settings.webhook_secret, clients.secrets_manager()
            versions = (_version(client, name, stage) for stage in STAGES)
            secrets = tuple(dict.fromkeys(version for version in versions if version))
            self._secrets = (self._clock.now(), secrets)
        return secrets

    def once(self, delivery: str, act: Callable[[], None]) -> Literal["done", "already", "under way"]:
        """Act unless a delivery of this name was answered in the last days. Raises StoreThrottled."""
        # Of Powertools only this function imports more than the logger.
        from aws_lambda_powertools.utilities.idempotency import idempotent_function
        from aws_lambda_powertools.utilities.idempotency.exceptions import (
            IdempotencyAlreadyInProgressError,
            IdempotencyPersistenceLayerError,
        )

        ran: list[str] = []
        config, store = self._memory

        def answer(*, delivery: str) -> bool:
            act()
            ran.append(delivery)
            return True

        remembered: Callable[..., bool] = idempotent_function(
            answer, data_keyword_argument="delivery", persistence_store=store, config=config, key_prefix="webhook"
        )
        try:
            remembered(delivery=delivery)
        except IdempotencyAlreadyInProgressError:
            return "under way"
        except IdempotencyPersistenceLayerError as error:
            raise StoreThrottled(f"the memory of deliveries: {error}") from error
        return "done" if ran else "already"

    def fetched(self, push: Push) -> str:
        """The commit of this branch or tag that was fetched last. Raises StoreThrottled."""
        item = self._table.get(_fetched_key(push))
        return str(item["commit"]["S"]) if item else ""

    def save_fetched(self, push: Push) -> None:
        """Write which commit was fetched; forgotten with the session's own retention. Raises StoreThrottled."""
        expires = int(self._clock.now()) + self._settings.retention_days * DAY_SECONDS
        item: Item = {
            **key_of(_fetched_key(push)),
            "commit": {"S": push.commit or ""},
            "expires_at": {"N": str(expires)},
        }
        self._table.put(item)

    def request_fetch(self, request: FetchSnapshotInput) -> None:
        """Have the snapshot fetched, by an asynchronous call that Lambda retries. Raises StoreThrottled."""
        call_later(self._settings.fetch_function, request)

    @cached_property
    def _table(self) -> ContextTable:
        return ContextTable(clients.dynamodb(), self._settings.context_table)

    @cached_property
    def _memory(self) -> tuple[IdempotencyConfig, DynamoDBPersistenceLayer]:
        from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, IdempotencyConfig

        store = DynamoDBPersistenceLayer(
            table_name=self._settings.context_table,
            key_attr="pk",
            sort_key_attr="sk",
            static_pk_value=DELIVERIES,
            expiry_attr="expires_at",
            boto3_client=clients.dynamodb(),
        )
        seconds = REMEMBERED_DAYS * DAY_SECONDS
        config = IdempotencyConfig(expires_after_seconds=seconds, hash_function="sha256")
        config.register_lambda_context(cast("LambdaContext", _AnswerTime()))
        return config, store


def _fetched_key(push: Push) -> ItemKey:
    return keys.fetched_item(push.provider, push.repository, f"{push.kind}/{push.ref}")


def code_host_credentials(secret: str) -> Mapping[str, Mapping[str, str]]:
    """What the secret says of each kind of host; nothing where there is no such secret: public repositories.

    Raises SettingsMissing, StoreThrottled.
    """
    text = _version(clients.secrets_manager(), secret, "AWSCURRENT")
    if not text:
        return {}
    try:
        read: dict[str, Any] = json.loads(text)
        return {host: {str(name): str(value) for name, value in own.items()} for host, own in read.items()}
    except (ValueError, AttributeError):
        raise SettingsMissing(f'the secret {secret} is not JSON such as {{"gitlab": {{"token": "…"}}}}') from None


def _version(client: SecretsManagerClient, name: str, stage: str) -> str:
    try:
        with our_errors(f"secret {name}"):
            return client.get_secret_value(SecretId=name, VersionStage=stage).get("SecretString") or ""
    except ClientError as error:
        if code_of(error) == "ResourceNotFoundException":
            return ""
        raise
