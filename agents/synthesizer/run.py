"""Synthesize: load the manifest and every analysis, merge them, save the synthesis."""

from __future__ import annotations

from agents import keys
from agents.asking import answers
from agents.contracts.session import Usage, gaps_of
from agents.contracts.states import SynthesizeInput, SynthesizeOutput
from agents.contracts.synthesis import SynthesizerBrief, SynthesizerReply
from agents.environment import AgentEnvironment
from agents.instructions import instructions_of
from agents.library import load_analyses, load_manifest, save_model
from agents.ports import Ports, Question
from agents.synthesizer.core import joined, merge, parts, picture, refuse_too_many_gaps

ROLE = "synthesizer"


def run(request: SynthesizeInput, ports: Ports, settings: AgentEnvironment) -> SynthesizeOutput:
    """Merge what the analysts found. Raises TooManyGaps."""
    manifest = load_manifest(ports, request.session_id)
    wanted = [entry.analysis_key for entry in manifest.documented if entry.analysis_key]
    outcomes, lost = ports.store.batches(request.session_id)
    gaps = gaps_of(manifest, ports.store.analyses(wanted), outcomes, lost)
    refuse_too_many_gaps(manifest, gaps, settings.gap_tolerance_percent)
    stored = load_analyses(ports, wanted)
    analyses = {e.path: stored[e.analysis_key] for e in manifest.documented if e.analysis_key in stored}
    known = picture(manifest, analyses)
    reply, usage = _asked(known.brief, ports, settings)
    synthesis = merge(manifest, known, reply)
    save_model(ports, keys.synthesis(request.session_id), synthesis)
    ports.store.save_usage(request.session_id, ROLE, usage)
    return SynthesizeOutput(modules=len(synthesis.modules), gaps=len(gaps))


def _asked(brief: SynthesizerBrief, ports: Ports, settings: AgentEnvironment) -> tuple[SynthesizerReply, Usage]:
    """What the model says of the whole; one on the network is asked part by part, side by side."""
    wanted = [brief] if settings.model_of(ROLE) == "extractive" else list(parts(brief))
    questions = (
        (at, Question(role=ROLE, instructions=instructions_of(ROLE), brief=one, reply_type=SynthesizerReply))
        for at, one in enumerate(wanted)
    )
    usage = Usage()
    replies: dict[int, SynthesizerReply] = {}
    for at, answer in answers(ports.model, questions, settings.calls_at_once(ROLE)):
        if isinstance(answer, Exception):
            raise answer
        usage += answer.usage
        replies[at] = answer.reply
    return joined((wanted[at], replies[at]) for at in sorted(replies)), usage
