"""The pages' own words are in one catalogue, and a site in German has German headings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.contracts.site_settings import SiteSettings
from agents.pages.words import Words, catalogue
from agents.roles.editor.coverage_page import coverage_page
from agents.roles.editor.glossary import glossary_page, terms
from tests.agents.roles.editor.samples import material

EDITOR = Path(__file__).parents[3] / "agents/roles/editor"
#: Page modules whose every heading, table and sentence is in the catalogue.
TRANSLATED = ("coverage_page.py", "glossary.py")
_VALUE = re.compile(r"\{\w+\}")


def _own_words(module: str) -> Iterator[str]:
    """What the module gives to `heading`, to the headers of `table` and to `words`, as far as it is literal."""
    for node in ast.walk(ast.parse((EDITOR / module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            if node.func.attr in {"heading", "words"} or node.func.attr == "table":
                parts = ast.walk(node.args[0])
            else:
                continue
            yield from (one.value for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str))


@pytest.mark.parametrize("module", TRANSLATED)
def test_every_word_of_a_translated_page_is_in_the_catalogue(module: str) -> None:
    found = [word for word in _own_words(module) if word]
    assert found
    assert [word for word in found if word not in catalogue("de")] == []


@pytest.mark.parametrize("module", TRANSLATED)
def test_a_translated_page_adds_no_words_past_the_catalogue(module: str) -> None:
    tree = ast.parse((EDITOR / module).read_text(encoding="utf-8"))
    bare = [
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "add"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]
    assert bare == []


def test_a_translation_has_the_same_values() -> None:
    for english, german in catalogue("de").items():
        assert sorted(_VALUE.findall(english)) == sorted(_VALUE.findall(german)), english


def test_what_a_catalogue_lacks_stays_english() -> None:
    assert Words("de")("Nowhere written") == "Nowhere written"
    assert Words()("Figures") == "Figures"


def test_a_site_in_german_has_german_headings_and_the_same_citations() -> None:
    english = material()
    german = material()
    object.__setattr__(german, "manifest", german.manifest.with_changes(site=SiteSettings(language="de")))
    page = coverage_page(german)
    assert page.title == "Abdeckung und Lücken"
    assert "## Zahlen" in page.markdown
    assert "| Dateien im Stand |" in page.markdown
    defined = [terms(english)]
    assert glossary_page(german, defined).title == "Glossar"
    assert glossary_page(german, defined).citations == glossary_page(english, defined).citations
