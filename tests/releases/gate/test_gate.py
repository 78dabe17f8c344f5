"""What the gate measures without the product's own readers, and what it then refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from releases.build import ROOT
from releases.gate.public_symbols import public_symbols
from releases.gate.record import GateRecord, RepositoryFigures
from releases.gate.site_figures import site_figures
from releases.gate.tolerances import TOLERANCES, problems

GOLDEN = ROOT / "tests" / "golden"
GOOD = RepositoryFigures(
    status="PUBLISHED",
    session_id="s" + "0" * 20,
    coverage=100,
    citations_resolved=100,
    recall=100,
    score=90,
    seconds=100,
    usd=1,
    payload_bytes=4_000,
)


def record(*, checks: Any = None, **figures: Any) -> GateRecord:
    changed = GOOD.model_copy(update=figures)
    return GateRecord(release="a" * 64, stack="dev", at=1, repositories={"ledger": changed}, checks=checks or {})


@pytest.mark.parametrize(
    ("file", "names"),
    [
        ("ledger/src/ledger.py", {"Unbalanced", "Account", "balance", "book"}),
        ("ledger/web/money.ts", {"Money", "formatted", "Adder"}),
        ("warehouse/store/store.go", {"Shelf", "Put", "New"}),
        ("warehouse/src/main/java/shop/Order.java", {"Order", "getAmount", "addPieces"}),
        ("queue/src/lib.rs", {"Queue", "empty", "waiting"}),
        ("queue/lib/worker.rb", {"Worker", "work", "stop"}),
        ("hostile/src/assistant.js", {"greet"}),
        ("hostile/README.md", set()),
    ],
)
def test_public_symbols_of_seven_languages_are_counted(file: str, names: set[str]) -> None:
    assert public_symbols(Path(file).name, (GOLDEN / file).read_text()) == names


SOURCES = {"src/a.py": 'def real():\n    """Real."""\n'}
PAGES = {
    "docs/api/src/a.py.md": '<a id="s.real" class="function"></a> [a](../../source/src/a.py.html#L1-L2)',
    "docs/index.md": "[a](source/src/a.py.html#L2) [b](source/src/a.py.html#L3) [c](source/src/gone.py.html#L1)",
}


def test_citations_count_when_their_lines_exist() -> None:
    figures = site_figures(PAGES, SOURCES)
    assert (figures.citations, figures.citations_resolved) == (4, 2)
    assert (figures.symbols, figures.symbols_invented) == (1, 0)
    assert (figures.public_symbols, figures.public_symbols_found) == (1, 1)


def test_a_symbol_that_no_source_has_is_invented_and_one_without_a_page_is_missed() -> None:
    figures = site_figures({"docs/api/src/a.py.md": '<a id="s.Class.made_up" class="method">'}, SOURCES)
    assert (figures.symbols_invented, figures.public_symbols_found) == (1, 0)


def test_a_good_release_passes_with_and_without_an_earlier_one() -> None:
    assert problems(record(), None) == ()
    assert problems(record(), record()) == ()


#: For each figure of the table: a value beyond its bound, and one that only the earlier release forbids.
WORSE: dict[str, tuple[float | None, float]] = {
    "coverage": (80, 98),
    "citations_resolved": (99, 99),
    "invented_symbols": (1, 1),
    "recall": (50, 97),
    "score": (50, 84),
    "gaps": (1, 1),
    "dropped_claims": (None, 4),
    "seconds": (2_000, 161),
    "usd": (6, 1.3),
    "payload_bytes": (20_000, 6_000),
}


def test_every_tolerance_is_tried() -> None:
    assert set(WORSE) == set(TOLERANCES)


@pytest.mark.parametrize("figure", WORSE)
def test_each_figure_is_refused_beyond_its_bound_and_when_it_is_worse_than_before(figure: str) -> None:
    beyond, worse = WORSE[figure]
    if beyond is not None:
        (sentence,) = problems(record(**{figure: beyond}), None)
        assert figure in sentence
    (sentence,) = problems(record(**{figure: worse}), record())
    assert sentence.startswith(f"ledger: {figure} is")


def test_a_failed_session_and_a_failed_check_are_refused_and_what_was_not_run_is_not() -> None:
    assert problems(record(status="FAILED"), None) == ("ledger: the session ended FAILED",)
    assert problems(record(checks={"alarms": "failed: x in ALARM"}), None) == ("alarms: failed: x in ALARM",)
    assert problems(record(checks={"image scan": "not run: no image"}), None) == ()
    assert problems(GateRecord(release="a", stack="dev", at=1, repositories={}, checks={}), None) != ()
