# ruff: noqa: E501 (a case is a source text on as few lines as it has)
"""Tables of SQL are read with the keys that stand in a column, in its table, and in later statements."""

from __future__ import annotations

import time

import pytest

from tests.agents.codebase.facts.reading import Row, tables_of

_POSTGRES = """
CREATE TABLE IF NOT EXISTS public.users (
    id BIGSERIAL PRIMARY KEY, -- not null, unique
    email character varying(255) DEFAULT 'unique, not null' NOT NULL,
    "Order" numeric(10,2),
    org_id uuid REFERENCES public.orgs (id) ON DELETE CASCADE,
    parent_id bigint,
    CONSTRAINT users_email_key UNIQUE (email),
    CHECK (email <> '')
);
CREATE TABLE memberships (
    user_id bigint NOT NULL,
    org_id uuid,
    PRIMARY KEY (user_id, org_id),
    UNIQUE (user_id, org_id),
    FOREIGN KEY (user_id) REFERENCES users(id)
);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_parent FOREIGN KEY (parent_id) REFERENCES public.users(id);
CREATE UNIQUE INDEX users_org ON public.users USING btree (org_id);
CREATE UNIQUE INDEX users_parent ON public.users (parent_id) WHERE parent_id > 3;
ALTER TABLE accounts ADD COLUMN nickname text NOT NULL, ADD COLUMN boss bigint REFERENCES accounts;
"""
_MYSQL = """
CREATE TABLE `orders` (
  `id` int(11) unsigned NOT NULL AUTO_INCREMENT COMMENT 'unique',
  `customer_id` int(11) NOT NULL,
  `code` varchar(20) DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_code` (`code`(10)),
  KEY `idx_customer` (`customer_id`),
  CONSTRAINT `fk_customer` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB COMMENT='Orders; all of them.';
ALTER TABLE `orders` ADD `note` text NULL AFTER `code`, ADD UNIQUE INDEX (`note`);
"""
_SQL_SERVER = """
CREATE TABLE [dbo].[Orders](
	[Id] [int] IDENTITY(1,1) NOT NULL,
	[Full Name] [nvarchar](max) NULL,
	[CustomerId] int NOT NULL CONSTRAINT FK_C FOREIGN KEY REFERENCES [dbo].[Customers]([Id]),
	[PlaceId] [int] NULL,
 CONSTRAINT [PK_Orders] PRIMARY KEY CLUSTERED
(
	[Id] ASC
)WITH (PAD_INDEX = OFF) ON [PRIMARY]
) ON [PRIMARY]
GO
ALTER TABLE [dbo].[Orders]  WITH CHECK ADD  CONSTRAINT [FK_Orders_Places] FOREIGN KEY([PlaceId])
REFERENCES [dbo].[Places] ([Id])
GO
"""
_SQLITE = """
create table "notes" (
  id integer primary key autoincrement,
  body text not null default '',
  tag_id integer references tags(id) on delete set null,
  unique(body),
  foreign key(tag_id) references tags(id)
) strict;
"""
CASES: dict[str, tuple[str, dict[str, list[Row]]]] = {
    "PostgreSQL": (
        _POSTGRES,
        {
            "public.users": [
                ("id", "BIGSERIAL", "", ("primary key",)), ("email", "character varying(255)", "", ("not null", "unique")),
                ("Order", "numeric(10,2)", "", ()), ("org_id", "uuid", "public.orgs", ("unique",)),
                ("parent_id", "bigint", "public.users", ()),
            ],
            "memberships": [
                ("user_id", "bigint", "users", ("not null", "primary key")), ("org_id", "uuid", "", ("primary key",)),
            ],
            "+accounts": [("nickname", "text", "", ("not null",)), ("boss", "bigint", "accounts", ())],
        },
    ),
    "MySQL": (
        _MYSQL,
        {
            "orders": [
                ("id", "int(11) unsigned", "", ("not null", "primary key")),
                ("customer_id", "int(11)", "customers", ("not null",)), ("code", "varchar(20)", "", ("unique",)),
                ("note", "text", "", ("unique",)),
            ]
        },
    ),
    "SQL Server": (
        _SQL_SERVER,
        {
            "dbo.Orders": [
                ("Id", "[int]", "", ("not null", "primary key")), ("Full Name", "[nvarchar](max)", "", ()),
                ("CustomerId", "int", "dbo.Customers", ("not null",)), ("PlaceId", "[int]", "dbo.Places", ()),
            ]
        },
    ),
    "SQLite": (
        _SQLITE,
        {
            "notes": [
                ("id", "integer", "", ("primary key",)), ("body", "text", "", ("not null", "unique")),
                ("tag_id", "integer", "tags", ()),
            ]
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_dialect_of_sql_declares_tables(case: str) -> None:
    text, wanted = CASES[case]
    assert tables_of("sql", text) == wanted


def test_a_key_is_of_the_table_of_its_schema() -> None:
    text = "CREATE TABLE a.t (id int);\nCREATE TABLE b.t (id int);\nALTER TABLE b.t ADD PRIMARY KEY (id);\n"
    assert tables_of("sql", text) == {"a.t": [("id", "int", "", ())], "b.t": [("id", "int", "", ("primary key",))]}


@pytest.mark.parametrize("piece", ["unique (", "primary key ", "create table a.", "foreign key (a) references ", "`"])
def test_what_is_never_closed_is_read_in_the_time_that_it_takes(piece: str) -> None:
    text = "CREATE TABLE t (id int, n int);\n" + piece * 20_000
    began = time.process_time()
    assert tables_of("sql", text)
    assert time.process_time() - began < 3
