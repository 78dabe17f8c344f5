"""What both reviewers say of the same lines: once where they agree, side by side where they do not."""

from __future__ import annotations

from dataclasses import replace

from agents.contracts.base import Lines
from agents.contracts.review import Disagreement, Finding, Review, Severity
from agents.contracts.structure import Evidence, Topic
from agents.roles.editor.disagreements import disagreements, without_repeats
from agents.roles.editor.material import Material
from agents.roles.editor.review_page import review_page
from tests.agents.roles.editor.samples import finding, material

PATH = "demo/greet.py"


def reviewed(security: tuple[Finding, ...], performance: tuple[Finding, ...]) -> Material:
    reviews = {
        topic: Review(topic=topic, reviewed=True, evidence=3, findings=found)
        for topic, found in ((Topic.SECURITY, security), (Topic.PERFORMANCE, performance))
    }
    return replace(material(), reviews=reviews)


def test_the_same_lines_with_another_severity_are_shown_on_both_pages() -> None:
    known = reviewed((finding(PATH),), (finding(PATH, severity=Severity.LOW, rule="slow", title="A slow shell"),))
    (found,) = disagreements(known)
    assert found.worse == "security review, high: A shell runs text"
    assert found.milder == "performance review, low: A slow shell"
    for topic in Topic:
        page = review_page(known, topic).markdown
        assert "## Where reviewers disagree" in page
        assert "A slow shell" in page


def test_the_same_finding_of_both_is_reported_once() -> None:
    known = reviewed((finding(PATH),), (finding(PATH),))
    assert disagreements(known) == ()
    assert without_repeats(known, Topic.PERFORMANCE) == ()
    assert len(without_repeats(known, Topic.SECURITY)) == 1


def test_lines_that_only_one_of_them_minds_are_shown() -> None:
    known = reviewed((finding(PATH),), ())
    pieces = tuple(
        Evidence(topic=topic, rule="shell-injection", lines=Lines(start=4, end=4), excerpt="x") for topic in Topic
    )
    analysis = known.analyses[PATH]
    seen = analysis.model_copy(update={"structure": analysis.structure.model_copy(update={"evidence": pieces})})
    (found,) = disagreements(replace(known, analyses={**known.analyses, PATH: seen}))
    assert found.milder == "performance review: nothing to find"


def test_a_reviewers_disagreement_with_itself_is_shown() -> None:
    own = Disagreement(path=PATH, lines=Lines(start=4, end=4), worse="high: a", milder="low: b")
    known = reviewed((finding(PATH),), ())
    review = known.reviews[Topic.SECURITY].model_copy(update={"disagreements": (own,)})
    assert disagreements(replace(known, reviews={Topic.SECURITY: review})) == (own,)
