"""What the languages' own tools document and our reader once did not: a kind of comment or declaration each."""

from __future__ import annotations

import pytest

from tests.agents.codebase.structure.reading import read, symbols


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("rust", "/// Sends it.\n// By value, for iterators.\n#[inline]\npub fn send() {}\n"),
        ("rust", "/// Sends it.\n#[inline]\n// By value, for iterators.\npub fn send() {}\n"),
        ("java", "class A {\n  /** Sends it. */\n  // checked by hand\n  @Fast\n  public void send() {}\n}\n"),
        ("typescript", "/** Sends it. */\n// eslint-disable-next-line\nexport function send() {}\n"),
        ("c", "/** Sends it. */\n/* not reentrant */\nvoid send(void);\n"),
    ],
)
def test_a_remark_between_documentation_and_its_code_does_not_hide_it(language: str, code: str) -> None:
    (sent,) = [symbol for name, symbol in symbols(read(language, code)).items() if name.endswith("send")]

    assert sent.doc == "Sends it."


def test_a_hidden_line_of_a_rust_example_takes_no_shown_line_with_it() -> None:
    code = "/// Sends.\n///\n/// ```\n/// # use a::b;\n/// #\n/// use c::d;\n/// # }\n/// ```\npub fn send() {}\n"

    doc = symbols(read("rust", code))["send"].doc

    assert "use c::d;" in doc
    assert "a::b" not in doc


def test_a_hidden_line_of_an_example_in_a_list_is_hidden_as_well() -> None:
    code = (
        "/// Sends.\n///\n/// - So:\n///\n///   ```\n///   # use a::b;\n///   use c::d;\n///   ```\npub fn send() {}\n"
    )
    documentation = symbols(read("rust", code))["send"].documentation

    assert documentation is not None
    assert "use c::d;" in documentation.model_dump_json()
    assert "a::b" not in documentation.model_dump_json()


def test_a_rust_link_names_its_target_behind_its_label() -> None:
    code = "/// As [`.swap(key)`][Self::swap], not `a[i][j]`, see [page][1].\n///\n"
    code += "/// [1]: https://a.example\npub fn f() {}\n"

    assert symbols(read("rust", code))["f"].doc == "As `.swap(key)`, not `a[i][j]`, see page."


def test_the_comment_behind_a_macro_of_c_documents_it() -> None:
    code = "#define READING 0x01 /**< error while reading */\n#define WRITING 0x02 /**< error while writing */\n"

    assert [symbol.doc for symbol in symbols(read("c", code)).values()] == [
        "error while reading",
        "error while writing",
    ]


def test_an_overloads_documentation_stays_when_the_function_that_runs_has_none() -> None:
    code = 'from typing import overload\n\n@overload\ndef f(a: int) -> int:\n    """Doubles."""\n\n'
    code += "def f(a):\n    return a\n"

    assert symbols(read("python", code))["f"].doc == "Doubles."


def test_no_method_of_an_anonymous_class_of_java_is_public() -> None:
    code = (
        "public enum Policy {\n  UPPER {\n    @Override public String name(String of) { return of; }\n  };\n"
        "  static { Access.it = new Access() { @Override public void open() {} }; }\n  public void close() {}\n}\n"
    )

    public = [name for name, symbol in symbols(read("java", code)).items() if symbol.public]

    assert public == ["Policy", "Policy.UPPER", "Policy.close"]


@pytest.mark.parametrize(
    ("language", "code", "written"),
    [
        ("python", "def f(\n    sep: str = '  ',\n    bar='%(label)s  [ ]'\n): ...\n", ["'  '", "'%(label)s  [ ]'"]),
        ("typescript", 'export function f(a =  "(  x )", b = `a  b`) {}\n', ['"(  x )"', "`a  b`"]),
        ("javascript", "export const f = (a = 'a/**/*.js', b = 'b/**/*.js') => 1\n", ["'a/**/*.js'", "'b/**/*.js'"]),
        ("kotlin", 'fun f(a: String = "x  y") {}\n', ['"x  y"']),
        ("ruby", "def f(a = 'x  y')\nend\n", ["'x  y'"]),
        ("php", "<?php\nfunction f($a = 'x  y') {}\n", ["'x  y'"]),
        ("cpp", 'void f(const char* a = "x  \\"  y");\n', ['"x  \\"  y"']),
        ("swift", 'public func f(a: String = "x  y") {}\n', ['"x  y"']),
    ],
)  # fmt: skip
def test_strings_in_a_signature_stay_as_written(language: str, code: str, written: list[str]) -> None:
    signature = symbols(read(language, code))["f"].signature

    assert [text for text in written if text not in signature] == []


