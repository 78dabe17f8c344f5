"""Secrets Manager: read when they are needed, remembered nowhere, so that a new value counts at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from agents.errors import SecretUnreadable

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient


class StoredSecrets:
    """The secrets that a function's role may read; the client is built at the first reading."""

    def __init__(self, client: Callable[[], SecretsManagerClient]) -> None:
        self._client = client

    def read(self, name: str) -> str:
        """The secret's text. Raises SecretUnreadable."""
        try:
            return self._client().get_secret_value(SecretId=name)["SecretString"]
        except KeyError as error:
            raise SecretUnreadable(f"the secret {name} holds no text") from error
        except (BotoCoreError, ClientError) as error:  # AWS's words name role, action and resource
            raise SecretUnreadable(f"the secret {name} cannot be read: {error}") from error
