"""Puts a built site where browsers read it: its pages, then the list of versions and the page that leads to the newest.

A version's folder is named after its snapshot and its content, so another content never overwrites it, and readers
never see half of one version and half of another. Only what leads to it changes, once all its pages are there.
"""

from __future__ import annotations

import hashlib
import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path

from agents import keys
from agents.contracts.session import Session, SessionStatus
from agents.contracts.site import SiteVersion
from agents.ports import HostedPage, SessionItems, SiteStore
from agents.roles.publisher.versions_page import latest_page, versions_page

#: A version never changes; an hour, because an erased one must be gone from caches soon.
_VERSION_CACHE = "max-age=3600"
#: What leads to a version changes with each session.
_LEADING_CACHE = "no-cache"
_HTML = "text/html; charset=utf-8"
#: By suffix; the theme and mkdocs write no others. What is not listed is only downloaded.
_CONTENT_TYPES = {
    ".html": _HTML,
    ".md": "text/markdown; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}


def content_type(name: str) -> str:
    """The Content-Type of a site's file."""
    return _CONTENT_TYPES.get(posixpath.splitext(name)[1].lower(), "application/octet-stream")


def version_of(session: Session, status: SessionStatus, site: Path, now: float, retention_days: int) -> SiteVersion:
    """The version that this session's site is."""
    snapshot = session.archive_key.rpartition("/")[2]
    for suffix in (".zip", ".tar.gz", ".tgz"):
        snapshot = snapshot.removesuffix(suffix)
    with site.open("rb") as archive:
        content = hashlib.file_digest(archive, "sha256").hexdigest()
    return SiteVersion(
        session_id=session.session_id,
        repository=session.repository,
        name=f"{keys.site_name(snapshot)[:16].rstrip('.-')}-{content[:12]}",
        snapshot=snapshot,
        status=status,
        model=session.model.partition("@")[0],
        published_at=int(now),
        readable_until=int(now) + retention_days * keys.DAY_SECONDS,
    )


def host(sites: SiteStore, store: SessionItems, version: SiteVersion, site: Path) -> None:
    """Write the version's pages, list it, and lead `latest/` to the newest. May be repeated."""
    sites.write_pages(_unpacked(site, keys.site_version(version.repository, version.name)))
    store.save_site_version(version)
    listed: list[SiteVersion] = []
    # Two sessions of a repository may end at once: who wrote the list last reads it once more, so none is lost.
    while (versions := list(store.site_versions(version.repository))) != listed:
        sites.write_pages(leading_pages(version.repository, versions))
        listed = versions


def leading_pages(repository: str, versions: list[SiteVersion]) -> list[HostedPage]:
    """The list of a repository's versions, and the page that leads to the newest; at least one version."""
    written = {
        f"{keys.site_folder(repository)}index.html": versions_page(repository, versions),
        f"{keys.site_version(repository, 'latest')}index.html": latest_page(versions[0]),
    }
    return [HostedPage(key, text.encode(), _HTML, _LEADING_CACHE) for key, text in written.items()]


def _unpacked(site: Path, folder: str) -> Iterator[HostedPage]:
    with zipfile.ZipFile(site) as archive:
        for name in archive.namelist():
            yield HostedPage(folder + name, archive.read(name), content_type(name), _VERSION_CACHE)
