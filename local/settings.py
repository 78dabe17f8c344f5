"""A stack's settings as its agents get them, without running the program."""

from __future__ import annotations

from collections.abc import Mapping

from agents.settings import AgentSettings
from components.settings.agent_settings import agent_settings
from components.settings.model import NAMESPACE, SettingsRefused, parse_settings
from local.configuration import ProgramFailed
from local.root import ROOT

__all__ = ["ROOT", "agent_settings_of"]


def agent_settings_of(configuration: Mapping[str, str]) -> AgentSettings:
    """The agents' settings in a stack's configuration. Raises ProgramFailed if the program would refuse it."""
    own = {key.partition(":")[2]: value for key, value in configuration.items() if key.startswith(f"{NAMESPACE}:")}
    try:
        settings = parse_settings(own)
    except SettingsRefused as refused:
        raise ProgramFailed(str(refused)) from refused
    return agent_settings(settings, "Scan", "context", "context", "uploads")
