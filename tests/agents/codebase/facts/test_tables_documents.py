# ruff: noqa: E501 (a case is a source text on as few lines as it has)
"""Tables of files without a syntax tree are read: Ecto, Liquibase, Avro, Prisma."""

from __future__ import annotations

import time

import pytest

from agents.codebase.facts.tables.documents import reader_of_tables
from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.facts import Fact
from agents.roles.scanner.languages import language_of
from tests.agents.codebase.facts.reading import Row, by_table


def read(path: str, text: str) -> list[Fact]:
    reader = reader_of_tables(path, TreeSitterReader().read(path, language_of(path, text), text))
    return list(reader(text)) if reader is not None else []


_ECTO = '''
defmodule MyApp.Blog.Post do
  @moduledoc """
  schema "no" do
  """
  use MyApp.Schema

  schema "posts" do
    field(:title, :string)
    field :status, Ecto.Enum, values: [:a, :b]
    field :tags, {:array, :string}, default: []
    # field :no, :string
    field :shown, :string, virtual: true
    belongs_to :author, User, foreign_key: :writer_id
    belongs_to(:org, MyApp.Org)
    has_many :comments, MyApp.Comment
    embeds_many :parts, Part do
      field :x, :integer
    end
    belongs_to :parent, __MODULE__
    timestamps(type: :utc_datetime)
  end

  def changeset(post, attrs) do
    post |> cast(attrs, [:title])
  end
end
'''
_ECTO_MIGRATION = """
defmodule MyApp.Repo.Migrations.Add do
  use Ecto.Migration
  def up do
    create table("posts", primary_key: false) do
      add :id, :binary_id, primary_key: true
      add :writer_id, references(:users, on_delete: :delete_all), null: false
      add :price, :decimal, precision: 10
    end
    create unique_index(:posts, [:price])
    alter table(:users) do
      add_if_not_exists :nick, :string
      remove :old
    end
  end
  def down do
    create table(:gone) do
      add :x, :string
    end
  end
end
"""
_LIQUIBASE_XML = """<?xml version="1.0"?>
<databaseChangeLog>
  <!-- <createTable tableName="no"><column name="x"/></createTable> -->
  <changeSet id="1" author="a">
    <createTable tableName="person" remarks="People &amp; more.">
      <column name="id" type="bigint">
        <constraints primaryKey="true" nullable="false"/>
      </column>
      <column name="code" type="varchar(255)" remarks="Its code."/>
      <column name="org_id" type="bigint"><constraints foreignKeyName="fk" referencedTableName="org"/></column>
      <column name="place" type="int"/>
    </createTable>
    <addForeignKeyConstraint baseTableName="person" baseColumnNames="place" constraintName="c" referencedTableName="places" referencedColumnNames="id"/>
    <addUniqueConstraint tableName="person" columnNames="code"/>
    <addColumn tableName="other"><column name="age" type="int"/></addColumn>
    <rollback><createTable tableName="gone"><column name="x" type="int"/></createTable></rollback>
  </changeSet>
</databaseChangeLog>
"""
_LIQUIBASE_YAML = """
databaseChangeLog:
  - changeSet:
      id: 1
      changes:
        - createTable:
            columns:
              - column:
                  name: id
                  type: int
                  constraints:
                    primaryKey: true
              - column: {name: owner_id, type: int, constraints: {foreignKeyName: fk, references: owners(id)}}
            tableName: person
        - addColumn:
            tableName: person
            columns:
              - column: {name: age, type: int}
"""
_LIQUIBASE_JSON = (
    '{"databaseChangeLog":[{"changeSet":{"id":"1","changes":[{"createTable":{"tableName":"person","columns":'
    '[{"column":{"name":"id","type":"int","constraints":{"primaryKey":true}}}]}}]}}]}\n'
)
_AVRO = """[
	{"type": "record", "name": "com.x.Order", "doc": "An order.",
		"fields": [
		{"name": "id", "type": {"type": "string", "logicalType": "uuid"}},
		{"name": "lines", "type": {"type": "array", "items": {"type": "record", "name": "Line", "fields": [
			{"name": "sku", "type": "string"}]}}},
		{"name": "customer", "type": ["null", "com.x.Customer"], "default": null, "doc": "Who."},
		{"name": "tags", "type": {"type": "map", "values": "string"}}
	]}
]
"""
_PRISMA = """
model User {
  tenant String @map("tenant_id")
  id     Int
  code   String
  mail   String? @map(name: "e_mail")
  @@id([tenant, id])
  @@unique(fields: [code])
  @@unique([code, mail])
}
"""
_PERSON = ("id", "int", "", ("primary key",))
CASES: dict[str, tuple[str, str, str, dict[str, list[Row]]]] = {
    "a schema": (
        "lib/post.ex",
        "Ecto",
        _ECTO,
        {
            "posts": [
                ("title", ":string", "", ()), ("status", "Ecto.Enum", "", ()), ("tags", "{:array, :string}", "", ()),
                ("writer_id", "belongs_to", "User", ()), ("org_id", "belongs_to", "MyApp.Org", ()),
                ("comments", "has_many", "MyApp.Comment", ("list",)), ("parts", "embeds_many", "Part", ("list",)),
                ("parent_id", "belongs_to", "MyApp.Blog.Post", ()), ("inserted_at", ":timestamp", "", ()),
                ("updated_at", ":timestamp", "", ()),
            ]
        },
    ),
    "a migration": (
        "priv/1.exs",
        "Ecto",
        _ECTO_MIGRATION,
        {
            "posts": [
                ("id", ":binary_id", "", ("primary key",)), ("writer_id", "references", "users", ("not null",)),
                ("price", ":decimal", "", ("unique",)),
            ],
            "+users": [("nick", ":string", "", ())],
        },
    ),
    "XML": (
        "db/changes.xml",
        "Liquibase",
        _LIQUIBASE_XML,
        {
            "person": [
                ("id", "bigint", "", ("primary key", "not null")), ("code", "varchar(255)", "", ("unique",)),
                ("org_id", "bigint", "org", ()), ("place", "int", "places", ()),
            ],
            "+other": [("age", "int", "", ())],
        },
    ),
    "YAML": (
        "db/changes.yaml", "Liquibase", _LIQUIBASE_YAML,
        {"person": [_PERSON, ("owner_id", "int", "owners", ()), ("age", "int", "", ())]},
    ),
    "JSON": ("db/changes.json", "Liquibase", _LIQUIBASE_JSON, {"person": [_PERSON]}),
    "records": (
        "order.avsc",
        "Avro",
        _AVRO,
        {
            "Order": [
                ("id", "uuid", "", ()), ("lines", "array<Line>", "Line", ("list",)),
                ("customer", "Customer", "Customer", ("nullable",)), ("tags", "map<string>", "", ()),
            ],
            "Line": [("sku", "string", "", ())],
        },
    ),
    "a model": (
        "schema.prisma",
        "Prisma",
        _PRISMA,
        {
            "User": [
                ("tenant_id", "String", "", ("primary key",)), ("id", "Int", "", ("primary key",)),
                ("code", "String", "", ("unique",)), ("e_mail", "String", "", ("nullable",)),
            ]
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_document_declares_tables(case: str) -> None:
    path, source, text, wanted = CASES[case]
    listed = read(path, text)
    assert by_table(listed) == wanted
    assert {fact.source for fact in listed} == {source}


@pytest.mark.parametrize(
    ("path", "text", "said", "line"),
    [
        ("a.xml", _LIQUIBASE_XML, "People & more.", 5),
        ("a.xml", _LIQUIBASE_XML, "Its code.", 9),
        ("a.avsc", _AVRO, "An order.", 2),
        ("a.avsc", _AVRO, "Who.", 7),
    ],
)
def test_what_a_document_says_of_a_thing_stands_with_its_line(path: str, text: str, said: str, line: int) -> None:
    assert [fact.lines.start for fact in read(path, text) if fact.text == said] == [line]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.ex", 'defmodule X do\n  schema "q" do\n    field :a, :string\n  end\nend\n'),
        ("a.ex", "defmodule X do\n  use Absinthe.Schema\n  object :user do\n    field :name, :string\n  end\nend\n"),
        ("a.xml", '<root><createTable tableName="a"><column name="b"/></createTable></root>\n'),
        ("a.yaml", "createTable:\n  tableName: a\n  columns: []\n"),
        ("a.avsc", '{"type": "enum", "name": "A", "symbols": ["B"]}\n'),
        ("a.avsc", '{"fields": ' + "[" * 5_000 + "\n"),
        ("a.json", '{"type": "record", "name": "A", "fields": [{"name": "b", "type": "int"}]}\n'),
    ],
)
def test_other_documents_declare_nothing(path: str, text: str) -> None:
    assert read(path, text) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.xml", "<databaseChangeLog>" + "<column a." * 20_000 + "</databaseChangeLog>"),
        ("a.xml", '<databaseChangeLog><createTable tableName="a">' + "a." * 50_000 + '="x"></databaseChangeLog>'),
        ("a.ex", 'use Ecto.Schema\nschema "a" do\n' + "fn " * 50_000 + "\n" + "field :a, :b\n" * 5_000),
        ("a.prisma", "model A {\n" * 10_000),
    ],
)
def test_what_nobody_writes_is_read_in_the_time_that_it_takes(path: str, text: str) -> None:
    began = time.process_time()
    read(path, text)
    assert time.process_time() - began < 3
