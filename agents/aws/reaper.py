"""Calls of Reap beside its schedule."""

from __future__ import annotations

from agents.aws import clients
from agents.aws.failures import our_errors
from agents.contracts.reaping import ReapInput
from agents.settings import ALIAS


class LambdaReapRequests:
    """ReapRequests whose calls Lambda makes, and retries."""

    def __init__(self, function: str) -> None:
        self._function = function

    def request(self, session_id: str) -> None:
        """Have a session ended, by an asynchronous call. Raises StoreThrottled."""
        with our_errors(self._function):
            clients.functions().invoke(
                FunctionName=f"{self._function}:{ALIAS}",
                InvocationType="Event",
                Payload=ReapInput(session_id=session_id).model_dump_json().encode(),
            )
