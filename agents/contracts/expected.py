"""What a session was expected to spend when its files were planned."""

from __future__ import annotations

from pydantic import Field

from agents.contracts.base import Contract


class ExpectedSpend(Contract):
    """The scanner's estimate: dollars as a range, and the likely requests and seconds."""

    usd_low: float = Field(ge=0)
    usd_likely: float = Field(ge=0)
    usd_high: float = Field(ge=0)
    requests: float = Field(ge=0)
    seconds: float = Field(ge=0)
    cap_usd: float = Field(ge=0)
