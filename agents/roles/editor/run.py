"""Edit: load every document, ask a model for the prose, write the pages, save the draft."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import partial
from itertools import chain

from pydantic import ValidationError

from agents import keys
from agents.codebase.claims.statements import without_obeyed_orders
from agents.codebase.notes import without_notes
from agents.contracts.draft import Critique, EditorBrief, EditorReply
from agents.contracts.reruns import Reruns
from agents.contracts.review import Review
from agents.contracts.states import EditInput, EditOutput
from agents.contracts.structure import Topic
from agents.contracts.synthesis import Synthesis
from agents.errors import BlobMissing
from agents.ports import Ports
from agents.questions.instructions import fingerprint_of
from agents.questions.verification import CheckedQuestion, Totals, ask_and_verify_all
from agents.roles.editor.core import SitePages, briefs, pages, revised
from agents.roles.editor.material import Material
from agents.roles.editor.page_prose import EXTRACTED, PageProse, extracted, objections, verify
from agents.roles.editor.reruns import reruns
from agents.roles.editor.two_processes import by_two, guides_by_two
from agents.session.asked import EarlierQuestions, earlier_questions
from agents.session.documents import analyses_by_path, load_manifest, load_model, load_snapshot, pointers_of, save_model
from agents.session.drafts import save_draft, sent_back, stored_draft
from agents.session.figures import coverage_of, gaps_of
from agents.settings import AgentSettings

ROLE = "editor"
_log = logging.getLogger("swarm")


def run(request: EditInput, ports: Ports, settings: AgentSettings) -> EditOutput:
    """Write the next revision: every page the first time, afterwards only those that the critic named."""
    material = load_material(request.session_id, ports, settings)
    findings = _findings(request, ports, [brief.page for brief in briefs(material)])
    totals = Totals()
    compared = material.manifest.previous if findings is None else ""
    fingerprint = fingerprint_of(ROLE, material.manifest.site.style)
    earlier = earlier_questions(ports, compared, ROLE, settings.model_of(ROLE), fingerprint)
    ask = partial(_ask, material, totals, ports, findings, settings, earlier)
    asks = settings.model_of(ROLE) != EXTRACTED
    if findings is None:
        revision, site = 1, SitePages(material)
        with by_two(site.api, site.files, asks) as api_pages, guides_by_two(site.guides) as guides:
            prose, asked_pages = ask()
            again = _reruns(material, asked_pages, ports, settings)
            if asks:
                earlier.save(ports, request.session_id)
            counts = save_draft(
                ports, request.session_id, revision, chain(site.others(prose, again, guides), api_pages)
            )
        save_model(ports, keys.reruns(request.session_id), again)
    else:
        prose, _ = ask()
        fresh = list(pages(material, prose, _reruns_of(ports, request.session_id), findings))
        with stored_draft(ports, request.session_id, request.previous_revision) as previous:
            revision = previous.revision + 1
            rewritten = [page.path for page in fresh]
            counts = save_draft(ports, request.session_id, revision, revised(previous, fresh), rewritten)
    role = ROLE if revision == 1 else f"{ROLE}-{revision}"
    totals.save(ports.store, request.session_id, role)
    return EditOutput(revision=revision, pages=counts[0], rewritten=counts[1])


def _reruns(material: Material, asked_pages: Collection[str], ports: Ports, settings: AgentSettings) -> Reruns:
    """The reasons of this session's questions; extractive pages are built each time, without one."""
    manifest, model = material.manifest, settings.model_of(ROLE)
    return reruns(
        manifest,
        [] if model == "extractive" else [brief for brief in briefs(material) if brief.statements],
        asked_pages,
        _reruns_of(ports, manifest.previous) if manifest.previous else None,
        model,
        fingerprint_of(ROLE, manifest.site.style),
    )


def _reruns_of(ports: Ports, session_id: str) -> Reruns | None:
    """A session's record of reruns; None if the session expired or failed before it wrote one: it only explains."""
    try:
        return load_model(ports, keys.reruns(session_id), Reruns)
    except (BlobMissing, ValidationError):
        return None


