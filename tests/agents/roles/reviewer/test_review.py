"""What a review may say, and in which order."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agents import keys
from agents.codebase.claims.index import SnapshotIndex
from agents.codebase.claims.verified import Verified
from agents.contracts.base import Contract, Lines
from agents.contracts.review import EvidenceAt, Finding, Review, ReviewBrief, ReviewReply, Severity
from agents.contracts.states import ReviewInput, ReviewOutput
from agents.contracts.structure import Topic
from agents.contracts.usage import Usage
from agents.errors import BlobMissing, ModelReplyInvalid, ModelThrottled
from agents.models.extractive.model import ExtractiveModel
from agents.roles.reviewer import core
from agents.roles.reviewer.run import review_performance, review_security
from tests.agents.fakes import SESSION_ID, ReplayingModel, fake_ports, settings, with_model
from tests.agents.roles.reviewer.world import analysis, at, key_of, piece, save_manifest, store

Run = Callable[..., ReviewOutput]
REQUEST = ReviewInput(session_id=SESSION_ID)


def finding(of: EvidenceAt, severity: Severity = Severity.LOW, /, **changes: object) -> Finding:
    plain = {
        "rule": of.evidence.rule,
        "severity": severity,
        "path": of.path,
        "lines": of.evidence.lines,
        "symbol": of.evidence.symbol,
        "title": "t",
        "reason": "r.",
        "advice": "a",
        "excerpt": of.evidence.excerpt,
    }
    return Finding.model_validate({**plain, **changes})


def judged(brief: Contract) -> ReviewReply:
    assert isinstance(brief, ReviewBrief)
    return ReviewReply(findings=tuple(finding(one) for one in brief.evidence))


@pytest.mark.parametrize(
    "changes",
    [{"path": "b.py"}, {"rule": "sql-injection"}, {"lines": Lines(start=2, end=2)}, {"lines": Lines(start=1, end=9)}],
)
def test_should_drop_a_finding_without_evidence(changes: dict[str, object]) -> None:
    brief = ReviewBrief(topic=Topic.SECURITY, evidence=(at(),))

    verified = core.verify(brief, ReviewReply(findings=(finding(at()), finding(at(), Severity.LOW, **changes))))

    assert verified == Verified((finding(at()),), 1)


def test_should_take_symbol_and_excerpt_from_the_evidence_whatever_the_model_says() -> None:
    brief = ReviewBrief(topic=Topic.SECURITY, evidence=(at(),))

    verified = core.verify(brief, ReviewReply(findings=(finding(at(), symbol="g", excerpt="the secret itself"),)))

    assert verified.claims == (finding(at()),)


def test_should_put_the_worst_first_and_merge_what_repeats_in_a_symbol() -> None:
    repeated = [finding(at(line=n)) for n in (9, 3, 5)]
    worst = finding(at("z.py", "code-execution"), Severity.CRITICAL)

    combined = core.combine([Verified((*repeated,)), Verified((worst,), 2)])

    assert [(one.path, one.lines.start) for one in combined.findings] == [("z.py", 1), ("a.py", 3)]
    assert combined.findings[1].reason == "r. The same holds for lines 5, 9."
    assert (combined.dropped_claims, combined.merged) == (2, 2)


def test_should_give_way_with_the_most_frequent_rule_when_there_is_too_much_to_judge() -> None:
    rare = at("z.py", "code-execution")
    often = [at("a.py", "weak-hash", line) for line in range(1, core.EVIDENCE_LIMIT + 50)]

    kept = core.most_telling([*often, rare])

    assert len(kept) == core.EVIDENCE_LIMIT
    assert kept[-1] == rare


def test_should_ask_only_about_its_own_topic_and_only_about_analysed_files() -> None:
    analyses = {
        "a.py": analysis(key_of(0), piece(), piece("query-in-loop", topic=Topic.PERFORMANCE)),
    }

    found = core.evidence_of(Topic.SECURITY, analyses)

    assert [(one.path, one.evidence.rule) for one in found] == [("a.py", "weak-hash")]


@pytest.mark.parametrize(
    ("run", "topic", "rule"),
    [(review_security, Topic.SECURITY, "weak-hash"), (review_performance, Topic.PERFORMANCE, "query-in-loop")],
)
def test_should_write_the_review_and_what_it_cost(run: Run, topic: Topic, rule: str) -> None:
    model = ReplayingModel(respond=judged, usage=Usage(requests=1, input_tokens=5))
    ports = fake_ports(model=model)
    save_manifest(ports, *(f"src/{n}.py" for n in range(50)))
    store(ports, "analyses/a.jsonl", *(analysis(key_of(n), piece(rule, topic=topic)) for n in range(50)))

    output = run(REQUEST, ports, settings("SecurityAgent"))

    review = Review.model_validate_json(ports.blobs.read(keys.review(SESSION_ID, topic.value)))
    assert output == ReviewOutput(reviewed=True, findings=50)
    assert (review.topic, review.reviewed, review.evidence, len(review.findings)) == (topic, True, 50, 50)
    assert [len(question.brief.model_dump()["evidence"]) for question in model.questions] == [40, 10]
    assert all(topic.value in question.instructions.lower() for question in model.questions)
    assert ports.store.spent[SESSION_ID, topic.value] == Usage(requests=2, input_tokens=10)


def test_should_ask_nothing_where_there_is_nothing_to_judge() -> None:
    ports = fake_ports()
    save_manifest(ports, "a.py")
    store(ports, "analyses/a.jsonl", analysis(key_of(0)))

    assert review_security(REQUEST, ports, settings("SecurityAgent")) == ReviewOutput(reviewed=True, findings=0)
    assert ports.model.questions == []


def test_should_name_a_missing_manifest_and_let_the_retrier_see_a_throttled_model() -> None:
    ports = fake_ports(model=ReplayingModel(replies=[ModelThrottled("slow down")]))
    with pytest.raises(BlobMissing):
        review_security(REQUEST, ports, settings("SecurityAgent"))

    save_manifest(ports, "a.py")
    store(ports, "analyses/a.jsonl", analysis(key_of(0), piece()))
    with pytest.raises(ModelThrottled):
        review_security(REQUEST, ports, settings("SecurityAgent"))


def test_should_be_judged_by_the_extractive_model_without_a_network() -> None:
    ports = fake_ports()
    save_manifest(ports, "src/a.py")
    store(ports, "analyses/a.jsonl", analysis(key_of(0), piece("sql-injection", 7, "Orders.find")))

    output = review_security(REQUEST, with_model(ports, ExtractiveModel()), settings("SecurityAgent"))

    review = Review.model_validate_json(ports.blobs.read(keys.review(SESSION_ID, "security")))
    assert output.findings == 1
    assert review.findings[0].severity is Severity.HIGH
    assert review.findings[0].reason.startswith("Orders.find (line 7) puts values into the text of an SQL statement")


def test_should_tell_a_model_which_findings_and_names_have_no_evidence() -> None:
    brief = ReviewBrief(topic=Topic.SECURITY, evidence=(at(),))
    moved = finding(at(), Severity.LOW, path="ghost.py")
    named = finding(at(), Severity.LOW, reason="It calls `ghost_bee`.")
    objections = core.objections(
        brief, ReviewReply(findings=(moved, named)), core.snapshot_evidence(brief, SnapshotIndex({}, {}))
    )
    assert any("no evidence of weak-hash at ghost.py#L1" in one for one in objections)
    assert any("`ghost_bee`" in one for one in objections)


def test_should_drop_wrong_sentences_and_leave_the_finding_without_false_advice() -> None:
    brief = ReviewBrief(topic=Topic.SECURITY, evidence=(at(),))
    lies = [
        finding(at(), Severity.LOW, title="<script>x</script>"),
        finding(at(), Severity.LOW, reason="See http://evil.example"),
        finding(at(), Severity.HIGH, advice="Use `ghost_bee` instead."),
    ]

    verified = core.verify(brief, ReviewReply(findings=tuple(lies)))

    assert [(one.severity, one.advice) for one in verified.claims] == [(Severity.HIGH, "")]
    assert verified.dropped == 3


def test_should_show_two_judgements_of_the_same_place_that_differ() -> None:
    both = (finding(at(), Severity.HIGH, title="bad"), finding(at(), Severity.LOW, title="fine"))
    combined = core.combine([Verified(both)])
    assert [one.severity for one in combined.findings] == [Severity.HIGH]
    assert [(one.worse, one.milder) for one in combined.disagreements] == [("high: bad", "low: fine")]


def test_should_lose_only_the_evidence_of_a_question_that_fails() -> None:
    model = ReplayingModel(replies=[ModelReplyInvalid("no JSON"), ReviewReply(findings=())])
    ports = fake_ports(model=model)
    save_manifest(ports, *(f"{n}.py" for n in range(50)))
    store(ports, "analyses/a.jsonl", *(analysis(key_of(n), piece()) for n in range(50)))

    assert review_security(REQUEST, ports, settings("SecurityAgent")).reviewed

    review = Review.model_validate_json(ports.blobs.read(keys.review(SESSION_ID, "security")))
    assert review.detail == "40 pieces of evidence have no judgement: ModelReplyInvalid"
