# ruff: noqa: E501 (one file of a repository a row)
"""Tables are shown as the last migration leaves them, wherever the order of the migrations is known."""

from __future__ import annotations

import pytest

from agents.roles.editor.fact_pages.migration_order import histories, is_undoing
from tests.agents.roles.editor.fact_pages.test_data_model import section
from tests.agents.roles.editor.fact_pages.test_fact_pages import pages_of


def page_of(files: dict[str, str]) -> str:
    return pages_of(files)["data-model.md"].markdown


def alembic(name: str, follows: str, body: str) -> str:
    return (
        f'from alembic import op\nimport sqlalchemy as sa\nrevision: str = "{name}"\ndown_revision = {follows}\n'
        f"def upgrade():\n    {body}\n"
    )


USERS = 'op.create_table("users", sa.Column("id", sa.Integer()), sa.Column("nick", sa.Text()))'


@pytest.mark.parametrize(
    ("paths", "wanted"),
    [
        (["db/migrate/10_b.rb", "db/migrate/9_a.rb"], [["db/migrate/9_a.rb", "db/migrate/10_b.rb"]]),
        (["migrations/20B-b.js", "migrations/20A-c.js"], [["migrations/20A-c.js", "migrations/20B-b.js"]]),
        (["migrations/V1_10__b.sql", "migrations/V1_2__a.sql"], [["migrations/V1_2__a.sql", "migrations/V1_10__b.sql"]]),
        (["sql/V2__b.sql", "sql/V1__a.sql", "sql/R__c.sql"], [["sql/R__c.sql"], ["sql/V1__a.sql", "sql/V2__b.sql"]]),
        (
            ["migrations/2024-01-02-000000_b/up.sql", "migrations/2024-01-01-000000_a/up.sql"],
            [["migrations/2024-01-01-000000_a/up.sql", "migrations/2024-01-02-000000_b/up.sql"]],
        ),
        (["a/migrations/1_a.php", "b/migrations/2_b.php"], [["a/migrations/1_a.php"], ["b/migrations/2_b.php"]]),
        (["migrations/add.js", "migrations/create.js"], [["migrations/add.js"], ["migrations/create.js"]]),
        (["src/1_a.rb", "src/2_b.rb"], [["src/1_a.rb"], ["src/2_b.rb"]]),
    ],
)  # fmt: skip
def test_numbers_in_names_put_migrations_of_one_folder_in_order(paths: list[str], wanted: list[list[str]]) -> None:
    assert histories(paths, lambda _: "") == wanted


def test_migrations_of_alembic_are_in_the_order_in_which_they_follow_each_other() -> None:
    texts = {
        "alembic/versions/c.py": alembic("1", "None", "pass"),
        "alembic/versions/a.py": alembic("2", '"1"', "pass"),
        "alembic/versions/b.py": alembic("3", '("2", "1")', "pass"),
    }
    one_start = histories(texts, texts.__getitem__)
    two_starts = histories(["versions/c.py", "versions/b.py"], lambda path: alembic(path, '"0"', "pass"))
    circle = histories(["alembic/versions/c.py"], lambda _: alembic("1", '"1"', "pass"))

    assert one_start == [[f"alembic/versions/{name}.py" for name in "cab"]]
    assert two_starts == [["versions/b.py"], ["versions/c.py"]]
    assert circle == [["alembic/versions/c.py"]]


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("migrations/1_a.down.sql", True), ("migrations/2_a/down.sql", True), ("sql/U2__a.sql", True),
        ("migrations/1_a.up.sql", False), ("sql/shutdown.sql", False), ("sql/Users__a.sql", False),
    ],
)  # fmt: skip
def test_a_file_that_takes_a_migration_back_is_known_by_its_name(path: str, wanted: bool) -> None:
    assert is_undoing(path) is wanted


def test_a_dropped_column_is_gone_and_a_renamed_one_has_its_last_name() -> None:
    page = page_of({
        "migrations/002_change.sql": "ALTER TABLE users DROP COLUMN nick, RENAME COLUMN mail TO email;\n",
        "migrations/001_users.sql": "CREATE TABLE users (id int, nick text, mail text, age int);\n",
        "migrations/003_age.sql": "ALTER TABLE users ALTER COLUMN age TYPE bigint;\n",
        "migrations/003_age.down.sql": "CREATE TABLE old (id int);\nDROP TABLE users;\n",
    })  # fmt: skip

    assert "1 table of SQL." in page
    assert "nick" not in page
    assert "`email`" in section(page, "users")
    assert "`mail`" not in page
    assert "`bigint`" in section(page, "users")


