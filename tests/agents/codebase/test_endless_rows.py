"""Rows without an end cost time in proportion to their length: each of these took from ten seconds to minutes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from agents.codebase.guides import reading as guides
from agents.codebase.manifest_values import toml_table
from agents.codebase.site_settings import site_settings
from tests.agents.codebase.structure.reading import read, symbols

#: Processor seconds; each of these texts takes a tenth of it.
_MOST_SECONDS = 5.0


@contextmanager
def in_time() -> Iterator[None]:
    started = time.process_time()
    yield
    assert time.process_time() - started < _MOST_SECONDS


@pytest.mark.parametrize("signs", [r"\[", r"\\\[", r"[\["])
def test_a_row_of_brackets_in_a_guide_is_looked_through_once(signs: str) -> None:
    text = signs * (200_000 // len(signs))

    with in_time():
        assert guides.without_images(text) == text


def test_a_picture_behind_escaped_brackets_is_no_word() -> None:
    assert guides.without_images(r"\[a\] \\[badge](image:a.png)b \[c\]") == r"\[a\] \\b \[c\]"


@pytest.mark.parametrize(
    "text",
    [
        "ALTER TABLE a ADD b int, " * 12_000,
        "ALTER TABLE a ADD b int ADD c int " * 9_000,
        "ALTER TABLE a " + "ADD b int, " * 25_000,
        "ALTER TABLE a ADD CONSTRAINT c " * 10_000,
    ],
    ids=["statements", "no comma", "columns", "constraints"],
)
def test_columns_that_sql_adds_without_an_end_are_read_in_time(text: str) -> None:
    with in_time():
        assert len(read("sql", text).symbols) <= 1_000


def test_a_column_that_a_statement_adds_belongs_to_that_statements_table() -> None:
    structure = read("sql", "ALTER TABLE a ADD b int\nGO\nALTER TABLE c ADD d numeric(3, 2), ADD e text\n")

    assert set(symbols(structure)) == {"a.b", "c.d", "c.e"}
    assert symbols(structure)["c.d"].type == "numeric(3, 2)"


@pytest.mark.parametrize("key", ["a." * 150_000 + "a", "1 . " * 80_000 + "a"])
def test_an_endless_key_of_toml_is_an_error_in_the_file(key: str) -> None:
    text = f"[tool]\nname = 1\n{key} = 1\n"

    with in_time():
        assert read("toml", text).parse_errors == 1
        for reader in (toml_table, site_settings):
            with pytest.raises(ValueError, match="hundreds of parts"):
                reader(text)
