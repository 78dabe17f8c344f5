"""How libraries that map classes to tables or collections call things in annotations and decorators. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from agents.contracts.structure import Structure


@dataclass(frozen=True)
class MappingDialect:
    """The words of one library.

    `entities` make a class a table, `inherited` make it a type whose columns tables inherit; without these an abstract
    class with columns is one. `described` are the annotations whose arguments describe a column. Where `columns` is
    empty, each member is a column that has none of `ignored`.
    """

    source: str
    entities: frozenset[str]
    tables: frozenset[str]
    keys: frozenset[str]
    links: frozenset[str]
    described: frozenset[str]
    inherited: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset({"Transient", "Ignore"})
    #: Names of the arguments that say how a table and a column are called in the database.
    table_names: tuple[str, ...] = ("name",)
    column_names: tuple[str, ...] = ("name",)
    #: Whether an annotation's first argument is that name.
    is_named_first: bool = False
    #: Whether a class without a sign of its own is a table if it has columns.
    is_bare: bool = False
    packages: tuple[str, ...] = field(default=())


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_JPA: Final = MappingDialect(
    source="JPA",
    entities=_words("Entity"),
    tables=_words("Table"),
    keys=_words("Id EmbeddedId"),
    links=_words("ManyToOne OneToOne OneToMany ManyToMany"),
    described=_words("Column JoinColumn"),
    inherited=_words("MappedSuperclass"),
)
_ROOM: Final = MappingDialect(
    source="Room",
    entities=_words("Entity"),
    tables=frozenset(),
    keys=_words("PrimaryKey"),
    links=frozenset(),
    described=_words("ColumnInfo"),
    table_names=("tableName",),
    packages=("androidx.room",),
)
_SPRING_MONGO: Final = MappingDialect(
    source="Spring Data MongoDB",
    entities=_words("Document"),
    tables=frozenset(),
    keys=_words("Id MongoId"),
    links=_words("DBRef DocumentReference"),
    described=_words("Field"),
    table_names=("collection", "value"),
    column_names=("name", "value"),
    is_named_first=True,
    packages=("org.springframework.data.mongodb",),
)
_SPRING_DATA: Final = MappingDialect(
    source="Spring Data",
    entities=_words("Table"),
    tables=frozenset(),
    keys=_words("Id"),
    links=_words("MappedCollection"),
    described=_words("Column"),
    table_names=("name", "value"),
    column_names=("value",),
    is_named_first=True,
    packages=("org.springframework.data.relational", "org.springframework.data.cassandra"),
)
_TYPEORM: Final = MappingDialect(
    source="TypeORM",
    entities=_words("Entity ChildEntity ViewEntity"),
    tables=frozenset(),
    keys=_words("PrimaryColumn PrimaryGeneratedColumn ObjectIdColumn"),
    links=_words("ManyToOne OneToOne OneToMany ManyToMany"),
    described=_words("Column JoinColumn PrimaryColumn PrimaryGeneratedColumn CreateDateColumn UpdateDateColumn"),
    columns=_words(
        "Column PrimaryColumn PrimaryGeneratedColumn ObjectIdColumn CreateDateColumn UpdateDateColumn DeleteDateColumn "
        "VersionColumn ViewColumn Generated ManyToOne OneToOne OneToMany ManyToMany Tree TreeParent TreeChildren"
    ),
)
_MIKRO: Final = MappingDialect(
    source="MikroORM",
    entities=_words("Entity"),
    tables=frozenset(),
    keys=_words("PrimaryKey"),
    links=_words("ManyToOne OneToOne OneToMany ManyToMany"),
    described=_words("PrimaryKey Property Enum ManyToOne OneToOne Formula"),
    columns=_words("PrimaryKey Property Enum Embedded Formula ManyToOne OneToOne OneToMany ManyToMany"),
    table_names=("tableName", "collection"),
    column_names=("fieldName", "name", "joinColumn"),
    packages=("@mikro-orm/",),
)
_SEQUELIZE: Final = MappingDialect(
    source="Sequelize",
    entities=_words("Table"),
    tables=frozenset(),
    keys=_words("PrimaryKey"),
    links=_words("ForeignKey BelongsTo HasMany HasOne BelongsToMany"),
    described=_words("Column"),
    columns=_words("Column CreatedAt UpdatedAt DeletedAt ForeignKey BelongsTo HasMany HasOne BelongsToMany"),
    table_names=("tableName",),
    column_names=("field",),
    packages=("sequelize-typescript",),
)
_NEST_MONGOOSE: Final = MappingDialect(
    source="Mongoose",
    entities=_words("Schema"),
    tables=frozenset(),
    keys=frozenset(),
    links=frozenset(),
    described=_words("Prop"),
    columns=_words("Prop"),
    table_names=(),
    column_names=(),
    packages=("@nestjs/mongoose",),
)
_TYPEGOOSE: Final = MappingDialect(
    source="Mongoose",
    entities=frozenset(),
    tables=frozenset(),
    keys=frozenset(),
    links=frozenset(),
    described=_words("prop"),
    columns=_words("prop"),
    table_names=(),
    column_names=(),
    is_bare=True,
    packages=("@typegoose/typegoose",),
)
DOCTRINE: Final = MappingDialect(
    source="Doctrine",
    entities=_words("Entity Document"),
    tables=_words("Table"),
    keys=_words("Id"),
    links=_words("ManyToOne OneToOne OneToMany ManyToMany ReferenceOne ReferenceMany EmbedOne EmbedMany"),
    described=_words("Column JoinColumn Field ManyToOne OneToOne"),
    inherited=_words("MappedSuperclass"),
    columns=_words(
        "Column Id Field Embedded ManyToOne OneToOne OneToMany ManyToMany ReferenceOne ReferenceMany EmbedOne EmbedMany"
    ),
    table_names=("name", "collection"),
)
#: The first whose package a file imports counts; the last is for files that import none.
_DIALECTS: Final = {
    "java": (_ROOM, _SPRING_MONGO, _SPRING_DATA, _JPA),
    "kotlin": (_ROOM, _SPRING_MONGO, _SPRING_DATA, _JPA),
    "typescript": (_MIKRO, _SEQUELIZE, _NEST_MONGOOSE, _TYPEGOOSE, _TYPEORM),
}


def dialect_of(structure: Structure) -> MappingDialect | None:
    """The dialect of a file; None for a language that has none, and for one whose packages it does not import."""
    for dialect in _DIALECTS.get(structure.language, ()):
        imported = any(item.target.startswith(dialect.packages) for item in structure.imports)
        if imported or not dialect.packages:
            return dialect
    return None
