"""Forms of declarations and documentation that a language allows and that few files have, one test for each kind."""

from __future__ import annotations

import pytest

from agents.contracts.structure import Structure, Symbol
from tests.agents.codebase.structure.reading import docs, read, symbols


def public(structure: Structure) -> list[str]:
    """The names that a file offers, in order."""
    return [symbol.name for symbol in structure.symbols if symbol.public]


def kinds(language: str, text: str) -> dict[str, str]:
    """The kind of each name."""
    return {name: str(symbol.kind) for name, symbol in symbols(read(language, text)).items()}


# Python


def test_a_comment_of_sphinx_behind_a_variable_documents_it() -> None:
    text = (
        "LIMIT = 5  #: How many.\nOTHER = 6  # a remark\nclass A:\n"
        "    def __init__(self):\n        self.x = 1  #: Across.\n"
    )

    assert docs("python", text) == {"LIMIT": "How many.", "A.x": "Across."}


def test_a_string_below_a_type_alias_documents_it() -> None:
    text = 'type Pair[T] = tuple[T, T]\n"""Two of a kind."""\ntype Other = int\n'

    assert docs("python", text) == {"Pair": "Two of a kind."}
    assert list(symbols(read("python", text))) == ["Pair", "Other"]


def test_values_of_an_enumeration_that_one_statement_gives() -> None:
    found = kinds("python", "class Colour(Enum):\n    RED, BLUE = 1, 2\n    size: int\n")

    assert found == {"Colour": "enum", "Colour.RED": "variant", "Colour.BLUE": "variant", "Colour.size": "field"}


@pytest.mark.parametrize("call", ['Enum("Num", names=["ONE", "TWO"])', 'Enum("Num", ["ONE", "TWO"])'])
def test_values_that_a_call_lists_under_a_name(call: str) -> None:
    assert list(kinds("python", f"Num = {call}\n")) == ["Num", "Num.ONE", "Num.TWO"]


def test_names_in_all_without_brackets() -> None:
    text = "__all__ = 'Field', 'other'\nclass Field: ...\nclass Hidden: ...\ndef other(): ...\n"

    assert public(read("python", text)) == ["Field", "other"]


def test_the_name_of_a_declaration_is_no_secret_wherever_it_stands_in_quotes() -> None:
    text = "__all__ = ['SecretBytes', 'Base64Encoder9']\nclass SecretBytes: ...\nclass Base64Encoder9: ...\n"

    assert list(symbols(read("python", text))) == ["SecretBytes", "Base64Encoder9"]


# JavaScript and TypeScript


def test_a_function_called_at_once_offers_what_it_returns() -> None:
    text = (
        "var App = (function () {\n  /** Adds. */\n  function inc() {}\n  function hidden() {}\n"
        "  return { inc: inc, /** Takes. */ dec: function (a) {} };\n})();\n"
        "(function () { return { nobody: function () {} }; })();\n"
    )
    structure = read("javascript", text)

    assert public(structure) == ["App", "App.inc", "App.dec"]
    assert docs("javascript", text) == {"App.inc": "Adds.", "App.dec": "Takes."}


def test_a_namespace_offers_what_it_exports_and_all_where_it_is_only_declared() -> None:
    own = "export namespace util {\n  type Own = 1;\n  export type Given = 2;\n  const hidden = 1;\n}\n"
    declared = "export declare namespace util {\n  type Own = 1;\n  let size: number;\n}\n"

    assert public(read("typescript", own)) == ["util", "util.Given"]
    assert public(read("typescript", declared)) == ["util", "util.Own", "util.size"]


def test_a_documented_property_of_an_object_is_a_field() -> None:
    text = "export const settings = { /** How many. */ count: 1, other: 2 };\n"

    assert docs("typescript", text) == {"settings.count": "How many."}


