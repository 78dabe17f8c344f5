"""What the states between the plan and the last wave of analysts hand on."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from agents.contracts.base import Contract, SessionId


class WarmUp(StrEnum):
    """Whether one call fills the model's prompt cache before the analysts ask side by side."""

    YES = "yes"
    NO = "no"


class LoadPlanOutput(Contract):
    """The plan's item, as DynamoDB returns it: where each wave's planned batches are."""

    waves: tuple[str, ...]
    batches: str
    warm_up: WarmUp
    expires_at: str = Field(description="when what is written about the plan's batches may be forgotten")


class WarmPromptCacheInput(Contract):
    """Which session's questions begin alike. AnalyseBatch's function answers it."""

    session_id: SessionId


class WarmPromptCacheOutput(Contract):
    """Whether the service answered, and so has the beginning in its cache."""

    warmed: bool


class Wave(Contract):
    """Where AnalyseFiles stands: wave `number` of `of`, from 1."""

    number: int
    of: int
    plan_key: str
