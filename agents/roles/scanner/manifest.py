"""The manifest and the batches: what has a stored analysis is reused, what else is readable is planned."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from agents.contracts.session import Pace, Session
from agents.contracts.site_settings import SiteSettings
from agents.contracts.snapshot import Manifest, ManifestEntry, PlannedBatch
from agents.costs.degradation import Choice
from agents.questions.instructions import fingerprint_of
from agents.roles.scanner.core import ExaminedFile
from agents.roles.scanner.fresh import wanted_keys
from agents.roles.scanner.plan import FileToPlan, plan_by_imports
from agents.roles.scanner.reasons import Planned, Reason, reasons
from agents.roles.scanner.surroundings import NeighbourIndex
from agents.roles.scanner.waves import levels
from agents.settings import AgentSettings

Batches: TypeAlias = list[tuple[PlannedBatch, tuple[str, ...]]]


@dataclass(frozen=True)
class ScannedSnapshot:
    """What a scan knows of a session's files before it plans their analyses.

    By path, `choices` are those of the budget, and `alone` the keys of the extractive model's analyses; `before` is the
    manifest of the session before.
    """

    session: Session
    examined: list[ExaminedFile]
    around: NeighbourIndex
    site: SiteSettings
    choices: Mapping[str, Choice]
    alone: Mapping[str, str]
    before: Manifest | None

    def wanted_keys(self, model: str) -> dict[str, str]:
        """The analysis keys by path of what is readable."""
        others = {path: choice.model for path, choice in self.choices.items() if choice.model}
        return wanted_keys(self.examined, self.around, model, self.site.style, others)

    def levels(self, paths: list[str]) -> dict[str, int]:
        """How deep each path stands among the imports of these."""
        return levels(paths, self.imports(paths))

    def imports(self, paths: list[str]) -> dict[str, tuple[str, ...]]:
        """The paths of the files that each of these imports."""
        return {path: self.around.imported_by(path) for path in paths}


def planned_batches(
    scanned: ScannedSnapshot,
    wanted: Mapping[str, str],
    stored: Container[str],
    paces: Mapping[str, Pace],
    settings: AgentSettings,
) -> Batches:
    """Each batch with its paths: of the `wanted` analyses, by path, those that are not `stored`."""
    files = [file for file in scanned.examined if file.path in wanted and wanted[file.path] not in stored]
    to_plan = [FileToPlan(file.path, file.bytes, file.language) for file in files]
    return plan_by_imports(to_plan, scanned.imports([file.path for file in files]), settings, paces)


def manifest_of(
    scanned: ScannedSnapshot, wanted: Mapping[str, str], stored: Container[str], batches: Batches, model: str
) -> Manifest:
    """Every file with its fate: its analysis is `stored`, it is in one of the batches, or neither, with a reason."""
    batch_of = {path: batch.batch_id for batch, paths in batches for path in paths}
    why = _reasons(scanned, wanted, batch_of, model)
    before = scanned.before
    return Manifest(
        session_id=scanned.session.session_id,
        repository=scanned.session.repository,
        entries=tuple(
            ManifestEntry(
                path=file.path,
                language=file.language,
                bytes=file.bytes,
                lines=file.lines,
                digest=file.digest,
                analysis_key=wanted.get(file.path),
                batch_id=batch_of.get(file.path),
                reused=wanted.get(file.path) in stored,
                skipped=file.skipped,
                gap=file.gap,
                is_documentation=file.is_documentation,
                imports=scanned.around.imported_by(file.path),
                change=why[file.path].change if file.path in why else None,
                why=why[file.path].text if file.path in why else "",
                answered_by=scanned.choices.get(file.path, Choice()).model,
                stepped_down=scanned.choices.get(file.path, Choice()).reason,
                extractive_key=scanned.alone.get(file.path),
            )
            for file in scanned.examined
        ),
        batches=tuple(batch for batch, _ in batches),
        model=model,
        instructions=fingerprint_of("analyst", scanned.site.style),
        previous=before.session_id if before else "",
        context=scanned.around.note,
        site=scanned.site,
    )


def _reasons(
    scanned: ScannedSnapshot, wanted: Mapping[str, str], planned: Container[str], model: str
) -> dict[str, Reason]:
    files = [
        Planned(file.path, file.digest, wanted[file.path], scanned.around.imported_by(file.path))
        for file in scanned.examined
        if file.path in planned
    ]
    digests = {file.path: file.digest for file in scanned.examined}
    return reasons(files, digests, scanned.before, model, fingerprint_of("analyst", scanned.site.style))
