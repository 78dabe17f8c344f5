"""Scala 2 is read although a later Scala keeps some of its names for itself."""

from __future__ import annotations

import pytest

from agents.codebase.structure.reader import TreeSitterReader


@pytest.mark.parametrize(
    ("text", "signatures"),
    [
        (
            "object W {\n  def write[E](enum: E, given: Int): E = enum\n  def after(a: Int) = 1\n}\n",
            ["object W", "def write[E](enum: E, given: Int): E", "def after(a: Int)"],
        ),
        (
            "class A {\n  def then(a: Int) = a.then(enum.values)\n  val export = 1\n}\n",
            ["class A", "def then(a: Int)", "val export = 1"],
        ),
        (
            "enum Color {\n  case Red\n}\ngiven order: Int = if (1 < 2) then 1 else 2\nexport a.b\n",
            ["enum Color", "Red", "given order: Int", "export a.b"],
        ),
    ],
    ids=["parameters", "members", "Scala 3's own"],
)
def test_a_word_of_scala_3_is_a_name_in_scala_2(text: str, signatures: list[str]) -> None:
    structure = TreeSitterReader().read("a.scala", "scala", text)
    assert ([symbol.signature for symbol in structure.symbols], structure.parse_errors) == (signatures, 0)