def test_a_dropped_table_is_gone_and_a_renamed_one_has_its_last_name_also_where_others_refer_to_it() -> None:
    page = page_of({
        "db/migrate/1_a.rb": "class A < ActiveRecord::Migration[7.0]\n  def change\n    create_table(:people) { |t| t.string :name }\n"
        "    create_table(:gone) { |t| t.string :name }\n    create_table(:posts) { |t| t.references :author, foreign_key: { to_table: :people } }\n  end\nend\n",
        "db/migrate/2_b.rb": "class B < ActiveRecord::Migration[7.0]\n  def change\n    drop_table :gone\n    rename_table :people, :users\n"
        "    add_column :users, :nick, :string\n  end\nend\n",
    })  # fmt: skip

    assert "2 tables of ActiveRecord." in page
    assert "`people`" not in page
    assert "`nick`" in section(page, "users")
    assert "→ `users`" in section(page, "posts")
    assert '"author_id"' in page.partition("erDiagram")[2]


def test_a_table_that_is_made_again_has_what_is_made_last() -> None:
    page = page_of({
        "prisma/migrations/20240101_a/migration.sql": 'CREATE TABLE "User" ("id" int, "old" text);\n',
        "prisma/migrations/20240102_b/migration.sql": 'CREATE TABLE "new_User" ("id" int, "fresh" text);\n'
        'DROP TABLE "User";\nALTER TABLE "new_User" RENAME TO "User";\n',
    })  # fmt: skip

    assert "1 table of SQL." in page
    assert "`fresh`" in section(page, "User")
    assert "`old`" not in page


def test_a_column_that_a_chain_of_alembic_drops_is_gone() -> None:
    page = page_of({
        "alembic/versions/b_users.py": alembic("1", "None", USERS),
        "alembic/versions/a_nick.py": alembic("2", '"1"', 'op.drop_column("users", "nick")'),
    })  # fmt: skip

    assert "`id`" in section(page, "users")
    assert "nick" not in section(page, "users")


def test_a_migration_without_tables_stands_between_two_with_some() -> None:
    page = page_of({
        "alembic/versions/c.py": alembic("1", "None", USERS),
        "alembic/versions/b.py": alembic("2", '"1"', 'op.execute("SELECT 1")'),
        "alembic/versions/a.py": alembic("3", '"2"', 'op.drop_column("users", "nick")'),
    })  # fmt: skip

    assert "nick" not in section(page, "users")


def test_a_class_by_which_a_migration_reads_a_table_is_no_other_table() -> None:
    reading = (
        "from sqlalchemy import Column, Integer, Table\nclass User(Base):\n    __tablename__ = 'users'\n    id = Column(Integer)\n"
        "users = Table('users', metadata, Column('id', Integer))\n"
    )
    page = page_of({
        "alembic/versions/a.py": reading + alembic("1", "None", USERS),
        "alembic/versions/b.py": reading + alembic("2", '"1"', 'op.add_column("users", sa.Column("age", sa.Integer()))'),
    })  # fmt: skip

    assert "1 table of SQLAlchemy." in page
    assert "`nick`" in section(page, "users")
    assert "`age`" in section(page, "users")


def test_what_is_dropped_in_no_known_order_is_shown_as_it_was_made() -> None:
    page = page_of({
        "alembic/versions/b_users.py": alembic("1", "None", USERS),
        "alembic/versions/a_nick.py": alembic("2", '"0"', 'op.drop_column("users", "nick")'),
        "other/migrations/1_drop.sql": "DROP TABLE logs;\n",
        "migrations/2_logs.sql": "CREATE TABLE logs (id int);\n",
    })  # fmt: skip

    assert "`nick`" in section(page, "users")
    assert "`id`" in section(page, "logs")


def test_a_column_that_is_added_and_dropped_later_is_not_added_to_a_table_of_another_folder() -> None:
    page = page_of({
        "schema.sql": "CREATE TABLE users (id int);\n",
        "migrations/1_add.sql": "ALTER TABLE users ADD COLUMN nick text;\nALTER TABLE users ADD COLUMN age int;\n",
        "migrations/2_drop.sql": "ALTER TABLE users DROP COLUMN nick;\n",
    })  # fmt: skip

    assert "nick" not in page


def test_a_file_that_drops_a_table_before_it_makes_it_has_it() -> None:
    page = page_of({"schema.sql": "DROP TABLE IF EXISTS users;\nCREATE TABLE users (id int, nick text);\n"})
    assert "`nick`" in section(page, "users")
