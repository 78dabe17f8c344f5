"""The page of what packages offer to those who import them. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from agents.codebase.facts.offers import Offered, Offers
from agents.contracts.draft import Page, PageKind
from agents.contracts.structure import SymbolKind
from agents.roles.editor import markdown
from agents.roles.editor.fact_pages.rows import bounded, start, summary
from agents.roles.editor.material import Material
from agents.roles.editor.page_builder import PageBuilder

PUBLIC_API = "public-api.md"
#: Entries with a table of their own, and rows of the whole page.
_ENTRIES, _ROWS = 60, 600
_OPENING = (
    "What the packages of this repository offer to those who import them: the public names of their entry files, and "
    "where each is defined."
)


def public_api(material: Material) -> Page | None:
    """The page; None where no package offers anything."""
    structures = {path: analysis.structure for path, analysis in material.analyses.items()}
    entries = Offers(structures, material.imports, [entry.path for entry in material.manifest.entries]).entries()
    if not entries:
        return None
    builder = start(material, PUBLIC_API, PageKind.PUBLIC_API, "Public API", _OPENING)
    labels: dict[str, dict[tuple[str, str], Offered]] = {}
    files: dict[str, list[str]] = {}
    for entry, offered in entries:
        files.setdefault(entry.label, []).append(entry.path)
        labels.setdefault(entry.label, {}).update({(offer.name, offer.path): offer for offer in offered})
    left = _ROWS
    for label in list(labels)[:_ENTRIES]:
        offers = sorted(
            labels[label].values(), key=lambda offer: (_RANK.get(offer.symbol.kind, 2), offer.name.casefold())
        )
        _entry(builder, label, files[label], offers, left)
        left = max(20, left - len(offers))
    builder.and_more(len(labels) - _ENTRIES, "package")
    return builder.page()


_TYPES = (SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.TRAIT, SymbolKind.ENUM, SymbolKind.TYPE)
_RANK = {**dict.fromkeys(_TYPES, 0), SymbolKind.FUNCTION: 1}


def _entry(builder: PageBuilder, label: str, files: Sequence[str], offers: Sequence[Offered], most: int) -> None:
    builder.heading(markdown.code(label))
    cited = builder.with_rest(", ".join(builder.cite(path) for path in files[:3]), len(files) - 3)
    count = builder.words.counted(len(offers), "public name")
    builder.add(builder.words("{count} of {sources}.", count=count, sources=cited))
    bounded(
        builder,
        ("Name", "Kind", "What it is for", "Defined in"),
        (
            (
                builder.symbol(offer.path, offer.symbol.name, offer.name),
                offer.symbol.kind.value,
                summary(builder.material, offer.path, offer.symbol),
                builder.cite(offer.path, offer.symbol.lines),
            )
            for offer in offers
        ),
        "name",
        most,
    )
