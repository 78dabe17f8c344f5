"""Scans a session's archive: every file gets one fate, and what wants an analysis is planned into batches."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import ValidationError

from agents import keys
from agents.codebase.notes import notes_among
from agents.contracts.session import Session
from agents.contracts.site_settings import WritingStyle
from agents.contracts.snapshot import Manifest, SourceFile, Sources
from agents.contracts.states import ScanInput, ScanOutput
from agents.costs.degradation import Choice, Descent, planned_step, shared
from agents.costs.facts import FileCosts
from agents.costs.questions import ExpectedQuestions
from agents.costs.session import descend, expected_spend
from agents.errors import ArchiveCorrupt, BlobMissing, RepositoryEmpty
from agents.ports import BlobStore, Ports
from agents.questions.instructions import instructions_of
from agents.questions.prompt_cache import worth_warming
from agents.roles.scanner.archive import Archive, Limits, open_archive
from agents.roles.scanner.asked_again import asked_again_since
from agents.roles.scanner.core import ExaminedFile
from agents.roles.scanner.emptiness import why_empty
from agents.roles.scanner.examination import examine_all
from agents.roles.scanner.exclusion import with_settings
from agents.roles.scanner.fresh import facts_of, is_readable, wanted_keys
from agents.roles.scanner.manifest import Batches, ScannedSnapshot, manifest_of, planned_batches
from agents.roles.scanner.read_before import keep_what_was_read
from agents.roles.scanner.repository_route import repository_route
from agents.roles.scanner.stored_analyses import StoredAnalyses
from agents.roles.scanner.surroundings import NeighbourIndex, Readable, TakeStructure, read_all
from agents.roles.scanner.two_processes import read_by_two
from agents.session.positioned_file import opened
from agents.session.structures import StructureSpool
from agents.settings import AgentSettings


def run(request: ScanInput, ports: Ports, settings: AgentSettings) -> ScanOutput:
    """Write the manifest, the plan, the batches' sources and the snapshot's text.

    Raises ArchiveCorrupt, ArchiveUnsafe, RepositoryTooLarge or RepositoryEmpty.
    """
    session = ports.store.session(request.session_id)
    with TemporaryDirectory(prefix="swarm-scan-") as folder:
        snapshot = Path(folder) / "snapshot.zip"
        examined = examine_all(_download(session, ports.uploads, Path(folder), settings), snapshot, settings)
        examined, site = with_settings(examined, snapshot)
        structures = StructureSpool(Path(folder) / "structures", ports.structure.read)
        stored = StoredAnalyses(ports.store)
        before, alone = _manifest_before(session, ports), _keys_alone(examined, site.style, settings)
        if before is not None and alone:
            keep_what_was_read(structures, before, alone, stored, ports)
        read_each = partial(read_by_two, structures)
        around = surroundings_of(session.repository, examined, snapshot, read_each, settings)
        facts = _facts(examined, around, site.style, stored, settings)
        last = before.session_id if before else ""
        again = asked_again_since(last, facts, site.style, settings, ports.blobs.read)
        descent = _descent(facts, again, session.session_id, ports, settings)
        scanned = ScannedSnapshot(session, examined, around, site, descent.choices, alone, before)
        manifest, batches = _planned(scanned, stored, ports, settings)
        expected = expected_spend(facts, settings, again)
        if expected is not None:
            ports.blobs.write(keys.expected_spend(session.session_id), expected.model_dump_json().encode())
        ports.blobs.write(keys.manifest(session.session_id), manifest.model_dump_json().encode())
        if not manifest.documented:
            raise RepositoryEmpty(why_empty(session.repository, manifest.entries))
        ports.blobs.upload(keys.snapshot_text(session.session_id), snapshot, "application/zip")
        _write_sources(manifest, batches, scanned, snapshot, ports.blobs)
        of_batches = ((batch.batch_id, paths) for batch, paths in batches)
        structures.store(session.session_id, of_batches, ports.blobs)
    _save_plan(manifest, around.outline, ports, settings)
    for taken in descent.steps:
        ports.store.save_step(session.session_id, planned_step(taken, int(ports.clock.now())))
    ports.store.save_last_scan(session.repository, session.session_id)
    return ScanOutput(session_id=session.session_id, files=len(manifest.entries), batches=len(batches))


def _save_plan(manifest: Manifest, outline: str, ports: Ports, settings: AgentSettings) -> None:
    """One JSON array a wave; a session that has nothing to analyse has one empty wave."""
    last = max((batch.wave for batch in manifest.batches), default=0)
    waves = [keys.plan(manifest.session_id, wave) for wave in range(last + 1)]
    for wave, key in enumerate(waves):
        items = [batch.model_dump(mode="json") for batch in manifest.batches if batch.wave == wave]
        ports.blobs.write(key, json.dumps(items).encode())
    ports.store.clear_batches(manifest.session_id)
    questions = sum(batch.files for batch in manifest.batches)
    beginning = instructions_of("analyst", manifest.site.style) + outline
    warm_up = worth_warming(settings.model_of("analyst"), beginning, questions)
    repository = repository_route(manifest.documented, settings)
    ports.store.save_plan(manifest.session_id, waves, len(manifest.batches), repository, warm_up)


def _download(session: Session, uploads: BlobStore, folder: Path, settings: AgentSettings) -> Archive:
    path = folder / "archive"
    try:
        uploads.download(session.archive_key, path, session.archive_version)
    except BlobMissing as error:
        raise ArchiveCorrupt(f"{session.archive_key} is no longer in the upload bucket") from error
    limits = Limits(files=settings.repository_limit_files, bytes=settings.repository_limit_megabytes * 1_000_000)
    return open_archive(path, f"the archive of {session.repository}", limits)


def surroundings_of(
    repository: str,
    examined: list[ExaminedFile],
    snapshot: Path,
    read_each: Callable[[Callable[[str], str], Sequence[Readable], TakeStructure], None],
    settings: AgentSettings,
) -> NeighbourIndex:
    """What lies around each file, unless the analyst's model reads one file alone.

    `read_each` takes what gives a path's text, to begin with; two processes may call that.
    """
    if settings.model_of("analyst") == "extractive":
        return NeighbourIndex("none: the extractive model reads one file alone")
    readable = [Readable(file.path, file.language, file.bytes) for file in examined if is_readable(file)]
    with opened(snapshot) as file, zipfile.ZipFile(file) as texts:
        return read_all(repository, readable, partial(read_each, lambda path: texts.read(path).decode()))


def _facts(
    examined: list[ExaminedFile],
    around: NeighbourIndex,
    style: WritingStyle,
    stored: StoredAnalyses,
    settings: AgentSettings,
) -> list[FileCosts]:
    """What the files will cost; nothing, and not asked for, where no role asks a model."""
    if not settings.network_models:
        return []
    wanted = wanted_keys(examined, around, settings.model_of("analyst"), style)
    return facts_of(examined, around, wanted, stored.among(wanted.values()), settings)


def _descent(
    facts: Sequence[FileCosts],
    again: Mapping[str, ExpectedQuestions],
    session_id: str,
    ports: Ports,
    settings: AgentSettings,
) -> Descent:
    """How the files are treated so that the session ends under its cap; a choice only where something is saved.

    A person's note is shown as it is written, so no model is asked about it, whatever the budget.
    """
    if settings.model_of("analyst") == "extractive":
        return Descent()
    descent = descend(facts, settings, ports.store.spending(session_id).committed_usd, again)
    notes = dict.fromkeys(notes_among([file.path for file in facts]), Choice(model="extractive"))
    return replace(descent, choices={**descent.choices, **notes})


def _keys_alone(examined: list[ExaminedFile], style: WritingStyle, settings: AgentSettings) -> dict[str, str]:
    """Keys of the extractive model's analyses, of files without their surroundings; none where it is the only model."""
    if settings.model_of("analyst") == "extractive":
        return {}
    return wanted_keys(examined, NeighbourIndex(), "extractive", style)


