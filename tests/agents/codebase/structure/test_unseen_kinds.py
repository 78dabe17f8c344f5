"""Kinds of declaration and comment that projects showed which nobody had looked at while the readers were written."""

from __future__ import annotations

import pytest

from tests.agents.codebase.structure.reading import read, symbols


@pytest.mark.parametrize("language", ["typescript", "tsx"])
def test_call_signatures_one_below_the_other_need_no_semicolon(language: str) -> None:
    code = (
        "export interface Make {\n  /** Curried. */\n  <A>(of: A): Made<\n    A\n  >\n  (of: string): (a: A) => A\n"
        "  new <B>(of: B): B\n  size: number\n}\nexport type After = string\n"
    )

    structure = read(language, code)

    assert list(symbols(structure)) == ["Make", "Make.()", "Make.new", "Make.size", "After"]
    assert [symbol.signature for symbol in structure.symbols if symbol.name == "Make.()"] == [
        "<A>(of: A): Made< A >",
        "(of: string): (a: A) => A",
    ]
    assert structure.parse_errors == 0


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("typescript", "/** @private */\nexport interface Row {\n  name: string\n  size(): number\n}\n"),
        ("javascript", "/** @private */\nexport class Row {\n  name = 1\n  size() {}\n}\n"),
    ],
)
def test_what_belongs_to_a_type_that_its_comment_calls_private_is_not_public(language: str, code: str) -> None:
    assert {symbol.name: symbol.public for symbol in read(language, code).symbols} == {
        "Row": False,
        "Row.name": False,
        "Row.size": False,
    }


def test_a_default_of_c_is_no_guard_of_its_header_whatever_its_name() -> None:
    default = "#ifndef ROW_INCLUDED\n# define ROW_INCLUDED 1\n#endif\n"
    guard = "#ifndef ROW_INCLUDED\n#define ROW_INCLUDED 1\nint rows(void);\n#endif\n"

    assert "ROW_INCLUDED" in symbols(read("c", default))
    assert "ROW_INCLUDED" not in symbols(read("c", guard))


@pytest.mark.parametrize("language", ["c", "cpp"])
@pytest.mark.parametrize(
    ("code", "doc"),
    [
        ("/// Both sizes.\n\n/// The size.\nint size(void);\n", "Both sizes.\n\nThe size."),
        ("/** Both sizes. */\n\n\n/** The size. */\nint size(void);\n", "Both sizes.\n\nThe size."),
        ("//! Brief.\n/*! Details. */\nint size(void);\n", "Brief.\n\nDetails."),
        ("/** @file */\n\n/** The size. */\nint size(void);\n", "The size."),
        ("/** @name Sizes\n * @{ */\n\n/** The size. */\nint size(void);\n", "The size."),
        ("/* Sizes. */\n\n/** The size. */\nint size(void);\n", "The size."),
        ("/** Stops. */\nvoid stop(void);\n\n/** The size. */\nint size(void);\n", "The size."),
    ],
)
def test_documentation_above_documentation_belongs_to_the_same_declaration(language: str, code: str, doc: str) -> None:
    assert symbols(read(language, code))["size"].doc == doc


def test_a_remark_inside_a_condition_does_not_hide_the_documentation_above_it() -> None:
    code = "/** Checks it. */\n#if CHECKED\n\n// todo: say where\n#define CHECK(of) check(of)\n#endif\n"

    assert symbols(read("c", code))["CHECK"].doc == "Checks it."


def test_a_comment_with_an_empty_line_of_its_margin_has_a_margin() -> None:
    code = "/** Writes it\n as text.\n *\n * - one:\n *   - two\n *\n * @return zero\n */\nint put(void);\n"

    (put,) = read("c", code).symbols

    assert put.documentation is not None
    assert put.documentation.returns[0].text == "zero"
    assert "*" not in put.doc


def test_a_command_of_doxygen_begins_its_section_inside_a_line_too() -> None:
    code = "/**\n * Writes it.\n * \\return zero, or less \\throw Full when\n * there is no place.\n */\nint put(int at);\n"

    (put,) = read("cpp", code).symbols

    assert put.documentation is not None
    assert [entry.text for entry in put.documentation.returns] == ["zero, or less"]
    assert [(entry.type, entry.text) for entry in put.documentation.raises] == [("Full", "when there is no place.")]
