"""What a repository's `swarm.toml` says of its own documentation."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator

from agents.contracts.base import Contract, RepositoryText
from agents.text.cleaning import spoken_line

Language = Literal["en", "de"]
Pattern = Annotated[RepositoryText, Field(min_length=1, max_length=500)]


class Section(StrEnum):
    """A part of the navigation."""

    OVERVIEW = "overview"
    PACKAGES = "packages"
    GUIDES = "guides"
    ARCHITECTURE = "architecture"
    REFERENCE = "reference"
    MODULES = "modules"
    TESTS = "tests and examples"
    SECURITY = "security"
    PERFORMANCE = "performance"
    GLOSSARY = "glossary"
    COVERAGE = "coverage"


class Navigation(Contract):
    """What the navigation shows, and how it is called. A section that is hidden is still linked from other pages."""

    order: tuple[Section, ...] = Field(default=(), max_length=20, description="these sections first, in this order")
    titles: dict[Section, Annotated[RepositoryText, Field(min_length=1, max_length=60)]] = Field(
        default_factory=dict, description="titles by section"
    )
    hide: tuple[Section, ...] = Field(default=(), max_length=20, description="sections that are left out")

    @field_validator("hide")
    @classmethod
    def what_is_missing_is_never_hidden(cls, value: tuple[Section, ...]) -> tuple[Section, ...]:
        """A reader always finds the front page, and what is not documented."""
        if refused := {Section.OVERVIEW, Section.COVERAGE}.intersection(value):
            raise ValueError(f"these cannot be hidden: {', '.join(sorted(refused))}")
        return value


class WritingStyle(Contract):
    """How a model is asked to write: the language, and the tone that the repository's authors prefer."""

    language: Language = "en"
    tone: Annotated[str, Field(max_length=200), AfterValidator(spoken_line)] = Field(
        default="", description="a few words, such as 'short and friendly'"
    )


class SiteSettings(Contract):
    """The keys of swarm.toml; each may be missing."""

    title: RepositoryText = Field(
        default="", max_length=120, description="the site's title; else the repository's name"
    )
    exclude: tuple[Pattern, ...] = Field(default=(), max_length=500, description="patterns as in .gitignore")
    navigation: Navigation = Field(default=Navigation(), description="sections of the navigation")
    language: Language = Field(default="en", description="of the pages' own words, and of what a model writes")
    tone: Annotated[str, Field(max_length=200), AfterValidator(spoken_line)] = Field(
        default="", description="in which a model is asked to write"
    )

    @property
    def style(self) -> WritingStyle:
        """How a model is asked to write."""
        return WritingStyle(language=self.language, tone=self.tone)
