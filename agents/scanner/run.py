"""Scans a session's archive: every file gets one fate, and what wants an analysis is planned into batches."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from agents import keys
from agents.contracts.session import Session
from agents.contracts.snapshot import Manifest, ManifestEntry, PlannedBatch, SkipReason, SourceFile, Sources
from agents.contracts.states import ScanInput, ScanOutput
from agents.environment import AgentEnvironment
from agents.errors import ArchiveCorrupt, BlobMissing, RepositoryEmpty
from agents.estimating.facts import FileFacts
from agents.estimating.ladder import Choice, Descent, planned_step, shared
from agents.estimating.session import descend
from agents.instructions import fingerprint_of
from agents.ports import BlobStore, Ports
from agents.scanner.archive import Archive, Limits, Member, MemberKind, open_archive
from agents.scanner.core import Examined, examine, not_a_file, unreadable
from agents.scanner.names import distinct, place, repository_path, top_folder, without_top
from agents.scanner.plan import FileToPlan, PlanLimits, plan

#: How much a list of unreadable files may hold, in bytes; `swarm run` writes it, but anybody may upload one.
_UNREADABLE_LIMIT_BYTES = 5_000_000
#: Deflate's level: the snapshot is read once or twice, and a scan should take seconds.
_FAST = 1


def run(request: ScanInput, ports: Ports, settings: AgentEnvironment) -> ScanOutput:
    """Write the manifest, the plan, the batches' sources and the snapshot's text.

    Raises ArchiveCorrupt, ArchiveUnsafe, RepositoryTooLarge or RepositoryEmpty.
    """
    session = ports.store.session(request.session_id)
    with TemporaryDirectory(prefix="swarm-scan-") as folder:
        snapshot = Path(folder) / "snapshot.zip"
        found = examine_all(_download(session, ports.uploads, Path(folder), settings), snapshot, settings)
        descent = _descent(session.session_id, found, ports, settings)
        entries, batches = _fates(found, descent.choices, ports, settings)
        manifest = Manifest(
            session_id=session.session_id,
            repository=session.repository,
            entries=tuple(entries),
            batches=tuple(batch for batch, _ in batches),
        )
        ports.blobs.write(keys.manifest(session.session_id), manifest.model_dump_json().encode())
        if not manifest.documented:
            raise RepositoryEmpty(_why_empty(session.repository, entries))
        ports.blobs.write(keys.snapshot_text(session.session_id), snapshot.read_bytes(), "application/zip")
        _write_sources(session.session_id, entries, batches, snapshot, ports.blobs, descent.choices)
    planned = json.dumps([batch.model_dump(mode="json") for batch, _ in batches])
    ports.blobs.write(keys.plan(session.session_id), planned.encode())
    ports.store.clear_batches(session.session_id)
    for taken in descent.steps:
        ports.store.save_step(session.session_id, planned_step(taken, int(ports.clock.now())))
    ports.store.save_plan(session.session_id, keys.plan(session.session_id), len(batches))
    return ScanOutput(session_id=session.session_id, files=len(entries), batches=len(batches))


def _download(session: Session, uploads: BlobStore, folder: Path, settings: AgentEnvironment) -> Archive:
    path = folder / "archive"
    try:
        uploads.download(session.archive_key, path, session.archive_version)
    except BlobMissing as error:
        raise ArchiveCorrupt(f"{session.archive_key} is no longer in the upload bucket") from error
    limits = Limits(files=settings.repository_limit_files, bytes=settings.repository_limit_bytes)
    return open_archive(path, f"the archive of {session.repository}", limits)


def examine_all(archive: Archive, snapshot: Path, settings: AgentEnvironment) -> list[Examined]:
    """Every file once. Texts go into the snapshot on disk: the repository is never in memory whole."""
    members = {place(member.name): member for member in archive.members()}  # of one name the last wins
    is_rooted = members.pop("", None) is not None
    listed = _listed_unreadable(archive, members.pop(keys.UNREADABLE_MEMBER, None))
    folders = [name for name, member in members.items() if member.kind is MemberKind.FOLDER]
    present = {name: member for name, member in members.items() if member.kind is not MemberKind.FOLDER}
    # An archive that names its own root says that everything lies in it; one of GitHub's has a folder around it.
    top = "" if is_rooted else top_folder([*(f"{name}/" for name in folders), *present, *listed])
    wanted = list(present | listed)
    names = dict(zip(wanted, distinct([repository_path(without_top(name, top)) for name in wanted]), strict=True))
    by_index = {member.index: names[name] for name, member in present.items() if member.kind is MemberKind.FILE}
    found: list[Examined] = []
    with zipfile.ZipFile(snapshot, "w", zipfile.ZIP_DEFLATED) as texts:
        for index, chunks in archive.contents(by_index):
            file = examine(by_index[index], chunks, settings.file_limit_bytes)
            if file.text is not None:
                # A fresh ZipInfo has a constant date: the same repository gives the same bytes.
                texts.writestr(zipfile.ZipInfo(file.path), file.text.encode(), zipfile.ZIP_DEFLATED, _FAST)
            found.append(replace(file, text=None))
    found.extend(
        not_a_file(names[name], SkipReason.LINK if member.kind is MemberKind.LINK else SkipReason.NOT_A_FILE)
        for name, member in present.items()
        if member.kind is not MemberKind.FILE
    )
    found.extend(unreadable(names[name], detail) for name, detail in listed.items() if name not in present)
    return sorted(found, key=lambda file: file.path)


def _listed_unreadable(archive: Archive, member: Member | None) -> dict[str, str]:
    """Files that `swarm run` could not read, with the reason; an unusable list is no list."""
    if member is None or member.kind is not MemberKind.FILE or member.bytes > _UNREADABLE_LIMIT_BYTES:
        return {}
    data = b"".join(chunk for _, chunks in archive.contents({member.index}) for chunk in chunks)
    try:
        rows = json.loads(data)
        return {place(str(row["path"])): str(row["detail"]) for row in rows if place(row["path"])}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def _descent(session_id: str, found: list[Examined], ports: Ports, settings: AgentEnvironment) -> Descent:
    """How the files are treated so that the session ends under its cap; a choice only where something is saved."""
    if settings.model_of("analyst") == "extractive":
        return Descent()
    return descend(facts_of(found, settings, ports.store.analyses), settings, ports.store.spending(session_id))


def facts_of(
    found: Iterable[Examined], settings: AgentEnvironment, stored: Callable[[Collection[str]], Container[str]]
) -> list[FileFacts]:
    """The files to document as an estimate takes them; `stored` says which analyses need no model any more."""
    readable = [file for file in found if _is_readable(file)]
    wanted = {file.path: _analysis_key(file, settings.model_of("analyst")) for file in readable}
    known = stored(set(wanted.values()))
    return [
        FileFacts(file.path, file.language, file.bytes, file.lines, fresh=wanted[file.path] not in known)
        for file in readable
    ]


def _is_readable(file: Examined) -> bool:
    return file.skipped is None and file.gap is None


def _analysis_key(file: Examined, model: str) -> str:
    return keys.analysis_key(file.digest, file.language, model, fingerprint_of("analyst"))


def _fates(
    found: list[Examined], choices: Mapping[str, Choice], ports: Ports, settings: AgentEnvironment
) -> tuple[list[ManifestEntry], list[tuple[PlannedBatch, tuple[str, ...]]]]:
    """The manifest's entries and the batches: what has a stored analysis is reused, what else is readable planned."""
    own = settings.model_of("analyst")
    models = {file.path: choices.get(file.path, Choice()).model or own for file in found if _is_readable(file)}
    wanted = {file.path: _analysis_key(file, models[file.path]) for file in found if file.path in models}
    stored = ports.store.analyses(wanted.values())
    planned = [FileToPlan(file.path, file.bytes, file.language) for file in found if file.path in wanted]
    batches = plan(
        (file for file in planned if wanted[file.path] not in stored),
        _limits(ports, settings),
    )
    batch_of = {path: batch.batch_id for batch, paths in batches for path in paths}
    entries = [
        ManifestEntry(
            path=file.path,
            language=file.language,
            bytes=file.bytes,
            lines=file.lines,
            digest=file.digest,
            analysis_key=wanted.get(file.path),
            batch_id=batch_of.get(file.path),
            answered_by=choices.get(file.path, Choice()).model,
            stepped_down=choices.get(file.path, Choice()).reason,
            extractive_key=_analysis_key(file, "extractive") if file.path in wanted and own != "extractive" else None,
            reused=wanted.get(file.path) in stored,
            skipped=file.skipped,
            gap=file.gap,
        )
        for file in found
    ]
    return entries, batches


