"""A session in figures, counted from its manifest and store: gaps, coverage, languages, dropped claims. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from agents.contracts.analysis import AnalysisPointer
from agents.contracts.session import BatchOutcome, Coverage, LostBatch, RepositoryRecord
from agents.contracts.snapshot import Gap, Manifest, ManifestEntry


def dropped_claims_by_role(dropped_claims: Mapping[str, int], outcomes: Iterable[BatchOutcome]) -> dict[str, int]:
    """Dropped claims by role: revisions and attempts together, the analyst's batches included."""
    total: Counter[str] = Counter(analyst=sum(outcome.dropped_claims for outcome in outcomes))
    for role, count in dropped_claims.items():
        total[role.partition("-")[0]] += count
    return dict(sorted(total.items()))


def repository_record(manifest: Manifest) -> RepositoryRecord:
    """The snapshot in figures: languages count the files that are neither skipped nor documentation."""
    return RepositoryRecord(
        name=manifest.repository,
        files=len(manifest.entries),
        bytes=sum(entry.bytes for entry in manifest.entries),
        languages=dict(
            Counter(
                entry.language for entry in manifest.entries if entry.skipped is None and not entry.is_documentation
            ).most_common()
        ),
    )


def gaps_of(
    manifest: Manifest,
    analysed: Mapping[str, AnalysisPointer],
    outcomes: Iterable[BatchOutcome],
    lost: Iterable[LostBatch],
) -> tuple[Gap, ...]:
    """Every file that should have an analysis and has none, each with the best reason known.

    `analysed` is keyed by analysis key. The store decides, not what a state reported: a batch that failed after it
    had stored ten files has no gap for those ten. A file whose replies were refused stays a gap, although it has an
    extractive analysis.
    """
    reported = {gap.path: gap for outcome in outcomes for gap in outcome.gaps}
    by_batch = {batch.batch_id: batch for batch in lost}

    def gap_of(entry: ManifestEntry) -> Gap | None:
        if entry.refused is not None and entry.analysis_key in analysed:
            return entry.refused
        if entry.skipped is not None or (entry.analysis_key is not None and entry.analysis_key in analysed):
            return None
        if entry.gap is not None:
            return entry.gap
        if entry.path in reported:
            return reported[entry.path].with_changes(extracted=False)
        batch = by_batch.get(entry.batch_id or "")
        if batch is not None:
            return Gap(path=entry.path, reason=batch.error, detail=batch.cause)
        return Gap(path=entry.path, reason="AnalysisMissing", detail="no analysis and no recorded reason")

    return tuple(gap for entry in manifest.entries if (gap := gap_of(entry)) is not None)


def coverage_of(manifest: Manifest, analysed: Mapping[str, AnalysisPointer]) -> Coverage:
    """Coverage counted from the store's analyses, keyed by analysis key.

    A file whose replies were refused is a gap; its symbols, which are on its page, count.
    """
    done = [entry for entry in manifest.documented if entry.analysis_key in analysed]
    pointers = [analysed[entry.analysis_key] for entry in done if entry.analysis_key is not None]
    return Coverage(
        files_total=len(manifest.entries),
        files_analysed=sum(1 for entry in done if not entry.reused and entry.refused is None),
        files_reused=sum(1 for entry in done if entry.reused),
        files_skipped=sum(1 for entry in manifest.entries if entry.skipped is not None),
        symbols_total=sum(pointer.symbols_total for pointer in pointers),
        symbols_documented=sum(pointer.symbols_documented for pointer in pointers),
        symbols_noted=sum(pointer.symbols_noted for pointer in pointers),
    )