def test_what_a_constructor_declares_is_documented_as_its_parameter() -> None:
    text = (
        "export class A {\n  /**\n   * @param size - How big.\n   */\n"
        "  constructor(public size: number, public other: 1) {}\n}\n"
    )

    found = docs("typescript", text)

    assert found["A.size"] == "How big."
    assert "A.other" not in found


def test_a_link_with_code_in_its_label() -> None:
    text = (
        "/**\n * Waits.\n"
        " * @see {@link https://example.com/delay `delay()` in the guide}\n */\nexport function delay() {}\n"
    )

    found = symbols(read("typescript", text))["delay"].documentation

    assert found is not None
    assert found.see_also[0].text == "[`delay()` in the guide](https://example.com/delay)"


def test_tags_of_what_is_public_say_nothing_and_tags_of_what_is_not_hide() -> None:
    structure = read(
        "javascript", "/** Runs.\n * @public */\nfunction run() {}\n/** @access private */\nfunction own() {}\n"
    )

    assert public(structure) == ["run"]
    assert symbols(structure)["run"].documentation is None


def test_signatures_beside_a_function_that_runs_are_named_by_it() -> None:
    text = "export function f(a: 1): void;\nexport function f(a: 2): void;\nexport function f(a: any) {}\n"

    forms = [(symbol.signature, symbol.overloads) for symbol in read("typescript", text).symbols]

    assert [overloads for _, overloads in forms] == [(), (), (forms[0][0], forms[1][0])]


def test_what_reads_a_property_documents_it_wherever_it_stands() -> None:
    text = "export class A {\n  /** Sets it. */\n  set size(v) {}\n  /** How big. */\n  get size() { return 1; }\n}\n"

    assert docs("javascript", text) == {"A.size": "How big."}


# SQL


def test_what_a_routine_creates_when_it_is_called_is_no_part_of_the_schema() -> None:
    text = (
        "DELIMITER //\nCREATE PROCEDURE p()\nBEGIN\n"
        "  IF 1 THEN SELECT 1; END IF;\n  CREATE TABLE inner_t (a int);\nEND //\n"
        "DELIMITER ;\nCREATE TABLE t (a int);\n"
    )

    assert list(kinds("sql", text)) == ["p", "t", "t.a"]


def test_options_that_describe_a_table_and_a_routine_in_mysql() -> None:
    text = (
        "CREATE TABLE t (a int COMMENT 'It''s one') ENGINE=InnoDB COMMENT='The rows.';\n"
        "CREATE PROCEDURE p() COMMENT 'Does it.' BEGIN SELECT 1; END;\n"
    )

    assert docs("sql", text) == {"t": "The rows.", "t.a": "It's one", "p": "Does it."}


def test_a_comment_above_and_a_comment_on_a_table_are_both_said() -> None:
    text = "-- Who buys.\nCREATE TABLE people (a int);\nCOMMENT ON TABLE people IS 'Kept for ever.';\n"

    assert docs("sql", text)["people"] == "Who buys.\n\nKept for ever."


def test_columns_without_a_type_and_of_a_virtual_table() -> None:
    text = "CREATE TABLE t (a, b INT);\nCREATE VIRTUAL TABLE f USING fts5(title, body, content='t');\n"

    assert list(kinds("sql", text)) == ["t", "t.a", "t.b", "f", "f.title", "f.body"]


def test_events_views_with_options_and_whole_heads_of_indexes_and_partitions() -> None:
    text = (
        "CREATE EVENT e ON SCHEDULE EVERY 1 HOUR DO UPDATE t SET a = 1;\n"
        "CREATE ALGORITHM=MERGE SQL SECURITY DEFINER VIEW v AS SELECT 1;\n"
        "CREATE INDEX i ON t USING btree (lower(a)) WHERE a > 1;\n"
        "CREATE TABLE p PARTITION OF t FOR VALUES FROM (1) TO (2);\n"
    )
    found = symbols(read("sql", text))

    assert list(found) == ["e", "v", "i", "p"]
    assert found["i"].signature == "CREATE INDEX i ON t USING btree (lower(a)) WHERE a > 1"
    assert found["p"].signature.endswith("FROM (1) TO (2)")


