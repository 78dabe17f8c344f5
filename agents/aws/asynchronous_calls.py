"""Calls of our functions for whose end nobody waits."""

from __future__ import annotations

from agents.aws import clients
from agents.aws.failures import our_errors
from agents.contracts.base import Contract
from agents.settings import ALIAS


def call_later(function: str, request: Contract) -> None:
    """Have Lambda call the function, and try again where a call fails. Raises StoreThrottled."""
    with our_errors(function):
        clients.functions().invoke(
            FunctionName=f"{function}:{ALIAS}",
            InvocationType="Event",
            Payload=request.model_dump_json().encode(),
        )
