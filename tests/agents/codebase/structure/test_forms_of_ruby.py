"""Ruby as YARD and RDoc read it: who a `private` is about, comments over a blank line or behind, macros, directives."""

from __future__ import annotations

import pytest

from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.structure import Symbol


def _symbols(text: str) -> dict[str, Symbol]:
    return {symbol.name: symbol for symbol in TreeSitterReader().read("a.rb", "ruby", text).symbols}


def test_private_is_about_the_methods_below_it_and_no_others() -> None:
    text = (
        "class A\n  private\n  def own; end\n  attr_reader :read\n  LIMIT = 1\n  def self.made; end\n"
        "  class Inner\n    def shown; end\n  end\n"
        "  class << self\n    def built; end\n    private\n    def helper; end\n  end\nend\n"
    )
    shown = {name for name, symbol in _symbols(text).items() if symbol.public}
    assert shown == {"A", "A.made", "A.Inner", "A.Inner.shown", "A.self.built"}


def test_a_field_that_is_called_private_is_public() -> None:
    assert _symbols("Entry = Struct.new(:type, :private)\n")["Entry.private"].public


@pytest.mark.parametrize("word", ["private", "protected"])
def test_a_directive_says_who_may_use_a_method(word: str) -> None:
    assert not _symbols(f"class A\n  # Does it.\n  # @!visibility {word}\n  def a; end\nend\n")["A.a"].public


def test_methods_of_another_constant_stand_below_it() -> None:
    assert set(_symbols("class << Benchmark\n  def ms; end\nend\n")) == {"Benchmark.self.ms"}


def test_a_comment_over_one_blank_line_documents() -> None:
    symbols = _symbols(
        "# Licensed.\n\nmodule M\n  # Keeps bees.\n\n  class A\n    # Of nothing.\n\n\n    def a; end\n  end\nend\n"
    )
    assert [symbols[name].doc for name in ("M", "M.A", "M.A.a")] == ["", "Keeps bees.", ""]


def test_a_comment_behind_a_constant_or_a_made_class_documents_it() -> None:
    symbols = _symbols(
        "LIMIT = 3 # The most.\nBroken = Class.new(StandardError) # Raised when it breaks.\n"
        "NAMES = [].freeze # rubocop:disable Style/X\nHIDDEN = 1 # :nodoc:\n"
    )
    said = [symbols[name].doc for name in ("LIMIT", "Broken", "NAMES", "HIDDEN")]
    assert said == ["The most.", "Raised when it breaks.", "", ""]


def test_a_declared_method_is_documented_by_what_stands_below_its_directive() -> None:
    text = (
        "class A\n  # @!method get(url = nil)\n  # Makes a request.\n  # @!scope class\n  #\n  # @return [Response]\n\n"
        "  # @!method put(url)\n  #   Sends it.\n  # Not this.\nend\n"
    )
    symbols = _symbols(text)
    assert (symbols["A.get"].doc, symbols["A.get"].type) == ("Makes a request.\n\nReturns: `Response`", "Response")
    assert symbols["A.put"].doc == "Sends it."


def test_a_macro_is_read_where_it_is_named_and_where_it_is_defined() -> None:
    text = (
        "class A\n  # @!macro [new] sum\n  #   Counts bees.\n  #\n  #   @return [Integer] how many\n  def a; end\n\n"
        "  # @!macro sum\n  def b; end\n\n  # Says more.\n  # @!macro unknown\n  def c; end\nend\n"
    )
    symbols = _symbols(text)
    counted = "Counts bees.\n\nReturns: `Integer`: how many"
    assert [symbols[f"A.{name}"].doc for name in "abc"] == [counted, counted, "Says more."]


def test_macros_that_name_each_other_come_to_an_end() -> None:
    text = "# @!macro [new] x\n#   One.\n#   @!macro y\n# @!macro [new] y\n#   @!macro x\n#   @!macro x\ndef a; end\n"
    assert "One." in _symbols(text)["a"].doc
