"""Claims that a file does not support are sent back to the model once, and dropped and counted afterwards."""

from __future__ import annotations

from agents.contracts.analysis import Analysis, AnalystReply, FileReply, SymbolNote
from agents.contracts.base import Lines, Statement
from agents.contracts.snapshot import SourceFile
from agents.contracts.structure import Structure, Symbol, SymbolKind
from agents.errors import ModelReplyInvalid
from agents.roles.analyst.core import claim_count, objections, verify

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
    objection = " ".join(objections(SOURCE, STRUCTURE, ADVERSARIAL))
    assert "no symbol invented" in objection
    assert "none of them 40 to 90" in objection
    assert "no file etc_passwd" in objection
    assert "symbol f" not in objection


def test_an_honest_reply_gets_no_objection() -> None:
    honest = AnalystReply(files=(FileReply(path="a.py", summary=(said("It defines f.", 1, 1),)),))
    assert objections(SOURCE, STRUCTURE, honest) == ()


def test_invented_claims_are_dropped_and_counted() -> None:
    verified = verify(SOURCE, STRUCTURE, ADVERSARIAL, "openai:x")
    analysis = verified.claims
    assert isinstance(analysis, Analysis)
    assert [one.text for one in analysis.summary] == ["It defines f."]
    assert [note.symbol for note in analysis.notes] == ["f"]
    assert verified.dropped == 4


def test_a_reply_of_nothing_but_inventions_is_a_gap() -> None:
    inventions = AnalystReply(files=ADVERSARIAL.files[1:])
    verified = verify(SOURCE, STRUCTURE, inventions, "openai:x")
    assert isinstance(verified.claims, ModelReplyInvalid)
    assert verified.dropped == claim_count(inventions) == 1
