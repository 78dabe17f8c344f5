"""Kinds of declaration and comment that projects showed which nobody had looked at while the readers were written."""

from __future__ import annotations

import pytest

from agents.codebase.files.encoding import decoded
from agents.codebase.structure.documentation.comment_text import uncommented
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
        ("/** @name Sizes\n * @{ */\nint size(void); /**< The size. */\n", "The size."),
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
    code = "/**\n * Writes it.\n * \\return zero, or less \\throw Full when\n * there is no place.\n */\nint put();\n"

    (put,) = read("cpp", code).symbols

    assert put.documentation is not None
    assert [entry.text for entry in put.documentation.returns] == ["zero, or less"]
    assert [(entry.type, entry.text) for entry in put.documentation.raises] == [("Full", "when there is no place.")]


@pytest.mark.parametrize("language", ["typescript", "tsx", "javascript"])
def test_blank_lines_and_remarks_part_no_documentation_of_a_script_from_its_code(language: str) -> None:
    code = "/** @fileoverview Sizes. */\n\n/** Sends it. */\n\n// at once\nexport function send() {}\n"

    assert symbols(read(language, code))["send"].doc == "Sends it."


def test_a_comment_of_the_file_documents_no_function_below_it() -> None:
    assert symbols(read("typescript", "/** @module sizes */\n\n\nexport function send() {}\n"))["send"].doc == ""


@pytest.mark.parametrize("language", ["c", "cpp"])
def test_a_macro_below_the_head_of_a_declaration_leaves_its_semicolon(language: str) -> None:
    code = "_LIB_EXTERN void\nbind (struct one *of,\n      int port)\n_LIB_NONNULL (1);\n\nenum kind\n{\n  FIRST\n};\n"

    structure = read(language, code * 2 + "_LIB_EXTERN void\nfree (int port)\nLIB_NONNULL (1);\n")

    assert {"bind", "kind", "kind.FIRST", "free"} <= set(symbols(structure))
    assert symbols(structure)["bind"].signature.startswith("void bind (struct one *of, int port)")
    assert structure.parse_errors == 0


def test_a_word_in_capitals_behind_enum_or_struct_is_a_types_own() -> None:
    code = "_LIB_EXTERN enum LIB_KIND\nlib_kind (int a);\n_LIB_EXTERN struct LIB_ROW lib_row (void);\n"

    assert symbols(read("c", code))["lib_kind"].signature == "enum LIB_KIND lib_kind (int a)"


def test_a_macro_behind_an_enumerations_brace_is_no_variable() -> None:
    found = symbols(read("c", "/** Both. */\nenum kind\n{\n  FIRST, SECOND\n} LIB_PACKED;\n"))

    assert list(found) == ["kind", "kind.FIRST", "kind.SECOND"]
    assert found["kind"].doc == "Both."


def test_macros_that_are_defined_inside_a_value_are_listed_and_hide_nothing() -> None:
    code = (
        'struct row rows[] = {\n#define FIRST "a"\n#define BEGIN 0\n  {"a", {1}},\n  {"b"},\n'
        "#define END (BEGIN + 2)\n};\nint after(void);\n"
    )

    assert list(symbols(read("c", code))) == ["rows", "FIRST", "BEGIN", "END", "after"]


def test_a_macro_behind_a_fields_name_is_no_function() -> None:
    code = "struct State {\n  int count GUARDED_BY(lock);\n  std::set<int> left GUARDED_BY(lock);\n  bool on;\n};\n"

    found = symbols(read("cpp", code))

    assert list(found) == ["State", "State.count", "State.left", "State.on"]


def test_what_only_arranges_doxygens_pages_is_no_documentation() -> None:
    (size,) = read("c", "/** The size.\n * @ingroup sizes\n * @def SIZE\n */\n#define SIZE 3\n").symbols

    assert size.doc == "The size."


def test_a_link_behind_see_also_is_no_parameter_of_the_kernels_form() -> None:
    (flag,) = read("c", "/**\n * The flag.\n * @sa ::OTHER\n */\nextern int flag;\n").symbols

    assert flag.documentation is not None
    assert not flag.documentation.parameters
    assert len(flag.documentation.see_also) == 1


def test_nothing_in_a_module_for_tests_is_public_in_rust() -> None:
    code = "pub struct Bag;\n#[cfg(test)]\nmod tests {\n  impl Size for super::Bag { fn size(&self) {} }\n}\n"
    code += "mod more {\n  impl Size for super::Bag { fn size(&self) {} }\n}\n"

    public = {symbol.name: symbol.public for symbol in read("rust", code).symbols}

    assert (public["tests.Bag.size"], public["more.Bag.size"]) == (False, True)


def test_a_numbered_field_is_no_more_public_than_its_struct() -> None:
    assert not symbols(read("rust", "pub(crate) struct Lines(pub u8);\n"))["Lines.0"].public
    assert symbols(read("rust", "pub struct Lines(pub u8);\n"))["Lines.0"].public


