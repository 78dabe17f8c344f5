# ruff: noqa: E501 (a case is a source text on as few lines as it has)
"""Migrations of Laravel, Knex, Rails and Sequelize are read: tables with columns, and what later ones add to others."""

from __future__ import annotations

import pytest

from agents.contracts.facts import FactKind
from tests.agents.codebase.facts.reading import Row, facts, tables_of

_LARAVEL = """<?php
use Illuminate\\Database\\Schema\\Blueprint;
return new class extends Migration {
    public function up(): void {
        Schema::create('users', function (Blueprint $table) {
            $table->id();
            $table->unsignedBigInteger('org_id')->nullable()->index();
            $table->foreign('org_id')
                ->references('id')
                ->on('orgs')
                ->onDelete('cascade');
            $table->foreignId('category_id')->constrained();
            $table->foreignId('cat_id')->nullable()->constrained('cats');
            $table->foreignIdFor(\\App\\Models\\BlogPost::class)->constrained();
            $table->string('email', 99)->unique()->comment('Where to write.');
            $table->morphs('taggable');
            $table->enum('kind', ['a', 'b']);
            $table->timestamps();
            $table->softDeletes();
            $table->unique('kind');
            $table->unique(['kind', 'email']);
            $table->string('old')->nullable()->change();
        });
        Schema::table('orgs', function (Blueprint $table) {
            $table->string('extra')->after('name');
            $table->dropColumn('old');
        });
        Schema::connection('other')->create('logs', fn (Blueprint $t) => $t->uuid('id')->primary());
    }
    public function down(): void {
        Schema::create('gone', function (Blueprint $table) { $table->id(); });
    }
};
"""
_KNEX = """
const TABLE = 'accounts';
exports.up = (knex) => knex.schema
  .createTable(TABLE, (table) => {
    table.increments();
    table.string('name', 255).notNullable().defaultTo('a');
    table.integer('owner_id').unsigned().references('id').inTable('users').onDelete('CASCADE');
    table.integer('org').references('orgs.id');
    table.timestamps(true, true);
    table.specificType('tags', 'text[]');
    table.unique(['name']);
    table.foreign('owner').references('id').inTable('people');
    table.uuid('owner').nullable();
  })
  .createTable('logs', function (t) { t.bigInteger('size'); })
  .alterTable('users', (table) => { table.string('nick'); table.string('old').alter(); table.dropColumn('x'); });
exports.down = (knex) => knex.schema.createTable('gone', (t) => { t.string('a'); });
"""
_RAILS = """
class CreateAll < ActiveRecord::Migration[7.0]
  def change
    create_table :posts, id: :uuid, comment: "Posts." do |t|
      t.string :title, :slug, null: false
      t.references :author, foreign_key: { to_table: :users }, type: :uuid
      t.belongs_to :category, index: { unique: true }
      t.references :taggable, polymorphic: true
      t.column :price, :decimal, precision: 3
      t.timestamps null: false
      t.index [:title], unique: true
      t.index %w[slug title]
    end
    add_column :users, :nick, :string
    add_reference :users, :org
    change_table(:orgs) { |t| t.boolean :active }
  end
  def down
    create_table(:gone) { |t| t.string :a }
  end
end
"""
_SCHEMA = """
ActiveRecord::Schema[7.0].define(version: 1) do
  create_table "articles", primary_key: ["user_id", "id"], force: :cascade do |t|
    t.bigint "user_id", null: false
    t.index ["user_id"], name: "by_user"
  end
  add_foreign_key "articles", "users"
end
"""
_SEQUELIZE = """
module.exports = {
  async up(queryInterface, Sequelize) {
    await queryInterface.createTable('Users', {
      id: { allowNull: false, primaryKey: true, type: Sequelize.INTEGER },
      orgId: { type: Sequelize.INTEGER, references: { model: 'Orgs', key: 'id' } },
    });
    await queryInterface.addColumn('Orgs', 'age', { type: Sequelize.INTEGER, allowNull: true });
    await queryInterface.addColumn('Orgs', 'size', Sequelize.BIGINT);
  },
  async down(queryInterface, Sequelize) { await queryInterface.createTable('Gone', { a: Sequelize.TEXT }); },
};
"""
_TIMES = [("created_at", "timestamp", "", ()), ("updated_at", "timestamp", "", ())]
CASES: dict[str, tuple[str, str, dict[str, list[Row]]]] = {
    "Laravel": (
        "php",
        _LARAVEL,
        {
            "users": [
                ("id", "id", "", ("primary key",)), ("org_id", "unsignedBigInteger", "orgs", ("index", "nullable")),
                ("category_id", "foreignId", "categories", ()), ("cat_id", "foreignId", "cats", ("nullable",)),
                ("blog_post_id", "foreignIdFor", "blog_posts", ()), ("email", "string", "", ("unique",)),
                ("taggable_type", "morphs", "", ()), ("taggable_id", "morphs", "", ()), ("kind", "enum", "", ("unique",)),
                *_TIMES, ("deleted_at", "timestamp", "", ()),
            ],
            "+orgs": [("extra", "string", "", ())],
            "logs": [("id", "uuid", "", ("primary key",))],
        },
    ),
    "Knex": (
        "javascript",
        _KNEX,
        {
            "accounts": [
                ("id", "increments", "", ("primary key",)), ("name", "string", "", ("not null", "unique")),
                ("owner_id", "integer", "users", ()), ("org", "integer", "orgs.id", ()), *_TIMES,
                ("tags", "text[]", "", ()), ("owner", "uuid", "people", ("nullable",)),
            ],
            "logs": [("size", "bigInteger", "", ())],
            "+users": [("nick", "string", "", ())],
        },
    ),
    "ActiveRecord": (
        "ruby",
        _RAILS,
        {
            "posts": [
                ("title", "string", "", ("not null", "unique")), ("slug", "string", "", ("not null",)),
                ("author_id", "uuid", "users", ()), ("category_id", "bigint", "categories", ("unique",)),
                ("taggable_type", "string", "", ()), ("taggable_id", "bigint", "", ()), ("price", "decimal", "", ()),
                ("created_at", "datetime", "", ("not null",)), ("updated_at", "datetime", "", ("not null",)),
            ],
            "+users": [("nick", "string", "", ()), ("org_id", "bigint", "orgs", ())],
            "+orgs": [("active", "boolean", "", ())],
        },
    ),
    "ActiveRecord by its schema": (
        "ruby", _SCHEMA, {"articles": [("user_id", "bigint", "users", ("not null", "primary key", "index"))]},
    ),
    "Sequelize": (
        "javascript",
        _SEQUELIZE,
        {
            "Users": [
                ("id", "Sequelize.INTEGER", "", ("primary key", "not null")), ("orgId", "Sequelize.INTEGER", "Orgs", ()),
            ],
            "+Orgs": [("age", "Sequelize.INTEGER", "", ("nullable",)), ("size", "Sequelize.BIGINT", "", ())],
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_migration_creates_tables_and_adds_columns(case: str) -> None:
    language, text, wanted = CASES[case]
    assert tables_of(language, text) == wanted
    assert {fact.source for fact in facts(language, text, FactKind.COLUMN)} == {case.split()[0]}


def test_a_comment_that_a_migration_gives_is_the_text() -> None:
    assert [fact.text for fact in facts("php", _LARAVEL, FactKind.COLUMN) if fact.text] == ["Where to write."]
    assert [fact.text for fact in facts("ruby", _RAILS, FactKind.TABLE)] == ["Posts."]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("php", "<?php\nSchema::create('users', function ($t) { $t->id(); });\n"),
        ("php", "<?php\nuse Blueprint;\n$this->order->create('x', fn ($t) => $t->string('a'));\n$t->string('b');\n"),
        (
            "javascript",
            "const schema = 1;\ncreateTable('x', (t) => { t.string('a'); });\ndb.table('u', (t) => t.string('x'));\n",
        ),
        ("javascript", "pdf.createTable('x', { head: { type: 'a' } });\n"),
        ("ruby", "table = Terminal::Table.new\nadd_column :x, :y, :string\nt.string :a\n"),
        ("ruby", "Sheet.add_column(:x, :y)\nputs ActiveRecord::VERSION\nreport.string 'a'\n"),
    ],
)
def test_calls_of_the_same_names_create_nothing(language: str, text: str) -> None:
    assert tables_of(language, text) == {}
