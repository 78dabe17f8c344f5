"""Turns `--model` into settings, and passes on the model's key without showing it."""

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

#: The secret with the model's key; it is in the memory of the local cloud only.
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
        for_role = _FOR_ROLE.match(word)
        if for_role is None:
            if "model" in settings:
                raise BadInput(f"Two models for every role: {settings['model']} and {word}; say --model ROLE={word}")
            settings["model"] = word
            continue
        role = for_role["role"]
        if role not in MODEL_ROLES:
            raise BadInput(f"--model {word}: there is no role {role}; the roles are {', '.join(MODEL_ROLES)}")
        if role in own:
            raise BadInput(f"Two models for {role}: {own[role]} and {for_role['model']}")
        own[role] = for_role["model"]
    if own:
        settings["roleModels"] = ",".join(f"{role}={model}" for role, model in own.items())
    for model in (*own.values(), *([settings["model"]] if "model" in settings else [])):
        check_model(model, prices)
    return settings


def check_model(model: str, prices: str) -> None:
    """Raises BadInput if the model does not exist, or its price is unknown."""
    try:
        parse_name(model)
        price_of(model, prices)
    except ValueError as error:
        raise BadInput(str(error)) from error


def with_key(settings: Mapping[str, str], variables: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The settings; with the secret's name, if they name an `openai:` model and this machine has a key for it."""
    models = f"{settings.get('model', '')},{settings.get('roleModels', '')}"
    if "openai:" not in models or "modelKeySecret" in settings or not variables.get(KEY_VARIABLE):
        return dict(settings)
    return {**settings, "modelKeySecret": LAPTOP_SECRET}


def keep_key(settings: Mapping[str, str], cloud: Any, variables: Mapping[str, str] = os.environ) -> None:
    """Store this machine's key in the cloud's Secrets Manager, if the settings name the secret."""
    if settings.get("modelKeySecret") == LAPTOP_SECRET:
        secrets: SecretsManagerClient = cloud.client("secretsmanager")
        secrets.create_secret(Name=LAPTOP_SECRET, SecretString=variables[KEY_VARIABLE])
