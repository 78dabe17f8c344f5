"""Rows without an end cost time in proportion to their length: each of these took from ten seconds to minutes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from agents.codebase import secrets
from agents.codebase.guides import reading as guides
from agents.codebase.guides.source import Repository
from agents.codebase.manifest_values import toml_table
from agents.codebase.package_facts import packages
from agents.codebase.site_settings import site_settings
from agents.codebase.structure.documentation.comment_text import uncommented
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


_GAP = "\n" * 90_000
_LONG = "a" * 200_000


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("python", "def f():\n    '''a", "b'''\n"),
        ("kotlin", "/** a", "b */\nfun f() {}\n"),
        ("scala", "/** a", "b */\ndef f() = 1\n"),
        ("c", "/** a", "b */\nint f(void);\n"),
    ],
)
def test_empty_lines_without_an_end_part_the_paragraphs_of_a_comment(language: str, before: str, after: str) -> None:
    with in_time():
        structure = read(language, f"{before}{_GAP}{after}")

    assert symbols(structure)["f"].doc.split() == ["a", "b"]


def test_empty_lines_inside_a_comments_code_stay() -> None:
    code = "```\none" + "\n" * 20 + "two\n```"

    doc = symbols(read("rust", "".join(f"/// {line}\n" for line in code.split("\n")) + "pub fn f() {}\n"))["f"]

    assert doc.documentation is not None
    assert ("one" + "\n" * 20 + "two") in str(doc.documentation.model_dump(mode="json")).replace("\\n", "\n")


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("protobuf", f"message A {{ int32{_GAP}b = 1; }}\n", {"A", "A.b"}),
        ("graphql", f"type A {{ b: {_LONG} }}\n", {"A", "A.b"}),
        ("elixir", 'a = """\n' * 30_000, set()),
    ],
)
def test_formats_with_blocks_are_read_in_time(language: str, text: str, names: set[str]) -> None:
    with in_time():
        assert set(symbols(read(language, text))) == names


def test_titles_without_an_empty_line_below_them_are_read_in_time() -> None:
    with in_time():
        structure = read("asciidoc", "= Title\n" * 40_000)

    assert structure.symbols[0].name == "Title"


def test_names_that_a_use_of_clap_never_ends_with_are_looked_for_in_time() -> None:
    text = 'use clap::Parser;\nfn main() { Command::new("a").arg(Arg::new("b")) }\n// ' + "use clap::" * 20_000

    with in_time():
        assert read("rust", text).line_count == 3


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.adoc", "= T\n\n" + "+a" * 30_000),
        ("a.adoc", "= T\n\n" + "link:" * 20_000),
        ("a.adoc", "= T\n\n" + "https://a[" * 4_000),
        ("a.md", "# T\n\na" + " " * 100_000 + "b\n"),
        ("a.md", "# T\n\na {ref}`a" + " \u00a0" * 50_000 + "b` c\n"),
    ],
    ids=["passed", "links", "addresses", "blanks", "role"],
)
def test_rows_of_signs_in_a_guide_are_read_in_time(path: str, text: str) -> None:
    with in_time():
        assert guides.read(path, text, Repository()).title == "T"


_POM = "<project><artifactId> a </artifactId><scm><url>s</url></scm>{}</project>"


@pytest.mark.parametrize(
    "row",
    ["<build>" * 40_000, "<!--" * 60_000, "<licenses>" * 30_000, f"<groupId>{' ' * 200_000}", f"<name>{_GAP}"],
    ids=["elements", "comments", "licences", "blanks", "lines"],
)
def test_elements_of_a_manifest_that_are_never_closed_are_passed_over_in_time(row: str) -> None:
    with in_time():
        facts = packages(["pom.xml"], lambda _: _POM.format(row))

    assert [(fact.name, fact.repository) for fact in facts] == [("a", "s")]


@pytest.mark.parametrize("sign", "#*/;|>")
def test_a_password_behind_a_line_of_signs_and_words_is_hidden_in_time(sign: str) -> None:
    with in_time():
        assert "hallo1234x" not in secrets.without_secrets(f"{sign * 45} password=hallo1234x\n")
        secrets.without_secrets(f"{sign * 45} My password: hallo1234x\n")


