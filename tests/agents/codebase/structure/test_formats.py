"""Languages that are read without a grammar wheel: symbols, members, documentation, lines."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.structure import Structure, SymbolKind
from agents.roles.scanner.languages import language_of
from tests.agents.codebase.structure.reading import imports, lines, read, symbols

CASES = Path(__file__).parents[3] / "cases"


def case(path: str) -> Structure:
    text = (CASES / path).read_text(encoding="utf-8")
    return TreeSitterReader().read(path, language_of(path, text), text)


@pytest.mark.parametrize(
    ("path", "language", "names"),
    [
        ("26-formats/web/Counter.vue", "vue", ["add", "count", "exposed.add", "props", "props.start"]),
        ("26-formats/web/List.svelte", "svelte", ["clear", "items"]),
        ("26-formats/nb/explore.ipynb", "notebook", ["Explore sales", "load"]),
        ("26-formats/cy/fast.pyx", "cython", ["Grid", "Grid.go", "Grid.n", "_add", "plain", "total"]),
        ("26-formats/graph/schema.graphql", "graphql", ["Query", "Query.user", "User", "User.id", "User.name"]),
        ("26-formats/infra/main.tf", "terraform", ["aws_s3_bucket.site", "module.net", "output.arn", "var.name"]),
        ("26-formats/misc/b.dart", "dart", ["Shop", "Shop.go"]),
        ("26-formats/misc/a.ex", "elixir", ["Shop", "Shop.go"]),
        ("26-formats/misc/run.ps1", "powershell", ["Start-Shop"]),
        ("26-formats/guide.adoc", "asciidoc", ["Guide", "Install"]),
        ("26-formats/k8s/templates/deploy.yaml", "helm", ["Deployment"]),
        ("38-config-formats/app.properties", "ini", ["db.url", "multi", "server.port"]),
        ("38-config-formats/page.html", "html", ["Hello"]),
    ],
)
def test_a_file_is_recognised_and_everything_it_declares_is_found(path: str, language: str, names: list[str]) -> None:
    structure = case(path)

    assert structure.language == language
    assert sorted(symbols(structure)) == sorted(names)
    assert structure.parse_errors == 0


def test_qt_linguist_translations_are_xml() -> None:
    assert case("26-formats/qt/app_de.ts").language == "xml"


@pytest.mark.parametrize(
    ("path", "doc"),
    [
        ("26-formats/proto/order.proto", "Orders."),
        ("26-formats/nb/explore.ipynb", "Explore sales\n\nLoads and plots them."),
        ("26-formats/cy/fast.pyx", "Fast sums."),
        ("26-formats/misc/a.ex", "The shop."),
        ("26-formats/guide.adoc", "Guide\n\nThe guide."),
        ("38-config-formats/p.pl", "Adds numbers."),
        ("38-config-formats/templates/base.html", "Shop"),
    ],
)
def test_the_first_words_of_a_file_are_its_author_s(path: str, doc: str) -> None:
    assert case(path).doc == doc


def test_components_keep_the_lines_of_their_scripts_and_name_props_events_and_slots() -> None:
    structure = read(
        "vue",
        '<template>\n<slot name="head"/>\n</template>\n<script setup lang="ts">\nimport { ref } from "vue"\n'
        "defineProps<{\n  /** The title. */\n  title: string\n  size?: number\n}>()\n"
        "defineEmits<{\n  (e: 'change', id: number): void\n  update: [value: string]\n}>()\n"
        "/** Goes. */\nfunction go() {}\n</script>\n",
    )
    found = symbols(structure)

    assert (found["props.title"].type, found["props.title"].doc, lines(found["props.title"])) == (
        "string",
        "The title.",
        (8, 8),
    )
    assert found["props.size"].type == "number"
    assert [found[name].kind for name in ("emits.change", "emits.update")] == [SymbolKind.EVENT] * 2
    assert (found["go"].doc, lines(found["go"])) == ("Goes.", (16, 16))
    assert "slots.head" in found
    assert imports(structure) == [("vue", ("ref",))]


def test_a_notebook_s_functions_stand_on_the_lines_of_the_file() -> None:
    structure = read(
        "notebook",
        '{"cells": [\n{"cell_type": "code", "source": [\n"%matplotlib inline\\n",\n"def f():\\n",\n'
        '"    return 1\\n"\n]}\n],\n"metadata": {}}\n',
    )

    assert lines(symbols(structure)["f"]) == (4, 5)
    assert read("notebook", '{"cells": ').parse_errors == 1


def test_cython_shows_declarations_as_written() -> None:
    structure = read(
        "cython",
        'cdef extern from "a.h":\n    int c_f(int a)\nctypedef unsigned int uint\ncdef struct P:\n    int x\n'
        "cdef class G(Base):\n    cdef public int n\n    cpdef double f(self, double b=1.0) except -1:\n"
        '        """F."""\n        return b\n',
    )
    found = symbols(structure)

    assert found["c_f"].signature == "int c_f(int a)"
    assert (found["uint"].type, found["P.x"].type, found["G.n"].type) == ("unsigned int", "int", "int")
    assert (found["G.f"].signature, found["G.f"].doc) == ("cpdef double f(self, double b=1.0) except -1", "F.")


def test_protobuf_members_comments_and_imports() -> None:
    structure = read(
        "protobuf",
        'import "a/b.proto";\n\n// An order.\nmessage Order {\n  oneof one {\n    string a = 1; // The a.\n  }\n'
        "  map<string, int32> m = 2;\n  enum State { NEW = 0; }\n}\n\nservice Orders {\n  // Places.\n"
        "  rpc Place(Order) returns (stream Order);\n}\n",
    )
    found = symbols(structure)

    assert (found["Order"].doc, lines(found["Order"])) == ("An order.", (4, 10))
    assert (found["Order.a"].type, found["Order.a"].doc) == ("string", "The a.")
    assert found["Order.m"].type == "map<string, int32>"
    assert found["Order.State.NEW"].kind is SymbolKind.VARIANT
    assert (found["Orders.Place"].type, found["Orders.Place"].doc) == ("stream Order", "Places.")
    assert imports(structure) == [("a/b.proto", ())]


def test_graphql_descriptions_arguments_and_values() -> None:
    structure = read(
        "graphql",
        '"""\nThe role.\n"""\nenum Role { ADMIN USER }\ntype User {\n  "Its posts."\n'
        "  posts(\n    first: Int = 2\n  ): [Post!]!\n}\ninput F { a: Int = 3, b: String }\nscalar Date\n",
    )
    found = symbols(structure)

    assert found["Role"].doc == "The role."
    assert {"Role.ADMIN", "Role.USER", "Date"} <= set(found)
    assert (found["User.posts"].type, found["User.posts"].doc, lines(found["User.posts"])) == (
        "[Post!]!",
        "Its posts.",
        (7, 9),
    )
    assert (found["F.a"].default, found["F.b"].type) == ("3", "String")


def test_terraform_variables_with_type_default_and_description_but_no_secret() -> None:
    structure = read(
        "terraform",
        'variable "n" {\n  type = number\n  default = 3\n  description = "How many."\n}\n'
        'variable "api_token" {\n  default = "hunter2222"\n}\nlocals {\n  password = "hunter2222"\n}\n',
    )
    found = symbols(structure)

    assert (found["var.n"].type, found["var.n"].default, found["var.n"].doc) == ("number", "3", "How many.")
    assert "hunter2222" not in structure.model_dump_json()


def test_sql_over_several_lines_with_quoted_names_and_columns() -> None:
    found = symbols(case("26-formats/db/schema.sql"))

    assert {"orders", "total", "idx", "dbo.Big Table", "split", "indented", "v", "mood", "dbo.p", "w", "t"} <= set(
        found
    )
    assert found["orders.id"].type == "int"
    assert lines(found["split"]) == (17, 18)


def test_sql_columns_with_types_defaults_and_comments() -> None:
    found = symbols(
        read(
            "sql",
            "/* The users. */\nCREATE TABLE users (\n  -- Its id.\n  id bigint PRIMARY KEY,\n"
            "  name varchar(20) NOT NULL DEFAULT 'x', -- Who.\n  n numeric(10, 2) default 0,\n"
            "  ts timestamp with time zone not null,\n  CONSTRAINT c UNIQUE (name)\n);\n",
        )
    )

    assert found["users"].doc == "The users."
    assert (found["users.id"].doc, found["users.name"].doc, found["users.n"].doc) == ("Its id.", "Who.", "")
    assert (found["users.n"].type, found["users.n"].default) == ("numeric(10, 2)", "0")
    assert found["users.ts"].type == "timestamp with time zone"
    assert "users.CONSTRAINT" not in found


def test_dart_members_and_privacy() -> None:
    found = symbols(
        read(
            "dart",
            "/// A.\nabstract class A<T> extends B {\n  /// X.\n  final int x;\n  A.named() : x = 1;\n"
            "  int get g => 1;\n  Future<void> go() async {\n    if (x) { y(); }\n  }\n  void _p() {}\n}\n"
            "enum E { a, b }\nint add(int a, {int b = 1}) => a + b;\n",
        )
    )

    assert set(found) == {"A", "A.x", "A.named", "A.g", "A.go", "A._p", "E", "E.a", "E.b", "add"}
    assert (found["A.x"].type, found["A.x"].doc, found["A._p"].public) == ("int", "X.", False)
    assert found["add"].signature == "int add(int a, {int b = 1})"


def test_elixir_documentation_clauses_and_privacy() -> None:
    structure = read(
        "elixir",
        'defmodule A.B do\n  @moduledoc """\n  The B.\n  """\n  alias A.C\n  @doc """\n  Adds `x`.\n  """\n'
        "  def add(1), do: 2\n  def add(x) do\n    x\n  end\n  defp q, do: 1\nend\n",
    )
    found = symbols(structure)

    assert structure.doc == "The B."
    assert (found["A.B.add"].doc, lines(found["A.B.add"])) == ("Adds `x`.", (9, 12))
    assert found["A.B.q"].public is False
    assert lines(found["A.B"]) == (1, 14)
    assert imports(structure) == [("A.C", ())]


@pytest.mark.parametrize("inside", [True, False])
def test_powershell_help_before_and_inside_a_function(inside: bool) -> None:
    comment = "<#\n.SYNOPSIS\nGets it.\n.PARAMETER Name\nThe name.\n#>\n"
    head = "function Get-It {\n"
    text = f"{head}{comment}}}\n" if inside else f"{comment}{head}}}\n"
    found = symbols(read("powershell", text))["Get-It"]

    assert found.doc.startswith("Gets it.")
    assert found.documentation is not None
    assert [(one.name, one.text) for one in found.documentation.parameters] == [("Name", "The name.")]


@pytest.mark.parametrize(
    ("language", "text", "docs"),
    [
        ("c", "struct P {\n  int a; /**< Wide. */\n  int b; ///< High.\n};\n", {"P.a": "Wide.", "P.b": "High."}),
        ("c", "enum E { A, /**< One. */\n B /**< Two. */\n};\n", {"E.A": "One.", "E.B": "Two."}),
        ("go", "package p\n\ntype T struct {\n\tA int // Wide.\n\tB int\n}\n", {"T.A": "Wide.", "T.B": ""}),
        (
            "rust",
            'pub struct S {\n  pub x: u8, // Wide.\n}\n#[doc = "Adds."]\nfn f() {}\n',
            {"S.x": "Wide.", "f": "Adds."},
        ),
    ],
)
def test_a_comment_behind_a_member_documents_it(language: str, text: str, docs: dict[str, str]) -> None:
    found = symbols(read(language, text))

    assert {name: found[name].doc for name in docs} == docs


def test_a_here_document_and_a_define_block_are_no_code() -> None:
    assert [one.name for one in case("26-formats/Dockerfile").symbols] == ["build", "build", "ENTRYPOINT"]
    assert "fake" not in symbols(case("26-formats/Makefile"))


def test_markdown_fences_comments_and_attributes_are_no_headings() -> None:
    structure = read(
        "markdown", "# Heat {#heat}\n\n````\n```\n# not\n```\n````\n\n<!--\n# hid\n-->\n## Install\n\n```\nnpm i\n```\n"
    )

    assert list(symbols(structure)) == ["Heat", "Install"]
    assert symbols(structure)["Install"].doc == ""


def test_json_integers_are_numbers() -> None:
    assert symbols(read("json", '{"port": 8080}'))["port"].signature == "port: number"


@pytest.mark.parametrize(
    ("language", "unit"),
    [
        ("vue", "<script>\ndefineProps({ a: String })\n"),
        ("cython", "cdef int f(int a)\n"),
        ("protobuf", "message A {\n"),
        ("graphql", "type A { a(b: C\n"),
        ("terraform", 'variable "a" {\n'),
        ("sql", "create table a (b int, $x$ '"),
        ("dart", "class A { int f(int a, {\n"),
        ("elixir", 'defmodule A do\n@doc """\n'),
        ("powershell", "function A { <# .SYNOPSIS\n"),
        ("asciidoc", "= A\n----\n"),
        ("html", "<!-- <script> <h1>"),
        ("markdown", "<!-- a\n````\n"),
    ],
)
def test_reading_takes_time_in_proportion_to_the_file(language: str, unit: str) -> None:
    started = time.process_time()

    read(language, unit * 4_000)

    assert time.process_time() - started < 10