@pytest.mark.parametrize("language", ["typescript", "tsx"])
def test_a_parameter_of_a_type_may_be_called_type(language: str) -> None:
    code = (
        "export type Read<type extends Kind = Kind> =\n  | (type extends 'a' ? A : never)\n  | Other<type>\n"
        "export function read(type: string) { return { type, other: [type] } }\nexport type Last = Read<'a'>\n"
    )

    structure = read(language, code)

    assert [symbol.name for symbol in structure.symbols] == ["Read", "read", "Last"]
    assert "(type extends 'a' ? A : never)" in structure.symbols[0].signature
    assert structure.parse_errors == 0


@pytest.mark.parametrize("language", ["typescript", "tsx", "javascript"])
@pytest.mark.parametrize(
    "head", ["for await (using row of rows)", "for (using row of rows)", "for (await using row of rows)"]
)
def test_what_a_loop_uses_and_gives_back_hides_no_class(language: str, head: str) -> None:
    loop = f"    {head} {{\n      await row.read();\n    }}\n"
    code = f"export class Frame {{\n  async find(rows) {{\n{loop}  }}\n  last() {{}}\n}}\n"

    structure = read(language, code)

    assert [symbol.name for symbol in structure.symbols] == ["Frame", "Frame.find", "Frame.last"]
    assert structure.parse_errors == 0


@pytest.mark.parametrize("language", ["typescript", "javascript"])
def test_a_value_that_a_function_is_given_is_a_member_of_it(language: str) -> None:
    code = (
        "export function quote(text) { return text }\nquote.code = 'require(1)'\nexport const read = (row) => row\n"
        "read.size = 3\nconst other = {}\nother.size = 4\n"
    )

    found = symbols(read(language, code))

    assert (found["quote.code"].default, found["quote.code"].public) == ("'require(1)'", True)
    assert found["read.size"].default == "3"
    assert "other.size" not in found


def test_a_comment_may_leave_its_words_to_another_symbol_of_the_file() -> None:
    code = (
        "export class Row {\n  /**\n   * How many.\n   *\n   * @remarks\n   * Not too many.\n"
        "   *\n   * @param of - What.\n   */\n  count(of: string): number { return 1 }\n"
        "  /** {@inheritDoc Row.count} */\n  size(of: string): number { return 1 }\n"
        "  /** {@inheritDoc Other.row} */\n  other(): void {}\n}\n"
    )

    found = symbols(read("typescript", code))

    assert found["Row.size"].documentation == found["Row.count"].documentation
    assert found["Row.size"].doc.startswith("How many.")
    other = found["Row.other"].documentation
    assert other is not None
    assert [(fact.name, fact.text) for fact in other.facts] == [("inherits", "[`Other.row`](symbol:Other.row)")]


def test_what_stands_above_a_group_of_go_is_said_of_each_type_without_a_comment_and_of_the_first_value() -> None:
    code = (
        "package x\n\n// Common methods.\n//\n// Of HTTP.\nconst (\n\tGet = 1\n\tHead = 2\n)\n\n// Buffers.\ntype (\n"
        "\tA int\n\t// B is own.\n\tB struct{}\n\tC int // is behind\n\tD int\n)\n\n// Far away.\n\nvar (\n\tX = 1\n)\n"
    )

    found = symbols(read("go", code))

    assert {name: symbol.doc for name, symbol in found.items()} == {
        "Get": "Common methods.\n\nOf HTTP.",
        "Head": "",
        "A": "Buffers.",
        "B": "B is own.",
        "C": "Buffers.",
        "D": "Buffers.",
        "X": "",
    }


@pytest.mark.parametrize("path", ["index.d.ts", "Row.java", "row.go"])
def test_an_invisible_sign_that_keeps_a_comment_open_keeps_it_open(path: str) -> None:
    text = decoded("/** Reads `**\u200b/*.ts`\n * and more. */\n".encode(), path)

    assert uncommented(text) == "Reads `**/*.ts`\nand more."


def test_an_escaped_end_of_a_comment_is_shown_as_its_author_means_it() -> None:
    found = symbols(read("javascript", "/**\n * Reads `**\\/*.js`.\n */\nexport function read() {}\n"))

    assert found["read"].doc == "Reads `**/*.js`."


def test_a_property_that_a_comment_names_with_its_type_bears_the_types_name_once() -> None:
    code = (
        "/**\n * @typedef {Object} Row\n * @property {number} [Row.size=1] How many.\n * @property {string} name\n */\n"
    )

    found = symbols(read("javascript", code))

    assert {name: (one.type, one.default) for name, one in found.items() if name != "Row"} == {
        "Row.size": ("number", "1"),
        "Row.name": ("string", ""),
    }
