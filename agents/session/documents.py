"""What several agents read and write the same way: the manifest, stored analyses, and documents kept as JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from agents import keys
from agents.codebase.snapshot_texts import SnapshotTexts, texts_in
from agents.contracts.analysis import Analysis, AnalysisPointer
from agents.contracts.base import Contract
from agents.contracts.ladder import as_it_came_out
from agents.contracts.snapshot import Manifest
from agents.errors import BlobMissing
from agents.ports import Ports
from agents.session.positioned_file import opened

ContractT = TypeVar("ContractT", bound=Contract)

#: Reads wait on S3, not on the processor; more than this gains nothing on Lambda's network.
READERS = 8


def load_model(ports: Ports, key: str, kind: type[ContractT]) -> ContractT:
    """The document under `key`. Raises BlobMissing, or pydantic.ValidationError when it is not of this kind."""
    return kind.model_validate_json(ports.blobs.read(key))


def save_model(ports: Ports, key: str, document: Contract) -> None:
    """Write the document as JSON; the last writer wins."""
    ports.blobs.write(key, document.model_dump_json().encode())


def load_manifest(ports: Ports, session_id: str) -> Manifest:
    """The session's manifest as its batches ended, see `as_it_came_out`. Raises BlobMissing."""
    outcomes, _ = ports.store.batches(session_id)
    return as_it_came_out(load_model(ports, keys.manifest(session_id), Manifest), outcomes)


def load_snapshot(ports: Ports, session_id: str) -> SnapshotTexts:
    """The text of every documented file, read from disk one by one. Raises BlobMissing."""
    with TemporaryDirectory(prefix="swarm-snapshot-") as folder:
        archive = Path(folder, "snapshot.zip")
        ports.blobs.download(keys.snapshot_text(session_id), archive)
        # The folder and the file's name are deleted here; the open file keeps the bytes until it is closed.
        return texts_in(opened(archive))


def load_analyses(ports: Ports, analysis_keys: Iterable[str]) -> dict[str, Analysis]:
    """The stored analyses among these keys, by key, in the order of the keys; see each_analysis."""
    wanted = list(dict.fromkeys(analysis_keys))
    loaded = {analysis.analysis_key: analysis for analysis in each_analysis(ports, ports.store.analyses(wanted))}
    return {key: loaded[key] for key in wanted if key in loaded}


def pointers_of(ports: Ports, manifest: Manifest) -> Mapping[str, AnalysisPointer]:
    """Where the analyses of the manifest's documented files are stored, by their keys."""
    wanted = (entry.analysis_key for entry in manifest.documented if entry.analysis_key)
    return ports.store.analyses(dict.fromkeys(wanted))


def analyses_by_path(ports: Ports, manifest: Manifest, pointers: Mapping[str, AnalysisPointer]) -> dict[str, Analysis]:
    """The stored analyses of the manifest's documented files, by path; see each_analysis."""
    stored = {analysis.analysis_key: analysis for analysis in each_analysis(ports, pointers)}
    return {entry.path: stored[entry.analysis_key] for entry in manifest.documented if entry.analysis_key in stored}


def each_analysis(ports: Ports, pointers: Mapping[str, AnalysisPointer]) -> Iterator[Analysis]:
    """The analyses to which these lead; each blob is read once, READERS blobs are in memory at a time.

    An analysis whose blob has expired, or whose line is not where its pointer says, is missing from the result like
    one that was never stored: the caller counts it as a gap.
    """
    by_blob: dict[str, list[AnalysisPointer]] = defaultdict(list)
    for pointer in pointers.values():
        by_blob[pointer.blob_key].append(pointer)

    def read(blob_key: str) -> list[Analysis]:
        return _analyses_in(ports, blob_key, by_blob[blob_key])

    blobs = list(by_blob)
    with ThreadPoolExecutor(max_workers=READERS) as pool:
        for start in range(0, len(blobs), READERS):
            for analyses in pool.map(read, blobs[start : start + READERS]):
                yield from analyses


def _analyses_in(ports: Ports, blob_key: str, pointers: Sequence[AnalysisPointer]) -> list[Analysis]:
    try:
        # Only a newline ends a JSON line: splitlines() would also cut at separators that a string may hold.
        lines = ports.blobs.read(blob_key).split(b"\n")
    except BlobMissing:
        return []
    read = [Analysis.model_validate_json(lines[p.index]) for p in pointers if p.index < len(lines) and lines[p.index]]
    wanted_keys = {pointer.analysis_key for pointer in pointers}
    return [analysis for analysis in read if analysis.analysis_key in wanted_keys]
