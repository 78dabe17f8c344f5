"""Overloads, and other definitions of one name, have one heading and one anchor on their file's page."""

from __future__ import annotations

import dataclasses

import pytest

from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.base import Lines
from agents.contracts.structure import Symbol, SymbolKind
from agents.pages.anchors import symbol_anchor
from agents.roles.editor.api_page import api_page
from agents.roles.editor.signatures import grouped
from tests.agents.roles.editor.samples import material

PATH = "demo/names.py"


def page(language: str, text: str) -> str:
    """The page of a file with this text."""
    known = material()
    structure = TreeSitterReader().read(PATH, language, text).model_copy(update={"line_count": 10_000})
    analysis = known.analyses[PATH].model_copy(update={"structure": structure})
    return api_page(dataclasses.replace(known, analyses={**known.analyses, PATH: analysis}), PATH).markdown


def headings(markdown: str, name: str) -> int:
    """How many headings name a symbol."""
    return sum(line.startswith("#") and f"`{name}`" in line for line in markdown.splitlines())


OVERLOADS = {
    "typescript": "export function add(a: number): number;\nexport function add(a: string): string;\n"
    "export function add(a: any): any { return a; }\n",
    "java": "public class A {\n  public void add(int a) {}\n  public void add(String a) {}\n}\n",
    "cpp": "int add(int a);\nint add(float a);\n",
    "csharp": "public class A {\n  public void add(int a) {}\n  public void add(string a) {}\n}\n",
    "kotlin": "class A {\n  fun add(a: Int) {}\n  fun add(a: String) {}\n}\n",
    "scala": "class A {\n  def add(a: Int): Int = 1\n  def add(a: String): Int = 2\n}\n",
}


@pytest.mark.parametrize("language", OVERLOADS)
def test_overloads_have_one_heading_one_anchor_and_all_signatures(language: str) -> None:
    name = "add" if language in {"typescript", "cpp"} else "A.add"

    markdown = page(language, OVERLOADS[language])

    assert headings(markdown, name) == 1
    assert markdown.count(f'<a id="{symbol_anchor(name)}') == 1
    block = markdown[markdown.index(f"`{name}`") :].split("```")[1]
    assert block.count("add(") == 2


def test_each_overload_has_the_documentation_of_its_own() -> None:
    markdown = page(
        "typescript",
        "/** Adds numbers. */\nexport function add(a: number): number;\n"
        "/** Adds texts. */\nexport function add(a: string): string;\nexport function add(a: any): any {}\n",
    )

    places = [markdown.index(text) for text in ("a: number", "Adds numbers.", "a: string", "Adds texts.")]
    assert places == sorted(places)
    assert "a: any" not in markdown


def test_the_documentation_of_the_function_that_runs_holds_for_signatures_without_any() -> None:
    none = page(
        "typescript",
        "class A {\n  add(a: number): number;\n  add(a: string): string;\n  /** Adds. */\n  add(a: any): any {}\n}\n",
    )
    some = page(
        "typescript",
        "/** Adds numbers. */\nexport function add(a: number): number;\nexport function add(a: string): string;\n"
        "/** Adds. */\nexport function add(a: any): any {}\n",
    )

    assert none.count("Adds.") == 1
    assert some.index("Adds numbers.") < some.index("a: string") < some.index("Adds.")


def test_what_calls_and_raises_any_of_the_overloads_stands_once() -> None:
    markdown = page("kotlin", "class A {\n  fun add(a: Int) { go() }\n  fun add(a: String) { go(); stop() }\n}\n")

    assert markdown.count("stop") == 1


def test_an_interface_in_several_parts_has_its_members_under_one_heading() -> None:
    markdown = page(
        "typescript",
        "/** First. */\nexport interface Shape { a: 1 }\nexport interface Other {}\n"
        "/** Second. */\nexport interface Shape { b: 2 }\n",
    )

    assert headings(markdown, "Shape") == 1
    places = [markdown.index(f'<a id="{symbol_anchor(name)}') for name in ("Shape", "Shape.a", "Shape.b", "Other")]
    assert places == sorted(places)
    assert "First." in markdown
    assert "Second." in markdown


def test_a_class_and_a_function_of_one_name_stay_apart() -> None:
    def symbol(kind: SymbolKind) -> Symbol:
        return Symbol(name="lib", kind=kind, signature="lib", lines=Lines(start=1, end=1))

    groups = grouped([symbol(SymbolKind.FUNCTION), symbol(SymbolKind.MODULE), symbol(SymbolKind.METHOD)])

    assert [len(section.symbols) for section in groups] == [2, 1]
