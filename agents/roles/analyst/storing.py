"""Stores analyses under their own keys, for every session that meets the same bytes."""

from __future__ import annotations

from collections.abc import Sequence

from agents import keys
from agents.contracts.analysis import Analysis, AnalysisPointer
from agents.ports import Ports


def store_analyses(analyses: Sequence[Analysis], ports: Ports, of_job: bool = False) -> None:
    """Write the analyses: the blob first, so that every pointer leads to its analysis. Raises StoreThrottled.

    `of_job`: a batch inference job made them.
    """
    named = keys.job_analyses if of_job else keys.batch_analyses
    blob_key = named([analysis.analysis_key for analysis in analyses])
    lines = "".join(f"{analysis.model_dump_json()}\n" for analysis in analyses)
    ports.blobs.write(blob_key, lines.encode(), "application/jsonl")
    ports.store.save_analyses([_pointer(analysis, blob_key, index) for index, analysis in enumerate(analyses)])


def _pointer(result: Analysis, blob_key: str, index: int) -> AnalysisPointer:
    return AnalysisPointer(
        analysis_key=result.analysis_key,
        blob_key=blob_key,
        index=index,
        symbols_total=result.symbols_total,
        symbols_documented=result.symbols_documented,
        symbols_noted=result.symbols_noted,
    )
