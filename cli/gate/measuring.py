"""Follows the golden repositories' sessions on a stack and takes their figures."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Mapping, Sequence

from agents import keys
from agents.errors import BlobMissing
from cli.gate.golden import GoldenRepository
from cli.output.progress import ProgressView
from cli.session.execution_watch import EndedExecution, follow
from cli.session.run_outcome_loader import outcome_of
from cli.stack.clients import Stack
from cli.upload.submission import execution_of, submit
from releases.gate.record import RepositoryFigures
from releases.gate.site_figures import site_figures


def measured(
    stack: Stack, repositories: Sequence[GoldenRepository], view: ProgressView
) -> dict[str, RepositoryFigures]:
    """Document them side by side; figures by repository. Raises TriggerSilent."""
    uploads = {each.name: submit(stack, each.snapshot) for each in repositories}
    executions = {name: execution_of(stack, upload) for name, upload in uploads.items()}
    figures = {}
    for repository in repositories:
        ended = follow(stack, executions[repository.name], view, time.monotonic())
        figures[repository.name] = _figures(stack, repository, ended)
        view.say(f"{repository.name}: {figures[repository.name].status}")
    return figures


def _figures(stack: Stack, repository: GoldenRepository, ended: EndedExecution) -> RepositoryFigures:
    record = outcome_of(stack, ended, repository.snapshot.repository).record
    site = site_figures(_pages(stack, record.session_id), repository.sources)
    coverage = record.coverage
    documented, documentable = (
        coverage.files_analysed + coverage.files_reused,
        coverage.files_total - coverage.files_skipped,
    )
    return RepositoryFigures(
        status=record.status.value,
        session_id=record.session_id,
        files=coverage.files_total,
        gaps=len(record.gaps),
        coverage=_share(documented, documentable),
        citations=site.citations,
        citations_resolved=_share(site.citations_resolved, site.citations),
        invented_symbols=site.symbols_invented,
        public_symbols=site.public_symbols,
        recall=_share(site.public_symbols_found, site.public_symbols),
        score=record.score or 0,
        dropped_claims=sum(record.dropped_claims.values()),
        seconds=round(record.timings.wall_s, 1),
        usd=round(record.usage.usd, 6),
        payload_bytes=record.payload.max_bytes,
        fargate_files=record.routes.fargate,
    )


def _share(part: int, whole: int) -> float:
    """In percent; all of nothing is all."""
    return round(100 * part / whole, 2) if whole else 100.0


def _pages(stack: Stack, session: str) -> Mapping[str, str]:
    """The site's Markdown; nothing where the session has published none."""
    try:
        content = stack.blobs.read(keys.site_source(session)) if session else b""
    except BlobMissing:
        content = b""
    if not content:
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist() if name.endswith(".md")}
