"""What a row of the roster says about a state that runs our code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from agents.contracts.base import Contract

#: A role's run function: `run(request, ports, settings)`; the analyst's takes a `pause` as well.
Run: TypeAlias = Callable[..., Contract]
#: A dependency layer: what every agent imports, the grammars that read code, a model's clients, what builds a site,
#: what checks and makes signatures.
LayerName = Literal["base", "structure", "models", "site", "signing"]
#: When the state machine enters a state: in every session, only where `inference` is `batch`, where people
#: are asked, or at need.
When = Literal["every session", "batch inference", "approval", "at need"]


@dataclass(frozen=True)
class Permissions:
    """What a state's code may do: prefixes of the context bucket, actions on the table, and other services."""

    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    table: tuple[str, ...] = ()
    uploads: bool = False
    executions: bool = False
    stops: bool = False
    ends: bool = False
    callback: bool = False
    reaping: bool = False
    reporting: bool = False
    hosting: bool = False
    notices: bool = False
    events: bool = False
    deciding: bool = False
    signing_in: bool = False
    jobs: tuple[str, ...] = ()
    receiving: bool = False
    fetching: bool = False
    rolling_out: bool = False


@dataclass(frozen=True)
class StateRow:
    """One state: whose code it runs and what that code needs.

    `load` imports the role's code and returns its run function; nothing is imported before, because no function
    carries every library. `model_role` is the name under which the state asks a language model, empty if it asks
    none. `shares` names the state whose function this one calls; such a row has no function of its own.
    `fargate_state` is the state that runs the same code as a Fargate task, empty if none does. `memory` names the
    setting that gives it: states that read what is known of every file take `repository`. `http` marks a function
    that answers HTTP requests at an address of its own: its contracts are HttpRequest and HttpResponse. Lambda calls it
    `asynchronous_retries` times more where a call that nobody waits for fails.
    `timeout_seconds` stays a little below the state's own, so that Lambda's error name arrives first; None is the
    longest that the settings allow.
    """

    state: str
    role: str
    load: Callable[[], Run]
    request: type[Contract]
    result: type[Contract]
    phase: str
    permissions: Permissions = field(default_factory=Permissions)
    model_role: str = ""
    layers: tuple[LayerName, ...] = ()
    timeout_seconds: int | None = None
    memory: Literal["function", "analyst", "repository"] = "function"
    disk_megabytes: int = 512
    fargate_state: str = ""
    shares: str = ""
    when: When = "every session"
    conducted: bool = True
    http: bool = False
    sees_cluster: bool = False
    asynchronous_retries: int = 0
