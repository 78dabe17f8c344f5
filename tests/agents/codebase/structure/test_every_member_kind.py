"""A file a language with the member kinds that a reader passes over most easily: no tool lists these languages here."""

from __future__ import annotations

import pytest

from agents.contracts.structure import SymbolKind
from tests.agents.codebase.structure.reading import read, symbols

CODE = {
    "swift": "public struct P {\n  public var x = 0, y: Int\n}\npublic let first = 1, second = 2\n"
    "public enum E { case mixed(a: Int, b: Int = 2) }\n",
    "php": "<?php\nclass P {\n  public private(set) int $n = 1;\n  public int $a = 1, $b = 2;\n"
    "  public string $full { get => 'x'; set(string $v) { } }\n}\n",
    "ruby": "class Point < Struct.new(:x, :y)\n  attr_reader :a, :b\n  def -@; end\n  def []=(i, v); end\nend\n",
    "csharp": "public class C {\n  public int a = 1, b;\n  public event Action E, F;\n  public int this[int i] => 1;\n"
    "  public static bool operator true(C c) => true;\n  public static explicit operator int(C c) => 1;\n}\n",
    "dart": "export 'src/a.dart' show A, B;\nenum E {\n  /// One.\n  one(1), two(2);\n"
    "  const E(this.v);\n  final int v;\n}\n"
    "const int max = 1, min = 0;\nclass P {\n  /// Both.\n  final int x, y;\n  int get sum => x;\n  set sum(int v) {}\n"
    "  P operator +(P o) => o;\n  void operator []=(int i, int v) {}\n}\n",
    "elixir": 'defmodule P do\n  defstruct [\n    :x,\n    y: 0\n  ]\n  def a + b, do: a\nend\ndefmodule E do\n'
    '  defexception message: "bad", code: 1\nend\n',
    "kotlin": "enum class E(val n: Int) {\n  A(1),\n  B(2) { fun f() {} };\n  companion object {\n"
    "    fun of() = A\n  }\n}\n"
    "class P(val x: Int, private var y: Int) {\n  val (a, b) = x\n  var s: Int\n    get() = x\n"
    "    private set(v) { y = v }\n"
    "  operator fun get(i: Int) = x\n}\n",
    "scala": "enum E(val n: Int):\n  case A extends E(1)\n  case B, C\nobject O { val a, b = 3; val (c, d) = (1, 2); "
    "type H = Int; given ord: Ordering[Int] = ???; export other.{f, g} }\n",
    "lua": "local M = {}\nM.a, M.b = 1, 2\nfunction M:len() end\nM.run = function() end\n"
    "M.kind = { RED = 1, GREEN = 2 }\nreturn M\n",
}  # fmt: skip

NAMES = {
    "swift": ["P.x", "P.y", "first", "second", "E.mixed"],
    "php": ["P.$n", "P.$a", "P.$b", "P.$full"],
    "ruby": ["Point.x", "Point.y", "Point.a", "Point.b", "Point.-@", "Point.[]="],
    "csharp": ["C.a", "C.b", "C.E", "C.F", "C.this[]", "C.operator true", "C.operator int"],
    "dart": [
        "A", "B", "E.one", "E.two", "E.v", "max", "min", "P.x", "P.y", "P.sum", "P.operator +", "P.operator []=",
    ],
    "elixir": ["P.x", "P.y", "P.+", "E.message", "E.code"],
    "kotlin": ["E.n", "E.A", "E.B", "E.Companion.of", "P.x", "P.a", "P.b", "P.s", "P.get"],
    "scala": ["E.n", "E.A", "E.B", "E.C", "O.a", "O.b", "O.c", "O.d", "O.H", "O.ord", "O.f", "O.g"],
    "lua": ["M.a", "M.b", "M.len", "M.run", "M.kind.RED", "M.kind.GREEN"],
}  # fmt: skip


@pytest.mark.parametrize("language", CODE)
def test_every_kind_of_member_is_listed_and_public(language: str) -> None:
    listed = symbols(read(language, CODE[language]))

    assert [name for name in NAMES[language] if name not in listed] == []
    assert [name for name in NAMES[language] if not listed[name].public] == []


def test_names_of_one_declaration_share_its_words_and_its_documentation() -> None:
    listed = symbols(read("dart", CODE["dart"]))

    assert [(listed[name].signature, listed[name].doc) for name in ("P.x", "P.y")] == [
        ("final int x", "Both."),
        ("final int y", "Both."),
    ]
    assert listed["min"].signature == "const int min = 0"
    assert symbols(read("swift", CODE["swift"]))["P.y"].signature == "public var y: Int"


def test_a_default_of_a_cases_parameter_is_no_value_of_the_case() -> None:
    assert symbols(read("swift", CODE["swift"]))["E.mixed"].default == ""


def test_an_enums_values_with_arguments_are_values_and_a_setter_joins_its_getter() -> None:
    listed = symbols(read("dart", CODE["dart"]))

    assert (listed["E.one"].kind, listed["E.one"].doc) == (SymbolKind.VARIANT, "One.")
    assert listed["P.sum"].accessors == ("get", "set")


def test_a_structs_fields_of_elixir_stand_on_their_own_lines() -> None:
    listed = symbols(read("elixir", CODE["elixir"]))

    assert [(listed[name].lines.start, listed[name].default) for name in ("P.x", "P.y")] == [(3, ""), (4, "0")]
