"""What `--model` says, as settings: checked before anything is started, the key handed on and never shown."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from agents.models.names import parse_name
from agents.models.prices import price_of
from agents.roster import MODEL_ROLES
from cli.errors import BadInput

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

#: Where a laptop's models find the key; the secret lives in the memory of the cloud on this machine.
LAPTOP_SECRET: Final = "swarm-local-model-key"  # noqa: S105 (the secret's name)
KEY_VARIABLE: Final = "OPENAI_API_KEY"
_FOR_ROLE = re.compile(r"^(?P<role>[a-z]+)=(?P<model>.+)$")


def model_settings(words: Sequence[str], prices: str = "") -> dict[str, str]:
    """`--model X` and `--model role=Y` as settings.

    Raises:
        BadInput: no such role or model, two models for the same, or a model whose price is not known.
    """
    settings: dict[str, str] = {}
    own: dict[str, str] = {}
    for word in words:
        found = _FOR_ROLE.match(word)
        if found is None:
            if "model" in settings:
                raise BadInput(f"Two models for every role: {settings['model']} and {word}; say --model ROLE={word}")
            settings["model"] = word
            continue
        role = found["role"]
        if role not in MODEL_ROLES:
            raise BadInput(f"--model {word}: there is no role {role}; the roles are {', '.join(MODEL_ROLES)}")
        if role in own:
            raise BadInput(f"Two models for {role}: {own[role]} and {found['model']}")
        own[role] = found["model"]
    if own:
        settings["roleModels"] = ",".join(f"{role}={model}" for role, model in own.items())
    for model in (*own.values(), *([settings["model"]] if "model" in settings else [])):
        check_model(model, prices)
    return settings


def check_model(model: str, prices: str) -> None:
    """Raises BadInput when there is no such model, or nobody knows its price."""
    try:
        parse_name(model)
        price_of(model, prices)
    except ValueError as error:
        raise BadInput(str(error)) from error


def with_key(settings: Mapping[str, str], variables: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The settings, with the secret's name when a model outside AWS is asked and this machine has a key for it."""
    asked = f"{settings.get('model', '')},{settings.get('roleModels', '')}"
    if "openai:" not in asked or "modelKeySecret" in settings or not variables.get(KEY_VARIABLE):
        return dict(settings)
    return {**settings, "modelKeySecret": LAPTOP_SECRET}


def keep_key(settings: Mapping[str, str], cloud: Any, variables: Mapping[str, str] = os.environ) -> None:
    """Put this machine's key where the agents look for it, if settings say that they do."""
    if settings.get("modelKeySecret") == LAPTOP_SECRET:
        secrets: SecretsManagerClient = cloud.client("secretsmanager")
        secrets.create_secret(Name=LAPTOP_SECRET, SecretString=variables[KEY_VARIABLE])
