"""What workers find imported already: a function's libraries and its code; and which begin before a call, in turn."""

from __future__ import annotations

from collections.abc import Mapping

from agents.roster import FUNCTIONS, ROSTER, layers_of
from agents.settings import PREFIX, AgentSettings
from local.lambda_.layers import MODEL_LIBRARY, OF_LAYER

#: The states that every session of a small repository passes: their processes are worth starting at once.
OF_EVERY_SESSION = tuple(state for state in FUNCTIONS if ROSTER[state].when == "every session")
_OF_EVERY_AGENT = (
    "agents.shells.states",
    "agents.shells.signals",
    "agents.shells.http_events",
    "agents.aws.wiring",
    "agents.aws.models",
)
#: The agents themselves import it late, as not every call reads a file: a third of a second in each process.
_READER = "agents.codebase.structure.reader"


def libraries_of(variables: Mapping[str, str]) -> tuple[str, ...]:
    """The libraries in the layers of an agent with these variables; a function that is no agent of ours has none."""
    if f"{PREFIX}STATE" not in variables:
        return ()
    settings = AgentSettings.from_variables(variables)
    models = [settings.model, *settings.models_by_role().values()]
    model = next((name for name in models if name != "extractive"), "extractive")
    return tuple(library for layer in layers_of(settings.state, model) for library in OF_LAYER.get(layer, ()))


def modules_of(variables: Mapping[str, str]) -> tuple[str, ...]:
    """The modules of its own code that every call of an agent with these variables needs, and what reads files.

    None of them reads a variable or starts a thread when it is imported; the shell, which does, is not among them.
    """
    state = variables.get(f"{PREFIX}STATE", "")
    if state not in ROSTER:
        return ()
    reader = (_READER,) if "tree_sitter" in libraries_of(variables) else ()
    return (*_OF_EVERY_AGENT, f"agents.roles.{ROSTER[state].role}.run", *reader)


def builders_of(variables: Mapping[str, str]) -> tuple[str, ...]:
    """What an agent's shell would call in each process before the first call: a process is forked with the result."""
    if variables.get(f"{PREFIX}STATE", "") not in ROSTER:
        return ()
    has_model = MODEL_LIBRARY in libraries_of(variables)
    return ("agents.contracts.base:build_validators", *(["agents.models.provider:build_adapters"] if has_model else []))


def begins_warm(variables: Mapping[str, str]) -> bool:
    """Whether a function with these variables will be called in every session."""
    return variables.get(f"{PREFIX}STATE") in OF_EVERY_SESSION


def turn_of(variables: Mapping[str, str]) -> int:
    """The place of a function with these variables among those of a session: the first one is wanted first."""
    state = variables.get(f"{PREFIX}STATE", "")
    return OF_EVERY_SESSION.index(state) if state in OF_EVERY_SESSION else len(OF_EVERY_SESSION)
