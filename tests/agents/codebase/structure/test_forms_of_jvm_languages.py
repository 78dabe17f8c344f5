"""Rare but legal forms of Kotlin and Scala, one test for each kind."""

from __future__ import annotations

import pytest

from tests.agents.codebase.structure.reading import read, symbols

# Kotlin


@pytest.mark.parametrize("text", ["fun Any.go(x: Int) {}", "fun <T> T.go() where T : Any {}"])
def test_the_type_that_an_extension_is_for_is_not_what_it_returns(text: str) -> None:
    assert symbols(read("kotlin", text))["go"].type == ""


def test_what_an_extension_returns_stands_behind_its_parameters() -> None:
    assert symbols(read("kotlin", "fun <T> List<T>.go(x: Int): Set<T> = TODO()"))["go"].type == "Set<T>"


def test_context_parameters_are_a_part_of_the_signature_and_part_no_comment_from_its_code() -> None:
    text = "/** Says it. */\ncontext(log: Logger, tx: () -> Unit)\ninternal fun say(word: String) {}\n"
    say = symbols(read("kotlin", f"package a\n{text}"))["say"]

    assert say.signature == "context(log: Logger, tx: () -> Unit) internal fun say(word: String)"
    assert say.doc == "Says it."
    assert not say.public


def test_context_parameters_inside_a_body_on_one_line() -> None:
    found = symbols(read("kotlin", "class Room { context(Logger) fun enter() {} }\n"))

    assert list(found) == ["Room", "Room.enter"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("object One : Runnable { override fun run() {} ; val v by lazy { 1 } }", ["One", "One.run", "One.v"]),
        ("fun interface Is<in T> { operator fun invoke(t: T): Boolean }", ["Is", "Is.invoke"]),
        ("sealed class R { data class Ok(val v: Int) : R(); object No : R() }", ["R", "R.Ok", "R.Ok.v", "R.No"]),
        ("class A { companion object : B by c { val x = 1 } }", ["A", "A.Companion", "A.Companion.x"]),
    ],
)
def test_a_body_that_ends_on_the_line_of_its_last_declaration(text: str, names: list[str]) -> None:
    structure = read("kotlin", f'{text}\nval after = "a ${{ 1 }} b"\n')

    assert list(symbols(structure)) == [*names, "after"]
    assert structure.parse_errors == 0


def test_what_a_constructor_hands_to_another_is_no_part_of_its_signature() -> None:
    found = symbols(read("kotlin", "class Id(val raw: String) {\n  constructor(n: Int) : this(n.toString())\n}\n"))

    assert found["Id.constructor"].signature == "constructor(n: Int)"


def test_a_property_that_fewer_may_set_than_read_says_so() -> None:
    text = "class A {\n  var open = 1\n    private set\n  var plain = 1\n}\n"
    found = symbols(read("kotlin", text))

    assert found["A.open"].accessors == ("get", "private set")
    assert found["A.plain"].accessors == ()


def test_the_words_of_a_parameters_annotation_are_no_part_of_its_name() -> None:
    found = symbols(read("kotlin", 'fun go(@Named("a) b") names: String, other: Int) {}'))["go"]

    assert [one.name for one in found.parameters] == ["names", "other"]


def test_what_documentation_leaves_out_is_not_offered() -> None:
    text = "/** Inner.\n * @suppress\n */\nfun own() {}\n/** @suppress {unused} */\nfun other() {}\n"
    found = symbols(read("kotlin", text))

    assert (found["own"].public, found["other"].public) == (False, True)


def test_members_of_one_value_of_an_enumeration_are_its_own() -> None:
    found = symbols(read("kotlin", "enum class E {\n  A {\n    val z = 1\n    fun f() {}\n  };\n  val size = 1\n}\n"))

    assert [name for name, symbol in found.items() if symbol.public] == ["E", "E.A", "E.size"]


@pytest.mark.parametrize("annotations", ["@A\n", "@A(B)\n@C(D)\n", '@A("x (y)", z = f(1)) '])
@pytest.mark.parametrize(
    "written",
    [
        "annotation class Name",
        "data class Name(val x: Int)",
        "data object Name",
        "sealed interface Name",
        "public annotation class Name",
        "inline fun Name() {}",
        "operator fun Name() {}",
        "expect fun Name()",
    ],
)
def test_words_between_annotations_and_a_declaration(annotations: str, written: str) -> None:
    structure = read("kotlin", f"package a\n\n/** Says it. */\n{annotations}{written}\n\nval after = 1\n")
    found = symbols(structure)

    assert {"Name", "after"} <= set(found)
    assert found["Name"].signature.startswith(written.split("Name")[0].strip())
    assert found["Name"].doc == "Says it."


def test_a_modifiers_word_as_a_name() -> None:
    text = "class A {\n  private var final = false\n  fun go() { if (!final) { final = true } }\n  val other = 1\n}\n"
    structure = read("kotlin", text)

    assert list(symbols(structure)) == ["A", "A.final", "A.go", "A.other"]
    assert structure.parse_errors == 0


# Scala


def test_types_that_a_function_is_general_in_are_no_parameters_of_it() -> None:
    found = symbols(read("scala", "def a[F[_], B <: C](x: Int) = 1\ndef b[A: Ord](y: A)(implicit z: B): A = y\n"))

    assert [one.name for one in found["a"].parameters] == ["x"]
    assert [one.name for one in found["b"].parameters] == ["y", "z"]


def test_a_context_parameter_without_a_name_is_a_type() -> None:
    found = symbols(read("scala", "def go(using Ctx[Int], Order)(x: Int)(using named: Other) = 1\n"))["go"]

    assert [(one.name, one.type) for one in found.parameters] == [
        ("", "Ctx[Int]"),
        ("", "Order"),
        ("x", "Int"),
        ("named", "Other"),
    ]


def test_a_case_class_keeps_its_first_list_alone() -> None:
    found = symbols(read("scala", "case class P(a: Int)(b: Int, val c: Int)(implicit d: D)\n"))

    assert list(found) == ["P", "P.a", "P.c"]


def test_a_package_object_is_documented_and_holds_its_members() -> None:
    found = symbols(read("scala", "package a\n/** Tools. */\npackage object util {\n  type Id = Int\n}\n"))

    assert (str(found["util"].kind), found["util"].doc) == ("module", "Tools.")
    assert "util.Id" in found
