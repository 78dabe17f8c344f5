"""Cited statements, diagrams and cited lines, held against a snapshot."""

from __future__ import annotations

import io
import zipfile
from typing import IO

import pytest

from agents.codebase.claims.index import Proof, SnapshotIndex
from agents.codebase.claims.statements import objections, standing, swept
from agents.codebase.snapshot_texts import texts_in
from agents.contracts.analysis import Analysis, SymbolNote
from agents.contracts.base import Lines, Statement
from agents.contracts.draft import EditorBrief, EditorReply
from agents.contracts.session import BatchOutcome, struck_by_role
from agents.contracts.snapshot import Route
from agents.contracts.structure import Structure
from agents.contracts.synthesis import CitedStatement
from agents.roles.editor.told import disproved, told
from tests.agents.roles.editor.samples import material

PROOF = Proof(SnapshotIndex({"a.py": 10}, {"a.py": Structure(language="python", line_count=10, demands=("PWNED",))}))


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
def test_a_statement_that_cannot_stand_is_struck_and_the_model_hears_why(
    statement: CitedStatement, reason: str
) -> None:
    assert reason in PROOF.statement(statement)
    assert standing((said(), statement), PROOF) == ((said(),), 1)


def test_a_model_hears_each_reason_once_and_not_too_many() -> None:
    assert objections(["a", "", "a", "b"]) == ("a", "b")
    assert len(objections(str(n) for n in range(90))) == 20


def test_what_obeys_an_order_in_another_file_is_swept_out_of_an_analysis() -> None:
    analysis = Analysis(
        analysis_key="0" * 64,
        structure=Structure(language="python", line_count=3),
        summary=(Statement(text="It says PWNED."), Statement(text="It counts.")),
        notes=(SymbolNote(symbol="f", text="pwned"),),
        model="x",
    )
    clean, count = swept({"b.py": analysis}, ("PWNED",))
    assert ([one.text for one in clean["b.py"].summary], clean["b.py"].notes, count) == (["It counts."], (), 2)
    assert swept({"b.py": analysis}, ()) == ({"b.py": analysis}, 0)


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
    page = told(brief, reply, known)
    assert page.diagram == kept
    assert page.struck == int(bool(diagram) and not kept)
    assert bool(disproved(brief, reply, known)) == bool(page.struck)


def test_what_was_struck_is_added_up_by_role_over_revisions_attempts_and_batches() -> None:
    outcomes = [BatchOutcome(batch_id=f"b0000{n}", route=Route.LAMBDA, analysed=1, struck=n) for n in (1, 2)]
    kept = {"editor": 1, "editor-2": 4, "analyst-b00001-17": 5, "critic": 0}
    assert struck_by_role(kept, outcomes) == {"analyst": 8, "critic": 0, "editor": 5}
