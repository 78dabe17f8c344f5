"""A session with stored analyses, ready to be reviewed."""

from __future__ import annotations

from agents import keys
from agents.contracts.analysis import Analysis, AnalysisPointer
from agents.contracts.base import Lines
from agents.contracts.review import EvidenceAt
from agents.contracts.snapshot import Manifest, ManifestEntry
from agents.contracts.structure import Evidence, Structure, Topic
from tests.agents.fakes import SESSION_ID, FakePorts


def piece(
    rule: str = "weak-hash", line: int = 1, symbol: str = "f", topic: Topic = Topic.SECURITY, excerpt: str = "md5(x)"
) -> Evidence:
    return Evidence(topic=topic, rule=rule, lines=Lines(start=line, end=line), symbol=symbol, excerpt=excerpt)


def at(path: str = "a.py", rule: str = "weak-hash", line: int = 1, symbol: str = "f") -> EvidenceAt:
    return EvidenceAt(path=path, evidence=piece(rule, line, symbol))


def analysis(key: str, *evidence: Evidence) -> Analysis:
    structure = Structure(language="python", line_count=99, evidence=evidence)
    return Analysis(analysis_key=key, structure=structure, summary=(), model="extractive")


def key_of(number: int) -> str:
    return f"{number:064x}"


def manifest(*paths: str) -> Manifest:
    """A manifest in which file n has the analysis key_of(n)."""
    entries = tuple(
        ManifestEntry(
            path=path, language="python", bytes=9, lines=99, digest=key_of(n), analysis_key=key_of(n), batch_id="b00001"
        )
        for n, path in enumerate(paths)
    )
    return Manifest(session_id=SESSION_ID, repository="demo", entries=entries)


def store(ports: FakePorts, blob_key: str, *analyses: Analysis) -> None:
    """Write the analyses as one blob of JSON lines, and where they are."""
    ports.blobs.write(blob_key, "\n".join(one.model_dump_json() for one in analyses).encode())
    ports.store.save_analyses(
        [
            AnalysisPointer(
                analysis_key=one.analysis_key, blob_key=blob_key, index=n, symbols_total=0, symbols_documented=0
            )
            for n, one in enumerate(analyses)
        ]
    )


def save_manifest(ports: FakePorts, *paths: str) -> None:
    ports.blobs.write(keys.manifest(SESSION_ID), manifest(*paths).model_dump_json().encode())
