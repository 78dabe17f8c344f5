"""The page of what configures the program: environment variables, properties, flags, and where each is read. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from agents.codebase.facts.settings.files import (
    INPUT_OF_ACTION,
    VALUE_OF_CHART,
    configures,
    settings_of_file,
)
from agents.codebase.facts.written import shown_default
from agents.codebase.paths import is_product
from agents.contracts.draft import Page, PageKind
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import SymbolKind
from agents.roles.editor.fact_pages.rows import PlacedFact, bounded, code, facts_of, place, start, whole_words
from agents.roles.editor.material import Material
from agents.roles.editor.page_builder import PageBuilder

CONFIGURATION = "configuration.md"
_OPENING = "What configures this code: each setting with its default where the code states one, and where it is read."
#: Sections in their order, by the facts' source.
_SECTIONS = {
    "environment variable": "Environment variables",
    "pydantic settings": "Settings classes",
    "Django setting": "Settings of Django",
    "Flask setting": "Settings of Flask",
    "Terraform variable": "Variables of Terraform",
    "property": "Properties",
    "connection string": "Connection strings",
    VALUE_OF_CHART: "Values of charts",
    INPUT_OF_ACTION: "Inputs of actions",
    "flag": "Flags",
}
_TERRAFORM_DEFAULT = re.compile(r"^\s*default\s*=\s*(.+?)\s*(?:#.*)?$", re.MULTILINE)
#: Places of one setting that are cited.
_PLACES = 3


def configuration(material: Material) -> Page | None:
    """The page; None where nothing is configured."""
    facts = [*facts_of(material, FactKind.SETTING), *settings_of_files(material), *_of_terraform(material)]
    if not facts:
        return None
    builder = start(material, CONFIGURATION, PageKind.CONFIGURATION, "Configuration", _OPENING)
    for source, title in _SECTIONS.items():
        by_name: dict[str, list[PlacedFact]] = defaultdict(list)
        for placed in facts:
            if placed.fact.source == source:
                by_name[placed.fact.name].append(placed)
        if by_name:
            builder.heading(title)
            bounded(
                builder,
                ("Name", "Type", "Default", "What it is for", "Read in"),
                [_row(builder, name, by_name[name]) for name in sorted(by_name, key=str.casefold)],
                "setting",
            )
    return builder.page()


def settings_of_files(material: Material) -> Iterator[PlacedFact]:
    """The settings that files of the product hold, not its code."""
    for path, analysis in sorted(material.analyses.items()):
        if configures(path, material.line_counts) and is_product(path):
            facts = settings_of_file(path, analysis.structure, material.published(path), material.line_counts)
            yield from (PlacedFact(path, fact) for fact in facts)


def _of_terraform(material: Material) -> Iterator[PlacedFact]:
    """The variables that a root module of Terraform takes; a module inside is given its own by that one."""
    for path, analysis in sorted(material.analyses.items()):
        if analysis.structure.language == "terraform" and is_product(path) and "/modules/" not in f"/{path}":
            lines = material.published(path).split("\n")
            for symbol in analysis.structure.symbols:
                if symbol.kind is SymbolKind.VARIABLE and symbol.signature.startswith("variable "):
                    declared = "\n".join(lines[symbol.lines.start - 1 : symbol.lines.end])
                    default = _TERRAFORM_DEFAULT.search(declared)
                    fact = Fact(
                        kind=FactKind.SETTING,
                        name=symbol.name.removeprefix("var."),
                        source="Terraform variable",
                        lines=symbol.lines,
                        type=symbol.type,
                        default=shown_default(default[1]) if default else "",
                        text=symbol.doc,
                        symbol=symbol.name,
                        marks=() if default else ("required",),
                    )
                    yield PlacedFact(path, fact)


def _row(builder: PageBuilder, name: str, places: Sequence[PlacedFact]) -> tuple[str, ...]:
    def first(field: str) -> str:
        return next((value for item in places if (value := getattr(item.fact, field))), "")

    marks = dict.fromkeys(mark for item in places for mark in item.fact.marks)
    cited = []
    for path, fact in places[:_PLACES]:
        symbol = place(builder, path, fact.symbol)
        cited.append(f"{symbol} {builder.cite(path, fact.lines)}".strip())
    default = code(first("default")) or ", ".join(map(builder.words, marks))
    read = builder.with_rest(", ".join(cited), len(places) - _PLACES)
    return code(name), code(first("type")), default, whole_words(first("text")), read
