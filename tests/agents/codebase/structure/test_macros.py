"""Macros in the place of a C or C++ declaration's words: what is declared is read all the same."""

from __future__ import annotations

import time

import pytest

from agents.contracts.structure import SymbolKind
from tests.agents.codebase.structure.reading import read, symbols


@pytest.mark.parametrize(
    ("language", "code", "name"),
    [
        ("cpp", "namespace a {\nLIB__FN encoding guess(const char* data) { return 1; }\n}\n", "guess"),
        ("cpp", "std::string LIB_FUNCTION as_utf8(const wchar_t* str);\n", "as_utf8"),
        ("cpp", "LIB_FN xml guess() {}\nLIB_FN Node::operator Node::flag() const { }\n", "Node.operator Node::flag"),
        ("cpp", "struct rgb {\n  LIB_CONSTEXPR rgb() : r(0) {}\n  int r;\n};\n", "rgb.rgb"),
        ("cpp", "LIB_API LIB_FN error::~error() noexcept = default;\n", "error.~error"),
        ("cpp", "template <typename T, LIB_ENABLE_IF(!is_integral<T>::value)>\nT cast(T from);\n", "cast"),
        ("cpp", "struct A {\n  void move(A& other) LIB_NOEXCEPT_IF_NOT_COMPACT;\n};\n", "A.move"),
        ("cpp", "struct A {\n  __suppress(\"overflow\") bool one(int a) const { return a < 1; }\n};\n", "A.one"),
        ("cpp", "struct A {\n  bool LIB_FUNCTION operator||(bool other);\n};\n", "A.operator||"),
        ("cpp", "void f(const specs<char>& s = {}, LIB_REF loc = {}) LIB_PURE;\n", "f"),
        ("cpp", "enum kind : unsigned long long { bit = 1 };\nLIB_BEGIN(x) int g();\n", "kind.bit"),
        ("c", "int table_init(table_t *table) LIB_ATTRS((warn_unused_result));\n", "table_init"),
        ("c", "typedef BOOL(WINAPI *RANDOM)(HANDLE provider, DWORD length, BYTE *buffer);\n", "RANDOM"),
        ("c", "int f(void) {\n#define WIDTH_TEST(fmt) do { } while (0)\n  return 0;\n}\n", "WIDTH_TEST"),
        ("c", "#define local_fn\nlocal_fn int inner(void) { return 1; }\n", "inner"),
    ],
)  # fmt: skip
def test_a_macro_before_between_or_behind_a_declarations_words_hides_no_name(
    language: str, code: str, name: str
) -> None:
    structure = read(language, code)

    assert name in symbols(structure)
    assert structure.parse_errors == 0


def test_parameters_of_a_function_pointers_type_are_no_variables() -> None:
    code = "typedef BOOL(WINAPI *RANDOM)(HANDLE provider, DWORD length, BYTE *buffer);\n"

    assert set(symbols(read("c", code))) == {"RANDOM"}


def test_a_type_in_capitals_is_no_macro() -> None:
    code = "DWORD open_it(HANDLE file);\nstatic BOOL close_it(void);\nBOOL WINAPI check_it(HANDLE file);\n"
    code += "LIB_API int x(void) LIB_END;\n"

    types = {name: symbol.type for name, symbol in symbols(read("c", code)).items()}

    assert types == {"open_it": "DWORD", "close_it": "BOOL", "check_it": "BOOL WINAPI", "x": "int"}


def test_a_specialisations_arguments_part_no_name() -> None:
    code = "template <class T> struct as_if;\ntemplate <> struct as_if<std::string, S> {\n  int get() const;\n};\n"
    code += f"template <> struct as_if<{'std::vector<int>, ' * 9}S> {{ int put(); }};\n"

    assert {"as_if<std::string, S>", "as_if<std::string, S>.get", "as_if<…>", "as_if<…>.put"} <= set(
        symbols(read("cpp", code))
    )