@pytest.mark.parametrize("title", ["=" * 500 + "a=" * 250, "=" * 100_000 + "a=" * 50_000, "_" * 9_000 + "A" * 9_000])
def test_a_line_of_signs_with_an_endless_title_is_a_comment_that_is_read_in_time(title: str) -> None:
    with in_time():
        assert (
            symbols(read("python", f"import os\n\n# {title}\ndef f(a):\n    return a\n"))["f"].doc[:500] == title[:500]
        )


@pytest.mark.parametrize(
    "line", ["# --- Section ---", "# ___ a_b ___", "#   === *** ===", "// ***** a, (b) =====", "# ---- é ----"]
)
def test_a_short_title_between_signs_parts_code_and_documents_nothing(line: str) -> None:
    assert uncommented(line) == ""


@pytest.mark.parametrize("line", ["# --- a", "# a ---", "# --- a --", f"# --- {'a' * 81} ---", "# --- a; b ---"])
def test_a_line_that_is_no_short_title_between_signs_is_text(line: str) -> None:
    assert uncommented(line) == line.removeprefix("# ")


@pytest.mark.parametrize("row", ["of", " or a", " | a", "of a"])
def test_types_without_an_end_in_a_docstring_are_read_in_time(row: str) -> None:
    with in_time():
        structure = read("python", f'def f():\n    """A.\n\n    Returns:\n        a{row * 4_000}b\n    """\n')

    assert symbols(structure)["f"].doc.startswith("A.")


@pytest.mark.parametrize(
    ("language", "before", "row", "after"),
    [
        ("rust", "a! { ", "/**/", " }\npub fn f() {}\n"),
        ("sql", "CREATE TABLE f (b int", " " * 9_000, "c, d int);\n"),
        ("sql", "ALTER TABLE f ADD COLUMN b int", " " * 9_000, "c;\nCREATE TABLE f (b int);\n"),
        ("sql", "CREATE TABLE f (b int DEFAULT 'a", "\u2028" * 30_000, "b', c int);\n"),
        ("cython", "cdef ", "a", "\ndef f(): pass\n"),
        ("cython", 'cdef extern from "a":\n    int ', "[]", "b\ndef f(): pass\n"),
        ("cython", 'cdef extern from "a":\n    int ', " ", "b\ndef f(): pass\n"),
        ("powershell", "function f { param(", "[]" * 9_000, ") c }\n"),
        ("c", "void f(int a", "$" * 15_500, "!);\n"),
        ("c", "int a[] = {", '\\"', "};\nint f(void);\n"),
        ("c", "/** ", "@dot" * 16_000, "b\n */\nint f(void);\n"),
        ("c", "#define A ", "/**/1", "\nint f(void);\n"),
        ("java", "class f {\n/** A.\n * {@snippet ", "a=b", " !b}\n */\nint g() { return 1; } }\n"),
    ],
)
def test_rows_of_signs_before_a_declaration_leave_it_readable_in_time(
    language: str, before: str, row: str, after: str
) -> None:
    with in_time():
        structure = read(language, before + row * (30_000 // len(row) or 1) + after)

    assert "f" in symbols(structure) or structure.parse_errors


def test_a_row_of_a_notebook_that_is_blank_but_for_its_end_is_read_in_time() -> None:
    with in_time():
        structure = read("notebook", '{"cells": [{"cell_type": "code", "source": ["%sb"]}]}' % (" " * 60_000))

    assert structure.line_count == 1


def test_colons_without_an_end_in_a_guide_are_read_in_time() -> None:
    with in_time():
        assert guides.read("a.adoc", "= T\n\n" + ":" * 60_000 + "b\n", Repository()).title == "T"


def test_a_label_above_an_empty_guide_includes_nothing_and_costs_no_time() -> None:
    with in_time():
        assert guides.included_whole(".. _a:" + "\n" * 60_000 + "b") == ""
        assert guides.included_whole(".. _a:\n\nTitle\n=====\n\n.. include:: b.rst\n") == "b.rst"


@pytest.mark.parametrize("rows", ["a\n" * 150_000, "a" + " " * 300_000 + "b\n", "- a\n" * 90_000])
def test_a_setup_cfg_that_is_no_table_says_nothing_in_time(rows: str) -> None:
    with in_time():
        facts = packages(["setup.cfg"], lambda _: f"[metadata]\nname = a\n{rows}")

    assert facts == []
