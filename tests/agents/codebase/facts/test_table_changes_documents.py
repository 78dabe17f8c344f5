"""What changelogs of Liquibase and migrations of Ecto drop, rename and give another type is read."""

from __future__ import annotations

import pytest

from agents.codebase.facts.tables.ecto import ecto_tables
from agents.codebase.facts.tables.liquibase import liquibase_tables
from agents.contracts.facts import FactKind

_ECTO = """
defmodule A do
  use Ecto.Migration
  def change do
    alter table(:users) do
      remove :nick
      remove_if_exists(:gone, :string)
      modify :age, :bigint, null: false
      modify :org_id, references(:orgs)
      add :b, :string
    end
    rename table(:users), :x, to: :y
    rename table("people"), to: table(:persons)
    drop_if_exists(table("gone"))
    drop index(:users, [:x])
  end
  def down do
    drop table(:bad)
  end
end
"""
_LIQUIBASE_XML = """<databaseChangeLog>
  <changeSet>
    <createTable tableName="users"><column name="a" type="int"/></createTable>
    <dropColumn tableName="users" columnName="a"/>
    <dropColumn tableName="users">
      <column name="b"/>
    </dropColumn>
    <renameColumn tableName="users" oldColumnName="x" newColumnName="y" columnDataType="int"/>
    <modifyDataType tableName="users" columnName="age" newDataType="bigint"/>
    <renameTable oldTableName="people" newTableName="persons"/>
    <dropTable tableName="gone"/>
    <rollback><dropTable tableName="bad"/></rollback>
  </changeSet>
</databaseChangeLog>
"""
_LIQUIBASE_YAML = """databaseChangeLog:
  - changeSet:
      changes:
        - dropColumn: { tableName: users, columnName: a }
        - dropColumn:
            tableName: users
            columns:
              - column: { name: b }
        - renameColumn: { tableName: users, oldColumnName: x, newColumnName: y }
        - modifyDataType: { tableName: users, columnName: age, newDataType: bigint }
        - renameTable: { oldTableName: people, newTableName: persons }
        - dropTable: { tableName: gone }
"""
_CHANGED_BY_DOCUMENTS = [
    ("users", "a", "", ""), ("users", "b", "", ""), ("users", "x", "y", ""), ("users", "age", "", "bigint"),
    ("", "people", "persons", ""), ("", "gone", "", ""),
]  # fmt: skip


@pytest.mark.parametrize("text", [_LIQUIBASE_XML, _LIQUIBASE_YAML])
def test_a_changelog_of_liquibase_says_what_it_drops_and_renames(text: str) -> None:
    changes = [item for item in liquibase_tables(text) if item.kind is FactKind.CHANGE]
    assert [(item.owner, item.name, item.target, item.type) for item in changes] == _CHANGED_BY_DOCUMENTS


def test_a_migration_of_ecto_says_what_it_drops_and_renames() -> None:
    changes = [item for item in ecto_tables(_ECTO) if item.kind is FactKind.CHANGE]
    assert [(item.owner, item.name, item.target, item.type) for item in changes] == [
        ("users", "nick", "", ""), ("users", "gone", "", ""), ("users", "age", "", ":bigint"), ("users", "x", "y", ""),
        ("", "people", "persons", ""), ("", "gone", "", ""),
    ]  # fmt: skip
