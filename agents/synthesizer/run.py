"""Synthesize: load the manifest and every analysis, merge them, save the synthesis."""

from __future__ import annotations

from agents import keys
from agents.contracts.base import Contract
from agents.contracts.session import gaps_of
from agents.contracts.states import SynthesizeInput, SynthesizeOutput
from agents.contracts.synthesis import SynthesizerReply
from agents.environment import AgentEnvironment
from agents.instructions import instructions_of
from agents.library import load_analyses, load_manifest, save_model
from agents.ports import Ports, Question
from agents.proof.index import index_of
from agents.proof.statements import swept
from agents.synthesizer.core import merge, objections, picture, refuse_too_many_gaps


def run(request: SynthesizeInput, ports: Ports, settings: AgentEnvironment) -> SynthesizeOutput:
    """Merge what the analysts found. Raises TooManyGaps."""
    manifest = load_manifest(ports, request.session_id)
    wanted = [entry.analysis_key for entry in manifest.documented if entry.analysis_key]
    outcomes, lost = ports.store.batches(request.session_id)
    gaps = gaps_of(manifest, ports.store.analyses(wanted), outcomes, lost)
    refuse_too_many_gaps(manifest, gaps, settings.gap_tolerance_percent)
    stored = load_analyses(ports, wanted)
    analyses = {e.path: stored[e.analysis_key] for e in manifest.documented if e.analysis_key in stored}
    analyses, obeyed = swept(analyses, index_of(manifest, analyses).demands)
    known = picture(manifest, analyses)

    def disproved(reply: Contract) -> tuple[str, ...]:
        return objections(known, reply) if isinstance(reply, SynthesizerReply) else ()

    answer = ports.model.answer(
        Question(
            role="synthesizer",
            instructions=instructions_of("synthesizer"),
            brief=known.brief,
            reply_type=SynthesizerReply,
            objections=disproved,
        )
    )
    synthesis = merge(manifest, known, answer.reply, answer.model or settings.writer_of("synthesizer"))
    save_model(ports, keys.synthesis(request.session_id), synthesis)
    ports.store.save_usage(request.session_id, "synthesizer", answer.usage)
    ports.store.save_struck(request.session_id, "synthesizer", synthesis.struck + obeyed)
    return SynthesizeOutput(modules=len(synthesis.modules), gaps=len(gaps))
