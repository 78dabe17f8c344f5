"""What a repository's `swarm.toml` says of its own documentation."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from agents.contracts.base import Contract, RepositoryText

Language = Literal["en", "de"]
Pattern = Annotated[RepositoryText, Field(min_length=1, max_length=500)]


class SiteSettings(Contract):
    """The keys of swarm.toml; each may be missing."""

    title: RepositoryText = Field(
        default="", max_length=120, description="the site's title; else the repository's name"
    )
    exclude: tuple[Pattern, ...] = Field(default=(), max_length=500, description="patterns as in .gitignore")
    language: Language = Field(default="en", description="of the pages' own words")