def _limits(ports: Ports, settings: AgentEnvironment) -> PlanLimits:
    return PlanLimits(
        target_files=settings.batch_target_files,
        target_bytes=settings.batch_target_bytes,
        lambda_bytes=settings.batch_lambda_bytes,
        repository_lambda_bytes=settings.repository_lambda_bytes,
        lambda_megabytes=settings.analyst_memory_megabytes,
        smallest_task_megabytes=settings.task_memory_megabytes,
        model=settings.model_of("analyst"),
        paces=ports.store.paces(settings.model_of("analyst")),
    )


def _write_sources(
    session_id: str,
    entries: list[ManifestEntry],
    batches: list[tuple[PlannedBatch, tuple[str, ...]]],
    snapshot: Path,
    blobs: BlobStore,
    choices: Mapping[str, Choice],
) -> None:
    """One blob a batch, its texts read back from the snapshot."""
    by_path = {entry.path: entry for entry in entries}
    with zipfile.ZipFile(snapshot) as texts:
        for batch, paths in batches:
            together = shared([(path, by_path[path].bytes) for path in paths], choices)
            files = [
                SourceFile(
                    path=path,
                    language=by_path[path].language,
                    analysis_key=key,
                    text=texts.read(path).decode(),
                    model=by_path[path].answered_by,
                    extractive_key=by_path[path].extractive_key,
                    together=together.get(path, ""),
                )
                for path in paths
                if (key := by_path[path].analysis_key) is not None
            ]
            sources = Sources(batch_id=batch.batch_id, files=tuple(files))
            blobs.write(keys.sources(session_id, batch.batch_id), sources.model_dump_json().encode())


def _why_empty(repository: str, entries: list[ManifestEntry]) -> str:
    """What the repository holds instead of something to read."""
    if not entries:
        return f"{repository} holds no files"
    reasons = Counter(entry.skipped or (entry.gap.reason if entry.gap else "") for entry in entries)
    counted = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
    return f"{repository} has nothing to read in its {len(entries)} file{'s' if len(entries) > 1 else ''}: {counted}"
