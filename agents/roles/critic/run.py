"""Critique: load a draft and its evidence, check it, ask a model, save the critique."""

from __future__ import annotations

from agents import keys
from agents.contracts.draft import CriticReply, Critique
from agents.contracts.ladder import shortage
from agents.contracts.review import Review
from agents.contracts.states import CritiqueInput, CritiqueOutput
from agents.contracts.structure import Topic
from agents.contracts.synthesis import Synthesis
from agents.errors import BlobMissing
from agents.ports import Ports
from agents.questions.verification import CheckedQuestion, Totals, ask_and_verify
from agents.roles.critic.checks import DraftEvidence, check
from agents.roles.critic.core import brief, evidence_of, judge, objections, unpaid, verify
from agents.roles.critic.measures import measures
from agents.session.documents import load_manifest, load_model, load_snapshot, save_model
from agents.session.drafts import sent_back, stored_draft
from agents.session.figures import coverage_of, gaps_of
from agents.settings import AgentSettings


def run(request: CritiqueInput, ports: Ports, settings: AgentSettings) -> CritiqueOutput:
    """Judge one revision."""
    session = request.session_id
    manifest = load_manifest(ports, session)
    pointers = ports.store.analyses([entry.analysis_key for entry in manifest.documented if entry.analysis_key])
    gaps = gaps_of(manifest, pointers, *ports.store.batches(session))
    synthesis = load_model(ports, keys.synthesis(session), Synthesis)
    facts = DraftEvidence(manifest, synthesis, _reviews(ports, session), gaps, load_snapshot(ports, session))
    with stored_draft(ports, session, request.revision) as draft:
        pages = {page.path for page in draft.pages}
        checked = [*check(draft, facts), *unpaid(draft, shortage(manifest.documented, ports.store.steps(session)))]
        question = brief(draft, checked, coverage_of(manifest, pointers), len(gaps), measures(draft, facts.texts))
    evidence = evidence_of(question, facts.line_counts, synthesis.demands)
    answer = ask_and_verify(
        ports.model,
        CheckedQuestion(
            role="critic",
            brief=question,
            reply_type=CriticReply,
            objections=lambda reply: objections(question, reply, evidence),
            verify=lambda answer: verify(pages, answer.reply, evidence),
        ),
    )
    totals = Totals()
    totals.add(answer)
    # A draft that a person has sent back competes with none that comes after it.
    back = sent_back(ports.store.session(session), ports.approvals)
    first = back.revision + 1 if back else 1
    earlier = [load_model(ports, keys.critique(session, number), Critique) for number in range(first, request.revision)]
    critique = judge(request.revision, pages, checked, answer.claims, earlier, settings.approval_score)
    critique = critique.with_changes(measures=question.measures, execution=ports.store.session(session).execution)
    save_model(ports, keys.critique(session, critique.revision), critique)
    role = "critic" if critique.revision == 1 else f"critic-{critique.revision}"
    totals.save(ports.store, session, role)
    return CritiqueOutput(
        revision=critique.revision,
        verdict=critique.verdict,
        score=critique.score,
        open_findings=len(critique.reply.findings),
        best_revision=critique.best_revision,
    )


def _reviews(ports: Ports, session: str) -> dict[Topic, Review]:
    reviews: dict[Topic, Review] = {}
    for topic in Topic:
        try:
            reviews[topic] = load_model(ports, keys.review(session, topic.value), Review)
        except BlobMissing:
            continue
    return reviews
