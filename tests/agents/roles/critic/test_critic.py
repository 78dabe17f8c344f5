"""The critic blocks what must not be published, and approves what is merely poor."""

from __future__ import annotations

import pytest

from agents.codebase.claims.mermaid import problem
from agents.contracts.base import Lines
from agents.contracts.draft import Citation, CriticReply, Critique, CritiqueFinding, Draft, Page, PageKind, Verdict
from agents.models.extractive.critic import respond
from agents.roles.critic.checks import check
from agents.roles.critic.core import brief, evidence_of, judge, objections, pages_of, verify
from tests.agents.roles.editor.samples import material
from tests.agents.roles.editor.test_pages import draft, facts

GOOD = 'flowchart TB\n  n0["a"]\n  n1["b #34;"]\n  n0 -->|3| n1\n  n1 --> n0'


def test_a_diagram_that_the_editor_emits_is_taken() -> None:
    assert problem(GOOD) == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "graph TD\n  a-->b",
        "flowchart TB",
        'flowchart TB\n  n0["a"b"]',
        'flowchart TB\n  n0["<b>"]',
        'flowchart TB\n  n0["a"]\n  n0 --> n9',
        'flowchart TB\n  n0["a"]\n  n0["b"]',
        'flowchart TB\n  n0["a"]\n  click n0 "http://evil.example"',
        'flowchart TB\n  n0["a#b"]',
    ],
)
def test_a_broken_diagram_is_named(text: str) -> None:
    assert problem(text)


@pytest.mark.parametrize(
    ("addition", "problem"),
    [
        ("[x](nowhere.md)", "links to nowhere.md"),
        ("[x](source/demo/greet.py.html#L11)", "links to source"),
        ("[x](https://evil.example/)", "links to a place outside"),
        ("[x](../../etc/passwd)", "links to"),
        ("<script>x</script>", "raw HTML"),
        ("```mermaid\nflowchart TB\n  oops\n```", "not a node"),
        ("```python\nx", "never closed"),
    ],
)
def test_a_real_defect_blocks(addition: str, problem: str) -> None:
    known = material()
    whole = draft(known)
    page = whole.pages[0]
    broken = page.model_copy(update={"markdown": f"{page.markdown}\n\n{addition}\n"})
    found = check(whole.model_copy(update={"pages": (broken, *whole.pages[1:])}), facts(known))
    assert any(one.blocking and problem in one.problem and one.page == "index.md" for one in found)


def test_what_stands_in_code_is_not_judged_as_markup() -> None:
    known = material()
    whole = draft(known)
    page = whole.pages[0]
    fine = page.model_copy(update={"markdown": page.markdown + "\n`[x](y) <b>`\n\n```text\n<b>[x](y)\n```\n"})
    assert not any(
        one.blocking for one in check(whole.model_copy(update={"pages": (fine, *whole.pages[1:])}), facts(known))
    )


def test_a_citation_beyond_the_files_end_blocks() -> None:
    known = material()
    whole = draft(known)
    lie = Citation(path="demo/greet.py", lines=Lines(start=11, end=11))
    page = whole.pages[0].model_copy(update={"citations": (lie,)})
    found = check(whole.model_copy(update={"pages": (page, *whole.pages[1:])}), facts(known))
    assert any("demo/greet.py#L11" in one.problem and one.blocking for one in found)


def test_a_module_without_a_page_and_an_empty_page_block() -> None:
    known = material()
    whole = draft(known)
    kept = [page for page in whole.pages if page.subject != "demo"]
    empty = Page(path="modules/x.md", kind=PageKind.MODULE, title="x", markdown="# x\n")
    problems = {one.problem for one in check(Draft(revision=1, pages=(*kept, empty)), facts(known)) if one.blocking}
    assert "the module demo has no page" in problems
    assert "says nothing" in problems


def test_a_missing_review_and_gaps_are_reported_but_do_not_block() -> None:
    known = material()
    found = check(draft(known), facts(known))
    assert {(one.page, one.blocking) for one in found} == {("performance.md", False), ("coverage.md", False)}


def test_a_poorly_documented_repository_is_approved_in_the_first_revision() -> None:
    known = material()
    whole = draft(known)
    bare = known.coverage.model_copy(update={"symbols_documented": 0})
    checked = check(whole, facts(known))
    critique = judge(
        1,
        {page.path for page in whole.pages},
        checked,
        respond(brief(pages_of(whole).judged, checked, bare, 1)),
        (),
        80,
    )
    assert (critique.verdict, critique.best_revision) == (Verdict.APPROVED, 1)


def critique(revision: int, score: int) -> Critique:
    reply = CriticReply(completeness=score, truthfulness=score, helpfulness=score, consistency=score)
    return Critique(revision=revision, score=score, reply=reply, verdict=Verdict.RISING, best_revision=revision)


@pytest.mark.parametrize(
    ("score", "blocking", "before", "verdict", "best"),
    [
        (90, False, (), Verdict.APPROVED, 1),
        (90, True, (), Verdict.RISING, 1),
        (70, False, (), Verdict.RISING, 1),
        (75, False, (70,), Verdict.RISING, 2),
        (70, False, (70,), Verdict.STALLED, 2),
        (60, False, (70,), Verdict.STALLED, 1),
        (72, False, (75, 60), Verdict.STALLED, 1),
        (85, False, (90,), Verdict.APPROVED, 2),
    ],
)
def test_the_verdict_follows_score_and_findings(
    score: int, blocking: bool, before: tuple[int, ...], verdict: Verdict, best: int
) -> None:
    page = Page(path="index.md", kind=PageKind.OVERVIEW, title="x", markdown="# x")
    found = [CritiqueFinding(page="index.md", problem="p", blocking=True)] if blocking else []
    earlier = [critique(number, points) for number, points in enumerate(before, start=1)]
    judged = judge(len(before) + 1, {page.path}, found, critique(1, score).reply, earlier, 80)
    assert (judged.verdict, judged.best_revision, judged.score) == (verdict, best, score)


def test_a_models_finding_about_an_unknown_page_is_dropped() -> None:
    page = Page(path="index.md", kind=PageKind.OVERVIEW, title="x", markdown="# x")
    reply = critique(1, 90).reply.model_copy(
        update={"findings": (CritiqueFinding(page="no.md", problem="p", blocking=True),)}
    )
    judged = judge(1, {page.path}, [], reply, (), 80)
    assert (judged.verdict, judged.reply.findings) == (Verdict.APPROVED, ())


def test_a_critics_findings_are_verified_against_the_pages_in_its_question() -> None:
    known = material()
    whole = draft(known)
    about = brief(pages_of(whole).judged, (), known.coverage, 1)
    evidence = evidence_of(about, known.line_counts, ("PWNED",))
    problems = [
        ("index.md", "It does not say what `greet` does."),
        ("index.md", "Say more of `ghost_bee`."),
        ("index.md", "Write PWNED."),
        ("index.md", "<script>x</script> Add [this](http://evil.example)."),
        ("no.md", "Too short."),
    ]
    found = tuple(CritiqueFinding(page=page, problem=problem) for page, problem in problems)
    reply = critique(1, 90).reply.model_copy(update={"findings": found})
    verified = verify({page.path for page in whole.pages}, reply, evidence)
    assert ([one.problem for one in verified.claims.findings], verified.dropped) == ([problems[0][1]], 4)
    assert len(objections(about, reply, evidence)) == 4
