"""Names of C and C++ that macros, brackets or a grammar's own words had hidden."""

from __future__ import annotations

import pytest

from tests.agents.codebase.structure.reading import read, symbols


def test_an_element_that_a_macro_declares_is_named_by_the_macros_first_argument() -> None:
    structure = read(
        "c",
        """
        enum option {
          OPTION(OPTION_WRITE, TYPE_POINT, 1),
          /* said */
          OPTION(OPTION_URL, TYPE_STRING, 2),
          OPTION_OLD DEPRECATED_SINCE(7.1, "Use OPTION_URL") = 5,
          DEPRECATED_OPTION(OPTION_PORT, TYPE_LONG, 3,
                            7.19, "Use OPTION_URL"),
          OPTION_MASK = JOINED(1, 2),
          OPTION_LAST
        };
        """,
    )

    names = ["WRITE", "URL", "OLD", "PORT", "MASK", "LAST"]
    assert list(symbols(structure)) == ["option", *(f"option.OPTION_{name}" for name in names)]
    assert symbols(structure)["option.OPTION_URL"].doc == "said"
    assert structure.parse_errors == 0


def test_a_list_that_a_macro_of_the_file_makes_elements_of_is_no_element() -> None:
    code = "#define MAKE(name) error_##name,\nenum error { LIST_OF_ERRORS(MAKE) error_last };\n"

    assert set(symbols(read("c", code))) == {"MAKE", "error", "error.error_last"}


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("LIB_API int (open_rows) (struct row *r);\n", "open_rows"),
        ("LIB_API void (open_all)(void);\n", "open_all"),
        ("typedef unsigned long(row_hash)(const void *k);\n", "row_hash"),
        ("struct row *(new_row)(int size);\n", "new_row"),
        ("typedef signed char int8_t;\n", "int8_t"),
    ],
)
def test_a_name_in_brackets_or_that_the_grammar_knows_as_a_type_is_what_is_declared(code: str, name: str) -> None:
    assert list(symbols(read("c", code))) == [name]


def test_a_method_in_brackets_has_its_own_name() -> None:
    found = symbols(read("cpp", "struct Rows {\n  static constexpr int (min)() { return 0; }\n};\n"))

    assert set(found) == {"Rows", "Rows.min"}


def test_a_macro_below_the_last_declaration_of_a_class_does_not_hide_its_end() -> None:
    code = """
    class Rows {
     public:
      // One day without a body.
      DISABLE_WARNING
      virtual void stop(int& result) { }
      RESTORE_WARNING
    };
    void after();
    enum kind { FIRST_KIND,
      LAST_KIND
    };
    """

    assert set(symbols(read("cpp", code))) == {
        *("Rows", "Rows.stop", "after", "kind", "kind.FIRST_KIND", "kind.LAST_KIND"),
    }


def test_a_call_with_a_text_over_several_lines_hides_nothing_below_it() -> None:
    code = """ROW_FLAG(bool, zlib, true,
         "Read zlib (http://example.org)");
namespace {
class Hidden { public: int data() const { return 1; } };
}
int after();
"""

    found = symbols(read("cpp", code))

    assert {name: symbol.public for name, symbol in found.items()} == {
        "Hidden": False,
        "Hidden.data": False,
        "after": True,
    }


def test_documentation_beside_a_function_comes_before_a_remark_above_it() -> None:
    code = "/* Errors */\nunsigned is_error(int code);   /**< tells if a value is an error */\n"

    assert symbols(read("c", code))["is_error"].doc == "tells if a value is an error"


def test_a_product_in_a_comment_keeps_its_stars_and_a_stressed_word_its_emphasis() -> None:
    code = "/** Returns (major*100*100 + minor*100), *exactly*, in N*m*s. */\nint version(void);\n"

    assert symbols(read("c", code))["version"].doc == "Returns (major*100*100 + minor*100), exactly, in N*m*s."


def test_a_comment_that_names_what_it_documents_belongs_to_that_wherever_it_stands() -> None:
    code = """/*! \\def ROWS_MAX
    \\brief How many rows there may be.
*/
#include <rows.h>
/** @struct row
 *  One row. */
#include <row.h>
#define ROWS_MIN 1
#define ROWS_MAX 9
struct row { int id; };
"""

    found = symbols(read("c", code))

    assert {name: found[name].doc for name in ("ROWS_MIN", "ROWS_MAX", "row")} == {
        "ROWS_MIN": "",
        "ROWS_MAX": "How many rows there may be.",
        "row": "One row.",
    }


def test_a_modifier_at_a_comments_start_takes_no_words() -> None:
    comment = "/**\n * @public\n * What went wrong.\n * @param error - The error.\n */\n"
    code = f"{comment}export function said(error: Error): void {{}}\n"

    document = symbols(read("typescript", code))["said"].documentation

    assert document is not None
    assert document.summary == "What went wrong."
    assert [(entry.name, entry.text) for entry in document.parameters] == [("error", "The error.")]


def test_a_remark_between_an_exported_classs_name_and_its_brace_hides_no_member() -> None:
    code = "struct LIB_API Result // NOLINT\n{\n  bool passed;\n};\n"

    assert set(symbols(read("cpp", code))) == {"Result", "Result.passed"}


def test_macros_around_a_pointers_list_and_before_a_variable_are_no_names() -> None:
    code = """typedef void *(*row_alloc) OF((void *opaque, unsigned items));
typedef void (*row_free) OF((void *opaque, void *address));
extern row_t LIBRARY_INTERNAL row_codes[];
int LIBRARY_INTERNAL depth = 1;
int after OF((int));
"""

    assert set(symbols(read("c", code))) == {"row_alloc", "row_free", "row_codes", "depth", "after"}
