"""Kinds of declaration and comment that demanding files of each language showed, one of a kind and language."""

from __future__ import annotations

import pytest

from agents.contracts.structure import Symbol
from tests.agents.codebase.structure.reading import read, symbols


def parameters(symbol: Symbol) -> list[tuple[str, str, str]]:
    return [(one.name, one.type, one.kind) for one in symbol.parameters]


@pytest.mark.parametrize(
    ("language", "code", "name", "type_", "signature"),
    [
        ("c", "struct a {\n  unsigned kind : 3, urgent : 1;\n};\n", "a.urgent", "unsigned : 1", "unsigned urgent : 1"),
        ("c", "LIB_API const char *name(void);\nLIB_API int f(void) LIB_X;\n", "name", "const char *", ""),
        ("c", "void (*handler(int sig, void (*f)(int)))(int);\n", "handler", "void (*)(int)", ""),
        ("c", "extern int wait(int a) LIB_UNUSED\n\tLIB_NONNULL((1));\n", "wait", "int", ""),
        ("c", "void LIB_CALL old(void);\n", "old", "void", "void LIB_CALL old(void)"),
        ("c", "_Noreturn void die(void);\n", "die", "void", "_Noreturn void die(void)"),
        ("cpp", "auto scale(int by) const -> Shape<int>;\n", "scale", "Shape<int>", ""),
        ("cpp", "consteval int square(int n) { return n * n; }\n", "square", "int", ""),
        ("cpp", "template <class T, int N>\nT& Bag<T, N>::operator[](int i) { }\n", "Bag.operator[]", "T&", ""),
        ("java", "record A(int id, List<T>... items) {}\n", "A.items", "List<T>...", "List<T>... items"),
        ("scala", "@old final case class A private (id: Int)\n", "A.id", "Int", "id: Int"),
        ("scala", "enum A:\n  case Mix(of: A)\n", "A.Mix.of", "A", "of: A"),
        ("scala", "extension [T](xs: List[T])\n  def last: T = xs(1)\n", "last", "T",
         "extension [T](xs: List[T]) def last: T"),
        ("go", "type K int\n\nconst (\n\tA K = iota\n\tB\n)\n", "B", "K", "const B"),
        ("dart", "class A {\n  final void Function(int a)? done;\n}\n", "A.done", "void Function(int a)?", ""),
        ("dart", "typedef int Compare(int a);\n", "Compare", "", "typedef int Compare(int a)"),
        ("protobuf", "extend google.FieldOptions {\n  string mark = 5;\n}\n", "mark", "string", "string mark = 5"),
        ("protobuf", 'message A {\n  B b = 5 [json_name = "bb"];\n}\n', "A.b", "B", "B b = 5"),
        ("terraform", 'variable "a" {\n  type = map(object({\n    b = string\n  }))\n}\n', "var.a",
         "map(object({ b = string }))", ""),
        ("swift", "protocol A {\n  associatedtype B: C where B: D\n}\n", "A.B", "", "associatedtype B: C where B: D"),
        ("swift", "public macro name<T>(_ of: T) -> String = #external(1)\n", "name", "",
         "public macro name<T>(_ of: T) -> String"),
    ],
)  # fmt: skip
def test_a_declaration_has_its_name_type_and_signature(
    language: str, code: str, name: str, type_: str, signature: str
) -> None:
    found = symbols(read(language, code))

    assert name in found, sorted(found)
    assert found[name].type == type_
    assert not signature or found[name].signature == signature


@pytest.mark.parametrize(
    ("language", "code", "name", "expected"),
    [
        ("c", "int f(size_t n, unsigned flags, unsigned long);\n", "f",
         [("n", "size_t", ""), ("flags", "unsigned", ""), ("", "unsigned long", "")]),
        ("c", "int f(a, b, p)\n  int a, b;\n  register char *p;\n{\n  return 0;\n}\n", "f",
         [("a", "int", ""), ("b", "int", ""), ("p", "char *", "")]),
        ("cpp", "void f(std::size_t, const ns::x& y);\n", "f", [("", "std::size_t", ""), ("y", "const ns::x&", "")]),
        ("java", "class A { void f(@Nullable String[] names, int[] @NonNull [] grid) {} }\n", "A.f",
         [("names", "String[]", ""), ("grid", "int[] []", "")]),
        ("scala", "def f(a: Int)(b: String*)(using c: Ctx): Unit = ()\n", "f",
         [("a", "Int", ""), ("b", "String*", "var-positional"), ("c", "Ctx", "")]),
        ("swift", "func f(_ rest: Int...) {}\n", "f", [("rest", "Int...", "var-positional")]),
        ("kotlin", "fun f(vararg rest: Int) {}\n", "f", [("rest", "Int", "var-positional")]),
        ("rust", 'extern "C" { pub fn f(a: u8, ...); }\n', "f", [("a", "u8", ""), ("...", "", "var-positional")]),
    ],
)  # fmt: skip
def test_parameters_are_those_of_every_list(
    language: str, code: str, name: str, expected: list[tuple[str, str, str]]
) -> None:
    assert parameters(symbols(read(language, code))[name]) == expected


