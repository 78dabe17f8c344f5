"""Forms of Rust, C and C++ that new releases showed when they were compared with rustdoc and doxygen."""

from __future__ import annotations

import pytest

from agents.codebase.structure.named_comments import NamedComments
from agents.codebase.structure.source import Source
from tests.agents.codebase.structure.reading import docs, read, symbols


@pytest.mark.parametrize(
    ("code", "doc"),
    [
        ("/// First.\n#[inline]\n/// Last.\npub fn size() {}\n", "First. Last."),
        ("/// First.\n\n#[doc = \"Added.\"]\n/// Last.\npub fn size() {}\n", "First. Added. Last."),
        ('#[doc = "Only an \\"attribute\\"."]\npub fn size() {}\n', 'Only an "attribute".'),
        ('#[doc = r#"As "written"."#]\npub fn size() {}\n', 'As "written".'),
        ('#[doc = "On the row."] pub fn size() {}\n', "On the row."),
        ('/// First.\n#[cfg_attr(x, doc = "Also.")]\n#[cfg_attr(not(x), doc = "Or.")]\nfn size() {}\n', "First. Also."),
        ("/// First.\n#[derive(Clone)]\n// A remark.\n/// Last.\nstruct size;\n", "First. Last."),
        ("/// Only.\n#[inline]\nfn size() {}\n", "Only."),
    ],
)  # fmt: skip
def test_comments_and_attributes_of_rust_document_an_item_together(code: str, doc: str) -> None:
    assert docs("rust", code) == {"size": doc}


def test_what_an_attribute_of_rust_says_is_of_its_own_item_alone() -> None:
    code = '#[doc = "Of the first."] pub fn first() {}\n/// Of the second.\n#[inline]\npub fn second() {}\n'

    assert docs("rust", code) == {"first": "Of the first.", "second": "Of the second."}


def test_an_example_whose_fences_attributes_hold_is_code() -> None:
    code = (
        '/// Wraps.\n#[cfg_attr(feature = "x", doc = "```")]\n#[cfg_attr(not(feature = "x"), doc = "```ignore")]\n'
        "/// let a = 1;\n/// ```\npub trait Wrap {}\n"
    )

    assert docs("rust", code) == {"Wrap": "Wraps.\n\n    let a = 1;"}


def test_a_macro_of_rust_parts_the_values_and_the_names_that_nothing_parts() -> None:
    code = (
        "macro_rules! sizes { ($($n:expr)+) => { $(impl Size for [u8; $n] { fn size(&self) {} })+ } }\nsizes!(1 2);\n"
        "macro_rules! tuples { ($($n:ident)+) => { tuple!($($n)*); } }\n"
        "macro_rules! tuple { ($($n:ident)+) => { impl<$($n),+> Alt for ($($n),+) { fn choice(&self) {} } } }\n"
        "tuples!(A B);\n"
    )

    assert {"[u8; 1].size", "[u8; 2].size", "(A, B).choice"} <= set(symbols(read("rust", code)))


@pytest.mark.parametrize(
    "macro",
    [
        "#define ROWS ((8 << 10) + 512 /* for sorting */)\n",
        "#define ROWS(n) (((n) < 9) ? 1 /* margin */ : 0)  /* two bounds */\n",
        "#define ROWS (1 /* first */ + 2 /* second */ + 3) // all\n",
    ],
)
def test_a_macro_of_c_goes_on_behind_a_comment_in_its_value(macro: str) -> None:
    structure = read("c", macro + "int after(void);\n")

    assert list(symbols(structure)) == ["ROWS", "after"]
    assert structure.parse_errors == 0


@pytest.mark.parametrize(
    ("declared", "name"),
    [
        ("extern LIBSPEC Row_t LIBCALL row_open(void);", "row_open"),
        ("LIBAPI RowState LIBENTRY row_state(int row, int of);", "row_state"),
        ("LIBVAR rowAlloc row_alloc;", "row_alloc"),
        ("typedef RowState (LIBENTRYP ROWPROC) (RowIndex row);", "ROWPROC"),
    ],
)
def test_macros_around_a_type_of_a_projects_own_are_no_names_of_c(declared: str, name: str) -> None:
    assert docs("c", f"/** The row. */\n{declared}\n") == {name: "The row."}
    assert list(symbols(read("c", f"/** The row. */\n{declared}\n"))) == [name]


