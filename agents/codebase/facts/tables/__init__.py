"""Tables that code declares, by its language; what outlines hold of tables is in `outlined_tables`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.tables.active_record import active_record_tables
from agents.codebase.facts.tables.active_record_changes import active_record_changes
from agents.codebase.facts.tables.alembic import alembic_changes
from agents.codebase.facts.tables.associations import active_record_links, laravel_links
from agents.codebase.facts.tables.builders import knex_tables, laravel_tables
from agents.codebase.facts.tables.diesel import diesel_tables
from agents.codebase.facts.tables.doctrine import doctrine_tables
from agents.codebase.facts.tables.drizzle import drizzle_tables
from agents.codebase.facts.tables.ent import ent_tables
from agents.codebase.facts.tables.kotlin import kotlin_tables
from agents.codebase.facts.tables.mongoose import mongoose_tables
from agents.codebase.facts.tables.python import python_tables
from agents.codebase.facts.tables.script import entity_schemas, sequelize_tables
from agents.codebase.facts.tables.sequelize_changes import sequelize_changes
from agents.contracts.facts import Fact

_Reader = Callable[[ParsedCode], Iterator[Fact]]
_SCRIPT: Final[tuple[_Reader, ...]] = (
    sequelize_tables,
    sequelize_changes,
    mongoose_tables,
    drizzle_tables,
    knex_tables,
    entity_schemas,
)
_READERS: Final[Mapping[str, tuple[_Reader, ...]]] = {
    "python": (python_tables, alembic_changes),
    "ruby": (active_record_tables, active_record_changes, active_record_links),
    "php": (laravel_tables, laravel_links, doctrine_tables),
    "kotlin": (kotlin_tables,),
    "rust": (diesel_tables,),
    "go": (ent_tables,),
    "javascript": _SCRIPT,
    "typescript": _SCRIPT,
    "tsx": _SCRIPT,
}


def tables(file: ParsedCode) -> Iterator[Fact]:
    """The tables that a file declares, each followed by its columns."""
    for reader in _READERS.get(file.language, ()):
        yield from reader(file)
