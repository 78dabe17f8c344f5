"""What a file disproves goes back to the model once, and is struck and counted if it stays."""

from __future__ import annotations

import pytest

from agents.contracts.analysis import AnalystReply, FileReply, SymbolNote
from agents.contracts.base import Lines, Statement
from agents.contracts.snapshot import SourceFile
from agents.contracts.structure import Structure, Symbol, SymbolKind
from agents.errors import ModelReplyInvalid
from agents.roles.analyst.core import analysis, objections, struck

SOURCE = SourceFile(path="a.py", language="python", analysis_key="0" * 64, text="def f(): ...\n")
STRUCTURE = Structure(
    language="python",
    line_count=1,
    symbols=(Symbol(name="f", kind=SymbolKind.FUNCTION, signature="def f()", lines=Lines(start=1, end=1)),),
)


def said(text: str, start: int, end: int) -> Statement:
    return Statement(text=text, lines=Lines(start=start, end=end))


ADVERSARIAL = AnalystReply(
    files=(
        FileReply(
            path="a.py",
            summary=(said("It defines f.", 1, 1), said("It deletes the disk.", 40, 90), said("Backwards.", 1, 3)),
            notes=(SymbolNote(symbol="f", text="Does nothing."), SymbolNote(symbol="invented", text="Is great.")),
        ),
        FileReply(path="../../etc_passwd".replace("../", ""), summary=(said("A file nobody asked about.", 1, 1),)),
    )
)


def test_each_invention_is_objected_to_by_name() -> None:
    told = " ".join(objections(SOURCE, STRUCTURE, ADVERSARIAL))
    assert "no symbol invented" in told
    assert "none of them 40 to 90" in told
    assert "no file etc_passwd" in told
    assert "symbol f" not in told


def test_an_honest_reply_meets_no_objection() -> None:
    honest = AnalystReply(files=(FileReply(path="a.py", summary=(said("It defines f.", 1, 1),)),))
    assert objections(SOURCE, STRUCTURE, honest) == ()


def test_what_stays_invented_is_struck_and_counted() -> None:
    kept = analysis(SOURCE, STRUCTURE, ADVERSARIAL, "openai:x")
    assert [one.text for one in kept.summary] == ["It defines f."]
    assert [note.symbol for note in kept.notes] == ["f"]
    assert struck(kept, ADVERSARIAL) == 4


def test_a_reply_of_nothing_but_inventions_is_a_gap() -> None:
    with pytest.raises(ModelReplyInvalid):
        analysis(SOURCE, STRUCTURE, AnalystReply(files=ADVERSARIAL.files[1:]), "openai:x")
