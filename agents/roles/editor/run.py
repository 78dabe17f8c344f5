"""Edit: load every document, ask a model for the prose, write the pages, save the draft."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

from pydantic import ValidationError

from agents import keys
from agents.codebase.claims.statements import swept
from agents.contracts.base import Contract
from agents.contracts.draft import Critique, EditorBrief, EditorReply
from agents.contracts.reruns import Reruns
from agents.contracts.review import Review
from agents.contracts.session import coverage_of, gaps_of
from agents.contracts.states import EditInput, EditOutput
from agents.contracts.structure import Topic
from agents.contracts.synthesis import Synthesis
from agents.contracts.usage import Usage
from agents.errors import BlobMissing
from agents.ports import Ports, Question
from agents.questions.instructions import fingerprint_of, instructions_of
from agents.questions.side_by_side import answers
from agents.roles.editor.core import briefs, pages, revised
from agents.roles.editor.material import Material
from agents.roles.editor.reruns import reruns
from agents.roles.editor.told import EXTRACTED, Told, disproved, extracted, told
from agents.session.documents import load_analyses, load_manifest, load_model, load_snapshot, save_model
from agents.session.drafts import save_draft, stored_draft
from agents.settings import AgentSettings

ROLE = "editor"
_log = logging.getLogger(__name__)


def run(request: EditInput, ports: Ports, settings: AgentSettings) -> EditOutput:
    """Write the next revision: every page the first time, afterwards only those that the critic named."""
    material = load_material(request.session_id, ports, settings)
    findings = _findings(request, ports)
    tellings, asked, usage, struck = _tellings(material, ports, findings, settings)
    if findings is None:
        material = _with_reruns(material, asked, ports, settings)
        revision = 1
        counts = save_draft(ports, request.session_id, revision, pages(material, tellings))
    else:
        material = replace(material, reruns=_reruns_of(ports, request.session_id))
        fresh = [page for page in pages(material, tellings) if page.path in findings]
        with stored_draft(ports, request.session_id, request.previous_revision) as previous:
            revision = previous.revision + 1
            rewritten = [page.path for page in fresh]
            counts = save_draft(ports, request.session_id, revision, revised(previous, fresh), rewritten)
    if material.reruns is not None:
        save_model(ports, keys.reruns(request.session_id), material.reruns)
    role = ROLE if revision == 1 else f"{ROLE}-{revision}"
    ports.store.save_usage(request.session_id, role, usage)
    ports.store.save_struck(request.session_id, role, struck)
    return EditOutput(revision=revision, pages=counts[0], rewritten=counts[1])


def _with_reruns(material: Material, asked: Collection[str], ports: Ports, settings: AgentSettings) -> Material:
    """With what this session did again; the extractive model's pages are not asked for, but made each time."""
    manifest, model = material.manifest, settings.model_of(ROLE)
    told = reruns(
        manifest,
        [] if model == "extractive" else [brief for brief in briefs(material) if brief.statements],
        asked,
        _reruns_of(ports, manifest.previous) if manifest.previous else None,
        model,
        fingerprint_of(ROLE),
    )
    return replace(material, reruns=told)


def _reruns_of(ports: Ports, session_id: str) -> Reruns | None:
    """It only explains: an earlier session may have expired, or may have failed before it wrote any."""
    try:
        return load_model(ports, keys.reruns(session_id), Reruns)
    except (BlobMissing, ValidationError):
        return None


def load_material(session_id: str, ports: Ports, settings: AgentSettings) -> Material:
    """Every document that the pages are written from."""
    manifest = load_manifest(ports, session_id)
    wanted = [entry.analysis_key for entry in manifest.documented if entry.analysis_key]
    pointers = ports.store.analyses(wanted)
    stored = load_analyses(ports, wanted)
    by_path = {e.path: stored[e.analysis_key] for e in manifest.documented if e.analysis_key in stored}
    synthesis = load_model(ports, keys.synthesis(session_id), Synthesis)
    return Material(
        manifest=manifest,
        analyses=swept(by_path, synthesis.demands)[0],
        synthesis=synthesis,
        reviews={topic: review for topic in Topic if (review := _review(ports, session_id, topic)) is not None},
        coverage=coverage_of(manifest, pointers),
        gaps=gaps_of(manifest, pointers, *ports.store.batches(session_id)),
        model=settings.model.partition("@")[0],
        steps=ports.store.steps(session_id),
        texts=load_snapshot(ports, session_id),
        asked=frozenset(role for role in ("synthesizer", ROLE) if settings.model_of(role) != EXTRACTED),
    )


def _review(ports: Ports, session_id: str, topic: Topic) -> Review | None:
    try:
        return load_model(ports, keys.review(session_id, topic.value), Review)
    except BlobMissing:
        return None


def _findings(request: EditInput, ports: Ports) -> dict[str, tuple[str, ...]] | None:
    """What the critic found in the revision before, by page; None before the first."""
    if request.previous_revision == 0:
        return None
    critique = load_model(ports, keys.critique(request.session_id, request.previous_revision), Critique)
    by_page: dict[str, list[str]] = defaultdict(list)
    for finding in critique.reply.findings:
        by_page[finding.page].append(finding.problem)
    return {page: tuple(problems) for page, problems in by_page.items()}


def _tellings(
    material: Material, ports: Ports, findings: dict[str, tuple[str, ...]] | None, settings: AgentSettings
) -> tuple[dict[str, Told], set[str], Usage, int]:
    """Each page's telling, the pages that no earlier session's answer served, the cost, and how much was struck."""
    tellings: dict[str, Told] = {}
    usage = Usage()
    asked: set[str] = set()
    questions = ((brief, _question(brief, material)) for brief in briefs(material, findings) if brief.statements)
    for brief, answer in answers(ports.model, questions, settings.calls_at_once(ROLE)):
        if isinstance(answer, Exception) or not answer.usage.reused:
            asked.add(brief.page)
        if isinstance(answer, Exception):
            _log.warning("%s is told in its authors' words: %s", brief.page, answer)
            tellings[brief.page] = extracted(brief, material)
            continue
        tellings[brief.page] = told(brief, answer.reply, material, answer.model or settings.writer_of(ROLE))
        usage += answer.usage
    return tellings, asked, usage, sum(one.struck for one in tellings.values())


def _question(brief: EditorBrief, material: Material) -> Question[EditorReply]:
    def objections(reply: Contract) -> tuple[str, ...]:
        return disproved(brief, reply, material) if isinstance(reply, EditorReply) else ()

    return Question(
        role=ROLE, instructions=instructions_of(ROLE), brief=brief, reply_type=EditorReply, objections=objections
    )