@pytest.mark.parametrize(
    "between", ["#if defined(_WIN32)\n", "LIB_CLASS_API\n", "LIB_WARNING(disable)\n#ifndef X\n"]
)  # fmt: skip
def test_documentation_belongs_to_what_the_preprocessor_leaves_below_it(between: str) -> None:
    code = f"/** Opens it. */\n{between}int open_it(void);\n"

    assert symbols(read("c", code))["open_it"].doc == "Opens it."


def test_a_remark_above_a_condition_documents_nothing_in_it() -> None:
    assert symbols(read("c", "/* Windows */\n#if defined(_WIN32)\nint open_it(void);\n"))["open_it"].doc == ""


@pytest.mark.parametrize(
    "piece", ["A_B(", "LIB_A <", "template <A_B(x) ", "X_Y Z_W ", "= {", "decltype(a, ", "enum A :"]
)
def test_time_is_linear_in_a_text_made_to_be_slow(piece: str) -> None:
    from agents.codebase.structure.macros import drop_macros

    begin = time.process_time()
    drop_macros(bytearray(piece.encode() * (100_000 // len(piece))))

    assert time.process_time() - begin < 20


def test_a_comment_that_points_back_documents_a_function_as_well() -> None:
    code = "int version(void); /**< Checks the library. */\nint other(void); /* a remark */\n"

    assert [symbol.doc for symbol in symbols(read("c", code)).values()] == ["Checks the library.", ""]


def test_what_a_nameless_namespace_holds_is_its_files_own() -> None:
    code = "namespace {\nint inner(int a) { return a; }\nclass Hidden {};\n}\nint outer(int a) { return a; }\n"

    listed = symbols(read("cpp", code))

    assert [listed[name].public for name in ("inner", "Hidden", "outer")] == [False, False, True]


@pytest.mark.parametrize("language", ["c", "cpp"])
@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        ("typedef int LIB_CALLBACK(lib_row_cb)(\n\tconst row *r,\n\tvoid *payload);\n", "lib_row_cb", "type"),
        ("int PREFIX(inflate)(int rows, char *text);\n", "inflate", "function"),
        ("int32_t LIB_EXPORT PREFIX(inflate)(stream *strm, int flush);\n", "inflate", "function"),
        ("static void FUNC(row)(int a) { a++; }\n", "row", "function"),
        ("JNIEXPORT void JNICALL NATIVE(begin)(JNIEnv *env, jobject self) {}\n", "begin", "function"),
        ("struct entry {\n  void LIB_CALLBACK(free)(struct entry *entry); /**< Frees. */\n};\n", "entry.free", "field"),
        ("#define FN(name) (*name)\nstruct io {\n  int FN(read)(void *to);\n};\n", "io.read", "field"),
    ],
)
def test_a_macro_around_a_name_is_not_the_name(language: str, code: str, name: str, kind: str) -> None:
    structure = read(language, code)

    assert [str(symbol.kind) for symbol in structure.symbols if symbol.name == name] == [kind]
    assert not {symbol.name.rpartition(".")[2] for symbol in structure.symbols} & {
        "LIB_CALLBACK",
        "PREFIX",
        "FUNC",
        "NATIVE",
    }
    assert structure.parse_errors == 0


def test_a_pointer_that_a_macro_makes_has_its_type() -> None:
    structure = read("c", "struct entry {\n  void LIB_CALLBACK(free)(struct entry *entry);\n};\n")

    assert symbols(structure)["entry.free"].type == "void (*)(struct entry *entry)"


def test_a_call_of_what_a_call_gives_declares_nothing() -> None:
    code = "int f(int a) {\n  return PICK(a)(a);\n}\nint g(int a) {\n  PICK(a)(a);\n  return 0;\n}\n"

    assert list(symbols(read("c", code))) == ["f", "g"]


def test_the_last_element_of_an_enumeration_before_a_comment_is_no_macro() -> None:
    code = (
        "enum status {\n  /** Gone. */\n  LIB_NO_DEVICE,\n\n  /** Too much. */\n  LIB_OVERFLOW\n\n"
        "  /* Remember the names\n     when you add one. */\n};\nint32_t LIB_EXPORT b(PREFIX3(stream) *a, BAD ~ x);\n"
    )

    assert symbols(read("c", code))["status.LIB_OVERFLOW"].doc == "Too much."


@pytest.mark.parametrize(
    ("declaration", "name"),
    [
        ("FILE const *log_file = 0;", "log_file"),
        ("LONG const rows = 3;", "rows"),
        ("LIB_DATA lib::month first            {1};", "first"),
        ("LIB_DATA lib::last_spec last{};", "last"),
        ("LIB_DATA lib::month second = lib::month(2);", "second"),
        ("inline day::operator unsigned() const LIB_NOEXCEPT { return 1; }", "day.operator unsigned"),
        ("class A {\n  static constexpr result_type (min)() { return 0; }\n};", "A.min"),
        ("lib::my_operator unsigned_rows() { return {}; }", "unsigned_rows"),
    ],
)
def test_a_type_in_capitals_is_kept_and_a_macro_before_a_type_is_not(declaration: str, name: str) -> None:
    stumbles = "#if A\nclass B {\n#else\nclass C {\n#endif\n  int a;\n};\n"

    assert name in symbols(read("cpp", f"{declaration}\n{stumbles}"))


def test_a_comment_between_a_macro_and_a_template_leaves_the_class_its_members() -> None:
    code = (
        "namespace lib {\nLIB_NAMESPACE_BEGIN\n\n// " + "-" * 300 + "\n// Rows.\n"
        'template <typename T>\nclass Rows {\n  static_assert(true, "yes");\n\n public:\n  int size() const;\n};\n'
        "LIB_NAMESPACE_END\n}\n"
    )

    assert [symbol.name for symbol in read("cpp", code).symbols] == ["Rows", "Rows.size"]


@pytest.mark.parametrize("goes_on", ['<< "said " << one', ".WillOnce(one)", "? one : two", "| one"])
def test_a_macro_that_a_statement_goes_on_from_is_no_line_of_its_own(goes_on: str) -> None:
    # The macro in front of the class is what the grammar alone does not understand.
    code = (
        "namespace lib {\nLIB_NAMESPACE_BEGIN\nclass Peer {\n public:\n  static bool is(const Row& row);\n};\n}\n"
        + f"void go() {{\n  int one = 1;\n  EXPECT_EQ(one, two(one))\n      {goes_on};\n}}\n" * 4
    )

    structure = read("cpp", code)

    assert {"Peer", "Peer.is", "go"} <= set(symbols(structure))
    assert structure.parse_errors == 0


@pytest.mark.parametrize("macro", ["LIB_FINAL_CLASS", "FINAL"])
@pytest.mark.parametrize("before", ["", "LIB_API "])
@pytest.mark.parametrize("bases", ["", " : public Base", "\n"])
def test_a_macro_behind_a_classes_name_leaves_the_class_its_members(macro: str, before: str, bases: str) -> None:
    code = f"class {before}Gate {macro}{bases} {{\n public:\n  explicit Gate(int a);\n  int opened;\n}};\n"

    assert list(symbols(read("cpp", code))) == ["Gate", "Gate.Gate", "Gate.opened"]


def test_a_class_in_capitals_behind_a_macro_keeps_its_name_and_a_variable_of_a_struct_is_none() -> None:
    found = symbols(read("cpp", "class LIB_API ROWS_ALL { int b; };\nstruct Point ORIGIN = {1, 2};\n"))

    assert "ROWS_ALL" in found
    assert found["ORIGIN"].kind is SymbolKind.VARIABLE


def test_a_call_with_an_operator_alone_hides_nothing_below_it() -> None:
    code = (
        "template <class T>\nstruct First {};\nDECLARE_COMPARISON(Equal, equal,\n                   ==);\n"
        "DECLARE_COMPARISON(LessEqual, less_equal, <=);\nenum class Kind { maybe };\n"
        "template <Kind K = Kind::maybe>\nstruct Last {\n  static constexpr bool is = K != Kind::maybe;\n};\n"
    )

    structure = read("cpp", code)

    assert {"First", "Kind.maybe", "Last", "Last.is"} <= set(symbols(structure))
    assert structure.parse_errors == 0
