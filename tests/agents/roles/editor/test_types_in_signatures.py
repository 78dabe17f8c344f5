"""A signature's types are links: the script reads them from the line below, so both have to mean the same line."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from agents.contracts.site_settings import Language, SiteSettings
from agents.contracts.structure import SymbolKind
from agents.pages.words import Words
from agents.roles.editor.api_page import api_page
from agents.roles.publisher.config import FRAME, mkdocs_yml
from tests.agents.roles.editor.samples import material

SCRIPT = Path(__file__).parents[4] / "agents/roles/publisher/theme/code.js"


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_label_before_the_types_is_the_one_that_the_script_looks_for(language: Language) -> None:
    whole = material()
    greet = whole.analyses["demo/greet.py"]
    symbol = greet.structure.symbols[0].with_changes(signature="def greet(person: Name) -> None")
    named = symbol.with_changes(name="Name", kind=SymbolKind.CLASS, signature="class Name")
    changed = greet.with_changes(structure=greet.structure.with_changes(symbols=(symbol, named)))
    site = SiteSettings(language=language)

    page = api_page(
        replace(
            whole,
            manifest=whole.manifest.with_changes(site=site),
            analyses={**whole.analyses, "demo/greet.py": changed},
        ),
        "demo/greet.py",
    )

    label = Words(language)(FRAME["types"])
    assert f" · {label} [`Name`](" in page.markdown
    assert f'types: "{label}"' in mkdocs_yml("x", [], "extractive", site)
    assert "part.data.endsWith(` · ${label} `)" in SCRIPT.read_text("utf-8")


def test_a_blank_between_a_word_and_a_linked_type_is_not_lost() -> None:
    whole = material()
    greet = whole.analyses["demo/greet.py"]
    symbol = greet.structure.symbols[0].with_changes(name="Name", kind=SymbolKind.CLASS, signature="class Name")
    field = symbol.with_changes(name="Name.all", kind=SymbolKind.FIELD, signature="all", type="readonly Name[]")
    changed = greet.with_changes(structure=greet.structure.with_changes(symbols=(symbol, field)))

    page = api_page(replace(whole, analyses={**whole.analyses, "demo/greet.py": changed}), "demo/greet.py")

    assert re.search(r"`readonly` \[`Name`\]\([^()]+\)`\[\]`", page.markdown)
