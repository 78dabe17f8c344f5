"""A stack's settings as its agents will be told them, without running the program."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from agents.settings import AgentSettings
from components.settings.agent_settings import agent_settings
from components.settings.model import NAMESPACE, SettingsRefused, parse_settings
from local.configuration import ProgramFailed, configuration

#: The program's folder; local.cloud has the same, and imports a second of cloud with it.
ROOT = Path(__file__).resolve().parent.parent


def environment_of(stack: str, overrides: Mapping[str, str]) -> AgentSettings:
    """What the stack's file says, with the overrides on top. Raises ProgramFailed."""
    _, values = configuration(ROOT, stack, overrides)
    own = {key.partition(":")[2]: value for key, value in values.items() if key.startswith(f"{NAMESPACE}:")}
    try:
        settings = parse_settings(own)
    except SettingsRefused as refused:
        raise ProgramFailed(str(refused)) from refused
    return agent_settings(settings, "Scan", "context", "context", "uploads")


def models_named(stack: str, overrides: Mapping[str, str]) -> str:
    """Every model that the stack names, as one text; quick, and empty where all is extractive. Raises ProgramFailed."""
    project, values = configuration(ROOT, stack, overrides)
    named = (str(values.get(f"{project}:{key}", "")) for key in ("model", "roleModels"))
    return ",".join(name for name in named if name and name != "extractive")
