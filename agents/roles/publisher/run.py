"""Publish: the best draft through the last gate, built into a site, saved as two zips and hosted if sites are."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from agents import keys
from agents.codebase.paths import is_product
from agents.codebase.published import HIDDEN
from agents.codebase.snapshot_texts import SnapshotTexts
from agents.contracts.analysis import Analysis
from agents.contracts.draft import Critique, CritiqueFinding, PageKind, Verdict
from agents.contracts.ladder import shortage
from agents.contracts.session import SessionStatus
from agents.contracts.snapshot import Manifest
from agents.contracts.states import PublishInput, PublishOutput
from agents.contracts.structure import Evidence
from agents.errors import BlobMissing, CitationUnresolved
from agents.pages.addresses import api_pages, image_place, source_pages
from agents.ports import Ports
from agents.roles.publisher import llms_full, site_index
from agents.roles.publisher.afterword import with_afterword
from agents.roles.publisher.archive import site_archive
from agents.roles.publisher.built_links import LinkCheck, broken_links
from agents.roles.publisher.gate import gated
from agents.roles.publisher.gated import GatedPages, TableOfContentsEntry
from agents.roles.publisher.hosting import host, version_of
from agents.roles.publisher.site import SiteFolders, build, write_image, write_sources
from agents.roles.publisher.source_view import source_page
from agents.second_process import beside
from agents.session.documents import each_analysis, load_manifest, load_model, load_snapshot
from agents.session.drafts import stored_draft
from agents.session.figures import dropped_claims_by_role
from agents.settings import AgentSettings

#: Every source page with its place, from the first, each time it is called.
Views: TypeAlias = Callable[[], Iterator[tuple[str, str]]]
_ZIP = "application/zip"
_SOURCE, _VIEWS = "site-src.zip", "views.jsonl"


def run(request: PublishInput, ports: Ports, settings: AgentSettings) -> PublishOutput:
    """Build and save the site; neither texts nor pages are ever in memory at once. Raises CitationUnresolved."""
    session = request.session_id
    manifest = load_manifest(ports, session)
    line_counts = {entry.path: entry.lines for entry in manifest.documented}
    sources = source_pages(line_counts)
    texts = load_snapshot(ports, session)
    with TemporaryDirectory(prefix="swarm-site-") as name:
        folder = Path(name)
        pages = GatedPages(folder / "api.jsonl")
        with stored_draft(ports, session, request.revision) as draft:
            addresses = {page.path for page in draft.pages}
            images = {image_place(path): path for page in draft.pages for path in page.images}
            addresses |= images.keys()
            pages.fill(gated(draft.pages, addresses, line_counts, sources, texts))
        approvals = ports.approvals.of(ports.store.session(session))
        pages.written = with_afterword(
            pages.written, _dropped_by_role(ports, session), _open_findings(ports, request), approvals
        )
        hidden, index_lines = _facts_of_analyses(folder, ports, manifest)
        views = partial(_source_views, manifest, sources, addresses, texts, hidden)
        place = {sources[path]: lines for path, lines in line_counts.items()}
        for target, path in sorted(images.items()):
            write_image(folder / "source" / "docs" / target, texts.image(path))

        def extras() -> Sequence[Path]:
            return _index(folder, index_lines, manifest, pages), _full_text(folder, manifest, pages)

        site, site_source = _packed(folder, manifest, pages, views, place, extras)
        ports.blobs.upload(keys.site(session), site, _ZIP)
        ports.blobs.upload(keys.site_source(session), site_source, _ZIP)
        # A site without a model's words, because there was no money for them, is not clean, whoever judged it.
        short = shortage(manifest.documented, ports.store.steps(session))
        clean = request.verdict is Verdict.APPROVED and not pages.dropped_claims and not short
        status = SessionStatus.PUBLISHED if clean else SessionStatus.PUBLISHED_WITH_FINDINGS
        if ports.sites is not None:
            now, days = ports.clock.now(), settings.site_retention_days
            host(ports.sites, ports.store, version_of(ports.store.session(session), status, site, now, days), site)
    return PublishOutput(status=status, pages=len(pages.listed))


def _packed(
    folder: Path,
    manifest: Manifest,
    pages: GatedPages,
    views: Views,
    source_lines: Mapping[str, int],
    extras: Callable[[], Sequence[Path]],
) -> tuple[Path, Path]:
    """Both halves as zips in the folder: the site with the `extras`, and what it is built from, by a second process."""
    folders = SiteFolders(folder / "source", folder / "site")
    write_sources(folders, manifest.title, pages.written, pages.listed, pages.writers, manifest.site)
    api = {path.removesuffix(".md") + ".html" for path in pages.api_paths()}
    check = LinkCheck(source_lines, api)
    site = folder / "site.zip"
    pack_source = partial(_pack_source, folder, pages, views, extras)
    with site_archive(site) as built:

        def keep(place: str, text: str) -> None:
            check.look(place, text)
            built.add(place, text)

        with beside(pack_source):
            build(folders, pages.api, pages.api_paths(), keep)
            broken = next(broken_links(folders.built, check), None)
            if broken is not None:
                raise CitationUnresolved(f"{broken[0]} links to {broken[1]}, which is not part of the built site")
            built.add_folder(folders.built)
            for page in pages.written:
                built.add(page.path, page.markdown)
            for path, markdown in pages.api():
                built.add(path, markdown)
        with (folder / _VIEWS).open(encoding="utf-8") as lines:
            for line in lines:
                built.add(*json.loads(line))
        for name in (site_index.NAME, llms_full.NAME):
            built.add(name, (folder / name).read_bytes())
    return site, folder / _SOURCE


def _pack_source(folder: Path, pages: GatedPages, views: Views, extras: Callable[[], Sequence[Path]]) -> None:
    """What the site is built from, as a zip; source pages and Markdown go there without mkdocs' copying them first."""
    with site_archive(folder / _SOURCE) as source, (folder / _VIEWS).open("w", encoding="utf-8") as lines:
        source.add_folder(folder / "source")
        for path, markdown in pages.api():
            source.add(f"docs/{path}", markdown)
        for place, view in views():
            source.add(f"docs/{place}", view)
            lines.write(json.dumps([place, view]) + "\n")
        for extra in extras():
            source.add(f"docs/{extra.name}", extra.read_bytes())