def load_material(session_id: str, ports: Ports, settings: AgentSettings) -> Material:
    """Everything that the pages are built from."""
    manifest = load_manifest(ports, session_id)
    pointers = pointers_of(ports, manifest)
    synthesis = load_model(ports, keys.synthesis(session_id), Synthesis)
    stored, paths = analyses_by_path(ports, manifest, pointers), {entry.path for entry in manifest.entries}
    return Material(
        manifest=manifest,
        analyses=without_obeyed_orders(without_notes(stored, paths), synthesis.demands).claims,
        synthesis=synthesis,
        reviews={topic: review for topic in Topic if (review := _review(ports, session_id, topic)) is not None},
        coverage=coverage_of(manifest, pointers),
        gaps=gaps_of(manifest, pointers, *ports.store.batches(session_id)),
        model=settings.model.partition("@")[0],
        steps=ports.store.steps(session_id),
        texts=load_snapshot(ports, session_id),
        asked_roles=frozenset(role for role in ("synthesizer", ROLE) if settings.model_of(role) != EXTRACTED),
    )


def _review(ports: Ports, session_id: str, topic: Topic) -> Review | None:
    try:
        return load_model(ports, keys.review(session_id, topic.value), Review)
    except BlobMissing:
        return None


def _findings(request: EditInput, ports: Ports, written: Sequence[str]) -> dict[str, tuple[str, ...]] | None:
    """What the critic and a person found in the revision before, by page; None before the first.

    A person's comment is about the pages that it names by their place, else about every page that is `written`.
    """
    if request.previous_revision == 0:
        return None
    critique = load_model(ports, keys.critique(request.session_id, request.previous_revision), Critique)
    by_page: dict[str, list[str]] = defaultdict(list)
    for finding in critique.reply.findings:
        by_page[finding.page].append(finding.problem)
    back = sent_back(ports.store.session(request.session_id), ports.approvals)
    if back and back.decision and back.revision == request.previous_revision:
        comment = back.decision.comment
        for page in [page for page in written if page in comment] or written:
            by_page[page].append(f"A reader's comment: {comment}")
    return {page: tuple(problems) for page, problems in by_page.items()}


def _ask(
    material: Material,
    totals: Totals,
    ports: Ports,
    findings: dict[str, tuple[str, ...]] | None,
    settings: AgentSettings,
    earlier: EarlierQuestions,
) -> tuple[dict[str, PageProse], set[str]]:
    """The prose of each page, and the pages that no earlier session's answer served."""
    prose: dict[str, PageProse] = {}
    asked_pages: set[str] = set()
    wanted = (earlier.brief(brief.page, brief) for brief in briefs(material, findings) if brief.statements)
    questions = ((brief, _question(brief, material, settings)) for brief in wanted)
    for brief, answer in ask_and_verify_all(ports.model, questions, settings.questions_at_once(ROLE)):
        if isinstance(answer, Exception) or not answer.usage.reused:
            asked_pages.add(brief.page)
        if isinstance(answer, Exception):
            _log.warning("page %s gets its authors' sentences, as the model failed: %s", brief.page, answer)
            prose[brief.page] = extracted(brief, material)
            continue
        prose[brief.page] = answer.claims
        cites = (statement.path for paragraph in answer.claims.paragraphs for statement in paragraph)
        earlier.add(brief.page, brief, cites)
        totals.add(answer)
    return prose, asked_pages


def _question(
    brief: EditorBrief, material: Material, settings: AgentSettings
) -> CheckedQuestion[EditorReply, PageProse]:
    writer = settings.writer_of(ROLE)
    return CheckedQuestion(
        role=ROLE,
        brief=brief,
        reply_type=EditorReply,
        objections=lambda reply: objections(brief, reply, material),
        verify=lambda answer: verify(brief, answer.reply, material, answer.model or writer),
        style=material.manifest.site.style,
    )
