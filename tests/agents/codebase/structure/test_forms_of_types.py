"""Rare but legal forms of C# and Swift, and notes in Markdown, one test for each kind."""

from __future__ import annotations

import pytest

from agents.contracts.documentation import Admonition, Paragraph
from tests.agents.codebase.structure.reading import read, symbols

# C#


def test_what_a_record_declares_in_its_head_is_documented_as_its_parameter() -> None:
    text = '/// <summary>P.</summary>\n/// <param name="X">Across.</param>\npublic record P(int X, int Y);\n'
    found = symbols(read("csharp", text))

    assert (found["P.X"].doc, found["P.Y"].doc) == ("Across.", "")


def test_two_indexers_of_one_type_are_two() -> None:
    first, second = "public int this[int i] { get => 1; }", "public int this[string s] { get => 1; set {} }"
    text = f"public class A {{\n  {first}\n  {second}\n}}\n"

    assert [symbol.accessors for symbol in read("csharp", text).symbols if symbol.name == "A.this[]"] == [
        ("get",),
        ("get", "set"),
    ]


def test_a_delegate_says_what_it_returns() -> None:
    assert symbols(read("csharp", "public delegate Task<T> Load<T>(int id);\n"))["Load"].type == "Task<T>"


# Swift


def test_accessors_of_computed_properties_and_of_those_that_fewer_may_set() -> None:
    text = (
        "public struct S {\n  public var whole: Int { get { 1 } set { } }\n  public var read: Int { 1 }\n"
        "  public private(set) var count = 0\n  public var plain = 0\n  public var seen: Int { didSet { } }\n"
        "  public subscript(i: Int) -> Int { get { 1 } set { } }\n}\n"
    )
    found = symbols(read("swift", text))

    assert {name: symbol.accessors for name, symbol in found.items() if name != "S"} == {
        "S.whole": ("get", "set"),
        "S.read": ("get",),
        "S.count": ("get", "private set"),
        "S.plain": (),
        "S.seen": (),
        "S.subscript": ("get", "set"),
    }


def test_two_subscripts_of_one_type_are_two() -> None:
    first, second = "public subscript(i: Int) -> Int { 1 }", "public subscript(key k: String) -> Int { 1 }"
    text = f"public struct S {{\n  {first}\n  {second}\n}}\n"

    assert [symbol.name for symbol in read("swift", text).symbols] == ["S", "S.subscript", "S.subscript"]


# Notes


_ERROR = """defmodule A do
  @doc '''
  Runs.

  > #### Error {: .error}
  >
  > Slow.
  '''
  def run, do: 1
end
"""


@pytest.mark.parametrize(
    ("language", "comment", "label"),
    [
        ("swift", "/// Runs.\n///\n/// > Warning: Slow.\nfunc run() {}\n", "warning"),
        ("swift", "/// Runs.\n///\n/// > [!TIP]\n/// > Slow.\nfunc run() {}\n", "tip"),
        ("kotlin", "/** Runs.\n *\n * > [!NOTE]\n * > Slow.\n */\nfun run() {}\n", "note"),
        ("elixir", _ERROR, "warning"),
        ("rust", "/// Runs.\n///\n/// > [!CAUTION]\n/// > Slow.\npub fn run() {}\n", "warning"),
    ],
)  # fmt: skip
def test_quotes_that_say_that_they_are_notes(language: str, comment: str, label: str) -> None:
    found = next(symbol for symbol in read(language, comment).symbols if symbol.name.endswith("run")).documentation

    assert found is not None
    notes = [block for block in found.blocks if isinstance(block, Admonition)]
    assert [(note.label, note.blocks) for note in notes] == [(label, (Paragraph(text="Slow."),))]


def test_a_title_of_exdoc_s_note_stays_and_a_quote_is_a_quote() -> None:
    notes_of_it = "> #### Mind it {: .info}\n  > Slow.\n\n  > Said once."
    text = f'defmodule A do\n  @moduledoc """\n  It.\n\n  {notes_of_it}\n  """\nend\n'
    found = symbols(read("elixir", text))["A"].documentation

    assert found is not None
    notes = [block for block in found.blocks if isinstance(block, Admonition)]
    assert [note.label for note in notes] == ["note", "quote"]
    assert notes[0].blocks == (Paragraph(text="**Mind it** Slow."),)
