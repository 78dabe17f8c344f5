"""A stack's settings with the command's own on top: read once per command, and handed to whatever needs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agents.models.prices import refuse_unused_prices
from agents.settings import AgentSettings
from cli.errors import BadInput


@dataclass(frozen=True)
class StackSettings:
    """The settings that a command runs with: as the stack's file names them, and as the agents get them."""

    stack: str
    #: Every key, with its namespace, such as `serverless-swarm:capUsd`.
    configuration: Mapping[str, str]
    for_agents: AgentSettings


def read_settings(stack: str, overrides: Mapping[str, str]) -> StackSettings:
    """The settings of the stack's file, with the overrides on top.

    Raises:
        BadInput: the file cannot be read, the program would refuse a setting, or a price names no model of the run.
    """
    # A second of imports: a path or an option that is wrong is refused before.
    from local.configuration import ProgramFailed, configuration
    from local.settings import ROOT, agent_settings_of

    try:
        _, values = configuration(ROOT, stack, overrides)
        agents = agent_settings_of(values)
    except ProgramFailed as error:
        refusal, *problems = (line.strip() for line in str(error).splitlines())
        raise BadInput(" ".join([refusal, "; ".join(problems)]).strip()) from error
    if overrides.get("modelPrices"):
        try:
            models = {agents.model, agents.economy_model, *agents.models_by_role().values()}
            refuse_unused_prices(agents.model_prices, models)
        except ValueError as error:
            raise BadInput(str(error)) from error
    return StackSettings(stack, values, agents)