def test_a_lifetime_of_rust_begins_no_string() -> None:
    code = "pub fn f<'a,   'b: 'a>(x:   &'a str, y:   &'b str) {}\n"

    assert symbols(read("rust", code))["f"].signature == "pub fn f<'a, 'b: 'a>(x: &'a str, y: &'b str)"


def test_a_comma_in_a_default_begins_no_parameter() -> None:
    code = "def f(a='x, y', b=', '): ...\n"

    read_of = [(parameter.name, parameter.default) for parameter in symbols(read("python", code))["f"].parameters]

    assert read_of == [("a", "'x, y'"), ("b", "', '")]


@pytest.mark.parametrize(
    ("code", "doc"),
    [
        ("//// Sends it.\npub fn f() {}\n", ""),
        ("/*** Sends it. */\npub fn f() {}\n", ""),
        ("/// Sends it.\n//// By value.\npub fn f() {}\n", "Sends it."),
        ("//// By value.\n/// Sends it.\npub fn f() {}\n", "Sends it."),
    ],
)
def test_four_slashes_or_three_stars_of_rust_are_no_documentation(code: str, doc: str) -> None:
    assert symbols(read("rust", code))["f"].doc == doc


@pytest.mark.parametrize(
    "directive", ["//nolint:gocyclo // long", "//go:noinline", "//export f", "//lint:ignore U1000 why", "//nolint"]
)
def test_directives_of_go_are_no_documentation(directive: str) -> None:
    code = f"package a\n\n{directive}\nfunc F() {{}}\n\n// Sends it.\n{directive}\nfunc G() {{}}\n\n"
    code += f"const X = 1 {directive}\n"

    assert [symbol.doc for symbol in symbols(read("go", code)).values()] == ["", "Sends it.", ""]


def test_a_role_that_begins_a_directives_text_is_no_option_of_it() -> None:
    code = 'class Row:\n    """A row.\n\n    .. versionchanged:: 0.5\n       :class:`Row` is frozen now.\n\n'
    code += '    .. versionchanged:: 1.0\n       :class:`Row` values keep\n       their order.\n    """\n'

    doc = symbols(read("python", code))["Row"].doc

    assert "Row` is frozen now." in doc
    assert "values keep their order." in doc


def test_type_hints_in_quotes_are_no_secrets() -> None:
    code = 'def pass_obj(f: "t.Callable[te.Concatenate[t.Any, P], R]") -> "t.Callable[P, R]": ...\n'
    code += 'def login(password: "t.Optional[str]" = None, token: "str | SecretStr" = "") -> "Token[User]": ...\n'

    assert "***" not in "".join(symbol.signature for symbol in symbols(read("python", code)).values())


def test_declarations_of_every_branch_are_listed_once() -> None:
    code = (
        "#ifdef HAVE_IOVEC\n#define row_span iovec\ntypedef unsigned count_t;\nint rows_open(int descriptor);\n"
        "#else\n/** A span. */\nstruct row_span {\n  int length;\n};\ntypedef unsigned long count_t;\n"
        "int rows_open(int descriptor);\nint rows_spare(void);\n#endif\n"
        "struct row {\n#ifdef __cplusplus\n  int row_class;\n#else\n  int class;\n#define row_class class\n#endif\n};\n"
        "EXPORT_ROWS int broken(int a) OTHER_MACRO;\n"
    )

    names = [symbol.name for symbol in read("c", code).symbols]

    assert {"row_span", "row_span.length", "count_t", "rows_open", "rows_spare", "row.row_class", "row.class"} <= {
        *names
    }
    assert len(names) == len({*names})


def test_a_branch_that_is_no_declaration_of_its_own_gives_way_to_the_first() -> None:
    code = "int rows_open(int a\n#ifdef WIDE\n  , long b\n#else\n  , int b\n#endif\n);\nint rows_close(void);\n"

    assert [symbol.name for symbol in read("c", code).symbols] == ["rows_open", "rows_close"]


def test_what_stands_below_if_0_is_no_symbol() -> None:
    code = "#if 0\n#ifdef A\nint dead(void);\n#endif\n#else\nint alive(void);\n#endif\nint last(void);\n"

    assert [symbol.name for symbol in read("c", code).symbols] == ["alive", "last"]


def test_a_comment_inside_a_long_macro_does_not_end_it() -> None:
    code = (
        "#define ENTRY(type) \\\nstruct { \\\n  struct type *next; /* the one behind */ \\\n"
        "  struct type **before; /* and before */ \\\n}\n#define HEAD(name) struct name { int first; }\nint f(void);\n"
    )

    assert [symbol.name for symbol in read("c", code).symbols] == ["ENTRY", "HEAD", "f"]


