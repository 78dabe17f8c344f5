"""Runs one reviewer: reads what the analysts stored, asks the model, writes the review."""

from __future__ import annotations

from agents import keys
from agents.codebase.claims.index import SnapshotIndex, index_of
from agents.codebase.claims.verified import Verified
from agents.contracts.review import Finding, ReviewBrief, ReviewReply
from agents.contracts.site_settings import WritingStyle
from agents.contracts.states import (
    PerformanceAgentInput,
    PerformanceAgentOutput,
    ReviewInput,
    ReviewOutput,
    SecurityAgentInput,
    SecurityAgentOutput,
)
from agents.contracts.structure import Topic
from agents.ports import Ports
from agents.questions.limits import REVIEW_OUTPUT_TOKENS
from agents.questions.verification import CheckedQuestion, Totals, ask_and_verify_all
from agents.roles.reviewer import core
from agents.session.documents import analyses_by_path, load_manifest, pointers_of, save_model
from agents.settings import AgentSettings


def review_security(request: SecurityAgentInput, ports: Ports, settings: AgentSettings) -> SecurityAgentOutput:
    """The state SecurityAgent. Raises BlobMissing without a manifest, and what the model raises."""
    return run(Topic.SECURITY, request, ports, settings)


def review_performance(request: PerformanceAgentInput, ports: Ports, settings: AgentSettings) -> PerformanceAgentOutput:
    """The state PerformanceAgent. Raises BlobMissing without a manifest, and what the model raises."""
    return run(Topic.PERFORMANCE, request, ports, settings)


def run(topic: Topic, request: ReviewInput, ports: Ports, settings: AgentSettings) -> ReviewOutput:
    """Review the session's evidence of one topic. A question that fails costs the evidence it was about.

    Raises BlobMissing when there is no manifest, and what the model raises when every question fails: the state machine
    catches each reviewer on its own.
    """
    model = settings.writer_of(topic.value)
    manifest = load_manifest(ports, request.session_id)
    analyses = analyses_by_path(ports, manifest, pointers_of(ports, manifest))
    evidence = core.evidence_of(topic, analyses)
    index = index_of(manifest, analyses)
    totals = Totals()
    verified: dict[int, Verified[tuple[Finding, ...]]] = {}
    failures: list[Exception] = []
    unjudged = 0
    to_judge = core.most_telling(evidence)
    style = manifest.site.style
    questions = (((at, brief), _question(brief, index, style)) for at, brief in enumerate(core.briefs(topic, to_judge)))
    for (at, brief), answer in ask_and_verify_all(ports.model, questions, settings.questions_at_once(topic.value)):
        if isinstance(answer, Exception):
            failures.append(answer)
            unjudged += len(brief.evidence)
            continue
        totals.add(answer)
        model = answer.model or model
        verified[at] = Verified(answer.claims, answer.dropped)
    if failures and not verified:
        raise failures[0]
    lost = f"{unjudged} pieces of evidence have no judgement: {type(failures[0]).__name__}" if failures else ""
    judgement = core.combine(verified[at] for at in sorted(verified))
    result = core.review(topic, len(evidence), len(to_judge), judgement, model, lost)
    save_model(ports, keys.review(request.session_id, topic.value), result)
    totals.save(ports.store, request.session_id, topic.value)
    return ReviewOutput(reviewed=result.reviewed, findings=len(result.findings))


def _question(
    brief: ReviewBrief, index: SnapshotIndex, style: WritingStyle
) -> CheckedQuestion[ReviewReply, tuple[Finding, ...]]:
    snapshot = core.snapshot_evidence(brief, index)
    return CheckedQuestion(
        role=brief.topic.value,
        brief=brief,
        reply_type=ReviewReply,
        objections=lambda reply: core.objections(brief, reply, snapshot),
        verify=lambda answer: core.verify(brief, answer.reply, snapshot),
        max_output_tokens=REVIEW_OUTPUT_TOKENS,
        style=style,
    )
