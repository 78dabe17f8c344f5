"""Which definition a name on a page means, and what a lookup costs in a large snapshot."""

from __future__ import annotations

import pytest

from agents.contracts.analysis import Analysis
from agents.contracts.base import Lines
from agents.contracts.structure import Structure, Symbol, SymbolKind
from agents.roles.editor import symbol_links
from agents.roles.editor.symbol_links import SymbolLinks


def analysis(*names: str, kind: SymbolKind = SymbolKind.FUNCTION) -> Analysis:
    symbols = tuple(
        Symbol(name=name, kind=kind, signature=f"def {name}()", lines=Lines(start=1, end=1)) for name in names
    )
    return Analysis(
        analysis_key="0" * 64,
        structure=Structure(language="python", line_count=1, symbols=symbols),
        summary=(),
        model="extractive",
    )


def test_a_name_that_every_file_defines_is_looked_for_in_the_imported_files_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paths = [f"pkg{number}/a.py" for number in range(1_000)]
    links = SymbolLinks(
        {**dict.fromkeys(paths, analysis("helper")), "main.py": analysis("run")}, {"main.py": ["pkg7/a.py"]}
    )
    compared: list[str] = []
    ends = symbol_links._ends

    def counted(name: str, end: str) -> bool:
        compared.append(name)
        return ends(name, end)

    monkeypatch.setattr(symbol_links, "_ends", counted)

    place = links.called("helper", "main.py")

    assert place == ("pkg7/a.py", "helper")
    assert len(compared) < 10, "a lookup must not read every definition: 2,000 files took 110 s"


def test_the_nearest_definition_wins() -> None:
    links = SymbolLinks(
        {"a/x.py": analysis("Order", kind=SymbolKind.CLASS), "a/y.py": analysis("Order", kind=SymbolKind.CLASS)}, {}
    )

    assert links.type("Order", "a/x.py") == ("a/x.py", "Order")
    assert links.type("Order", "b/z.py") is None


def test_a_signature_links_each_type_once() -> None:
    links = SymbolLinks({"a/x.py": analysis("Order", kind=SymbolKind.CLASS)}, {})

    assert links.types("def f(a: Order, b: Order, c: int) -> 'Order'", "a/x.py") == [("Order", ("a/x.py", "Order"))]
