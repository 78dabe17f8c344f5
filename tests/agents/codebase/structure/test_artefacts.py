"""Formats without a grammar."""

from __future__ import annotations

import pytest

from agents.contracts.structure import SymbolKind
from tests.agents.codebase.structure.reading import imports, lines, read, symbols


def test_json_keys_stand_on_their_lines_and_show_no_values() -> None:
    structure = read(
        "json",
        '{\n  "name": "shop",\n  "description": "Sells.",\n  "scripts": {\n    "a": "b"\n  },\n  "files": [1, 2]\n}\n',
    )
    found = symbols(structure)

    assert {name: lines(symbol) for name, symbol in found.items()} == {
        "name": (2, 2),
        "description": (3, 3),
        "scripts": (4, 6),
        "files": (7, 7),
    }
    assert found["scripts"].signature == "scripts: object of 1 keys"
    assert found["name"].kind is SymbolKind.KEY
    assert structure.doc == "Sells."
    assert structure.parse_errors == 0


def test_json_with_comments_and_trailing_commas_is_read_as_editors_read_it() -> None:
    structure = read("json", '{\n  // why\n  "a": {"x": 1,},\n  "b": "http://c",\n}\n')

    assert list(symbols(structure)) == ["a", "b"]
    assert structure.parse_errors == 0


@pytest.mark.parametrize(("language", "text"), [("json", '{"a": '), ("yaml", "a: [1\nb: }"), ("json", "[" * 100_000)])
def test_broken_data_is_counted_and_only_a_comment_on_top_is_its_author_s_words(language: str, text: str) -> None:
    structure = read(language, text)

    assert structure.parse_errors >= 1
    assert structure.doc == ""
    assert read(language, f"# The shop.\n\n{text}").doc == "The shop."


def test_yaml_keys_of_every_document() -> None:
    structure = read("yaml", "# Shop.\n\n# The name.\nname: x\n\nitems:\n  - a\n  - b: 1\n\n---\nkind: y\n")
    found = symbols(structure)

    assert {name: lines(symbol) for name, symbol in found.items()} == {
        "name": (4, 4),
        "items": (6, 8),
        "kind": (11, 11),
    }
    assert found["name"].doc == "The name."
    assert found["items"].signature == "items: sequence"
    assert structure.doc == "Shop."


def test_github_actions_show_triggers_jobs_and_what_they_use() -> None:
    text = (
        "name: CI\non:\n  push:\n  pull_request:\njobs:\n  build:\n    name: Build it\n    steps:\n"
        "      - uses: actions/checkout@v4\n  test:\n    needs: build\n"
        "    uses: ./.github/workflows/t.yml\n"
    )
    structure = read("github-actions", text)
    found = symbols(structure)

    assert structure.doc == "CI"
    assert found["on"].signature == "on: push, pull_request"
    assert (found["build"].kind, found["build"].doc, lines(found["build"])) == (SymbolKind.JOB, "Build it", (6, 9))
    assert lines(found["test"]) == (10, 12)
    assert imports(structure) == [("actions/checkout@v4", ()), ("./.github/workflows/t.yml", ())]


def test_gitlab_ci_shows_stages_and_jobs() -> None:
    text = (
        "stages: [build, test]\ninclude:\n  - local: /ci/a.yml\n# Makes it.\ncompile:\n"
        "  stage: build\n  script: [make]\n"
    )
    structure = read("gitlab-ci", text)
    found = symbols(structure)

    assert found["stages.build"].kind is SymbolKind.STAGE
    assert found["compile"].kind is SymbolKind.JOB
    assert found["compile"].signature == "job compile in stage build"
    assert found["compile"].doc == "Makes it."
    assert imports(structure) == [("/ci/a.yml", ())]


def test_toml_shows_tables_and_first_keys() -> None:
    text = '# Settings.\n\ntitle = "x"\n\n# Tools.\n[tool.ruff]\nline-length = 1\n\n[[item]]\na = """\n[no]\n"""\n'
    found = symbols(read("toml", text))

    assert {name: lines(symbol) for name, symbol in found.items()} == {
        "title": (3, 3),
        "tool.ruff": (6, 7),
        "item": (9, 12),
    }
    assert found["tool.ruff"].doc == "Tools."


def test_ini_shows_sections() -> None:
    assert lines(symbols(read("ini", "[a]\nx=1\n\n; Words.\n[b c]\ny=2\n"))["b c"]) == (5, 6)


SQL = """-- The shop's tables.

-- One row for each sale.
CREATE TABLE IF NOT EXISTS shop."sale" (
  id int
);
create or replace view v as
  select 1;
CREATE FUNCTION f() RETURNS int AS $$
BEGIN
  RETURN 1;
END;
$$ LANGUAGE plpgsql;
"""


