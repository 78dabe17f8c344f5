"""Synthesize: load the manifest and every analysis, merge them, save the synthesis."""

from __future__ import annotations

from agents import keys
from agents.codebase.claims.index import index_of
from agents.codebase.claims.statements import without_obeyed_orders
from agents.codebase.claims.verified import Verified
from agents.contracts.states import SynthesizeInput, SynthesizeOutput
from agents.contracts.synthesis import Part, SynthesizerBrief, SynthesizerReply
from agents.ports import Ports
from agents.questions.instructions import fingerprint_of
from agents.questions.verification import CheckedQuestion, Totals, ask_and_verify_all
from agents.roles.synthesizer.core import (
    Picture,
    cited,
    joined,
    merge,
    objections,
    parts,
    picture,
    refuse_too_many_gaps,
    verify,
)
from agents.session.asked import EarlierQuestions, earlier_questions
from agents.session.documents import analyses_by_path, load_manifest, pointers_of, save_model
from agents.session.figures import gaps_of
from agents.settings import AgentSettings

ROLE = "synthesizer"


def run(request: SynthesizeInput, ports: Ports, settings: AgentSettings) -> SynthesizeOutput:
    """Merge the analyses of a session. Raises TooManyGaps."""
    manifest = load_manifest(ports, request.session_id)
    pointers = pointers_of(ports, manifest)
    outcomes, lost = ports.store.batches(request.session_id)
    gaps = gaps_of(manifest, pointers, outcomes, lost)
    refuse_too_many_gaps(manifest, gaps, settings.gap_tolerance_percent)
    stored = analyses_by_path(ports, manifest, pointers)
    clean = without_obeyed_orders(stored, index_of(manifest, stored).demands)
    drawn = picture(manifest, clean.claims)
    totals = Totals()
    earlier = earlier_questions(
        ports, manifest.previous, ROLE, settings.model_of(ROLE), fingerprint_of(ROLE, manifest.site.style)
    )
    reply, writer = _ask(drawn, totals, ports, settings, earlier)
    synthesis = merge(manifest, drawn, reply, writer or settings.writer_of(ROLE))
    save_model(ports, keys.synthesis(request.session_id), synthesis)
    if settings.model_of(ROLE) != "extractive":
        earlier.save(ports, request.session_id)
    totals.dropped_claims += clean.dropped
    totals.save(ports.store, request.session_id, ROLE)
    return SynthesizeOutput(modules=len(synthesis.modules), gaps=len(gaps))


def _ask(
    drawn: Picture, totals: Totals, ports: Ports, settings: AgentSettings, earlier: EarlierQuestions
) -> tuple[Verified[SynthesizerReply], str]:
    """The model's verified statements about the whole repository, and the model that wrote them.

    The extractive model answers one question. A model on the network is asked part by part, side by side; if the
    extractive model had to answer any part, it is named as the writer.
    """
    if settings.model_of(ROLE) == "extractive":
        briefs = [drawn.brief]
    else:
        briefs = [earlier.brief(_about(brief), brief) for brief in parts(drawn.brief)]
    writers: set[str] = set()
    replies: dict[int, Verified[SynthesizerReply]] = {}
    questions = ((at, _question(drawn, brief)) for at, brief in enumerate(briefs))
    for at, answer in ask_and_verify_all(ports.model, questions, settings.questions_at_once(ROLE)):
        if isinstance(answer, Exception):
            raise answer
        totals.add(answer)
        writers.add(answer.model)
        replies[at] = Verified(answer.claims, answer.dropped)
        earlier.add(_about(briefs[at]), briefs[at], cited(answer.claims))
    writer = "extractive" if "extractive" in writers else next(iter(writers), "")
    return joined(replies[at] for at in sorted(replies)), writer


def _about(brief: SynthesizerBrief) -> str:
    return brief.modules[0].module.name if brief.part is Part.MODULE else ""


def _question(drawn: Picture, brief: SynthesizerBrief) -> CheckedQuestion[SynthesizerReply, SynthesizerReply]:
    return CheckedQuestion(
        role=ROLE,
        brief=brief,
        reply_type=SynthesizerReply,
        objections=lambda reply: objections(drawn, reply),
        verify=lambda answer: verify(drawn, brief, answer.reply),
        style=drawn.style,
    )
