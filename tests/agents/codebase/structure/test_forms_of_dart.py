"""Rare but legal forms of Dart, one test for each kind."""

from __future__ import annotations

import pytest

from tests.agents.codebase.structure.reading import read, symbols


def test_annotations_decorate_and_part_no_comment_from_its_declaration() -> None:
    text = (
        "/// A point.\n@immutable\n@Deprecated(\n  'no (more)',\n)\nclass Point {\n"
        "  /// Words.\n  @override String toString() => '';\n"
        "  @Native<Int32 Function()>() external int size();\n}\n"
    )
    found = symbols(read("dart", text))

    assert found["Point"].doc == "A point."
    assert found["Point"].decorators == ("@immutable", "@Deprecated('no (more)')")
    assert (found["Point.toString"].doc, found["Point.toString"].decorators) == ("Words.", ("@override",))
    assert found["Point.size"].type == "int"


def test_an_annotation_decorates_one_declaration() -> None:
    found = symbols(read("dart", "class A {\n  @override\n  int a() => 1;\n  int b() => 1;\n}\n"))

    assert [found["A.a"].decorators, found["A.b"].decorators] == [("@override",), ()]


def test_values_of_an_enumeration_with_types_names_and_calls() -> None:
    values = "a(Size(1, max(2, 3))), b<int>(2), @deprecated c.named(3);"
    text = f"enum E {{\n  {values}\n  const E(this.v);\n  final Size v;\n}}\n"

    assert {name: str(symbol.kind) for name, symbol in symbols(read("dart", text)).items()} == {
        "E": "enum",
        "E.a": "variant",
        "E.b": "variant",
        "E.c": "variant",
        "E.E": "method",
        "E.v": "field",
    }


@pytest.mark.parametrize(
    ("text", "name", "type_"),
    [
        ("void Function(int) handler() => (x) {};", "handler", "void Function(int)"),
        ("(int, {String s}) pair() => (1, s: '');", "pair", "(int, {String s})"),
        ("class A { bool operator ==(Object o) => true; }", "A.operator ==", "bool"),
        ("int Function() get maker => f;", "maker", "int Function()"),
    ],
)
def test_what_is_returned_in_every_form_of_a_type(text: str, name: str, type_: str) -> None:
    assert symbols(read("dart", text))[name].type == type_


def test_parameters_in_every_kind_of_list() -> None:
    text = (
        "class A {\n  A(this.x, void f(int a), [int b = 1]);\n"
        "  void go(@Deprecated('x') int a, {required List<int> h, int Function(String)? g, super.key}) {}\n}\n"
    )
    found = symbols(read("dart", text))

    assert [(one.name, one.type, one.default, one.kind) for one in found["A.A"].parameters] == [
        ("x", "", "", ""),
        ("f", "void Function(int a)", "", ""),
        ("b", "int", "1", "optional"),
    ]
    assert [(one.name, one.type, one.kind) for one in found["A.go"].parameters] == [
        ("a", "int", ""),
        ("h", "List<int>", "keyword-only"),
        ("g", "int Function(String)?", "keyword-only"),
        ("key", "", "keyword-only"),
    ]


def test_what_a_constructor_does_first_is_no_part_of_its_signature() -> None:
    found = symbols(read("dart", "class A {\n  const A(this.x) : assert(x > 0), super();\n  final int x;\n}\n"))

    assert found["A.A"].signature == "const A(this.x)"


def test_accessors_constants_and_values_in_brackets() -> None:
    text = "const top = 1, other = 2;\nvar list = [1, 2], more = 3;\nint get size => 1;\nset level(int v) {}\n"
    found = symbols(read("dart", text))

    assert [str(found[name].kind) for name in ("top", "other")] == ["constant", "constant"]
    assert [found[name].default for name in ("list", "more")] == ["[1, 2]", "3"]
    assert [found[name].accessors for name in ("size", "level")] == [("get",), ("set",)]


def test_directives_of_dartdoc_are_no_words_and_what_it_leaves_out_is_not_offered() -> None:
    text = "/// {@template a}\n/// Says it.\n/// {@endtemplate}\nclass A {}\n/// Own.\n/// @nodoc\nclass B {}\n"
    found = symbols(read("dart", text))

    assert (found["A"].doc, found["A"].public) == ("Says it.", True)
    assert (found["B"].doc, found["B"].public) == ("Own.", False)