def test_sql_shows_what_is_created() -> None:
    structure = read("sql", SQL)
    found = symbols(structure)

    assert structure.doc == "The shop's tables."
    assert {name: (symbol.kind, *lines(symbol)) for name, symbol in found.items()} == {
        "shop.sale": (SymbolKind.TABLE, 4, 6),
        "shop.sale.id": (SymbolKind.FIELD, 5, 5),
        "v": (SymbolKind.TABLE, 7, 8),
        "f": (SymbolKind.FUNCTION, 9, 13),
    }
    assert found["shop.sale"].doc == "One row for each sale."


def test_markdown_sections_end_at_the_next_of_their_level() -> None:
    text = (
        "---\ntitle: x\n---\n# Shop [here](a.md)\n\n![badge](x)\n\nSells things.\n\n## Use\n\n"
        "```sh\n# no heading\n```\nRun it.\n\nEnd\n---\n"
    )
    structure = read("markdown", text)
    found = symbols(structure)

    assert structure.doc == "Shop here\n\nSells things."
    assert {name: lines(symbol) for name, symbol in found.items()} == {
        "Shop here": (4, 18),
        "Use": (10, 16),
        "End": (17, 18),
    }
    assert found["Use"].kind is SymbolKind.SECTION


def test_restructuredtext_levels_come_from_their_order() -> None:
    structure = read("restructuredtext", "====\nShop\n====\n\nSells.\n\nUse\n---\n\nRun.\n\nMore\n----\n")

    assert {name: lines(symbol) for name, symbol in symbols(structure).items()} == {
        "Shop": (1, 13),
        "Use": (7, 11),
        "More": (12, 13),
    }
    assert structure.doc == "Shop\n\nSells."


def test_dockerfile_shows_stages_and_what_starts() -> None:
    text = (
        "FROM python:3.11 AS build\nRUN a \\\n  && b\n\n# The result.\nFROM scratch\n"
        'COPY --from=build /a /a\nEXPOSE 80\nENTRYPOINT ["/a"]\n'
    )
    structure = read("dockerfile", text)
    found = symbols(structure)

    assert lines(found["build"]) == (1, 5)
    assert found["scratch"].doc == "The result."
    assert found["ENTRYPOINT"].signature == 'ENTRYPOINT ["/a"]'
    assert imports(structure) == [("python:3.11", ("build",)), ("scratch", ())]


def test_makefile_targets_tell_their_help() -> None:
    text = (
        "include a.mk\nX := 1\n.PHONY: all\n\nall: build test ## everything\n\t@echo: x\n\n"
        "# Builds.\nbuild: $(SRC)\n\tcc\n"
    )
    structure = read("makefile", text)
    found = symbols(structure)

    assert list(found) == ["all", "build"]
    assert (found["all"].doc, found["all"].calls, lines(found["all"])) == ("everything", ("build", "test"), (5, 6))
    assert found["build"].doc == "Builds."
    assert imports(structure) == [("a.mk", ())]


def test_xml_shows_the_root_and_its_children() -> None:
    found = symbols(
        read(
            "xml",
            '<?xml version="1.0"?>\n<project>\n  <name>x</name>\n  <bean id="a"/>\n  <bean id="b"/>\n</project>\n',
        )
    )

    assert {name: lines(symbol) for name, symbol in found.items()} == {
        "project": (2, 6),
        "project.name": (3, 3),
        "project.bean[a]": (4, 4),
        "project.bean[b]": (5, 5),
    }


def test_html_shows_title_headings_ids_and_what_it_loads() -> None:
    text = (
        '<html><head><title>Shop</title>\n<script src="a.js"></script></head>\n<body>\n'
        '<h1>Hello <b>you</b></h1>\n<div class="x" id="main">x</div>\n</body></html>\n'
    )
    structure = read("html", text)

    assert structure.doc == "Shop"
    assert {name: symbol.lines.start for name, symbol in symbols(structure).items()} == {"Hello you": 4, "#main": 5}
    assert imports(structure) == [("a.js", ())]


def test_css_shows_sections() -> None:
    structure = read(
        "css", '/* The shop. */\n@import url("base.css");\n\n/* ---- Buttons ---- */\n.b { }\n/* Links */\na { }\n'
    )

    assert structure.doc == "The shop."
    assert [lines(symbol) for symbol in structure.symbols] == [(4, 5), (6, 7)]
    assert imports(structure) == [("base.css", ())]


def test_text_is_described_by_its_title_its_first_paragraph_and_its_headings() -> None:
    structure = read("text", "The shop\n\nWords.\n\nINSTALLING\n\nDo it.\n\nUse\n---\nRun.\n")

    assert structure.doc == "The shop\n\nWords."
    assert list(symbols(structure)) == ["INSTALLING", "Use"]


def test_markup_in_a_heading_is_no_part_of_its_title() -> None:
    structure = read("markdown", '# <img src="logo.png" width="86"> Door: *the* [shop](https://a.b)\n\nOpens.\n')

    assert structure.symbols[0].name == "Door: the shop"


@pytest.mark.parametrize("text", ["Just words without a heading.\n", "- a list\n- of things\n", "> A quotation.\n"])
def test_a_document_without_headings_is_its_words(text: str) -> None:
    found = read("markdown", text)
    assert found.doc
    assert found.symbols == ()