@pytest.mark.parametrize(
    ("language", "code", "name", "default"),
    [
        ("kotlin", "class A {\n  var count = 0\n    private set\n}\n", "A.count", "0"),
        ("scala", "class A { val x, y = 2 }\n", "A.y", "2"),
        ("dart", "class A {\n  static const int max = 10, min = -1;\n}\n", "A.min", "-1"),
        ("c", "#define FIRST 0x01 ///< The first.\n", "FIRST", "0x01"),
        ("cpp", "enum class A {\n  Blue [[deprecated]] = 3,\n};\n", "A.Blue", "3"),
    ],
)
def test_a_member_has_its_value(language: str, code: str, name: str, default: str) -> None:
    assert symbols(read(language, code))[name].default == default


@pytest.mark.parametrize(
    ("language", "code", "name", "doc"),
    [
        ("c", "#define FIRST 0x01 ///< The first,\n                   ///< at once.\n", "FIRST", "The first, at once."),
        ("c", "enum a {\n  A, ///< The first.\n     ///< At once.\n  B\n};\n", "B", ""),
        ("c", "struct a {\n  int b;\n  ///< The second.\n  int c;\n};\n", "b", "The second."),
        ("c", '#define PAGE "http://example.org" // where\n', "PAGE", "where"),
        ("c", "enum a { /** The first. */ A, /** The second. */ B };\n", "B", "The second."),
        ("csharp", "enum A { B, /** <summary>The second.</summary> */ C }\n", "A.C", "The second."),
        ("java", "enum A { B, /** The second. */ C }\n", "A.C", "The second."),
        ("kotlin", "enum class A { B, /** The second. */ C }\n", "A.C", "The second."),
        (
            "terraform",
            'variable "a" {\n  description = <<-EOT\n    Two\n    lines.\n  EOT\n}\n',
            "var.a",
            "Two\nlines.",
        ),
    ],
)
def test_documentation_beside_and_inside_a_declaration_is_its_own(
    language: str, code: str, name: str, doc: str
) -> None:
    found = symbols(read(language, code))

    assert found[name if name in found else f"a.{name}"].doc == doc


@pytest.mark.parametrize(
    ("language", "code", "doc"),
    [
        ("cpp", "/// \\file\n/// Shapes.\nexport module a.b;\nimport std;\n", "Shapes."),
        ("c", "/** \\file\n * Shapes.\n */\nint x;\n", "Shapes."),
        ("c", "/*!\n *****\n * @file a.h Shapes.\n *****\n */\nint x;\n", "Shapes."),
        (
            "cpp",
            "#ifndef A_H\n#define A_H\n/** \\brief Shapes.\n * \\file */\nnamespace a { int x; }\n#endif\n",
            "Shapes.",
        ),
        ("swift", "// swift-tools-version:5.9\nimport PackageDescription\n", ""),
        ("dart", "// Copyright 2020 A.\n/// Shapes.\nlibrary a;\n", "Shapes."),
    ],
)
def test_a_files_own_comment_is_known(language: str, code: str, doc: str) -> None:
    structure = read(language, code)

    assert structure.doc == doc
    assert {symbol.name for symbol in structure.symbols} <= {"x"}


def test_the_head_of_a_template_stands_above_its_signature() -> None:
    scale = symbols(read("cpp", "struct A {\n  template <class U> requires Number<U>\n  U scale(U by);\n};\n"))[
        "A.scale"
    ]

    assert (scale.decorators, scale.signature) == (("template <class U> requires Number<U>",), "U scale(U by)")


def test_a_choice_of_protobuf_stands_above_its_fields() -> None:
    found = symbols(read("protobuf", "message A {\n  oneof key {\n    int32 id = 1;\n  }\n  int32 size = 2;\n}\n"))

    assert [found[name].decorators for name in ("A.id", "A.size")] == [("oneof key",), ()]