def _facts_of_analyses(
    folder: Path, ports: Ports, manifest: Manifest
) -> tuple[dict[str, tuple[Evidence, ...]], site_index.IndexLines]:
    """What a source page does not repeat, by the analysis's key, and the index's lines: each analysis is read once."""
    wanted = (entry.analysis_key for entry in manifest.documented if entry.analysis_key)
    hidden: dict[str, tuple[Evidence, ...]] = {}

    def seen() -> Iterator[Analysis]:
        for analysis in each_analysis(ports, wanted):
            evidence = tuple(item for item in analysis.structure.evidence if item.rule.startswith(HIDDEN))
            if evidence:
                hidden[analysis.analysis_key] = evidence
            yield analysis

    lines = site_index.IndexLines(folder / "index-spool")
    lines.fill(seen())
    return hidden, lines


def _index(folder: Path, lines: site_index.IndexLines, manifest: Manifest, pages: GatedPages) -> Path:
    """The index for `swarm ask` and `swarm mcp`."""
    paths = [entry.path for entry in manifest.documented]
    sources, api, api_paths = source_pages(paths), api_pages(paths), set(pages.api_paths())
    rows = (
        (entry, sources[entry.path], api[entry.path] if api[entry.path] in api_paths else "")
        for entry in manifest.documented
    )
    target = folder / site_index.NAME
    lines.write(target, site_index.index_head(manifest.title, pages.listed, pages.writers), rows)
    return target


def _full_text(folder: Path, manifest: Manifest, pages: GatedPages) -> Path:
    """Every page's text, product first."""
    api = api_pages(entry.path for entry in manifest.documented)
    product = {api[entry.path] for entry in manifest.documented if is_product(entry.path)}
    written = sorted((page for page in pages.listed if page.kind is not PageKind.API), key=_order)

    def ordered() -> Iterator[tuple[str, str]]:
        yield from ((page.path, page.markdown) for page in written if llms_full.order_of(page.kind) == 0)
        yield from (page for page in pages.api() if page[0] in product)
        yield from ((page.path, page.markdown) for page in written if llms_full.order_of(page.kind) == 1)
        yield from (page for page in pages.api() if page[0] not in product)

    target = folder / llms_full.NAME
    with target.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
        llms_full.write_llms_full(file, manifest.title, ordered(), language=manifest.site.language)
    return target


def _order(page: TableOfContentsEntry) -> int:
    return llms_full.order_of(page.kind)


def _dropped_by_role(ports: Ports, session: str) -> dict[str, int]:
    return dropped_claims_by_role(ports.store.dropped_claims(session), ports.store.batches(session)[0])


def _open_findings(ports: Ports, request: PublishInput) -> tuple[CritiqueFinding, ...]:
    """What the critic left open in the revision that is published."""
    try:
        critique = load_model(ports, keys.critique(request.session_id, request.revision), Critique)
    except BlobMissing:
        return ()
    return critique.reply.findings


def _source_views(
    manifest: Manifest,
    sources: Mapping[str, str],
    pages: Collection[str],
    texts: SnapshotTexts,
    hidden: Mapping[str, tuple[Evidence, ...]],
) -> Iterator[tuple[str, str]]:
    """Every file's source page with its place on the site."""
    api = api_pages(sources)
    for entry in manifest.documented:
        place = sources[entry.path]
        built = api[entry.path].removesuffix(".md") + ".html" if api[entry.path] in pages else None
        evidence = hidden.get(entry.analysis_key or "", ())
        yield place, source_page(place, entry.path, texts.text(entry.path), evidence, built)