def _planned(
    scanned: ScannedSnapshot, stored: StoredAnalyses, ports: Ports, settings: AgentSettings
) -> tuple[Manifest, Batches]:
    """The manifest and the batches, by what is stored and by the paces of earlier sessions."""
    model = settings.model_of("analyst")
    wanted = scanned.wanted_keys(model)
    reused = stored.among(wanted.values())
    batches = planned_batches(scanned, wanted, reused, ports.store.paces(model), settings)
    return manifest_of(scanned, wanted, reused, batches, model), batches


def _manifest_before(session: Session, ports: Ports) -> Manifest | None:
    """What the session before this one found in the repository of this name; it only explains, so it may be missing."""
    last = ports.store.last_scan(session.repository)
    manifest = _stored_manifest(last, ports)
    # A second scan of a session is compared with the same earlier session as the first, and gives the same reasons.
    if manifest is not None and last == session.session_id:
        manifest = _stored_manifest(manifest.previous, ports)
    return manifest


def _stored_manifest(session_id: str, ports: Ports) -> Manifest | None:
    try:
        return Manifest.model_validate_json(ports.blobs.read(keys.manifest(session_id))) if session_id else None
    except (BlobMissing, ValidationError):  # erased, expired, or written by a release whose manifest was another
        return None


def _write_sources(
    manifest: Manifest, batches: Batches, scanned: ScannedSnapshot, snapshot: Path, blobs: BlobStore
) -> None:
    """One blob a batch, its texts read back from the snapshot; inside it, what is imported comes first."""
    around = scanned.around
    by_path = {entry.path: entry for entry in manifest.documented}
    stored_as = {entry.path: entry.analysis_key for entry in manifest.documented if entry.analysis_key}
    with zipfile.ZipFile(snapshot) as texts:
        for batch, paths in batches:
            level = scanned.levels(list(paths))
            together = shared([(path, by_path[path].bytes) for path in paths], scanned.choices)
            files = [
                SourceFile(
                    path=path,
                    language=by_path[path].language,
                    analysis_key=stored_as[path],
                    text=texts.read(path).decode(),
                    imports=around.shown_imports(path),
                    siblings=around.siblings(path),
                    model=by_path[path].answered_by,
                    extractive_key=by_path[path].extractive_key,
                    together=together.get(path, ""),
                )
                for path in sorted(paths, key=lambda path: level[path])
            ]
            sources = Sources(
                batch_id=batch.batch_id,
                files=tuple(files),
                outline=around.outline,
                neighbours=around.neighbours(paths, stored_as),
                style=manifest.site.style,
            )
            blobs.write(keys.sources(manifest.session_id, batch.batch_id), sources.model_dump_json().encode())
