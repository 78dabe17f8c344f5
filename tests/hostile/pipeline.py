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
from agents.contracts.states import CritiqueInput, EditInput, PublishInput
from agents.models.extractive.model import ExtractiveModel
from agents.ports import Ports
from agents.roles.critic.run import run as criticise
from agents.roles.editor.run import run as edit
from agents.roles.publisher.run import run as publish
from tests.agents.fakes import SESSION_ID, fake_ports, running_session, settings
from tests.agents.models.over_http.roles import work_before_the_pages
from tests.agents.roles.scanner.archives import tar_gz


def document(files: Mapping[str, bytes], out: Path) -> tuple[Manifest, set[str]]:
    """Write the site into a folder; the manifest, and the paths whose analysis was refused."""
    world = fake_ports()
    world.store.claim(running_session())
    world.uploads.blobs[running_session().archive_key] = tar_gz(files)
    fakes: Ports = world
    ports = replace(fakes, model=ExtractiveModel(), structure=TreeSitterReader())
    manifest = work_before_the_pages(ports, settings)
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
