"""Calls of Reap beside its schedule."""

from __future__ import annotations

from agents.aws.asynchronous_calls import call_later
from agents.contracts.reaping import ReapInput


class LambdaReapRequests:
    """ReapRequests whose calls Lambda makes, and retries."""

    def __init__(self, function: str) -> None:
        self._function = function

    def request(self, session_id: str) -> None:
        """Have a session ended, by an asynchronous call. Raises StoreThrottled."""
        call_later(self._function, ReapInput(session_id=session_id))
