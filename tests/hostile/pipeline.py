"""A whole session in one process: every role, the real parsers and the extractive model, with stores in memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from agents import keys
from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.snapshot import Manifest
from agents.contracts.states import (
    AnalyseBatchInput,
    CritiqueInput,
    EditInput,
    PublishInput,
    ReviewInput,
    ScanInput,
    SynthesizeInput,
)
from agents.models.extractive.model import ExtractiveModel
from agents.ports import Ports
from agents.roles.analyst.run import run as analyse
from agents.roles.critic.run import run as criticise
from agents.roles.editor.run import run as edit
from agents.roles.publisher.run import run as publish
from agents.roles.reviewer.run import review_performance, review_security
from agents.roles.scanner.run import run as scan
from agents.roles.synthesizer.run import run as synthesize
from tests.agents.fakes import SESSION_ID, fake_ports, running_session, settings
from tests.agents.roles.scanner.archives import tar_gz


def document(files: Mapping[str, bytes], out: Path) -> tuple[Manifest, set[str]]:
    """Write the site into a folder; the manifest, and the paths whose analysis was refused."""
    world = fake_ports()
    world.store.claim(running_session())
    world.uploads.blobs[running_session().archive_key] = tar_gz(files)
    fakes: Ports = world
    ports = replace(fakes, model=ExtractiveModel(), structure=TreeSitterReader())
    scan(ScanInput(session_id=SESSION_ID), ports, settings("Scan"))
    manifest = Manifest.model_validate_json(world.blobs.blobs[keys.manifest(SESSION_ID)])
    for batch in manifest.batches:
        request = AnalyseBatchInput(session_id=SESSION_ID, batch_id=batch.batch_id, route=batch.route)
        analyse(request, ports, settings("AnalyseBatch"))
    review_security(ReviewInput(session_id=SESSION_ID), ports, settings("SecurityAgent"))
    review_performance(ReviewInput(session_id=SESSION_ID), ports, settings("PerformanceAgent"))
    synthesize(SynthesizeInput(session_id=SESSION_ID), ports, settings("Synthesize"))
    edited = edit(EditInput(session_id=SESSION_ID, previous_revision=0), ports, settings("Edit"))
    judged = criticise(CritiqueInput(session_id=SESSION_ID, revision=edited.revision), ports, settings("Critique"))
    publish(
        PublishInput(session_id=SESSION_ID, revision=edited.revision, verdict=judged.verdict),
        ports,
        settings("Publish"),
    )
    with zipfile.ZipFile(io.BytesIO(world.blobs.blobs[keys.site(SESSION_ID)])) as site:
        names = site.namelist()
        assert not [name for name in names if name.startswith("/") or ".." in name.split("/")]
        site.extractall(out)
    outcomes, _ = world.store.batches(SESSION_ID)
    return manifest, {gap.path for outcome in outcomes for gap in outcome.gaps}
