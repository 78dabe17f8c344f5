"""A symbol is documented by its author alone, and only symbols of code count."""

from __future__ import annotations

from agents.contracts.analysis import Analysis, SymbolNote
from agents.contracts.base import Lines
from agents.contracts.structure import Structure, Symbol, SymbolKind


def symbol(name: str, kind: SymbolKind, doc: str = "") -> Symbol:
    return Symbol(name=name, kind=kind, signature=name, lines=Lines(start=1, end=1), doc=doc)


def test_notes_and_keys_of_data_are_not_documentation() -> None:
    symbols = (
        symbol("documented", SymbolKind.FUNCTION, "Adds."),
        symbol("noted", SymbolKind.FUNCTION),
        symbol("bare", SymbolKind.CLASS),
        symbol("key", SymbolKind.KEY, "A comment."),
        symbol("section", SymbolKind.SECTION, "Words."),
    )
    notes = (SymbolNote(symbol="noted", text="Function; calls `x`."), SymbolNote(symbol="documented", text="Adds."))
    analysis = Analysis(
        analysis_key="0" * 64,
        structure=Structure(language="python", line_count=1, symbols=symbols),
        summary=(),
        notes=notes,
        model="extractive",
    )

    assert (analysis.symbols_total, analysis.symbols_documented, analysis.symbols_noted) == (3, 1, 1)
