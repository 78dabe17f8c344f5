# ruff: noqa: E501 (a case is a source text on as few lines as it has)
"""What later migrations drop, rename and give another type is read: the table, the column, and what becomes of it."""

from __future__ import annotations

import pytest

from agents.codebase.facts.tables.outlined import outlined_tables
from agents.codebase.facts.tables.sql_changes import sql_changes
from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.facts import FactKind
from tests.agents.codebase.facts.reading import facts, tables_of

_RAILS = """
class Change < ActiveRecord::Migration[7.0]
  def change
    remove_column :users, :nick, :string
    remove_columns :users, :a, :b, type: :string
    rename_column "users", "x", "y"
    change_column(:users, :age, 'bigint', null: false)
    remove_reference :users, :org, foreign_key: true
    rename_table :people, :persons
    drop_table :gone, if_exists: true do |t|
      t.string :name
    end
    change_table :orgs do |t|
      t.remove :q, :r
      t.rename :old, :new
      t.change :price, :decimal, precision: 3
      t.remove_references :owner, polymorphic: true
    end
    reversible do |dir|
      dir.up { remove_column :users, :up }
      dir.down { remove_column :users, :down }
    end
    revert { drop_table :kept }
    change_column_null :users, :age, true
    remove_index :users, :zip
  end
  def self.down
    remove_column :users, :bad
  end
end
"""
_ALEMBIC = """
from alembic import op
TABLE = "gone_too"
def upgrade():
    op.drop_column("users", "nick")
    op.drop_column(table_name="users", column_name="a")
    op.alter_column("users", "x", new_column_name="y")
    op.alter_column("users", "age", type_=sa.Text(), existing_type=sa.Integer())
    op.alter_column("users", "age", nullable=False)
    op.rename_table("people", "persons")
    op.drop_table("gone")
    op.drop_table(TABLE)
    with op.batch_alter_table("orgs") as batch:
        batch.drop_column("q")
        batch.alter_column("old", new_column_name="new")
def downgrade():
    op.drop_table("bad")
"""
_LARAVEL = """<?php
use Illuminate\\Database\\Schema\\Blueprint;
return new class extends Migration {
  public function up(): void {
    Schema::table('users', function (Blueprint $table) {
      $table->dropColumn(['a', 'b']);
      $table->dropColumn('c', 'd');
      $table->renameColumn('x', 'y');
      $table->string('age', 50)->nullable()->change();
      $table->dropConstrainedForeignId('org_id');
      $table->dropConstrainedForeignIdFor(\\App\\BlogPost::class);
      $table->dropMorphs('tag');
      $table->dropSoftDeletes();
      $table->dropForeign(['org_id']);
    });
    Schema::dropColumns('users', ['q']);
    Schema::connection('x')->dropIfExists('gone');
    Schema::rename('people', 'persons');
  }
  public function down(): void { Schema::drop('bad'); }
};
"""
_KNEX = """
exports.up = async (knex) => {
  await knex.schema.alterTable('users', (t) => {
    t.dropColumn('a');
    t.dropColumns('b', 'c');
    t.renameColumn('x', 'y');
    t.string('age').alter();
    t.dropTimestamps();
    t.dropIndex('i');
  });
  await knex.schema.dropTableIfExists('gone').renameTable('people', 'persons');
};
exports.down = (knex) => knex.schema.dropTable('bad');
"""
_SEQUELIZE = """
module.exports = {
  async up(queryInterface, Sequelize) {
    await queryInterface.removeColumn('Users', 'a', { transaction });
    await queryInterface.renameColumn('Users', 'x', 'y');
    await queryInterface.changeColumn('Users', 'age', { type: Sequelize.TEXT, allowNull: false });
    await queryInterface.dropTable('Gone');
    await queryInterface.renameTable('People', 'Persons');
  },
  down: async (queryInterface) => { await queryInterface.dropTable('Bad'); },
};
"""
#: The owner, the name, the target and the type of each change.
CASES: dict[str, tuple[str, str, list[tuple[str, str, str, str]]]] = {
    "ActiveRecord": (
        "ruby",
        _RAILS,
        [
            ("users", "nick", "", ""), ("users", "a", "", ""), ("users", "b", "", ""), ("users", "x", "y", ""),
            ("users", "age", "", "bigint"), ("users", "org_id", "", ""), ("", "people", "persons", ""),
            ("", "gone", "", ""), ("orgs", "q", "", ""), ("orgs", "r", "", ""), ("orgs", "old", "new", ""),
            ("orgs", "price", "", "decimal"), ("orgs", "owner_id", "", ""), ("orgs", "owner_type", "", ""),
            ("users", "up", "", ""),
        ],
    ),
    "SQLAlchemy": (
        "python",
        _ALEMBIC,
        [
            ("users", "nick", "", ""), ("users", "a", "", ""), ("users", "x", "y", ""), ("users", "age", "", "sa.Text()"),
            ("", "people", "persons", ""), ("", "gone", "", ""), ("", "gone_too", "", ""),
            ("orgs", "q", "", ""), ("orgs", "old", "new", ""),
        ],
    ),
    "Laravel": (
        "php",
        _LARAVEL,
        [
            ("users", "a", "", ""), ("users", "b", "", ""), ("users", "c", "", ""), ("users", "d", "", ""),
            ("users", "x", "y", ""), ("users", "age", "", "string"), ("users", "org_id", "", ""),
            ("users", "blog_post_id", "", ""), ("users", "tag_type", "", ""), ("users", "tag_id", "", ""),
            ("users", "deleted_at", "", ""), ("users", "q", "", ""), ("", "gone", "", ""), ("", "people", "persons", ""),
        ],
    ),
    "Knex": (
        "javascript",
        _KNEX,
        [
            ("users", "a", "", ""), ("users", "b", "", ""), ("users", "c", "", ""), ("users", "x", "y", ""),
            ("users", "age", "", "string"), ("users", "created_at", "", ""), ("users", "updated_at", "", ""),
            ("", "gone", "", ""), ("", "people", "persons", ""),
        ],
    ),
    "Sequelize": (
        "javascript",
        _SEQUELIZE,
        [
            ("Users", "a", "", ""), ("Users", "x", "y", ""), ("Users", "age", "", "Sequelize.TEXT"), ("", "Gone", "", ""),
            ("", "People", "Persons", ""),
        ],
    ),
}  # fmt: skip
#: A statement of SQL, and the changes that it makes.
STATEMENTS: dict[str, list[tuple[str, str, str, str]]] = {
    'ALTER TABLE IF EXISTS ONLY app.t DROP COLUMN IF EXISTS "a" CASCADE, DROP b, ADD c int;': [
        ("app.t", "a", "", ""), ("app.t", "b", "", ""),
    ],
    "ALTER TABLE t\n  DROP COLUMN key,\n  RENAME COLUMN a TO b": [("t", "key", "", ""), ("t", "a", "b", "")],
    "ALTER TABLE t RENAME a TO b;": [("t", "a", "b", "")],
    "ALTER TABLE t RENAME TO u; ALTER TABLE `t` RENAME `v`;": [("", "t", "u", ""), ("", "t", "v", "")],
    "ALTER TABLE t RENAME CONSTRAINT a TO b; ALTER TABLE t RENAME INDEX a TO b, RENAME KEY c TO d;": [],
    "ALTER TABLE t DROP CONSTRAINT c, DROP PRIMARY KEY, DROP FOREIGN KEY f, DROP INDEX i, DROP PARTITION p;": [],
    "ALTER TABLE t CHANGE COLUMN a b ENUM('x','y') NOT NULL, MODIFY c BIGINT UNSIGNED DEFAULT 1;": [
        ("t", "a", "b", "ENUM"), ("t", "c", "", "BIGINT UNSIGNED"),
    ],
    "ALTER TABLE t ALTER a TYPE numeric(10, 2) USING a::numeric, ALTER COLUMN b SET DATA TYPE text;": [
        ("t", "a", "", "numeric(10, 2)"), ("t", "b", "", "text"),
    ],
    "ALTER TABLE t ALTER COLUMN a SET NOT NULL, ALTER COLUMN b DROP DEFAULT, ALTER c ADD GENERATED ALWAYS AS IDENTITY;": [],
    "ALTER TABLE dbo.t ALTER COLUMN [a] nvarchar(max) NOT NULL\nGO\nALTER TABLE dbo.t DROP COLUMN b, c\nGO\n": [
        ("dbo.t", "a", "", "nvarchar(max)"), ("dbo.t", "b", "", ""), ("dbo.t", "c", "", ""),
    ],
    "EXEC sp_rename N'dbo.t.a', 'b', 'COLUMN'; EXEC sp_rename 't', 'u'; EXEC sp_rename 't.i', 'j', 'INDEX';": [
        ("dbo.t", "a", "b", ""), ("", "t", "u", ""),
    ],
    "ALTER TABLE t DROP (a, b);": [("t", "a", "", ""), ("t", "b", "", "")],
    'DROP TABLE IF EXISTS a, "b" CASCADE; DROP TABLE c;': [("", "a", "", ""), ("", "b", "", ""), ("", "c", "", "")],
    "RENAME TABLE a TO b, c TO db.d;": [("", "a", "b", ""), ("", "c", "db.d", "")],
    "-- DROP TABLE a;\nINSERT INTO t VALUES ('DROP TABLE b;');\nDROP VIEW v; DROP INDEX i;": [],
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_migration_says_what_it_drops_and_renames(case: str) -> None:
    language, text, wanted = CASES[case]
    changes = facts(language, text, FactKind.CHANGE)

    assert sorted((item.owner, item.name, item.target, item.type) for item in changes) == sorted(wanted)
    assert {item.source for item in changes} == {case}


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_of_sql_says_what_it_drops_and_renames(statement: str) -> None:
    changes = [(item.owner, item.name, item.target, item.type) for item in sql_changes(statement)]
    assert changes == STATEMENTS[statement]


def test_a_change_stands_on_the_lines_of_its_statement() -> None:
    (change,) = sql_changes("CREATE TABLE t (a int);\n\nALTER TABLE t\n  DROP COLUMN a\n;\n")
    assert (change.lines.start, change.lines.end) == (3, 4)


@pytest.mark.parametrize(
    "text",
    [
        "-- +goose Up\nCREATE TABLE a (x int);\n-- +goose Down\nDROP TABLE a;\nCREATE TABLE b (y int);\n",
        "-- migrate:up\nCREATE TABLE a (x int);\n-- migrate:down\nDROP TABLE a;\n",
        "-- +migrate Down\nDROP TABLE a;\n-- +migrate Up\nCREATE TABLE a (x int);\n",
        "# --- !Ups\nCREATE TABLE a (x int);\n# --- !Downs\nDROP TABLE a;\n",
        "CREATE TABLE a (x int);\n-- //@UNDO\nDROP TABLE a;\n",
        "CREATE TABLE a (x int);\n---- create above / drop below ----\nDROP TABLE a;\n",
    ],
)
def test_the_part_of_a_file_that_takes_it_back_counts_for_nothing(text: str) -> None:
    structure = TreeSitterReader().read("file", "sql", text)

    assert list(tables_of("sql", text)) == ["a"]
    assert [item for item in outlined_tables(structure, text) if item.kind is FactKind.CHANGE] == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ruby", "ActiveRecord::Base\nlist.remove(:a, :b)\nframe.drop_table(:x)\ntable.rename :a, :b\n"),
        ("ruby", "remove_column :users, :nick\n"),
        ("python", "df.drop_column('a', 'b')\nop.drop_table('x')\n"),
        ("python", "import alembic\ndrop_table('x')\n"),
        ("python", "from alembic import op\nname = 'x'\ndef drop(name):\n    op.drop_table(name)\n"),
        ("php", "<?php\n$file->drop('x'); Storage::rename('a', 'b'); $table->dropColumn('a');\n"),
        ("php", "<?php\nuse Illuminate\\Database\\Schema\\Blueprint;\n$box->drop('x');\nFile::rename('a', 'b');\n"),
        ("javascript", "const schema = 1;\nfs.rename('a', 'b');\ndb.dropTable('x');\nt.dropColumn('y');\n"),
        ("javascript", "grid.removeColumn('users', 'a');\n"),
        ("javascript", "queryInterface;\nremoveColumn('users', 'a');\n"),
    ],
)
def test_calls_of_the_same_names_change_nothing(language: str, text: str) -> None:
    assert facts(language, text, FactKind.CHANGE) == []
