"""Comments of C and C++ that name what they document are found for it wherever in the file they stand."""

from __future__ import annotations

import time

import pytest

from tests.agents.codebase.structure.reading import docs, read


@pytest.mark.parametrize(
    ("command", "code", "name"),
    [
        ("fn int rows(int a)", "int rows(int a);", "rows"),
        ("fn int lib::Table::rows(int a) const", "class Table {\n public:\n  int rows(int a) const;\n};", "Table.rows"),
        ("fn Table::~Table()", "class Table {\n public:\n  ~Table();\n};", "Table.~Table"),
        ("fn void Table::operator()(int a)", "struct Table {\n  int operator()(int a);\n};", "Table.operator()"),
        ("var int Table::width", "struct Table {\n  int width;\n};", "Table.width"),
        ("var const char *names[4]", "extern const char *names[4];", "names"),
        ("var Kind::LONG_ROW", "enum Kind { SHORT_ROW, LONG_ROW };", "Kind.LONG_ROW"),
        ("typedef unsigned int count_t", "typedef unsigned int count_t;", "count_t"),
        ("typedef int (*callback_t)(void)", "typedef int (*callback_t)(void);", "callback_t"),
        ('class lib::Table table.h "inc/table.h"', "namespace lib {\nclass Table {};\n}", "Table"),
        ("struct row row.h", "struct row { int id; };", "row"),
        ("enum lib::Kind", "namespace lib {\nenum Kind { A };\n}", "Kind"),
        ("union value", "union value { int a; char b; };", "value"),
        ("def LARGER(a, b)", "#define LARGER(a, b) ((a) > (b) ? (a) : (b))", "LARGER"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["/*! \\{}\n * Said here.\n */", "/// @{}\n/// Said here.", "/** @{}\n Said here. */"])
def test_a_command_names_what_its_comment_documents(form: str, command: str, code: str, name: str) -> None:
    text = f"{form.format(command)}\n\nint unrelated;\n\n{code}\n"

    assert docs("cpp", text) == {name: "Said here."}


def test_of_functions_of_one_name_the_parameters_tell_which_is_meant() -> None:
    text = (
        "/** \\fn int rows(int a)\n * With one. */\n/** \\fn int rows(int a, char *b)\n * With two. */\n"
        "int rows(int a, char* b);\nint rows(int a);\n"
    )

    assert [symbol.doc for symbol in read("cpp", text).symbols] == ["With two.", "With one."]


def test_a_member_and_a_function_of_one_name_keep_their_own_comments() -> None:
    text = (
        "/** \\fn int Table::rows()\n * The member's. */\n/** \\fn int rows()\n * The function's. */\n"
        "class Table {\n public:\n  int rows();\n};\nint rows();\nclass Other {\n public:\n  int rows();\n};\n"
    )

    assert docs("cpp", text) == {"Table.rows": "The member's.", "rows": "The function's."}


def test_a_comment_stays_with_what_it_stands_above_where_the_file_has_nothing_of_its_name() -> None:
    text = "/** \\struct row_s\n * A row. */\ntypedef struct row_s { int id; } row_t;\n"

    assert docs("c", text)["row_t"] == "A row."


def test_two_comments_of_the_same_words_are_both_shown() -> None:
    text = (
        "/** \\def SIZE_A\n * A size. */\n\n#define SIZE_A 1\nint between;\n"
        + "\n" * 30
        + "/** A size. */\nint size_b;\n"
    )

    assert docs("c", text) == {"SIZE_A": "A size.", "size_b": "A size."}


def test_thousands_of_named_comments_take_no_more_than_moments() -> None:
    many = "".join(f"/** \\fn int f{number % 7}(int a{number})\n * Same. */\n" for number in range(4_000))
    text = (
        many
        + "/// \\fn g()\n"
        + "/// more\n" * 4_000
        + "".join(f"int f{number % 7}(char b{number});\n" for number in range(2_000))
    )
    started = time.monotonic()

    read("cpp", text)

    assert time.monotonic() - started < 20
