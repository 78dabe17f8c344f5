"""The figures of the simulation, each with its source, or as an assumption with its reason."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, model_validator

FILE = Path(__file__).with_name("figures.toml")


class Figure(BaseModel):
    """One figure; exactly one of `source` and `why` is given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float
    unit: str
    source: str = ""
    why: str = ""

    @model_validator(mode="after")
    def has_a_source_or_is_an_assumption(self) -> Figure:
        """Either, never both."""
        if bool(self.source) == bool(self.why):
            raise ValueError(f"{self.value} {self.unit}: give a source, or say why it is assumed")
        return self


class Figures(BaseModel):
    """All of them by kind and name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    quota: Mapping[str, Figure]
    time: Mapping[str, Figure]
    share: Mapping[str, Figure]

    def rows(self) -> list[tuple[str, Figure]]:
        """By name, in the file's order."""
        return [(f"{kind} {name}", at) for kind in type(self).model_fields for name, at in getattr(self, kind).items()]


@cache
def figures() -> Figures:
    """The table in figures.toml."""
    return Figures.model_validate(tomllib.loads(FILE.read_text(encoding="utf-8")))
