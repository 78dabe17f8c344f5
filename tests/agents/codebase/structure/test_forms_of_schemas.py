"""Rare but legal forms of SQL, Protobuf, GraphQL, Terraform and PowerShell, one test for each kind."""

from __future__ import annotations

import pytest

from tests.agents.codebase.structure.reading import read, symbols

# SQL


@pytest.mark.parametrize(
    ("written", "default"),
    [
        ("'a, b' CHECK (a > 0)", "'a, b'"),
        ("(1 + 2) NOT NULL", "(1 + 2)"),
        ("'{}'::my_enum[]", "'{}'::my_enum[]"),
        ("now() AT TIME ZONE 'utc' NOT NULL", "now() AT TIME ZONE 'utc'"),
        ("NEXT VALUE FOR dbo.seq NOT NULL", "NEXT VALUE FOR dbo.seq"),
        ("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP"),
        ("nextval('a_seq'::regclass) NOT NULL", "nextval('a_seq'::regclass)"),
        ("-1.5", "-1.5"),
    ],
)
def test_a_columns_default_is_whole(written: str, default: str) -> None:
    found = symbols(read("sql", f"CREATE TABLE t (a text DEFAULT {written}, b int);\n"))

    assert found["t.a"].default == default
    assert "t.b" in found


def test_a_columns_definition_is_whole_and_has_no_comments() -> None:
    text = "CREATE TABLE t (\n  a INT -- one\n    NOT NULL REFERENCES o(id) COMMENT 'the a',\n  b INT\n);\n"
    found = symbols(read("sql", text))

    assert found["t.a"].signature == "a INT NOT NULL REFERENCES o(id)"


def test_types_in_angle_brackets_and_comparisons_in_conditions() -> None:
    text = (
        "CREATE TABLE t (a ARRAY<STRUCT<x: INT, y: STRING>>, b INT CHECK (b > 0),"
        ' c STRUCT<x INT64, y INT64> OPTIONS(description="The c.")) OPTIONS(description="Rows.");\n'
    )
    found = symbols(read("sql", text))

    assert {name: symbol.type for name, symbol in found.items()} == {
        "t": "",
        "t.a": "ARRAY<STRUCT<x: INT, y: STRING>>",
        "t.b": "INT",
        "t.c": "STRUCT<x INT64, y INT64>",
    }
    assert (found["t"].doc, found["t.c"].doc) == ("Rows.", "The c.")


def test_a_computed_column_has_no_type() -> None:
    found = symbols(read("sql", "CREATE TABLE t (a INT, b AS (a * 2) PERSISTED);\n"))["t.b"]

    assert (found.type, found.signature) == ("", "b AS (a * 2) PERSISTED")


def test_comments_on_quoted_names_with_escapes_and_between_dollars() -> None:
    text = (
        'CREATE TABLE "my app"."User" ("full name" text, b int);\n'
        'COMMENT ON TABLE "my app"."User" IS $$It\'s users.$$;\n'
        'COMMENT ON COLUMN "my app"."User"."full name" IS E\'One\\ntwo\';\n'
    )
    found = symbols(read("sql", text))

    assert found["my app.User"].doc == "It's users."
    assert found["my app.User.full name"].doc == "One\ntwo"


def test_what_extended_properties_of_sql_server_describe() -> None:
    text = (
        "CREATE TABLE [dbo].[Orders] ([Id] INT);\nGO\n"
        "EXEC sys.sp_addextendedproperty @name=N'MS_Description', @value=N'All orders.',\n"
        "  @level0type=N'SCHEMA', @level0name=N'dbo', @level1type=N'TABLE', @level1name=N'Orders';\n"
        "EXEC sp_addextendedproperty 'MS_Description', 'It''s a key.', 'SCHEMA', 'dbo', 'TABLE', 'Orders', "
        "'COLUMN', 'Id';\n"
    )
    found = symbols(read("sql", text))

    assert (found["dbo.Orders"].doc, found["dbo.Orders.Id"].doc) == ("All orders.", "It's a key.")


def test_routines_that_the_head_of_a_package_declares() -> None:
    routines = "PROCEDURE send(a IN NUMBER);\n  FUNCTION total RETURN NUMBER;"
    text = f"CREATE OR REPLACE PACKAGE pay AS\n  {routines}\nEND pay;\n/\n"
    found = symbols(read("sql", text))

    assert list(found) == ["pay", "pay.send", "pay.total"]
    assert found["pay.total"].type == "NUMBER"
    assert [one.name for one in found["pay.send"].parameters] == ["a"]


# Protobuf


