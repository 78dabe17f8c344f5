"""What calls of models cost, and what a session's ledger says of it."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from agents.contracts.base import Contract

#: Tokens of a reply, where a question does not say.
MAX_OUTPUT_TOKENS: Final = 4096


class Usage(Contract):
    """What model calls cost; every part adds up."""

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    usd: float = 0.0
    reused: int = Field(default=0, description="questions that an earlier session had paid for")

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            requests=self.requests + other.requests,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            usd=round(self.usd + other.usd, 9),
            reused=self.reused + other.reused,
        )

    def minus(self, other: Usage) -> Usage:
        """What is left without another's part; `reused` costs nothing and is no part of it."""
        return Usage(
            requests=self.requests - other.requests,
            input_tokens=self.input_tokens - other.input_tokens,
            output_tokens=self.output_tokens - other.output_tokens,
            cached_tokens=self.cached_tokens - other.cached_tokens,
            usd=round(self.usd - other.usd, 9) + 0.0,
        )


class Spending(Contract):
    """What a session's ledger says: the one source of every figure about its spend.

    `in_flight` is reserved by requests that are not settled yet. `unsettled` is what such requests may have cost
    whose process died: their reservations came back, the provider may bill them all the same.
    """

    settled: Usage = Usage()
    in_flight_requests: int = 0
    in_flight_usd: float = 0.0
    unsettled_requests: int = 0
    unsettled_usd: float = 0.0
    stop_reason: str = Field(default="", description="why no further request is allowed; empty when they are")

    @property
    def committed_usd(self) -> float:
        """What may not be spent again: settled, or reserved just now."""
        return round(self.settled.usd + self.in_flight_usd, 9)
