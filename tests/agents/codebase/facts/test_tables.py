# ruff: noqa: E501, ISC004 (a case is a source text on as few lines as it has)
"""Tables are read with fields, types, keys and what they reference."""

from __future__ import annotations

import time

import pytest

from agents.codebase.facts.tables.ef_core import entities_of
from agents.codebase.facts.tables.outlined import outlined_tables
from agents.codebase.facts.tables.prisma import prisma_tables
from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.facts import FactKind
from tests.agents.codebase.facts.reading import facts

_SQLALCHEMY = """
from sqlalchemy import Column
class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(nullable=False)
    group_id = Column(ForeignKey("groups.id"))
"""
_DJANGO = """
from django.db import models
class Book(models.Model):
    author = models.ForeignKey("Author", on_delete=models.CASCADE)
    class Meta:
        db_table = "library_book"
"""
_PEEWEE = "from peewee import Model, CharField\nclass Person(Model):\n    name = CharField(unique=True)\n"
_SQLMODEL = (
    "from sqlmodel import Field, SQLModel\nclass Hero(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n"
)
_RAILS = "create_table :posts do |t|\n  t.string :title, null: false\n  t.references :author\nend\n"
CODE = {
    "python SQLAlchemy": (
        _SQLALCHEMY,
        [("users", "", ()), ("id", "", ("primary key",)), ("name", "", ("not null",)), ("group_id", "groups.id", ())],
    ),
    "python Django": (_DJANGO, [("library_book", "", ()), ("author", "Author", ())]),
    "python peewee": (_PEEWEE, [("Person", "", ()), ("name", "", ("unique",))]),
    "python SQLModel": (_SQLMODEL, [("Hero", "", ()), ("id", "", ("primary key",))]),
    "ruby ActiveRecord": (_RAILS, [("posts", "", ()), ("title", "", ("not null",)), ("author_id", "authors", ())]),
}
#: Types whose fields others inherit: they have a mark, and no table.
ABSTRACT = {
    "python Django": "from django.db import models\nclass Timed(models.Model):\n    made = models.DateTimeField()\n    class Meta:\n        abstract = True\n",
    "python SQLAlchemy": "from sqlalchemy import Column\nclass Timed(Base):\n    __abstract__ = True\n    made = Column(DateTime)\n",
    "python SQLAlchemy mixin": "from sqlalchemy import Column\nclass TimedMixin(object):\n    made = Column(DateTime)\n",
    "python peewee": "from peewee import Model, DateTimeField\nclass BaseModel(Model):\n    made = DateTimeField()\n    class Meta:\n        database = db\n",
    "java JPA": "@MappedSuperclass\npublic abstract class Timed { @Column Instant made; }",
    "kotlin JPA": "@MappedSuperclass\nabstract class Timed(@Id val made: Long = 0)\n",
    "typescript TypeORM": "export abstract class Timed {\n  @CreateDateColumn() made: Date;\n}\n",
}
_SQL = "CREATE TABLE users (id INT PRIMARY KEY, name VARCHAR(30) NOT NULL, group_id INT REFERENCES groups(id));\n"
OUTLINES = {
    "typescript TypeORM": (
        '@Entity("users")\nexport class User {\n  @PrimaryGeneratedColumn() id: number;\n'
        "  @Column({ nullable: true }) name?: string;\n  @ManyToOne(() => Group, g => g.users) group: Group;\n}\n",
        [("users", "", ()), ("id", "", ("primary key",)), ("name", "", ("nullable",)), ("group", "Group", ())],
    ),
    "java JPA": (
        '@Entity @Table(name = "users")\nclass User { @Id Long id; @ManyToOne Group group; @Column(nullable=false) String name; }',
        [("users", "", ()), ("id", "", ("primary key",)), ("group", "Group", ()), ("name", "", ("not null",))],
    ),
    "go gorm": (
        'package x\ntype User struct {\n\tID uint `gorm:"primaryKey"`\n}\n',
        [("User", "", ()), ("ID", "", ("primary key",))],
    ),
    "sql": (
        _SQL,
        [("users", "", ()), ("id", "", ("primary key",)), ("name", "", ("not null",)), ("group_id", "groups", ())],
    ),
    "protobuf": (
        'syntax = "proto3";\nmessage User { int32 id = 1; repeated Group groups = 2; }\n',
        [("User", "", ()), ("id", "", ()), ("groups", "Group", ("list",))],
    ),
    "graphql": (
        "type User { id: ID! groups: [Group!]! }\n",
        [("User", "", ()), ("id", "", ()), ("groups", "Group", ("list",))],
    ),
}


@pytest.mark.parametrize("case", CODE)
def test_code_declares_tables(case: str) -> None:
    text, wanted = CODE[case]
    read = facts(case.split()[0], text, FactKind.TABLE, FactKind.COLUMN)
    assert [(fact.name, fact.target, fact.marks) for fact in read] == wanted


@pytest.mark.parametrize("case", OUTLINES)
def test_outlines_hold_tables(case: str) -> None:
    text, wanted = OUTLINES[case]
    structure = TreeSitterReader().read("file", case.split()[0], text)
    assert [(fact.name, fact.target, fact.marks) for fact in outlined_tables(structure, text)] == wanted


