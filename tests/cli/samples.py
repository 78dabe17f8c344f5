"""A store as a finished session leaves it, and the stack that reads it."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any, cast

from agents import keys
from agents.contracts.session import (
    BatchOutcome,
    Coverage,
    RepositoryRecord,
    Routes,
    SessionRecord,
    SessionStatus,
    UsageRecord,
)
from agents.contracts.snapshot import Gap, Manifest, ManifestEntry, PlannedBatch, Route
from cli.stack.clients import Stack
from tests.agents.fakes import MemoryBlobs, MemoryStore
from tests.cli.recorded import SESSION_ID

DIGEST = "0" * 64


def entry(path: str, batch_id: str, size: int = 100) -> ManifestEntry:
    return ManifestEntry(
        path=path, language="python", bytes=size, lines=3, digest=DIGEST, analysis_key=DIGEST, batch_id=batch_id
    )


def record(*gaps: Gap, status: SessionStatus = SessionStatus.PUBLISHED, name: str = "bees") -> SessionRecord:
    return SessionRecord(
        session_id=SESSION_ID,
        status=status,
        repository=RepositoryRecord(name=name, files=10 + len(gaps), bytes=12_345, languages={"python": 10}),
        coverage=Coverage(
            files_total=10 + len(gaps), files_analysed=7, files_reused=2, files_skipped=1, symbols_total=40
        ),
        gaps=gaps,
        routes=Routes(on_lambda=7),
        revisions=2,
        score=91,
        model="extractive",
        usage=UsageRecord(cap_usd=10.0),
        release="0123456789abcdef",
    )


def packed(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/") + ".html", text)
    return buffer.getvalue()


def documented_stack(stored: SessionRecord | None) -> tuple[Stack, MemoryBlobs]:
    blobs, store = MemoryBlobs(), MemoryStore()
    if stored is not None:
        blobs.blobs[keys.record(SESSION_ID)] = stored.model_dump_json(by_alias=True).encode()
    manifest = Manifest(session_id=SESSION_ID, repository="bees", entries=(entry("hive/queen.py", "b00001", 900),))
    batch = PlannedBatch(batch_id="b00001", route=Route.LAMBDA, reason="900 bytes", files=1, bytes=900)
    blobs.blobs |= {
        keys.site(SESSION_ID): packed(index="<h1>new</h1>", source__a="x"),
        keys.site_source(SESSION_ID): packed(index="# new"),
        keys.manifest(SESSION_ID): manifest.model_dump_json().encode(),
        keys.plan(SESSION_ID): json.dumps([batch.model_dump(mode="json")]).encode(),
    }
    store.save_batch(SESSION_ID, BatchOutcome(batch_id="b00001", route=Route.LAMBDA, analysed=1, seconds=1.5))
    nobody = cast("Any", None)
    stack = Stack(
        nobody, nobody, nobody, blobs, store, "uploads", "arn", "queue", "extractive", "release-1", 10.0, nobody, ""
    )
    return stack, blobs
