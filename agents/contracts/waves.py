"""What the states between the plan and the last wave of analysts hand on."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from agents.contracts.base import Contract, SessionId
from agents.contracts.reaping import StoredText
from agents.contracts.snapshot import RepositoryRoute


class WarmUp(StrEnum):
    """Whether one call fills the model's prompt cache before the analysts ask side by side."""

    YES = "yes"
    NO = "no"


class StoredNumber(Contract):
    """A number attribute, as DynamoDB answers it."""

    N: str


class StoredPlan(Contract):
    """The plan's item: where each wave's planned batches are, and where the states after them run."""

    waves: StoredText
    batches: StoredNumber
    warm_up: StoredText
    repository: StoredText
    expires_at: StoredNumber


class LoadPlanOutput(Contract):
    """GetItem's answer; without an Item the plan has expired, or was erased."""

    Item: StoredPlan | None = None


class Plan(Contract):
    """The plan as the states read it, made of its item without any code of ours."""

    waves: tuple[str, ...]
    batches: str
    warm_up: WarmUp
    repository: RepositoryRoute
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