def test_a_context_of_ef_core_makes_tables_of_the_classes_that_it_stores() -> None:
    context = (
        "class Db : DbContext { public DbSet<User> Users { get; set; } public DbSet<M.Group> Groups => Set<Group>(); }"
    )
    classes = (
        '[Table("people")] public class User { public int Id { get; set; } [Required, MaxLength(9)] public string Name { get; set; }\n'
        "public string? Mail { get; set; } public Group Group { get; set; } [NotMapped] public int X { get; set; } }\n"
        "public class Other { public int Id { get; set; } }\n"
    )
    read = [TreeSitterReader().read("a.cs", "csharp", text) for text in (context, classes)]
    entities = {name: "" for structure in read for name in entities_of(structure)}
    assert entities.keys() == {"User", "Group"}
    assert [(fact.name, fact.target, fact.marks) for fact in outlined_tables(read[1], "", entities)] == [
        ("people", "", ()),
        ("Id", "", ("primary key",)),
        ("Name", "", ("not null",)),
        ("Mail", "", ("nullable",)),
        ("Group", "Group", ()),
    ]


def test_a_schema_of_prisma_has_models_with_fields_keys_and_relations() -> None:
    text = (
        'datasource db {\n  url = env("X")\n}\n\n/// People who write.\nmodel User {\n  id    Int     @id @default(autoincrement())\n'
        '  /// Where to write to.\n  email String? @unique // no\n  posts Post[]\n\n  @@map("users")\n}\n'
        "model Post {\n  author User @relation(fields: [authorId], references: [id])\n}\nenum Role {\n  A\n}\n"
    )
    read = list(prisma_tables(text))
    assert [(fact.name, fact.type, fact.target, fact.marks, fact.text) for fact in read] == [
        ("users", "", "", (), "People who write."),
        ("id", "Int", "", ("primary key",), ""),
        ("email", "String", "", ("unique", "nullable"), "Where to write to."),
        ("posts", "Post[]", "Post", ("list",), ""),
        ("Post", "", "", (), ""),
        ("author", "User", "User", (), ""),
    ]
    assert [fact.lines.start for fact in read] == [6, 7, 9, 10, 14, 15]


@pytest.mark.parametrize("case", ABSTRACT)
def test_what_others_inherit_is_marked_as_no_table(case: str) -> None:
    structure = TreeSitterReader().read("file", case.split()[0], ABSTRACT[case])
    table, *columns = [
        fact
        for fact in (*structure.facts, *outlined_tables(structure))
        if fact.kind in {FactKind.TABLE, FactKind.COLUMN}
    ]
    assert table.marks == ("abstract",)
    assert [column.name for column in columns] == ["made"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ruby", "class ApplicationRecord < ActiveRecord::Base\n  self.abstract_class = true\nend\n"),
        ("typescript", "export abstract class Port {\n  @Input() name: string;\n}\n"),
        ("java", "public abstract class Port { @Inject String name; }"),
    ],
)
def test_other_abstract_types_are_no_tables(language: str, text: str) -> None:
    structure = TreeSitterReader().read("file", language, text)
    assert [fact.name for fact in (*structure.facts, *outlined_tables(structure))] == []


@pytest.mark.parametrize("base", ["forms.ModelForm", "serializers.ModelSerializer", "filters.FilterSet"])
def test_a_form_of_a_model_is_no_table(base: str) -> None:
    text = f"from django import forms\nclass A({base}):\n    name = forms.CharField()\n"

    assert facts("python", text, FactKind.TABLE) == []


def test_a_class_without_columns_is_no_table() -> None:
    assert facts("python", "from sqlalchemy import x\nclass A(Base):\n    size = 3\n", FactKind.TABLE) == []


def outlined(language: str, text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    structure = TreeSitterReader().read(f"a.{language}", language, text)
    return [(each.name, each.target, each.marks) for each in outlined_tables(structure, text)]


def test_columns_on_one_row_keep_their_own_keys() -> None:
    text = "CREATE TABLE a (id int, n numeric(3, 2) NOT NULL, b int REFERENCES c (id), d int UNIQUE);\n"
    assert outlined("sql", text) == [
        ("a", "", ()), ("id", "", ()), ("n", "", ("not null",)), ("b", "c", ()), ("d", "", ("unique",)),
    ]  # fmt: skip


def test_a_type_that_is_extended_is_one_table_with_each_field_once() -> None:
    text = "type A { a: A }\n" + "extend type A { b: B }\n" * 3 + "extend type A { c: [B] }\n"
    assert outlined("graphql", text) == [("A", "", ()), ("a", "A", ()), ("b", "B", ()), ("c", "B", ("list",))]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sql", "CREATE TABLE t (" + ", ".join(f"c{number} text" for number in range(1_000)) + ");\n"),
        ("graphql", "type A { a: A }\n" + "extend type A { b: B }\n" * 4_000),
    ],
)
def test_many_columns_are_read_in_the_time_that_their_text_takes(language: str, text: str) -> None:
    structure = TreeSitterReader().read(f"a.{language}", language, text)
    began = time.process_time()
    assert list(outlined_tables(structure, text))
    assert time.process_time() - began < 2  # a tenth of it here; it was half a minute
