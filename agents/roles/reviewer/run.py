"""Runs one reviewer: reads what the analysts stored, asks the model, writes the review."""

from __future__ import annotations

from agents import keys
from agents.codebase.claims.index import Proof, index_of
from agents.contracts.base import Contract
from agents.contracts.review import ReviewBrief, ReviewReply
from agents.contracts.states import (
    PerformanceAgentInput,
    PerformanceAgentOutput,
    ReviewInput,
    ReviewOutput,
    SecurityAgentInput,
    SecurityAgentOutput,
)
from agents.contracts.structure import Topic
from agents.contracts.usage import Usage
from agents.ports import Ports, Question
from agents.questions.instructions import instructions_of
from agents.questions.limits import REVIEW_OUTPUT_TOKENS
from agents.questions.side_by_side import answers
from agents.roles.reviewer import core
from agents.session.documents import load_analyses, load_manifest, save_model
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
    instructions, model = instructions_of(topic.value), settings.writer_of(topic.value)
    manifest = load_manifest(ports, request.session_id)
    wanted = [entry.analysis_key for entry in manifest.documented if entry.analysis_key is not None]
    analyses = load_analyses(ports, wanted)
    evidence = core.evidence_of(topic, manifest, analyses)
    index = index_of(
        manifest, {e.path: analyses[e.analysis_key] for e in manifest.documented if e.analysis_key in analyses}
    )
    usage = Usage()
    verified: dict[int, core.Verified] = {}
    failures: list[Exception] = []
    unjudged = 0
    judged = core.most_telling(evidence)
    questions = (
        ((at, brief), _question(topic, instructions, brief, core.proof(brief, index)))
        for at, brief in enumerate(core.briefs(topic, judged))
    )
    for (at, brief), answer in answers(ports.model, questions, settings.calls_at_once(topic.value)):
        if isinstance(answer, Exception):
            failures.append(answer)
            unjudged += len(brief.evidence)
            continue
        usage = usage + answer.usage
        model = answer.model or model
        verified[at] = core.verify(brief, answer.reply, core.proof(brief, index))
    if failures and not verified:
        raise failures[0]
    combined = core.combine(verified[at] for at in sorted(verified))
    result = core.review(topic, len(evidence), len(judged), combined, model)
    if failures:
        lost = f"{unjudged} pieces of evidence have no judgement: {type(failures[0]).__name__}"
        result = result.model_copy(update={"detail": "; ".join(filter(None, (result.detail, lost)))})
    save_model(ports, keys.review(request.session_id, topic.value), result)
    ports.store.save_usage(request.session_id, topic.value, usage)
    ports.store.save_struck(request.session_id, topic.value, combined.struck)
    return ReviewOutput(reviewed=result.reviewed, findings=len(result.findings))


def _question(topic: Topic, instructions: str, brief: ReviewBrief, held: Proof) -> Question[ReviewReply]:
    def disproved(reply: Contract) -> tuple[str, ...]:
        return core.objections(brief, reply, held) if isinstance(reply, ReviewReply) else ()

    return Question(
        topic.value, instructions, brief, ReviewReply, max_output_tokens=REVIEW_OUTPUT_TOKENS, objections=disproved
    )