def test_a_macro_inside_a_struct_belongs_to_the_file() -> None:
    code = "struct row {\n  int flags;\n/** The row is owned. */\n#define ROW_OWNED 0x01\n  int at;\n};\n"

    listed = symbols(read("c", code))

    assert [*listed] == ["row", "row.flags", "ROW_OWNED", "row.at"]
    assert listed["ROW_OWNED"].doc == "The row is owned."


def test_overloads_of_cpp_stay_apart() -> None:
    code = "int f(int a);\nint f(long a);\n"

    assert [symbol.signature for symbol in read("cpp", code).symbols] == ["int f(int a)", "int f(long a)"]


@pytest.mark.parametrize("language", ["c", "cpp"])
def test_a_macro_alone_on_its_line_hides_no_declaration_and_no_documentation(language: str) -> None:
    code = (
        "LIBRARY_BEGIN_ROWS\n\n/** Opens. */\nLIBRARY_SYMBOL\nrow_t *rows_open(int a);\n\n"
        "/** Closes. */\nLIBRARY_SYMBOL\nint rows_close(void);\n\nLIBRARY_END_ROWS\n"
        "enum mode {\n  MODE_READ,\n  MODE_WRITE\n};\n"
    )

    listed = symbols(read(language, code))

    assert [*listed] == ["rows_open", "rows_close", "mode", "mode.MODE_READ", "mode.MODE_WRITE"]
    assert [listed["rows_open"].doc, listed["rows_close"].doc] == ["Opens.", "Closes."]


def test_a_comment_of_nothing_but_unknown_tags_stays() -> None:
    documentation = symbols(read("cpp", "/**\n * @ownership the caller's\n */\nint f(int a);\n"))["f"].documentation

    assert documentation is not None
    assert [(fact.name, fact.text) for fact in documentation.facts] == [("ownership", "the caller's")]


def test_what_stands_in_the_alias_for_rest_is_text() -> None:
    code = "/**\n  \\rst\n  Opens the ``row``.\n  \\endrst\n */\nint f(int a);\n"

    assert symbols(read("cpp", code))["f"].doc == "Opens the `row`."


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("rust", "/// Sends\n\n/// it.\n\n\n#[inline]\npub fn send() {}\n"),
        ("java", "class A {\n  /** Sends it. */\n\n\n  public void send() {}\n}\n"),
        ("csharp", "class A {\n  /// <summary>Sends it.</summary>\n\n\n  public void send() {}\n}\n"),
    ],
)
def test_blank_lines_part_no_documentation_from_its_code(language: str, code: str) -> None:
    (sent,) = [symbol for name, symbol in symbols(read(language, code)).items() if name.endswith("send")]

    assert " ".join(sent.doc.split()) == "Sends it."


def test_a_comment_behind_an_assignment_hides_no_string_below_it() -> None:
    code = 'class A:\n    start = _start  # type: Callable[..., None]\n    """Begins."""\n'

    assert symbols(read("python", code))["A.start"].doc == "Begins."


def test_what_a_modules_list_leaves_out_is_not_public_whatever_its_name() -> None:
    code = '__all__ = ["f"]\n\ndef f(): ...\n\ndef __getattr__(name): ...\n'

    assert {name: symbol.public for name, symbol in symbols(read("python", code)).items()} == {
        "f": True,
        "__getattr__": False,
    }


def test_a_tuple_of_one_keeps_its_comma_in_a_signature_and_a_list_of_parameters_loses_its_last() -> None:
    code = 'def f(\n    a=("href",),\n    b=(1, 2,),\n):\n    pass\n'

    assert symbols(read("python", code))["f"].signature == 'def f(a=("href",), b=(1, 2))'


def test_a_variants_fields_are_as_public_as_the_enum() -> None:
    listed = symbols(read("rust", "enum Inner { A { size: u8 } }\npub enum Outer { A { size: u8 } }\n"))

    assert (listed["Inner.A.size"].public, listed["Outer.A.size"].public) == (False, True)


def test_an_address_below_a_text_is_its_references_link_and_a_group_of_doctest_is_no_language() -> None:
    code = '"""Uses `adapter`_, or adapter_.\n\n.. testcode:: group\n\n    run()\n\n.. _adapter: https://a.example/b\n"""\n'

    document = read("python", code).documentation

    assert document is not None
    assert document.summary == "Uses [adapter](https://a.example/b), or [adapter](https://a.example/b)."
    assert [(block.kind, getattr(block, "language", "")) for block in document.blocks] == [("code", "")]


def test_a_member_that_its_comment_calls_private_is_not_public() -> None:
    code = "export class A {\n  /** Runs.\n   * @private */\n  run() {}\n  /** Stops. */\n  stop() {}\n}\n"

    listed = symbols(read("typescript", code))

    assert (listed["A.run"].public, listed["A.stop"].public) == (False, True)
