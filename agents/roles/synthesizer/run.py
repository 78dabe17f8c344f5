"""Synthesize: load the manifest and every analysis, merge them, save the synthesis."""

from __future__ import annotations

from agents import keys
from agents.codebase.claims.index import index_of
from agents.codebase.claims.statements import swept
from agents.contracts.base import Contract
from agents.contracts.session import gaps_of
from agents.contracts.states import SynthesizeInput, SynthesizeOutput
from agents.contracts.synthesis import SynthesizerBrief, SynthesizerReply
from agents.contracts.usage import Usage
from agents.ports import Ports, Question
from agents.questions.instructions import instructions_of
from agents.questions.side_by_side import answers
from agents.roles.synthesizer.core import Picture, joined, merge, objections, parts, picture, refuse_too_many_gaps
from agents.session.documents import load_analyses, load_manifest, save_model
from agents.settings import AgentSettings

ROLE = "synthesizer"


def run(request: SynthesizeInput, ports: Ports, settings: AgentSettings) -> SynthesizeOutput:
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
    reply, usage, writer = _asked(known, ports, settings)
    synthesis = merge(manifest, known, reply, writer or settings.writer_of(ROLE))
    save_model(ports, keys.synthesis(request.session_id), synthesis)
    ports.store.save_usage(request.session_id, ROLE, usage)
    ports.store.save_struck(request.session_id, ROLE, synthesis.struck + obeyed)
    return SynthesizeOutput(modules=len(synthesis.modules), gaps=len(gaps))


def _asked(known: Picture, ports: Ports, settings: AgentSettings) -> tuple[SynthesizerReply, Usage, str]:
    """What the model says of the whole, what it cost, and who said it.

    One on the network is asked part by part, side by side; of several writers the one is named that had to stand in.
    """
    wanted = [known.brief] if settings.model_of(ROLE) == "extractive" else list(parts(known.brief))

    def disproved(reply: Contract) -> tuple[str, ...]:
        return objections(known, reply) if isinstance(reply, SynthesizerReply) else ()

    def question(brief: SynthesizerBrief) -> Question[SynthesizerReply]:
        return Question(ROLE, instructions_of(ROLE), brief, SynthesizerReply, objections=disproved)

    usage = Usage()
    writers: set[str] = set()
    replies: dict[int, SynthesizerReply] = {}
    questions = ((at, question(one)) for at, one in enumerate(wanted))
    for at, answer in answers(ports.model, questions, settings.calls_at_once(ROLE)):
        if isinstance(answer, Exception):
            raise answer
        usage += answer.usage
        writers.add(answer.model)
        replies[at] = answer.reply
    told = joined((wanted[at], replies[at]) for at in sorted(replies))
    return told, usage, "extractive" if "extractive" in writers else next(iter(writers), "")
