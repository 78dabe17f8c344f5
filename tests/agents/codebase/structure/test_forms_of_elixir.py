"""Elixir's schemas are read with brackets and without."""

from __future__ import annotations

from agents.codebase.structure.reader import TreeSitterReader


def test_the_type_of_a_schemas_field_ends_where_it_ends() -> None:
    text = (
        'defmodule A do\n  use Ecto.Schema\n  schema "a" do\n    field(:title, :string, default: "x")\n'
        "    field :tags, {:array, {:map, :string}}, default: []\n    embeds_many :parts, Part do\n"
        "      field :size, :integer\n    end\n    belongs_to(:org, My.Org)\n  end\nend\n"
    )
    symbols = TreeSitterReader().read("a.ex", "elixir", text).symbols
    assert {symbol.name: symbol.type for symbol in symbols if symbol.type} == {
        "A.title": ":string",
        "A.tags": "{:array, {:map, :string}}",
        "A.parts": "Part",
        "A.size": ":integer",
        "A.org": "My.Org",
    }
