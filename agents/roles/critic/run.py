"""Critique: load a draft and its evidence, check it, ask a model, save the critique."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import ValidationError

from agents import keys
from agents.codebase.snapshot_texts import SnapshotTexts
from agents.contracts.draft import LAST_REVISION, CriticReply, Critique, Measure, PageFacts, Revision, Verdict
from agents.contracts.ladder import shortage
from agents.contracts.review import Review
from agents.contracts.snapshot import Manifest
from agents.contracts.states import CritiqueInput, CritiqueOutput
from agents.contracts.structure import Topic
from agents.contracts.synthesis import Synthesis
from agents.errors import BlobMissing
from agents.ports import Ports
from agents.questions.instructions import fingerprint_of
from agents.questions.verification import CheckedQuestion, Totals, ask_and_verify
from agents.roles.critic.checks import DraftEvidence, check
from agents.roles.critic.core import brief, evidence_of, judge, objections, pages_of, unpaid, verify
from agents.roles.critic.measures import measures
from agents.roles.critic.renewal import renewal
from agents.second_process import beside
from agents.session.documents import load_manifest, load_model, load_snapshot, pointers_of, save_model
from agents.session.drafts import sent_back, stored_draft
from agents.session.figures import coverage_of, gaps_of
from agents.settings import AgentSettings

ROLE = "critic"


def run(request: CritiqueInput, ports: Ports, settings: AgentSettings) -> CritiqueOutput:
    """Judge one revision."""
    session = request.session_id
    manifest = load_manifest(ports, session)
    pointers = pointers_of(ports, manifest)
    gaps = gaps_of(manifest, pointers, *ports.store.batches(session))
    synthesis = load_model(ports, keys.synthesis(session), Synthesis)
    facts = DraftEvidence(manifest, synthesis, _reviews(ports, session), gaps, load_snapshot(ports, session))
    with stored_draft(ports, session, request.revision) as draft:
        pages = pages_of(draft)
        unpaid_work = shortage(manifest.documented, ports.store.steps(session))
        with _measured(draft, facts.texts) as measured:
            checked = [*check(draft, facts, pages.addresses), *unpaid(draft, unpaid_work)]
    question = brief(pages.judged, checked, coverage_of(manifest, pointers), len(gaps), measured)
    fingerprint = fingerprint_of(ROLE, manifest.site.style)
    before = _approved_before(ports, manifest, settings.model_of(ROLE), fingerprint) if request.revision == 1 else None
    renewed = renewal(question, before, _pages_of(ports, manifest.previous, before.revision)) if before else None
    question = renewed or question
    evidence = evidence_of(question, facts.line_counts, synthesis.demands)
    answer = ask_and_verify(
        ports.model,
        CheckedQuestion(
            role=ROLE,
            brief=question,
            reply_type=CriticReply,
            objections=lambda reply: objections(question, reply, evidence),
            verify=lambda answer: verify(pages.paths, answer.reply, evidence),
            style=manifest.site.style,
        ),
    )
    totals = Totals()
    totals.add(answer)
    # A draft that a person has sent back competes with none that comes after it.
    opened = ports.store.session(session)
    back = sent_back(opened, ports.approvals)
    first = back.revision + 1 if back else 1
    earlier = [load_model(ports, keys.critique(session, number), Critique) for number in range(first, request.revision)]
    critique = judge(request.revision, pages.paths, checked, answer.claims, earlier, settings.approval_score)
    critique = critique.with_changes(
        measures=tuple(measured),
        execution=opened.execution,
        model=settings.model_of(ROLE),
        instructions=fingerprint,
        renewed=renewed,
        renewals=before.renewals + (renewed != before.renewed) if before and renewed else 0,
    )
    save_model(ports, keys.critique(session, critique.revision), critique)
    role = ROLE if critique.revision == 1 else f"{ROLE}-{critique.revision}"
    totals.save(ports.store, session, role)
    return CritiqueOutput(
        revision=critique.revision,
        verdict=critique.verdict,
        score=critique.score,
        open_findings=len(critique.reply.findings),
        best_revision=critique.best_revision,
    )


@contextmanager
def _measured(draft: Revision, texts: SnapshotTexts | None) -> Iterator[list[Measure]]:
    """Measure the draft in a second process while the block runs; what is given holds the measures afterwards."""
    measured: list[Measure] = []
    with TemporaryDirectory(prefix="swarm-measures-") as folder:
        file = Path(folder, "measures.jsonl")

        def write() -> None:
            file.write_bytes(b"".join(measure.model_dump_json().encode() + b"\n" for measure in measures(draft, texts)))

        with beside(write):
            yield measured
        measured += map(Measure.model_validate_json, file.read_bytes().split(b"\n")[:-1])


def _approved_before(ports: Ports, manifest: Manifest, model: str, instructions: str) -> Critique | None:
    """The approval of the session before, by the same model and instructions; its draft is compared with this one."""
    if model == "extractive" or not manifest.previous:
        return None
    for revision in range(1, LAST_REVISION + 1):
        try:
            critique = load_model(ports, keys.critique(manifest.previous, revision), Critique)
        except (BlobMissing, ValidationError):  # expired, or another release's
            return None
        if critique.verdict is Verdict.APPROVED:
            return critique if (critique.model, critique.instructions) == (model, instructions) else None
    return None


def _pages_of(ports: Ports, session: str, revision: int) -> dict[str, PageFacts]:
    """What a model was shown of an earlier draft, by page; nothing if it expired."""
    try:
        with stored_draft(ports, session, revision) as draft:
            return {page.page: page for page in pages_of(draft).judged}
    except (BlobMissing, ValidationError):
        return {}


def _reviews(ports: Ports, session: str) -> dict[Topic, Review]:
    reviews: dict[Topic, Review] = {}
    for topic in Topic:
        try:
            reviews[topic] = load_model(ports, keys.review(session, topic.value), Review)
        except BlobMissing:
            continue
    return reviews
