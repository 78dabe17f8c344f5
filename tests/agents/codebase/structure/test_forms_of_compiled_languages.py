"""Rarer forms of declarations in compiled languages, one of a kind, and who may use protected members."""

from __future__ import annotations

import pytest

from tests.agents.codebase.structure.reading import read, symbols


@pytest.mark.parametrize(
    ("language", "code", "name", "signature"),
    [
        ("java", "public class A {\n  protected int b;\n}\n", "A.b", "protected int b"),
        ("java", "public class A {\n  protected static class B {}\n}\n", "A.B", "protected static class B"),
        ("kotlin", "open class A {\n  protected open fun b() {}\n}\n", "A.b", "protected open fun b()"),
        ("scala", "class A {\n  protected def b: Int = 1\n}\n", "A.b", "protected def b: Int"),
        ("csharp", "public class A {\n  protected void B() {}\n}\n", "A.B", "protected void B()"),
        ("csharp", "public class A {\n  protected internal int B;\n}\n", "A.B", "protected internal int B"),
    ],
)
def test_protected_members_are_offered_to_who_extends_a_class(
    language: str, code: str, name: str, signature: str
) -> None:
    found = symbols(read(language, code))[name]

    assert found.public
    assert found.signature == signature


def test_protected_members_of_cpp_are_offered_below_their_label() -> None:
    found = symbols(read("cpp", "class A {\n protected:\n  void b();\n private:\n  int c;\n public:\n  int d;\n};\n"))

    assert (found["A.b"].public, found["A.b"].decorators) == (True, ("protected:",))
    assert not found["A.c"].public
    assert found["A.d"].decorators == ()


@pytest.mark.parametrize(
    ("language", "code", "name"),
    [
        ("java", "class A {\n  protected int b;\n}\n", "A.b"),
        ("java", 'public class A {\n  private String b = "public";\n}\n', "A.b"),
        ("kotlin", "private open class A {\n  protected fun b() {}\n}\n", "A"),
        ("kotlin", "enum class A {\n  B { fun c() = 1 };\n}\n", "A.B.c"),
        ("csharp", "public class A {\n  private protected int B;\n}\n", "A.B"),
        ("csharp", "public interface A {\n  private void B() {}\n}\n", "A.B"),
        ("scala", "class A {\n  private[b] def c = 1\n}\n", "A.c"),
    ],
)
def test_what_no_other_code_can_name_is_not_public(language: str, code: str, name: str) -> None:
    assert not symbols(read(language, code))[name].public


@pytest.mark.parametrize(
    ("language", "code", "name", "signature"),
    [
        ("c", "enum a {\n  B [[deprecated]] = 1,\n  C __attribute__((unused)) /* c */\n};\n", "a.C", "C"),
        ("c", "int f OF((int a));\nlocal int g(a)\n  int a;\n{\n  return a;\n}\n", "g", "int g(int a)"),
        ("c", "int f OF((int a, char b));\nint g;\n", "f", "int f OF((int a, char b))"),
        ("c", "int f(a, b, c)\n  const char *b;\n  long a;\n{\n}\n", "f", "int f(long a, const char *b, int c)"),
        ("cpp", "enum class [[nodiscard]] A : int { b };\n", "A", "enum class [[nodiscard]] A : int"),
        ("cpp", "struct [[nodiscard]] alignas(16) A { int b; };\n", "A.b", "int b"),
        ("cpp", "struct A { int b : 3 {1}; };\n", "A.b", "int b : 3 = {1}"),
        ("cpp", "struct A { A() try : b(1) {} catch (...) {} int b; };\n", "A.A", "A()"),
        ("cpp", "struct A<int>::B { int c; };\n", "A<int>.B.c", "int c"),
        ("csharp", "public class A { public fixed int B[4]; }\n", "A.B", "public fixed int B[4]"),
        ("csharp", "public class A { public int @event; }\n", "A.event", "public int @event"),
        ("kotlin", "class A {\n  companion object Of : B {}\n}\n", "A.Of", "companion object Of : B"),
        ("scala", "export A.{b as c, d as _}\n", "c", "export A.{b as c, d as _}"),
        ("go", "type A[T any] interface {\n\t*T\n}\n", "A.T", "*T"),
        ("dart", "export 'a.dart' show A, B hide C;\n", "B", "export 'a.dart' show B hide C"),
        ("dart", "enum A {\n  b.of(1),\n  c(2);\n}\n", "A.b", "b.of(1)"),
        ("dart", "extension type A(int b) {}\n", "A.b", "int b"),
        ("protobuf", "message A {\n  repeated group B = 1 {\n    int32 c = 2;\n  }\n}\n", "A.B.c", "int32 c = 2"),
        ("protobuf", "message A {\n  optional group B = 1 {}\n}\n", "A.b", "optional group B = 1"),
        ("protobuf", "message A {\n  export message B {}\n  string message = 1;\n}\n", "A.B", "export message B"),
    ],
)  # fmt: skip
def test_a_declaration_in_a_rare_form_is_read(language: str, code: str, name: str, signature: str) -> None:
    assert symbols(read(language, code))[name].signature == signature


@pytest.mark.parametrize(
    ("language", "code", "absent"),
    [
        ("go", "type A[T interface{ B() }] struct{}\n", "A.B"),
        ("dart", "enum A {\n  b.of(1);\n}\n", "A.b.of"),
        ("scala", "export A.{b as c}\n", "b"),
        ("cpp", "enum class [[nodiscard]] A { b };\n", "nodiscard"),
    ],
)
def test_a_part_of_a_declaration_is_no_symbol(language: str, code: str, absent: str) -> None:
    assert absent not in symbols(read(language, code))


@pytest.mark.parametrize(
    ("language", "code", "name", "doc"),
    [
        ("go", "type A interface {\n\tB() error // Closes.\n}\n", "A.B", "Closes."),
        ("c", "enum a {\n  B __attribute__((unused)), /**< First. */\n};\n", "a.B", "First."),
        ("kotlin", "/**\n * A.\n * @property b How many.\n */\nclass A(val b: Int)\n", "A.b", "How many."),
        ("kotlin", "class A {\n  /** Makes. */\n  companion object\n}\n", "A.Companion", "Makes."),
    ],
)
def test_documentation_of_rare_forms_is_found(language: str, code: str, name: str, doc: str) -> None:
    assert symbols(read(language, code))[name].doc == doc


def test_doxygens_sections_on_one_line_are_apart() -> None:
    code = "/** Adds. @param a one @param b other @return both */\nint f(int a, int b);\n"

    document = symbols(read("c", code))["f"].documentation

    assert document is not None
    assert [(entry.name, entry.text) for entry in document.parameters] == [("a", "one"), ("b", "other")]
    assert [entry.text for entry in document.returns] == ["both"]


def test_an_explicit_condition_is_no_part_of_a_type() -> None:
    assert symbols(read("cpp", "struct A { explicit(sizeof(int) > 1) A(int b); };\n"))["A.A"].type == ""
