"""What the grammars of other languages saw in real projects and our own readers once did not."""

from __future__ import annotations

from tests.agents.codebase.structure.reading import read, symbols


def test_operators_of_elixir_are_named_by_their_sign() -> None:
    code = (
        "defmodule A do\n  defmacro left and right do\n    1\n  end\n  defmacro !value\n"
        "  def +value do\n    1\n  end\n  def a..b, do: 1\nend\n"
    )

    assert list(symbols(read("elixir", code))) == ["A", "A.and", "A.!", "A.+", "A..."]


def test_what_a_macro_of_elixir_quotes_is_no_function_of_its_module() -> None:
    code = (
        "defmodule A do\n  defmacro __using__(_) do\n    quote do\n      def init(x), do: x\n    end\n  end\n"
        "  def after(), do: 1\nend\n"
    )

    assert list(symbols(read("elixir", code))) == ["A", "A.__using__", "A.after"]


def test_neither_a_text_nor_a_list_of_elixir_defines_anything() -> None:
    code = (
        "defmodule A do\n  @locals [\n    defstruct: 1,\n    other: 2\n  ]\n"
        '  embed(:mix, """\n  defmodule B do\n    def project do\n    end\n  end\n  """)\n  def last(), do: 1\nend\n'
    )

    assert list(symbols(read("elixir", code))) == ["A", "A.last"]


def test_directives_of_graphql_may_stand_between_a_types_head_and_its_brace() -> None:
    code = (
        'type Book implements Item\n  @join(graph: A)\n  @key(fields: "id")\n{\n'
        "  id: ID!\n    @deprecated\n  title: String\n}\n"
    )

    assert list(symbols(read("graphql", code))) == ["Book", "Book.id", "Book.title"]


def test_an_extension_of_dart_may_have_no_name_and_a_value_may_stand_on_the_next_line() -> None:
    code = (
        "extension on String {\n  bool get isLong =>\n      parts.map(1);\n}\n"
        "extension type const Id(int x) {\n  int go() => 1;\n}\n"
    )

    assert list(symbols(read("dart", code))) == ["isLong", "Id", "Id.x", "Id.go"]


def test_what_stands_below_cdef_belongs_to_its_class_and_casts_of_c_hide_nothing() -> None:
    code = (
        "cdef class Holder:\n    cdef:\n        uv.req_t  req\n        char      buffer[N]\n\n"
        "    cdef free(self):\n        self.req = <uv.req_t*>get(&self.buffer)\n"
        "        for i from 0 <= i < self.n:\n            go(<char*>&self.buffer[i])\n\n"
        "    cdef close(self):\n        pass\n"
    )

    structure = read("cython", code)

    assert list(symbols(structure)) == ["Holder", "Holder.req", "Holder.buffer", "Holder.free", "Holder.close"]
    assert symbols(structure)["Holder.buffer"].signature == "char buffer[N]"
    assert structure.parse_errors == 0