def test_a_type_of_capitals_before_a_calling_convention_stays_the_type() -> None:
    code = "BOOL LIBCALL row_open(void);\nFIRSTAPI Row_t LIBCALL rows(void);\n"

    assert symbols(read("c", code))["row_open"].signature == "BOOL LIBCALL row_open(void)"


def test_what_a_comment_elsewhere_says_of_a_class_stands_below_its_own() -> None:
    rule = "/" * 60
    code = (
        f"namespace lib {{\n{rule}\n/// \\brief A colour.\n///\n{rule}\nclass Color {{ public: int r; }};\n}}\n{rule}\n"
        "/// \\class lib::Color\n/// \\ingroup graphics\n///\n/// It has components.\n///\n/// \\code\n/// Color c;\n"
        f"/// \\endcode\n{rule}\n"
    )

    assert docs("cpp", code)["Color"] == "A colour.\n\nIt has components.\n\n    Color c;"


@pytest.mark.parametrize("command", ["class Color", "class Color color.h"])
def test_a_comment_that_names_the_class_below_it_is_said_once(command: str) -> None:
    code = (
        f"/**\n * \\{command}\n * \\brief A colour.\n *\n * Has components.\n */\nclass Color {{ public: int r; }};\n"
    )

    assert docs("cpp", code)["Color"] == "A colour.\n\nHas components."


def test_lines_of_a_comment_that_names_its_symbol_are_read_in_the_order_of_the_file() -> None:
    class Nodes:
        def __init__(self, row: int, text: bytes, start: int) -> None:
            self.start_point, self.end_point = (row, 0), (row, len(text))
            self.start_byte, self.end_byte = start, start + len(text)

    lines = [b"/// \\def ROWS", b"/// How many.", b"/// At most."]
    data = b"\n".join(lines)
    nodes = [Nodes(row, line, data.index(line)) for row, line in enumerate(lines)]
    # A node's places are all that is read of it.
    comments = NamedComments([nodes[2], nodes[0], nodes[1]], Source(data), "c")  # type: ignore[list-item]  # as above

    assert [comment.doc.text for comment in comments._by_name["ROWS"]] == ["How many. At most."]


def test_the_first_comment_of_a_group_documents_what_follows_it() -> None:
    code = (
        "/// @addtogroup rows\n/// @{\n\n//! Opens rows.\n//! All of them.\n"
        "template<typename T>\nint open(T of);\n/// @}\n"
    )

    assert docs("cpp", code)["open"] == "Opens rows. All of them."


def test_a_macro_over_lines_with_a_text_in_a_class_costs_no_class_below_it() -> None:
    code = (
        "LIB_NAMESPACE_BEGIN(detail)\ntemplate <typename T>\nstruct map_row {\n    using type = T;\n\n"
        '    LIB_CASTER(Type,\n               name("Dict[") + key::name\n                   + name("]"));\n};\n\n'
        "template <typename T>\nstruct list_row {\n    using value = T;\n};\n"
    )

    assert {"map_row", "map_row.type", "list_row", "list_row.value"} <= set(symbols(read("cpp", code)))


def test_macros_in_small_letters_that_say_how_a_method_is_stored_are_no_part_of_it() -> None:
    code = (
        "#define lib_inline inline\nclass Row {\npublic:\n  lib_really_inline Row() noexcept;\n"
        "  lib_inline operator bool() const noexcept(false);\n  /** Reads. */\n  lib_inline Kind kind() const;\n"
        "  int is_inline;\n};\n"
    )

    assert list(symbols(read("cpp", code))) == [
        "lib_inline",
        "Row",
        "Row.Row",
        "Row.operator bool",
        "Row.kind",
        "Row.is_inline",
    ]
    assert docs("cpp", code) == {"Row.kind": "Reads."}


@pytest.mark.parametrize(
    "head", ["row_open() :\n *  Opens.", "row_open() : Opens.", "row_open - Opens.", "row_open() - Opens."]
)
def test_a_comment_of_c_that_begins_with_its_functions_name_begins_with_what_it_does(head: str) -> None:
    code = f"/*! {head}\n * @return : the row */\nint row_open(void);\n"

    assert docs("c", code) == {"row_open": "Opens.\n\nReturns: the row"}


def test_the_name_of_another_function_before_a_comment_of_c_is_said() -> None:
    code = "/*! row_open_fast() :\n *  Opens. */\nint row_size(void);\nint row_open_fast(void);\n"

    assert docs("c", code) == {"row_size": "row_open_fast() : Opens."}
