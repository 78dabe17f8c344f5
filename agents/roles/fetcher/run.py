"""Fetches a commit's archive. A retry stores the same bytes under the same key, which starts nothing twice."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from pydantic import ValidationError

from agents import keys
from agents.contracts.pushed import PushedCommit
from agents.contracts.webhook import FetchSnapshotInput, FetchSnapshotOutput
from agents.errors import CodeHostRefused
from agents.ports import Ports
from agents.settings import AgentSettings

_CHUNK = 1024 * 1024
#: The function's disk; a larger archive can be uploaded by hand.
LARGEST_ARCHIVE_BYTES = 3_500_000_000


def run(request: FetchSnapshotInput, ports: Ports, settings: AgentSettings) -> FetchSnapshotOutput:
    """Fetch and store. Raises CodeHostRefused, CodeHostUnavailable, RepositoryTooLarge, StoreThrottled."""
    # Before the host is asked: whatever arrives while it answers is newer.
    arrival = request.arrival or int(ports.clock.now() * 1_000_000_000)
    push = request.push
    commit = push.commit or _commit_of(request, ports)
    fetched = push.with_changes(commit=commit)
    if request.only_changed and ports.webhooks.fetched(push) == commit:
        ports.webhooks.save_fetched(fetched)  # so that it is remembered as long as somebody asks
        return FetchSnapshotOutput(key="", commit=commit, size=0)
    limit = min(LARGEST_ARCHIVE_BYTES, settings.repository_limit_megabytes * 1_000_000)
    with tempfile.TemporaryDirectory(prefix="swarm-fetch-") as folder:
        archive = Path(folder, "archive.tar.gz")
        ports.hosts.download(push.provider, push.repository, commit, archive, limit)
        repository = settings.full_name(push.provider, push.repository)
        pushed = PushedCommit.of(push, repository, commit, arrival)
        digest = _sha256(archive)
        key = keys.upload(repository, digest, "tar.gz")
        ports.uploads.upload(key, archive, "application/gzip", sha256=digest, about=pushed.metadata)
        ports.webhooks.save_fetched(fetched)
        return FetchSnapshotOutput(key=key, commit=commit, size=archive.stat().st_size)


def _commit_of(request: FetchSnapshotInput, ports: Ports) -> str:
    push = request.push
    commit = ports.hosts.commit_of(push.provider, push.repository, push.ref)
    try:
        return push.with_changes(commit=commit).commit or ""
    except ValidationError:
        raise CodeHostRefused(f"the host says no commit of {push.ref} in {push.repository}") from None


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
