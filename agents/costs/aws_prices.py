"""The price table: what AWS asks for one unit, when and where that was read."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

FILE = Path(__file__).with_name("aws_prices.toml")


class ResourcePrice(BaseModel):
    """One price in US dollars; `seen` says where the figure was read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    usd: float = Field(gt=0)
    unit: str
    source: str = Field(pattern=r"^https://aws\.amazon\.com/")
    seen: str = Field(pattern=r"^(page|quoted)")


class Prices(BaseModel):
    """The prices of one region on one day, before any free tier."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    region: str
    date: datetime.date
    hours_per_month: int
    price: Mapping[str, ResourcePrice]


class CostLine(BaseModel):
    """So many units at one price, in US dollars."""

    model_config = ConfigDict(frozen=True)

    what: str
    units: float
    price: ResourcePrice

    @property
    def usd(self) -> float:
        """What the line costs."""
        return self.units * self.price.usd


@cache
def prices() -> Prices:
    """The table in aws_prices.toml. Raises pydantic.ValidationError."""
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Prices.model_validate({**read, "date": datetime.date.fromisoformat(read["date"])})
