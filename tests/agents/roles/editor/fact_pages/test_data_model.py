# ruff: noqa: E501 (one file of a repository a row)
"""The page of the data model puts tables together from every file that says something of them."""

from __future__ import annotations

from tests.agents.roles.editor.fact_pages.test_fact_pages import pages_of

_CREATE = "Schema::create('users', function (Blueprint $table) { $table->id(); });"
_ADD = "Schema::table('users', function (Blueprint $table) { $table->string('nick'); $table->foreignId('org_id')->constrained(); });"
_ORGS = "Schema::create('orgs', function (Blueprint $table) { $table->id(); });"


def migration(body: str) -> str:
    return f"<?php\nuse Illuminate\\Database\\Schema\\Blueprint;\nreturn new class {{ public function up() {{\n{body}\n}} }};\n"


def section(page: str, name: str) -> str:
    """What the page says of one table."""
    return page.partition(f"## `{name}`")[2].partition("\n## ")[0]


def test_columns_that_a_later_migration_adds_are_the_tables() -> None:
    page = pages_of({
        "database/migrations/1_users.php": migration(_CREATE),
        "database/migrations/2_orgs.php": migration(_ORGS),
        "database/migrations/3_nick.php": migration(_ADD),
    })["data-model.md"].markdown  # fmt: skip

    assert "2 tables of Laravel." in page
    assert "`id`" in section(page, "users")
    assert "`nick`" in section(page, "users")
    assert "→ `orgs`" in section(page, "users")
    assert '"org_id"' in page.partition("erDiagram")[2]
    assert "`nick`" not in section(page, "orgs")


def test_what_a_schema_describes_gets_nothing_from_the_migrations_before_it() -> None:
    page = pages_of({
        "db/schema.rb": 'ActiveRecord::Schema.define do\n  create_table "users" do |t|\n    t.string "name"\n  end\nend\n',
        "db/migrate/1_a.rb": "class A < ActiveRecord::Migration[7.0]\n  def change\n    add_column :users, :dropped, :string\n  end\nend\n",
    })["data-model.md"].markdown  # fmt: skip

    assert "`name`" in section(page, "users")
    assert "dropped" not in page


def test_a_migration_makes_the_table_of_a_model_under_its_plural() -> None:
    page = pages_of({
        "models/user.js": "const User = sequelize.define('User', { orgId: { type: DataTypes.INTEGER, references: { model: 'Orgs', key: 'id' } } });\n",
        "models/org.js": "const Org = sequelize.define('Org', { size: DataTypes.INTEGER });\n",
        "migrations/1.js": "exports.up = (queryInterface, Sequelize) => queryInterface.createTable('Users', { id: Sequelize.INTEGER });\n",
    })["data-model.md"].markdown  # fmt: skip

    assert "2 tables of Sequelize." in page
    assert "## `Users`" not in page
    assert '"orgId"' in page.partition("erDiagram")[2]


def test_the_associations_of_a_model_stand_at_the_table_that_a_migration_makes() -> None:
    page = pages_of({
        "db/migrate/1_a.rb": "class A < ActiveRecord::Migration[7.0]\n  def change\n    create_table(:posts) { |t| t.bigint :writer_id }\n"
        "    create_table(:users) { |t| t.string :name }\n  end\nend\n",
        "app/models/post.rb": "class Post < ApplicationRecord\n  belongs_to :writer, class_name: 'User'\n  has_many :comments\nend\n",
        "app/models/guest.rb": "class Guest < ApplicationRecord\n  has_many :visits\nend\n",
    })["data-model.md"].markdown  # fmt: skip

    assert "2 tables of ActiveRecord." in page
    assert section(page, "posts").count("writer_id") == 1
    assert "`bigint` | → `User`" in section(page, "posts")
    assert "`has_many` | list, → `comments`" in section(page, "posts")
    assert '"writer_id"' in page.partition("erDiagram")[2]
    assert "visits" not in page


def test_a_table_of_a_schema_gets_what_is_added_under_its_short_name() -> None:
    page = pages_of({
        "sql/1.sql": "CREATE TABLE public.users (id int);\n", "sql/2.sql": "ALTER TABLE users ADD COLUMN nick text;\n",
    })["data-model.md"].markdown  # fmt: skip

    assert "`text`" in section(page, "public.users")


def test_a_configuration_in_another_file_names_the_table_of_an_entity() -> None:
    page = pages_of({
        "Db.cs": "class Db : DbContext { public DbSet<Blog> Blogs { get; set; } }\n",
        "Blog.cs": "public class Blog { public int Id { get; set; } }\n",
        "BlogConfig.cs": 'class BlogConfig : IEntityTypeConfiguration<Blog> { public void Configure(EntityTypeBuilder<Blog> b) { b.ToTable("blogs"); } }\n',
    })["data-model.md"].markdown  # fmt: skip

    assert "1 table of EF Core." in page
    assert "## `blogs`" in page


def test_a_column_is_called_as_in_the_database_and_links_to_its_member() -> None:
    page = pages_of({
        "src/User.kt": 'import androidx.room.Entity\n@Entity(tableName = "users")\ndata class User(@ColumnInfo(name = "first_name") val first: String)\n',
    })["data-model.md"].markdown  # fmt: skip

    assert "[`first_name`](api/src/User.kt.md#s.User.first)" in page


def test_documents_stand_beside_code() -> None:
    page = pages_of({
        "order.avsc": '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}]}\n',
        "lib/user.ex": 'defmodule User do\n  use Ecto.Schema\n  schema "users" do\n    field :name, :string\n  end\nend\n',
        "db/log.xml": '<databaseChangeLog><createTable tableName="logs"><column name="id" type="int"/></createTable></databaseChangeLog>\n',
    })["data-model.md"].markdown  # fmt: skip

    assert "3 tables of Avro, Ecto, Liquibase." in page


def test_the_tables_of_tests_are_none_of_the_product() -> None:
    assert "data-model.md" not in pages_of({
        "tests/order.avsc": '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}]}\n',
        "tests/a.sql": "CREATE TABLE a (id int);\n",
    })  # fmt: skip
