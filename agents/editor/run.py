"""Edit: load every document, ask a model for the prose, write the pages, save the draft."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

from pydantic import ValidationError

from agents import keys
from agents.asking import answers
from agents.contracts.draft import Critique, Draft, EditorReply
from agents.contracts.reruns import Reruns
from agents.contracts.review import Review
from agents.contracts.session import Usage, coverage_of, gaps_of
from agents.contracts.states import EditInput, EditOutput
from agents.contracts.structure import Topic
from agents.contracts.synthesis import Synthesis
from agents.editor.core import briefs, pages, revised, told
from agents.editor.material import Material
from agents.editor.reruns import reruns
from agents.editor.sheet import Telling
from agents.environment import AgentEnvironment
from agents.errors import BlobMissing
from agents.instructions import fingerprint_of, instructions_of
from agents.library import load_analyses, load_manifest, load_model, save_model
from agents.ports import Ports, Question

_log = logging.getLogger(__name__)


def run(request: EditInput, ports: Ports, settings: AgentEnvironment) -> EditOutput:
    """Write the next revision: every page the first time, afterwards only those that the critic named."""
    material = load_material(request.session_id, ports)
    findings = _findings(request, ports)
    tellings, asked, usage = _tellings(material, ports, findings, settings.calls_at_once("editor"))
    if findings is None:
        material = _with_reruns(material, asked, ports, settings)
        draft = Draft(revision=1, pages=tuple(pages(material, tellings)))
        draft = draft.model_copy(update={"rewritten": tuple(page.path for page in draft.pages)})
    else:
        material = replace(material, reruns=_reruns_of(ports, request.session_id))
        previous = load_model(ports, keys.draft(request.session_id, request.previous_revision), Draft)
        draft = revised(previous, [page for page in pages(material, tellings) if page.path in findings])
    save_model(ports, keys.draft(request.session_id, draft.revision), draft)
    if material.reruns is not None:
        save_model(ports, keys.reruns(request.session_id), material.reruns)
    role = "editor" if draft.revision == 1 else f"editor-{draft.revision}"
    ports.store.save_usage(request.session_id, role, usage)
    return EditOutput(revision=draft.revision, pages=len(draft.pages), rewritten=len(draft.rewritten))


def _with_reruns(material: Material, asked: Collection[str], ports: Ports, settings: AgentEnvironment) -> Material:
    """With what this session did again; the extractive model's pages are not asked for, but made each time."""
    manifest, model = material.manifest, settings.model_of("editor")
    told = reruns(
        manifest,
        [] if model == "extractive" else [brief for brief in briefs(material) if brief.statements],
        asked,
        _reruns_of(ports, manifest.previous) if manifest.previous else None,
        model,
        fingerprint_of("editor"),
    )
    return replace(material, reruns=told)


def _reruns_of(ports: Ports, session_id: str) -> Reruns | None:
    """It only explains: an earlier session may have expired, or may have failed before it wrote any."""
    try:
        return load_model(ports, keys.reruns(session_id), Reruns)
    except (BlobMissing, ValidationError):
        return None


def load_material(session_id: str, ports: Ports) -> Material:
    """Every document that the pages are written from."""
    manifest = load_manifest(ports, session_id)
    wanted = [entry.analysis_key for entry in manifest.documented if entry.analysis_key]
    pointers = ports.store.analyses(wanted)
    stored = load_analyses(ports, wanted)
    return Material(
        manifest=manifest,
        analyses={e.path: stored[e.analysis_key] for e in manifest.documented if e.analysis_key in stored},
        synthesis=load_model(ports, keys.synthesis(session_id), Synthesis),
        reviews={topic: review for topic in Topic if (review := _review(ports, session_id, topic)) is not None},
        coverage=coverage_of(manifest, pointers),
        gaps=gaps_of(manifest, pointers, *ports.store.batches(session_id)),
        model=ports.model.name,
        steps=ports.store.steps(session_id),
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
    material: Material, ports: Ports, findings: dict[str, tuple[str, ...]] | None, at_once: int
) -> tuple[dict[str, Telling], set[str], Usage]:
    """What the model tells of each page, the pages that no earlier session's answer served, and the cost."""
    instructions = instructions_of("editor")
    tellings: dict[str, Telling] = {}
    usage = Usage()
    asked: set[str] = set()
    questions = (
        (brief, Question(role="editor", instructions=instructions, brief=brief, reply_type=EditorReply))
        for brief in briefs(material, findings)
        if brief.statements
    )
    for brief, answer in answers(ports.model, questions, at_once):
        if isinstance(answer, Exception) or not answer.usage.reused:
            asked.add(brief.page)
        if isinstance(answer, Exception):
            _log.warning("%s is told in the words of its facts: %s", brief.page, answer)
            continue
        tellings[brief.page] = told(brief, answer.reply, material)
        usage += answer.usage
    return tellings, asked, usage
