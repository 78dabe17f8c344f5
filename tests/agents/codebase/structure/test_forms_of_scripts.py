"""Rare but legal forms of PHP, Ruby, Lua, Elixir and shells, one test for each kind."""

from __future__ import annotations

import pytest

from tests.agents.codebase.structure.reading import read, symbols

# PHP


def test_properties_that_fewer_may_write_than_read() -> None:
    text = (
        "<?php\nclass A {\n  public private(set) string $name = 'q';\n"
        "  public function __construct(protected(set) int $size, public readonly int $x) {}\n}\n"
    )
    found = symbols(read("php", text))

    assert found["A.$name"].accessors == ("get", "private set")
    assert found["A.$size"].accessors == ("get", "protected set")
    assert [one.type for one in found["A.__construct"].parameters] == ["int", "int"]


def test_a_promoted_property_is_documented_as_the_constructors_parameter() -> None:
    text = (
        "<?php\nclass A {\n  /**\n   * Makes.\n   * @param int $x Across.\n   */\n"
        "  public function __construct(public int $x, private int $y) {}\n}\n"
    )
    found = symbols(read("php", text))

    assert (found["A.$x"].doc, found["A.$y"].doc) == ("Across.", "")


def test_protected_members_are_offered_to_who_extends_a_class() -> None:
    found = symbols(read("php", "<?php\nclass A {\n  protected function a() {}\n  private function b() {}\n}\n"))

    assert (found["A.a"].public, found["A.b"].public) == (True, False)


def test_keys_of_an_array_listed_below_a_parameter() -> None:
    text = (
        "<?php\n/**\n * Registers.\n *\n * @param array $args {\n *     Optional.\n *\n"
        " *     @type string $name The name.\n *     @type array  $more {\n *         @type bool $deep Deep.\n"
        " *     }\n"
        " * }\n * @param int $after After.\n * @return array {\n *     @type int $id The id.\n * }\n */\n"
        "function register($args, $after) {}\n"
    )
    found = symbols(read("php", text))["register"].documentation

    assert found is not None
    assert [(one.name, one.type, one.text) for one in found.parameters] == [
        ("$args", "array", "Optional."),
        ("$args[name]", "string", "The name."),
        ("$args[more]", "array", ""),
        ("$args[more][deep]", "bool", "Deep."),
        ("$after", "int", "After."),
    ]
    assert found.facts == ()


# Ruby


@pytest.mark.parametrize(
    "text",
    [
        "class A # :nodoc:\n  def run; end\nend\n",
        "# :nodoc:\nclass A\n  def run; end\nend\n",
        "class A # :nodoc: all\n  def run; end\nend\n",
    ],
)
def test_what_rdoc_leaves_out_is_not_offered(text: str) -> None:
    assert [symbol.public for symbol in read("ruby", text).symbols] == [False, False]


@pytest.mark.parametrize(
    ("mark", "offered"),
    [("# :nodoc:", ["A.B", "A.B.run"]), ("# :nodoc: all", []), ("", ["A", "A.B", "A.B.run", "A.go"])],
)
def test_types_in_what_rdoc_leaves_out_are_offered_unless_it_leaves_out_all(mark: str, offered: list[str]) -> None:
    text = f"module A {mark}\n  class B\n    def run; end\n  end\n  def go; end\nend\n"

    assert [symbol.name for symbol in read("ruby", text).symbols if symbol.public] == offered


def test_forms_of_calls_are_code_and_labels_are_a_list() -> None:
    text = (
        "# call-seq:\n#   go(a) -> b\n#   go(a, b) -> c\n#\n# Runs.\n#\n# [+a+] first\n# second:: other\n"
        "def go(a); end\n"
    )

    assert symbols(read("ruby", text))["go"].doc == (
        "    go(a) -> b\n    go(a, b) -> c\n\nRuns.\n\n- `a`: first\n- second: other"
    )


# Lua


def test_fields_of_ldoc_have_words_and_no_types() -> None:
    text = (
        "local M = {}\n--- Options.\n-- @table opts\n-- @field name the name\n-- @field age number of years\n"
        "M.opts = { name = 'x', age = 3 }\nreturn M\n"
    )
    found = symbols(read("lua", text))
    documentation = found["M.opts"].documentation

    assert documentation is not None
    assert [(one.name, one.type, one.text) for one in documentation.attributes] == [
        ("name", "", "the name"),
        ("age", "number", "of years"),
    ]
    assert documentation.parameters == ()
    assert found["M.opts.name"].doc == "the name"


def test_a_local_table_that_ldoc_calls_a_class_is_offered() -> None:
    found = symbols(read("lua", "--- A point.\n-- @type Point\nlocal Point = {}\nlocal other = {}\n"))

    assert (str(found["Point"].kind), found["Point"].public, found["other"].public) == ("class", True, False)


def test_a_function_that_a_comment_alone_declares() -> None:
    text = "--- Opens it.\n-- @function open\n-- @string path where\n-- @param mode how\n\nlocal other = 1\n"
    found = symbols(read("lua", text))

    assert found["open"].signature == "open(path, mode)"
    assert found["open"].doc.startswith("Opens it.")


def test_a_function_that_a_comment_names_and_code_declares_is_one() -> None:
    text = "local M = {}\n--- Opens it.\n-- @function open\nM.open = function(path) end\nreturn M\n"

    assert [symbol.name for symbol in read("lua", text).symbols if "open" in symbol.name] == ["M.open"]


def test_the_type_that_an_annotation_gives() -> None:
    found = symbols(read("lua", "local M = {}\n---@type table<string, number>\nM.sizes = {}\nreturn M\n"))

    assert found["M.sizes"].type == "table<string, number>"


# Elixir


def test_documentation_joined_of_several_strings() -> None:
    text = 'defmodule A do\n  @doc "Adds" <> " one " <>\n       "more."\n  def add(x), do: x\nend\n'

    assert symbols(read("elixir", text))["A.add"].doc == "Adds one more."


def test_an_implementation_for_several_types_is_one_of_each() -> None:
    text = "defimpl Size, for: [Map, List] do\n  def size(x), do: x\nend\n"

    assert list(symbols(read("elixir", text))) == ["Size.Map", "Size.List", "Size.Map.size"]


def test_code_below_words_that_lead_to_it_and_names_that_are_no_links_in_rdoc() -> None:
    text = "# \\Callbacks of it:\n#   go '*/*'\n#   stop\n#\n# More.\ndef go(a); end\n"

    assert symbols(read("ruby", text))["go"].doc == "Callbacks of it:\n\n    go '*/*'\n    stop\n\nMore."


def test_members_that_a_comment_of_php_declares_are_no_facts_as_well() -> None:
    text = "<?php\n/**\n * It.\n * @method int go()\n * @property-read int $size How big.\n */\nclass A {}\n"
    found = symbols(read("php", text))

    assert list(found) == ["A", "A.go", "A.$size"]
    assert found["A"].documentation is None
