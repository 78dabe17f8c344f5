"""Analysts, reviewers, synthesizer, editor, critic, publisher and closer in one process, with a FunctionModel."""

from __future__ import annotations

import io
import zipfile

import pytest

from agents import keys
from agents.contracts.draft import Page, PageKind, Verdict
from agents.contracts.session import SessionStatus
from agents.contracts.states import CritiqueOutput
from tests.agents.fakes import SESSION_ID
from tests.agents.models.over_http.roles import Scripted, Session, session, verdict

FILES = {
    "README.md": "# Demo\n\nA demo that greets people politely.\n",
    "demo/__init__.py": '"""Greets people."""\n',
    "demo/greet.py": (
        '"""Writes greetings."""\n\nimport subprocess\n\nfrom demo.names import Name\n\n\n'
        "def greet(name: Name) -> int:\n"
        '    """Say it loud."""\n    return subprocess.call("echo " + name.text, shell=True)\n'
    ),
    "demo/names.py": '"""Knows names."""\n\n\nclass Name:\n    """What somebody is called."""\n\n    text = ""\n',
    "tests/test_greet.py": '"""Holds greetings to it."""\n\nfrom demo.greet import greet\n\n\nALL = [greet]\n',
}


def revised(*verdicts: tuple[int, tuple[str, str]]) -> tuple[Session, list[CritiqueOutput]]:
    """A session whose critic says these scores and findings, up to the end of its loop."""
    whole = session(Scripted(verdicts=[verdict(score, finding) for score, finding in verdicts]))
    whole.before_the_pages(FILES)
    return whole, whole.revise()


def page(whole: Session, path: str, revision: int = 1) -> Page:
    return next(one for one in whole.draft(revision).pages if one.path == path)


INDEX = ("index.md", "It does not say who greets whom.")
MODULE = ("modules/demo.md", "It is too short.")


def test_an_approved_draft_is_published_in_the_models_words() -> None:
    whole = session(Scripted())
    whole.before_the_pages(FILES)
    (judged,) = whole.revise()
    record = whole.publish(judged)

    assert (judged.verdict, record.status) == (Verdict.APPROVED, SessionStatus.PUBLISHED)
    assert (record.coverage.files_analysed, record.gaps, record.revisions) == (len(FILES), (), 1)
    assert record.dropped_claims == dict.fromkeys(
        ("analyst", "critic", "editor", "performance", "security", "synthesizer"), 0
    )
    assert {one.model for one in whole.draft(1).pages} == {"openai:gpt-5-mini", ""}
    assert "not AI-written" not in "".join(one.markdown for one in whole.draft(1).pages)
    assert record.usage.requests == sum(count for kind, count in whole.script.asked.items() if kind.endswith("Reply"))


def test_every_citation_of_every_page_carries_the_hash_of_its_lines() -> None:
    whole = session(Scripted())
    whole.before_the_pages(FILES)
    whole.revise()
    cited = [citation for one in whole.draft(1).pages for citation in one.citations]
    assert len(cited) > 20
    assert all(len(citation.digest) == 16 for citation in cited)


def test_only_the_pages_that_the_critic_names_are_asked_about_and_written_again() -> None:
    whole, judged = revised((60, MODULE), (95, INDEX))

    assert [one.verdict for one in judged] == [Verdict.RISING, Verdict.APPROVED]
    assert whole.script.asked["editor 1"] > 2
    assert whole.script.asked["editor 2"] == 1
    assert whole.script.pages[1] == ["modules/demo.md"]
    same = {one.path: one for one in whole.draft(1).pages}
    assert all(one == same[one.path] for one in whole.draft(2).pages if one.path != "modules/demo.md")


def test_a_score_that_does_not_rise_ends_the_loop() -> None:
    _, judged = revised((70, INDEX), (70, INDEX))
    assert [one.verdict for one in judged] == [Verdict.RISING, Verdict.STALLED]


def test_after_three_revisions_the_best_draft_ships_with_its_open_findings() -> None:
    whole, judged = revised((60, INDEX), (65, MODULE), (70, INDEX))
    assert [one.verdict for one in judged] == [Verdict.RISING] * 3
    assert judged[-1].best_revision == 3

    record = whole.publish(judged[-1])

    assert (record.status, record.score, record.revisions) == (SessionStatus.PUBLISHED_WITH_FINDINGS, 70, 3)
    with zipfile.ZipFile(io.BytesIO(whole.fakes.blobs.blobs[keys.site(SESSION_ID)])) as site:
        coverage = site.read("coverage.md").decode()
    assert "## Open findings" in coverage
    assert "It does not say who greets whom." in coverage


def test_the_best_draft_is_not_the_last_one_when_that_is_worse() -> None:
    _, judged = revised((60, INDEX), (75, INDEX), (64, INDEX))
    assert (judged[-1].verdict, judged[-1].best_revision) == (Verdict.STALLED, 2)


def test_a_page_that_cannot_be_repaired_is_extracted_and_says_so_and_the_others_do_not() -> None:
    whole = session(Scripted(broken=frozenset({"EditorReply"})))
    whole.before_the_pages(FILES)
    whole.revise()
    for path in ("index.md", "modules/demo.md", "architecture.md", "glossary.md"):
        one = page(whole, path)
        assert one.model == "extractive"
        assert "Extracted, not AI-written" in one.markdown
        assert "could not be used" in one.markdown
    assert "Greets people." in page(whole, "modules/demo.md").markdown
    api = [one for one in whole.draft(1).pages if one.kind is PageKind.API]
    assert {one.model for one in api} == {"openai:gpt-5-mini"}
    assert not any("not AI-written" in one.markdown for one in api)


def test_a_synthesizer_that_cannot_be_repaired_is_extractive_and_counted_as_such() -> None:
    whole = session(Scripted(broken=frozenset({"SynthesizerReply", "CriticReply"})))
    whole.before_the_pages(FILES)
    (judged,) = whole.revise()
    assert b'"model":"extractive"' in whole.fakes.blobs.blobs[keys.synthesis(SESSION_ID)]
    assert judged.verdict is Verdict.APPROVED
    for path in ("index.md", "modules/demo.md"):
        assert "Partly extracted" in page(whole, path).markdown
    assert "xtracted" not in page(whole, "glossary.md").markdown


@pytest.mark.timeout(120)
def test_one_poisoned_file_in_five_hundred_is_one_gap() -> None:
    files = {f"p{n % 20}/m{n}.py": f'"""Module {n}."""\n\nX = {n}\n' for n in range(499)}
    whole = session(Scripted(poison="Poison for the model"))
    whole.before_the_pages({**files, "p0/poisoned.py": '"""Poison for the model."""\n'})

    outcomes, lost = whole.fakes.store.batches(SESSION_ID)
    gaps = [gap for outcome in outcomes for gap in outcome.gaps]
    assert [(gap.path, gap.reason) for gap in gaps] == [("p0/poisoned.py", "ModelContextExceeded")]
    assert (sum(outcome.analysed for outcome in outcomes), lost) == (499, [])
