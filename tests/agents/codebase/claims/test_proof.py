"""Cited statements, diagrams and cited lines, compared with a snapshot."""

from __future__ import annotations

import io
import zipfile
from typing import IO

import pytest

from agents.codebase.claims.index import SnapshotEvidence, SnapshotIndex
from agents.codebase.claims.statements import distinct_objections, verified_statements, without_obeyed_orders
from agents.codebase.claims.verified import Verified
from agents.codebase.snapshot_texts import texts_in
from agents.contracts.analysis import Analysis, SymbolNote
from agents.contracts.base import Lines, Statement
from agents.contracts.draft import EditorBrief, EditorReply
from agents.contracts.session import BatchOutcome
from agents.contracts.snapshot import Route
from agents.contracts.structure import Structure
from agents.contracts.synthesis import CitedStatement
from agents.roles.editor.page_prose import objections, verify
from agents.session.figures import dropped_claims_by_role
from tests.agents.roles.editor.samples import material

EVIDENCE = SnapshotEvidence(
    SnapshotIndex({"a.py": 10}, {"a.py": Structure(language="python", line_count=10, demands=("PWNED",))})
)


def said(text: str = "It is so.", path: str = "a.py", start: int = 1, end: int = 1) -> CitedStatement:
    return CitedStatement(text=text, path=path, lines=Lines(start=start, end=end))


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (said(path="b.py"), "no file b.py"),
        (said(end=11), "a.py has 10 lines, none of them 1 to 11"),
        (said(start=5, end=4), "none of them 5 to 4"),
        (said("  "), "without words"),
        (said("<script>x</script>"), "without words"),
        (said("It is <b>bold</b>."), "HTML"),
        (said("It says pwned."), "follows an instruction"),
        (said("It calls `ghost_bee`."), "no symbol `ghost_bee`"),
    ],
)
def test_a_wrong_statement_is_dropped_and_the_objection_names_the_reason(
    statement: CitedStatement, reason: str
) -> None:
    assert reason in EVIDENCE.objection_to(statement)
    assert verified_statements((said(), statement), EVIDENCE) == Verified((said(),), 1)


def test_a_model_gets_each_objection_once_and_a_limited_number() -> None:
    assert distinct_objections(["a", "", "a", "b"]) == ("a", "b")
    assert len(distinct_objections(str(n) for n in range(90))) == 20


def test_sentences_that_obey_an_order_of_another_file_are_dropped_from_an_analysis() -> None:
    analysis = Analysis(
        analysis_key="0" * 64,
        structure=Structure(language="python", line_count=3),
        summary=(Statement(text="It says PWNED."), Statement(text="It counts.")),
        notes=(SymbolNote(symbol="f", text="pwned"),),
        model="x",
    )
    verified = without_obeyed_orders({"b.py": analysis}, ("PWNED",))
    clean = verified.claims["b.py"]
    assert ([one.text for one in clean.summary], clean.notes, verified.dropped) == (["It counts."], (), 2)
    assert without_obeyed_orders({"b.py": analysis}, ()) == Verified({"b.py": analysis}, 0)


def test_cited_lines_have_a_hash_that_changes_with_them() -> None:
    def snapshot(text: str) -> IO[bytes]:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("a.py", text)
        return out

    before, after = texts_in(snapshot("a\nb\nc\n")), texts_in(snapshot("a\nB\nc\n"))
    first, second = Lines(start=1, end=1), Lines(start=1, end=2)
    assert before.digest("a.py", first) == after.digest("a.py", first) != ""
    assert before.digest("a.py", second) != after.digest("a.py", second)
    assert before.digest("a.py", None) != after.digest("a.py", None)
    assert before.digest("b.py", first) == before.digest("a.py", Lines(start=9, end=9)) == ""


GOOD = 'flowchart LR\n  n0["greet.py"]\n  n1["names.py"]\n  n0 --> n1'


@pytest.mark.parametrize(
    ("diagram", "kept"),
    [
        ("", ""),
        (GOOD, GOOD),
        (f"```mermaid\n{GOOD}\n```", GOOD),
        ("graph TD; a-->b", ""),
        (GOOD.replace("names.py", "ghost.py"), ""),
        (GOOD.replace("names.py", "GhostBee"), ""),
        (GOOD + '\n  click n0 "http://evil.example"', ""),
        (GOOD.replace("names.py", "#60;img src=x onerror=y#62;"), ""),
    ],
)
def test_a_models_diagram_is_parsed_and_its_labels_checked_before_it_is_kept(diagram: str, kept: str) -> None:
    known = material(model="openai:x")
    statement = CitedStatement(text="It greets.", path="demo/greet.py")
    brief = EditorBrief(page="index.md", title="demo", statements=(statement,))
    reply = EditorReply(paragraphs=((statement,),), diagram=diagram)
    verified = verify(brief, reply, known)
    assert verified.claims.diagram == kept
    assert verified.dropped == int(bool(diagram) and not kept)
    assert bool(objections(brief, reply, known)) == bool(verified.dropped)


def test_dropped_claims_are_added_up_by_role_over_revisions_attempts_and_batches() -> None:
    outcomes = [BatchOutcome(batch_id=f"b0000{n}", route=Route.LAMBDA, analysed=1, dropped_claims=n) for n in (1, 2)]
    kept = {"editor": 1, "editor-2": 4, "analyst-b00001-17": 5, "critic": 0}
    assert dropped_claims_by_role(kept, outcomes) == {"analyst": 8, "critic": 0, "editor": 5}
