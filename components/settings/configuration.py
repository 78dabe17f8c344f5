"""The selected stack's configuration: the only reader of pulumi.Config."""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi.runtime import config as pulumi_runtime_config

from components.settings.model import NAMESPACE, Settings, parse_settings


def read_settings() -> Settings:
    """The settings of the selected stack. Raises SettingsRefused."""
    return parse_settings(_stack_configuration())


def _stack_configuration() -> dict[str, Any]:
    # pulumi.Config answers for single keys only; an unknown key is found by looking at all that were handed over.
    handed_over = {**pulumi_runtime_config.get_config_env(), **pulumi_runtime_config.CONFIG.get()}
    config = pulumi.Config(NAMESPACE)
    keys = [key.split(":", 1)[1] for key in handed_over if key.split(":", 1)[0] == NAMESPACE]
    return {key: config.get(key) for key in keys}
