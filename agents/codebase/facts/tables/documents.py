"""Tables of files that are no code with a syntax tree: Prisma, Ecto, Liquibase, Avro. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from agents.codebase.facts.tables.avro import avro_tables
from agents.codebase.facts.tables.ecto import ecto_tables
from agents.codebase.facts.tables.liquibase import liquibase_tables
from agents.codebase.facts.tables.prisma import prisma_tables
from agents.contracts.facts import Fact
from agents.contracts.structure import Structure

_Reader = Callable[[str], Iterator[Fact]]
_READERS: Final[tuple[tuple[tuple[str, ...], _Reader], ...]] = (
    ((".prisma",), prisma_tables),
    ((".ex", ".exs"), ecto_tables),
    ((".avsc",), avro_tables),
)
_CHANGELOG: Final = "databaseChangeLog"


def reader_of_tables(path: str, structure: Structure) -> _Reader | None:
    """What reads the tables of a file's text; None for a file that can have none."""
    if structure.language in {"xml", "yaml", "json"} and any(item.name == _CHANGELOG for item in structure.symbols):
        return liquibase_tables
    return next((reader for endings, reader in _READERS if path.endswith(endings)), None)