def test_an_accessor_that_fewer_may_use_says_so() -> None:
    assert symbols(read("csharp", "class A { public int B { get; private set; } }\n"))["A.B"].accessors == (
        "get",
        "private set",
    )


@pytest.mark.parametrize("language", ["c", "cpp"])
@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("struct a {\n  HANDLE_FIELDS\n  STREAM_FIELDS\n};\nstruct b {\n  REQUEST_FIELDS\n  int c;\n};\nint d(void);\n",
         ["a", "b", "b.c", "d"]),
        ("WARNINGS_PUSH_(4251 \\\n/* why */)\n\nstruct LIB_API_ a {\n  int b;\n};\n", ["a", "a.b"]),
        ("typedef struct attribute {\n  int b;\n} ATTRIBUTE_ID;\nconst ATTRIBUTE_ID *first(LIB_TYPE *a) LIB_X;\n",
         ["ATTRIBUTE_ID", "ATTRIBUTE_ID.b", "first"]),
    ],
)  # fmt: skip
def test_macros_in_the_place_of_declarations_hide_none(language: str, code: str, names: list[str]) -> None:
    assert list(symbols(read(language, code))) == names


def test_macros_for_access_types_and_exceptions_hide_no_class() -> None:
    code = (
        "class A {\n public:\n  int size() {\n    LIB_TRY { go(); } LIB_CATCH(...) { }\n  }\n"
        "  template <typename T> RETURNS_IF((is_number<T>), (bool)) operator==(const T& rhs) const { return true; }\n"
        " LIB_PRIVATE_UNLESS_TESTED:\n  int hidden;\n};\n"
    )

    assert {symbol.name: symbol.public for symbol in read("cpp", code).symbols} == {
        "A": True,
        "A.size": True,
        "A.operator==": True,
        "A.hidden": False,
    }


def test_a_body_of_kotlin_on_one_line_is_read() -> None:
    code = (
        'class A<T>(@Name("x") val id: Int) : B by b where T : C {\n  companion object { const val TAG = 1 }\n'
        "  enum class K {\n    FIRST { override fun of() = 1 };\n    abstract fun of(): Int\n  }\n}\n"
    )

    structure = read("kotlin", code)

    assert structure.parse_errors == 0
    assert {"A.id", "A.Companion.TAG", "A.K.FIRST", "A.K.of"} <= set(symbols(structure))


def test_an_annotation_inside_code_is_no_tag() -> None:
    code = (
        "/**\n * Runs it.\n * <pre>{@code\n * @Override\n * void run() {}\n * }</pre>\n * @since 2\n */\nclass A {}\n"
    )

    (a,) = read("java", code).symbols

    assert a.documentation is not None
    assert a.documentation.since == "2"
    assert "@Override" in a.doc
    assert not a.documentation.facts


def test_javadocs_snippets_links_and_type_parameters() -> None:
    code = (
        '/**\n * Runs it.\n * {@snippet lang="java" :\n * run(1); // @highlight substring="run"\n * }\n'
        " * @param <T> what\n * @see List#size() its size\n */\nclass A<T> {}\n"
        "/// Also [the list][List].\nclass B {}\n"
    )

    a, b = read("java", code).symbols

    assert a.documentation is not None
    assert [block.model_dump()["text"] for block in a.documentation.blocks] == ["run(1);"]
    assert [(entry.name, entry.text) for entry in a.documentation.type_parameters] == [("T", "what")]
    assert a.documentation.see_also[0].text.startswith("[its size](symbol:List#size")
    assert b.documentation is not None
    assert b.documentation.summary == "Also [the list](symbol:List)."


def test_swifts_fields_may_be_indented_and_complexity_keeps_its_name() -> None:
    code = "/**\n Runs it.\n\n - parameter a: first\n - returns: nothing\n - Complexity: O(1)\n */\nfunc f(a: Int) {}\n"

    (f,) = read("swift", code).symbols

    assert f.documentation is not None
    assert [entry.text for entry in f.documentation.returns] == ["nothing"]
    assert [block.model_dump()["title"] for block in f.documentation.blocks] == ["Complexity"]


def test_numbers_below_bullets_begin_a_list_of_their_own_in_go() -> None:
    code = "// F does:\n//\n//   - one\n//   - two\n//\n//  1. first\nfunc F() {}\n"

    (f,) = read("go", code).symbols

    assert f.documentation is not None
    assert [block.model_dump().get("ordered", False) for block in f.documentation.blocks] == [False, True]
