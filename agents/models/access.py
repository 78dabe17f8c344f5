"""How a model on the network is reached: what wiring hands to it, and nothing of it is ever logged."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

#: A call that has not answered by then is given up; far below a lease of the budget ledger.
TIMEOUT_SECONDS = 120.0


def _no_key() -> str:
    return ""


def _no_bedrock(_base_url: str, _timeout_seconds: float) -> Any:
    raise ValueError("this process has no way to Bedrock")


def _no_tier(_role: str) -> str:
    return ""


@dataclass(frozen=True)
class ModelAccess:
    """`bedrock` makes a client of the Bedrock runtime from a base URL (empty for AWS's own) and a timeout.

    `tier_of` names the service tier in which Bedrock answers a role; empty for the default. A request holds one of the
    `slots`, so that no more of them are with the models at once.
    """

    key: Callable[[], str] = field(default=_no_key, repr=False)
    bedrock: Callable[[str, float], Any] = field(default=_no_bedrock, repr=False)
    prices: str = ""
    timeout_seconds: float = TIMEOUT_SECONDS
    tier_of: Callable[[str], str] = field(default=_no_tier)
    slots: AbstractAsyncContextManager[None] = field(default_factory=nullcontext)
