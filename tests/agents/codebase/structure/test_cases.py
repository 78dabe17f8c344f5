"""Public bug reports of other readers, recreated small in tests/cases: what is right of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.structure import Structure, SymbolKind
from tests.agents.codebase.structure.reading import symbols

CASES = Path(__file__).parents[3] / "cases"


def case(path: str, language: str) -> Structure:
    return TreeSitterReader().read(path, language, (CASES / path).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("path", "language", "names"),
    [
        ("03-py-aliases-newtype/src/units.py", "python", ["Meters", "Row", "Spot", "Option", "T", "JsonValue"]),
        ("04-py-conditional/src/compat.py", "python", ["Row", "LIMIT", "speedup", "home", "parse", "picked"]),
        ("05-c-header-lists/src/shape.h", "c", ["shape_area", "shape_perimeter", "shape_scale", "TILE_H"]),
        ("05-c-header-lists/src/shape.h", "c", ["VERSION_INCLUDED", "shape.w", "shape.h", "shape_set_hook"]),
        ("06-c-knr/src/old.c", "c", ["weigh", "pick", "run", "tangled", "last_one"]),
        ("07-ts-merging/src/letter.ts", "typescript", ["Letter", "Panel.Props.title", "Level.Low", "Level.High"]),
        ("08-js-module-exports/lib/index.js", "javascript", ["Reader", "Reader.open"]),
        ("08-js-module-exports/lib/make.js", "javascript", ["makeParser", "version", "end"]),
        ("08-js-module-exports/lib/proto.js", "javascript", ["Queue", "Queue.push", "Queue.pop", "later"]),
        ("10-rust-impl-targets/src/lib.rs", "rust", ["Bag.size", "[T].size", "(A, B).size", "dyn Size.twice"]),
        ("10-rust-impl-targets/src/lib.rs", "rust", ["Bag.items", "Colour.Red", "Colour.Custom", "quick", "STATE"]),
        (
            "11-go-variants/store/store.go",
            "go",
            ["Ünit.Größe", "型.Get", "ErrGone", "ErrBad", "inner.A", "Stack.items"],
        ),
        ("12-java-modern/src/main/java/shop/Order.java", "java", ["Priced.currency", "Priced.levels", "Order.OTHER"]),
        (
            "12-java-modern/src/main/java/shop/Order.java",
            "java",
            ["Level.LOW", "Level.HIGH", "Order.id", "Level.value"],
        ),
        ("13-kotlin/src/Ext.kt", "kotlin", ["Box.plus", "Box.scoped", "Level.LOW", "State.Busy.n", "platform"]),
        (
            "14-csharp/src/Part1.cs",
            "csharp",
            ["Cart.this[]", "Cart.Changed", "Cart.Other", "Cart.operator+", "Cart.Max"],
        ),
        ("14-csharp/src/Part1.cs", "csharp", ["Cart.Min", "Kind.Both", "Point.X", "Cart.Name", "Cart.operator string"]),
        ("14-csharp/src/Program.cs", "csharp", ["Run"]),
        ("16-ruby/lib/shop.rb", "ruby", ["Shop.Store.name", "Shop.Store.kind", "Shop.Store.length", "Shop.Point.x"]),
        ("17-cpp/include/shapes.hpp", "cpp", ["Box.operator<=>", "Box.operator bool", "Box.kMax", "Box.Side.left"]),
        ("17-cpp/include/shapes.hpp", "cpp", ["QThing.onClick", "QThing.sizeChanged", "Bits.f", "multi", "other"]),
        ("18-scala/src/Main.scala", "scala", ["Point.x", "Color.Red", "Point.lower", "intShow", "intShow.show"]),
        ("19-swift/Sources/Thing.swift", "swift", ["Thing.subscript", "Thing.name", "Thing.Kind.b", "P.E", "P.x"]),
        ("32-private-constructors/src/token.rb", "ruby", ["Token.raw", "Token.of"]),
        ("32-private-constructors/src/token.ts", "typescript", ["Token.raw", "Token.of"]),
        ("32-private-constructors/src/Token.cs", "csharp", ["Token.this[]", "Token.Changed", "Token.operator+"]),
    ],
)
def test_every_name_of_a_case_is_found(path: str, language: str, names: list[str]) -> None:
    found = symbols(case(path, language))

    assert [name for name in names if name not in found] == []


@pytest.mark.parametrize(
    ("path", "language", "public", "private"),
    [
        ("03-py-aliases-newtype/src/units.py", "python", ["Meters", "walk"], ["helper_not_exported", "T"]),
        ("09-dts-export-equals/index.d.ts", "typescript", ["slugger", "slugger.Options", "slugger.rule"], []),
        ("10-rust-impl-targets/src/lib.rs", "rust", ["public_macro", "Colour.Red", "quick"], ["private_macro"]),
        ("16-ruby/lib/shop.rb", "ruby", ["Shop.Store.wrongly_public"], ["Shop.Store.secret", "Shop.Store.inner"]),
        ("17-cpp/include/shapes.hpp", "cpp", ["QThing.onClick", "QThing.sizeChanged"], ["Box.w_", "Box.h_"]),
        ("32-private-constructors/src/token.rb", "ruby", ["Token", "Token.raw"], ["Token.wipe", "Token.erase"]),
        ("32-private-constructors/src/Token.kt", "kotlin", ["Token", "Token.raw", "Wrapped.go"], ["Wrapped.api"]),
        ("32-private-constructors/src/Token.scala", "scala", ["Token", "Token.size", "Version"], []),
        ("32-private-constructors/src/Token.swift", "swift", ["Token", "Token.subscript"], ["Hidden", "Token.init"]),
    ],
)
def test_what_a_case_offers_is_public_and_nothing_else(
    path: str, language: str, public: list[str], private: list[str]
) -> None:
    found = symbols(case(path, language))

    assert [name for name in public if not found[name].public] == []
    assert [name for name in private if found[name].public] == []


def test_property_accessors_and_overloads_are_one_entry_each() -> None:
    found = case("04-py-conditional/src/compat.py", "python").symbols

    degrees = [one for one in found if one.name == "Temperature.degrees"]
    parse = [one for one in found if one.name == "parse"]
    assert [(one.kind, one.accessors, one.doc) for one in degrees] == [
        (SymbolKind.PROPERTY, ("get", "set", "delete"), "Degrees now.")
    ]
    assert [one.overloads for one in parse] == [("def parse(value: int) -> int", "def parse(value: str) -> str")]


def test_constants_of_one_declaration_have_each_their_own_value() -> None:
    found = symbols(case("14-csharp/src/Part1.cs", "csharp"))

    assert found["Cart.Max"].signature == "public const int Max = 5"
    assert found["Cart.Min"].signature == "public const int Min = 1"


def test_a_comment_above_an_enum_constant_with_a_body_is_the_constants() -> None:
    found = symbols(case("12-java-modern/src/main/java/shop/Order.java", "java"))

    assert found["Level.LOW"].doc == "Low."
    assert found["Level.LOW.value"].doc == ""


def test_a_bracket_in_an_annotations_string_ends_nothing() -> None:
    found = symbols(case("12-java-modern/src/main/java/shop/Order.java", "java"))

    assert found["Controller.list"].decorators == ('@GetMapping(value = "/a(b", produces = {"x"})',)
    assert found["Controller.list"].signature.startswith("public List<String> list(")


def test_a_class_by_delegation_has_a_signature_without_its_body() -> None:
    found = symbols(case("32-private-constructors/src/Token.kt", "kotlin"))

    assert found["Wrapped"].signature == (
        "class Wrapped(private val api: Map<String, Int>) : Base(), Map<String, Int> by api"
    )


def test_a_rust_method_names_its_trait() -> None:
    assert symbols(case("10-rust-impl-targets/src/lib.rs", "rust"))["Bag.size"].trait == "Size"


def test_the_first_branch_of_a_conditional_head_is_the_signature() -> None:
    assert symbols(case("06-c-knr/src/old.c", "c"))["run"].signature == "int run(int a)"