def test_a_heredoc_is_terraforms_whole_description_whatever_stands_in_it() -> None:
    structure = read(
        "terraform",
        'variable "n" {\n  description = <<-EOT\n    How many, with { a brace and "a quote.\n\n    * one\n    * two\n'
        '    type = "none"\n  EOT\n  type = number\n  validation {\n    error_message = "More than one."\n  }\n}\n'
        'output "o" {\n  description = <<EOT\nWhat came of it.\n\nIn two paragraphs.\nEOT\n  value = 1\n}\n',
    )
    found = symbols(structure)

    assert (found["var.n"].type, lines(found["var.n"])) == ("number", (1, 13))
    assert found["var.n"].doc.startswith('How many, with { a brace and "a quote.\n\n* one\n* two')
    described = found["var.n"].documentation
    assert described is not None
    assert [(fact.name, fact.text) for fact in described.facts] == [("validation", "More than one.")]
    assert found["output.o"].doc == "What came of it.\n\nIn two paragraphs."
    assert structure.parse_errors == 0


def test_a_validation_alone_is_shown_with_a_plain_description() -> None:
    text = (
        'variable "n" {\n  description = "How many."\n  validation {\n    error_message = "More *than* one."\n  }\n}\n'
    )
    variable = symbols(read("terraform", text))["var.n"]

    assert variable.doc == "How many."
    assert variable.documentation is not None
    assert variable.documentation.summary == "How many."
    assert [fact.text for fact in variable.documentation.facts] == ["More \\*than\\* one."]
