"""Publish: the best draft through the last gate, built into a site, saved as two zips."""

from __future__ import annotations

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from agents import keys
from agents.contracts.analysis import Analysis
from agents.contracts.draft import Critique, CritiqueFinding, Draft, Verdict, writers
from agents.contracts.ladder import shortage
from agents.contracts.session import SessionStatus, struck_by_role
from agents.contracts.snapshot import Manifest
from agents.contracts.states import PublishInput, PublishOutput
from agents.errors import BlobMissing, CitationUnresolved
from agents.pages.addresses import API, api_pages, source_pages
from agents.ports import Ports
from agents.roles.publisher.afterword import with_afterword
from agents.roles.publisher.built_links import broken_links
from agents.roles.publisher.gate import struck
from agents.roles.publisher.site import SiteFolders, build, write_sources, zipped
from agents.roles.publisher.source_view import source_page
from agents.session.documents import load_analyses, load_manifest, load_model, load_snapshot
from agents.settings import AgentSettings


def run(request: PublishInput, ports: Ports, settings: AgentSettings) -> PublishOutput:  # noqa: ARG001 (every role's signature)
    """Build and save the site. Raises CitationUnresolved."""
    session = request.session_id
    manifest = load_manifest(ports, session)
    draft = load_model(ports, keys.draft(session, request.revision), Draft)
    line_counts = {entry.path: entry.lines for entry in manifest.documented}
    sources = source_pages(line_counts)
    pages, lost = struck(draft.pages, line_counts, sources, load_snapshot(ports, session))
    pages = with_afterword(pages, _struck_by_role(ports, session), _open_findings(ports, request))
    views = _source_views(ports, manifest, sources, {page.path for page in pages})
    with TemporaryDirectory(prefix="swarm-site-") as folder:
        folders = SiteFolders(Path(folder, "source"), Path(folder, "site"))
        write_sources(folders, manifest.repository, pages, writers(pages))
        markdown = {page.path: page.markdown for page in pages}
        api = {path: text for path, text in markdown.items() if path.startswith(API)}
        built = build(folders, api)
        _refuse_broken(folders.built, {place: line_counts[path] for path, place in sources.items()}, built)
        # Source pages and Markdown go into the zips as they are: mkdocs would only copy thousands of files.
        halves = [
            (folders.built, {**views, **markdown, **built}),
            (folders.source, {f"docs/{place}": text for place, text in (views | api).items()}),
        ]
        with ThreadPoolExecutor() as pool:
            site, site_source = pool.map(lambda half: zipped(*half), halves)
    ports.blobs.write(keys.site(session), site, "application/zip")
    ports.blobs.write(keys.site_source(session), site_source, "application/zip")
    # A site that had no model's words for want of money is no clean one, whoever judged it.
    short = shortage(manifest.documented, ports.store.steps(session))
    clean = request.verdict is Verdict.APPROVED and not lost and not short
    status = SessionStatus.PUBLISHED if clean else SessionStatus.PUBLISHED_WITH_FINDINGS
    return PublishOutput(status=status, pages=len(pages))


def _struck_by_role(ports: Ports, session: str) -> dict[str, int]:
    return struck_by_role(ports.store.struck(session), ports.store.batches(session)[0])


def _open_findings(ports: Ports, request: PublishInput) -> tuple[CritiqueFinding, ...]:
    """What the critic left open in the revision that is published."""
    try:
        critique = load_model(ports, keys.critique(request.session_id, request.revision), Critique)
    except BlobMissing:
        return ()
    return critique.reply.findings


def _source_views(ports: Ports, manifest: Manifest, sources: dict[str, str], pages: set[str]) -> dict[str, str]:
    """Every file's source page by its place on the site."""
    wanted = {entry.path: entry.analysis_key for entry in manifest.documented if entry.analysis_key}
    analyses = load_analyses(ports, wanted.values())
    api = api_pages(sources)
    views: dict[str, str] = {}
    with zipfile.ZipFile(io.BytesIO(ports.blobs.read(keys.snapshot_text(manifest.session_id)))) as snapshot:
        names = set(snapshot.namelist())
        for path, place in sources.items():
            text = snapshot.read(path).decode("utf-8", "replace") if path in names else ""
            analysis: Analysis | None = analyses.get(wanted[path])
            evidence = analysis.structure.evidence if analysis else ()
            built = api[path].removesuffix(".md") + ".html" if api[path] in pages else None
            views[place] = source_page(place, path, text, evidence, built)
    return views


def _refuse_broken(site: Path, source_lines: dict[str, int], in_memory: dict[str, str]) -> None:
    found = next(broken_links(site, source_lines, in_memory), None)
    if found is not None:
        raise CitationUnresolved(f"{found[0]} links to {found[1]}, which is not part of the built site")