# GraphQL


def test_arguments_with_descriptions_and_directives() -> None:
    text = (
        'type Query {\n  posts(\n    "How many." first: Int = 10\n    after: String @deprecated(reason: "no")\n'
        '  ): [Post] @deprecated(reason: "Use feed")\n}\n'
    )
    field: Symbol = symbols(read("graphql", text))["Query.posts"]

    assert [(one.name, one.type, one.default) for one in field.parameters] == [
        ("first", "Int", "10"),
        ("after", "String", ""),
    ]
    assert field.documentation is not None
    assert field.documentation.deprecated is not None
    assert field.documentation.deprecated.text == "Use feed"
    assert [(entry.name, entry.text) for entry in field.documentation.parameters] == [("first", "How many.")]


# PowerShell, Bash, Lua, Elixir


def test_help_at_the_end_of_a_function_and_on_its_parameters() -> None:
    text = (
        "function Get-It {\n    param(\n        # What it is called.\n        [string]$Name,\n"
        "        [Parameter(HelpMessage = 'How often')]\n        [int]$Count\n    )\n"
        "    Write-Host $Name\n    <#\n    .SYNOPSIS\n        Gets it.\n    #>\n}\nconfiguration Site { }\n"
    )
    found = symbols(read("powershell", text))

    documentation = found["Get-It"].documentation
    assert documentation is not None
    assert documentation.summary == "Gets it."
    assert {entry.name: entry.text for entry in documentation.parameters} == {
        "Name": "What it is called.",
        "Count": "How often",
    }
    assert "Site" in found


def test_several_variables_on_one_line_and_flags_of_declarations() -> None:
    found = symbols(read("bash", "A=1 B=2\ndeclare -A MAP=([a]=1)\n"))

    assert list(found) == ["A", "B", "MAP"]
    assert found["MAP"].signature == "declare -A MAP=([a]=1)"


def test_a_block_comment_of_ldoc() -> None:
    assert docs("lua", "--[[--\nMakes it.\n]]\nfunction make() end\n") == {"make": "Makes it."}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "elixir",
            (
                'defmodule A do\n  @doc """\n  Adds.\n\n      # one comment\n'
                '      add(1)\n  """\n  def add(a), do: a\nend\n'
            ),
        ),
        ("dart", "/// Adds.\n///\n/// ```\n/// # one comment\n/// add(1)\n/// ```\nvoid add(int a) {}\n"),
    ],
)
def test_code_in_documentation_stays_as_it_is_written_where_rust_would_hide_a_line(language: str, text: str) -> None:
    found = next(symbol for symbol in read(language, text).symbols if symbol.name.endswith("add"))

    assert "# one comment" in found.doc


# Ruby and PHP


@pytest.mark.parametrize(
    ("head", "owner"),
    [("class User", "User"), ("module Tools", "Tools"), ("Point = Struct.new(:x) do", "Point")],
)
def test_what_a_comment_declares_belongs_to_the_type_below_it(head: str, owner: str) -> None:
    text = (
        "module Demo\n  # Holds it.\n  # @!method dynamic(a)\n  #   Does it.\n"
        f"  # @!attribute [r] size\n  #   @return [Integer] how big\n  {head}\n  end\nend\n"
    )
    structure = read("ruby", text)

    assert {f"Demo.{owner}.dynamic", f"Demo.{owner}.size"} <= set(symbols(structure))
    assert "dynamic" not in symbols(structure)[f"Demo.{owner}"].doc


def test_methods_that_the_comment_of_an_enumeration_declares() -> None:
    text = "<?php\n/**\n * @method static self random(int $seed = 1) Any.\n */\nenum Suit { case A; }\n"

    found = symbols(read("php", text))["Suit.random"]

    assert (found.doc, [(one.name, one.type, one.default) for one in found.parameters]) == (
        "Any.",
        [("$seed", "int", "1")],
    )
