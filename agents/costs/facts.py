"""What an estimate is made of and what it says: files in, ranges out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from agents.models.prices import FREE, TokenPrice


@dataclass(frozen=True)
class ReadFile:
    """What a file's structure says about its questions.

    `characters` stand in its question beside its text: symbols, the files around it, the repository's outline.
    `undocumented` symbols want a note each, `terms` an entry of the glossary, and evidence is judged by two reviewers.
    """

    characters: int
    undocumented: int = 0
    terms: int = 0
    security: int = 0
    performance: int = 0


@dataclass(frozen=True)
class FileCosts:
    """A file to document. `fresh` has no stored analysis; `imported_by` is 0 while nobody has counted.

    A `note` is a person's: it is read and shown as it is written, and no model is asked about it.
    `read` is None where nobody has read the structure: the file is then taken for a usual one of its size.
    """

    path: str
    language: str
    bytes: int
    lines: int
    fresh: bool = True
    imported_by: int = 0
    read: ReadFile | None = None
    note: bool = False

    @property
    def has_question(self) -> bool:
        """Whether an analyst asks its model about it."""
        return self.fresh and not self.note


@dataclass(frozen=True)
class RoleModel:
    """Who answers a role, and its price."""

    name: str
    price: TokenPrice = FREE

    @property
    def takes_tokens(self) -> bool:
        """Whether it is a model that takes tokens: the extractive one takes none."""
        return self.name != "extractive"


Part = Literal["low", "likely", "high"]
PARTS: Sequence[Part] = ("low", "likely", "high")


@dataclass(frozen=True)
class Range:
    """The least, the likely and the most; `high` is every answer repaired, three drafts, and twice the words."""

    low: float = 0.0
    likely: float = 0.0
    high: float = 0.0

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.likely + other.likely, self.high + other.high)


def longer(waits: Range, others: Range) -> Range:
    """How long two take side by side."""
    return Range(max(waits.low, others.low), max(waits.likely, others.likely), max(waits.high, others.high))


def total(ranges: Iterable[Range]) -> Range:
    """The sum; ranges of different roles are not independent, so the extremes add up too."""
    return sum(ranges, Range())


@dataclass(frozen=True)
class RoleEstimate:
    """What one role will ask. `waits` are the seconds until its last answer, its requests side by side."""

    role: str
    model: str
    requests: Range = Range()
    input_tokens: Range = Range()
    output_tokens: Range = Range()
    usd: Range = Range()
    waits: Range = Range()


@dataclass(frozen=True)
class Estimate:
    """What a session will cost and take.

    `work` are the seconds in which it waits for no model: reading structure, the states' steps, building pages.
    `reading` is what the analysts need of it, added up, and `agents` how many of them work side by side.
    """

    files: int
    bytes: int
    fresh_files: int
    roles: tuple[RoleEstimate, ...]
    work: Range
    reading: float
    agents: int
    cap_usd: float

    def waits(self, role: str) -> Range:
        """The seconds until the role's last answer. Raises KeyError."""
        return {each.role: each.waits for each in self.roles}[role]

    @property
    def seconds(self) -> Range:
        """Of the whole session: the two reviewers are asked side by side, everyone else in turn."""
        reviews = longer(self.waits("security"), self.waits("performance"))
        in_turn = (self.waits(role) for role in ("analyst", "synthesizer", "editor", "critic"))
        return total((self.work, reviews, *in_turn))

    @property
    def requests(self) -> Range:
        """Of every role."""
        return total(role.requests for role in self.roles)

    @property
    def input_tokens(self) -> Range:
        """Of every role."""
        return total(role.input_tokens for role in self.roles)

    @property
    def output_tokens(self) -> Range:
        """Of every role."""
        return total(role.output_tokens for role in self.roles)

    @property
    def usd(self) -> Range:
        """Of every role, in US dollars."""
        return total(role.usd for role in self.roles)

    @property
    def share_of_cap(self) -> float:
        """The likely cost as a share of the cap; 0 when nothing costs anything."""
        if self.usd.likely == 0:
            return 0.0
        return self.usd.likely / self.cap_usd if self.cap_usd else float("inf")