def test_options_of_fields_say_defaults_and_what_is_deprecated() -> None:
    text = (
        "message M {\n  option deprecated = true;\n"
        '  optional string a = 1 [default = "x;\\"}", json_name = "q"];\n  int32 b = 2 [deprecated = true];\n'
        "  int32 c = 3 [(my.deprecated) = true];\n}\n"
    )
    found = symbols(read("protobuf", text))

    assert (found["M.a"].signature, found["M.a"].default) == ("optional string a = 1", '"x;\\"}"')
    assert {name: bool(s.documentation and s.documentation.deprecated) for name, s in found.items()} == {
        "M": True,
        "M.a": False,
        "M.b": True,
        "M.c": False,
    }


# GraphQL


def test_a_default_between_braces_and_members_behind_it() -> None:
    found = symbols(read("graphql", 'input I {\n  a: J = {text: "a", b: [1]}\n  c: Int\n}\n'))

    assert (found["I.a"].default, found["I.a"].signature) == (
        '{text: "a", b: [1]}',
        'a: J = {text: "a", b: [1]}',
    )
    assert "I.c" in found


def test_arguments_on_lines_of_their_own_with_escaped_quotes() -> None:
    text = 'type T {\n  """\n  Says it.\n  """\n  name(\n    "How."\n    format: String = "a\\"b"\n  ): String\n}\n'
    name = symbols(read("graphql", text))["T.name"]

    assert [(one.name, one.default) for one in name.parameters] == [("format", '"a\\"b"')]
    assert name.doc == "Says it.\n\n`format`: How."


# Terraform


def test_a_type_of_several_lines_is_whole_and_has_no_remarks() -> None:
    text = (
        'variable "v" {\n  type = object({\n    name = string\n    age  = optional(number, 3) # years\n'
        "    list = list(object({ a = bool }))\n  })\n}\n"
    )

    assert symbols(read("terraform", text))["var.v"].type == (
        "object({ name = string, age = optional(number, 3), list = list(object({ a = bool })) })"
    )


def test_a_variable_that_is_sensitive_says_so_and_hides_its_default() -> None:
    text = 'variable "v" {\n  default   = "eu"\n  sensitive = true\n  nullable  = true\n}\n'
    found = symbols(read("terraform", text))["var.v"]

    assert found.default == "…"
    assert found.documentation is not None
    assert [(fact.name, fact.text) for fact in found.documentation.facts] == [("sensitive", "true")]


def test_a_provider_under_another_name() -> None:
    assert list(symbols(read("terraform", 'provider "aws" {\n  alias = "west"\n}\n'))) == ["provider.aws.west"]


# PowerShell


def test_a_module_offers_what_it_exports() -> None:
    text = (
        "function Get-A { }\nfunction Set-B { }\nfunction Own { }\nfunction private:P { }\n"
        "Export-ModuleMember -Function Get-A,\n  'Set-*' -Alias ga\nSet-Alias -Name ga -Value Get-A\n"
    )
    structure = read("powershell", text)

    assert [symbol.name for symbol in structure.symbols if symbol.public] == ["Get-A", "Set-B", "ga"]
    assert symbols(structure)["ga"].target == "Get-A"


def test_a_module_whose_exports_are_computed_offers_all() -> None:
    structure = read("powershell", "function Get-A { }\nExport-ModuleMember -Function $names\n")

    assert [symbol.name for symbol in structure.symbols if symbol.public] == ["Get-A"]


def test_parameters_of_a_script_are_documented_by_its_help() -> None:
    text = (
        "<#\n.SYNOPSIS\nRuns.\n.PARAMETER Path\nWhere.\n#>\n[CmdletBinding()]\nparam(\n"
        "  [Parameter(Mandatory)]\n  [string]$Path,\n  # How often.\n  [int]$Count = 3\n)\nWrite-Host $Path\n"
    )
    found = symbols(read("powershell", text))

    assert [(one.name, one.type, one.default, one.doc) for one in found.values()] == [
        ("Path", "string", "", "Where."),
        ("Count", "int", "3", "How often."),
    ]


def test_attributes_of_a_function_decorate_it() -> None:
    text = "function Get-A {\n  [CmdletBinding()]\n  [Alias('ga')]\n  param($x)\n}\n"

    assert symbols(read("powershell", text))["Get-A"].decorators == ("[CmdletBinding()]", "[Alias('ga')]")


# Bash


def test_elements_of_an_array_are_no_names_and_another_name_is_one() -> None:
    found = symbols(read("bash", "list[0]=1\nlist+=(x)\nalias ll='ls -l' la='ls -a'\n"))

    assert list(found) == ["list", "ll", "la"]
    assert (str(found["la"].kind), found["la"].target) == ("alias", "ls -a")
