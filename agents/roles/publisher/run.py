"""Publish: the best draft through the last gate, built into a site, saved as two zips and hosted if sites are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from agents import keys
from agents.codebase.paths import is_product
from agents.codebase.published import Hidden, hidden_in
from agents.codebase.snapshot_texts import SnapshotTexts
from agents.contracts.analysis import Analysis
from agents.contracts.draft import Critique, CritiqueFinding, PageKind, Verdict
from agents.contracts.ladder import shortage
from agents.contracts.session import SessionStatus
from agents.contracts.snapshot import Manifest
from agents.contracts.states import PublishInput, PublishOutput
from agents.errors import BlobMissing, CitationUnresolved
from agents.pages.addresses import api_pages, image_place, source_pages
from agents.pages.words import Words
from agents.ports import Ports
from agents.roles.publisher import llms_full, site_index
from agents.roles.publisher.afterword import with_afterword
from agents.roles.publisher.archive import site_archive
from agents.roles.publisher.built_links import LinkCheck, broken_links
from agents.roles.publisher.built_pages import BuiltPages
from agents.roles.publisher.earlier_site import EarlierSite
from agents.roles.publisher.gate import gated
from agents.roles.publisher.gated import GatedPages, TableOfContentsEntry
from agents.roles.publisher.hosting import host, version_of
from agents.roles.publisher.site import SiteFolders, build, write_image, write_sources
from agents.roles.publisher.source_view import source_page
from agents.second_process import beside
from agents.session.documents import each_analysis, load_manifest, load_model, load_snapshot, pointers_of
from agents.session.drafts import stored_draft
from agents.session.figures import dropped_claims_by_role
from agents.settings import AgentSettings

#: Every source page with its place, from the first, each time it is called.
Views: TypeAlias = Callable[[], Iterator[tuple[str, str]]]
_ZIP = "application/zip"
_SOURCE = "site-src.zip"


def run(request: PublishInput, ports: Ports, settings: AgentSettings) -> PublishOutput:
    """Build and save the site; neither texts nor pages are ever in memory at once. Raises CitationUnresolved."""
    session = request.session_id
    manifest = load_manifest(ports, session)
    line_counts = {entry.path: entry.lines for entry in manifest.documented}
    sources = source_pages(line_counts)
    texts = load_snapshot(ports, session)
    with TemporaryDirectory(prefix="swarm-site-") as name:
        folder = Path(name)
        pages = GatedPages(folder)
        with stored_draft(ports, session, request.revision) as draft:

            def pass_gate() -> None:
                addresses = {place for page in draft.pages for place in (page.path, *map(image_place, page.images))}
                pages.write(gated(draft.pages, addresses, line_counts, sources, texts))

            with beside(pass_gate):
                hidden, index_lines = _facts_of_analyses(folder, ports, manifest)
        pages.read()
        approvals = ports.approvals.of(ports.store.session(session))
        pages.written = with_afterword(
            pages.written,
            _dropped_by_role(ports, session),
            _open_findings(ports, request),
            approvals,
            Words(manifest.site.language),
        )
        views = partial(_source_views, manifest, sources, frozenset(pages.api_paths()), texts, hidden)
        place = {sources[path]: lines for path, lines in line_counts.items()}
        for target, path in sorted(pages.images.items()):
            write_image(folder / "source" / "docs" / target, texts.image(path))

        def extras() -> Sequence[Path]:
            return _index(folder, index_lines, manifest, pages), _full_text(folder, manifest, pages)

        earlier = _earlier_site(folder, ports, manifest)
        site, site_source = _packed(folder, manifest, pages, views, place, extras, earlier)
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


def _earlier_site(folder: Path, ports: Ports, manifest: Manifest) -> EarlierSite:
    """The site of the session before; one without a page if there was none, or it has expired."""
    if not manifest.previous:
        return EarlierSite()
    archive = folder / "earlier-site.zip"
    try:
        ports.blobs.download(keys.site(manifest.previous), archive)
    except BlobMissing:
        return EarlierSite()
    return EarlierSite(archive)


def _packed(
    folder: Path,
    manifest: Manifest,
    pages: GatedPages,
    views: Views,
    source_lines: Mapping[str, int],
    extras: Callable[[], Sequence[Path]],
    earlier: EarlierSite,
) -> tuple[Path, Path]:
    """Both halves as zips in the folder: the site with the `extras`, and what it is built from, by a second process."""
    folders = SiteFolders(folder / "source", folder / "site")
    write_sources(folders, manifest.title, pages.written, pages.listed, pages.writers, manifest.site)
    api = {path.removesuffix(".md") + ".html" for path in pages.api_paths()}
    check = LinkCheck(source_lines, api)
    site = folder / "site.zip"
    pack_source = partial(_pack_source, folder, pages, views, extras)
    with site_archive(site) as built:
        with beside(pack_source):
            build(folders, pages.api, pages.api_paths(), BuiltPages(built, check), earlier)
            broken = next(broken_links(folders.built, check), None)
            if broken is not None:
                raise CitationUnresolved(f"{broken[0]} links to {broken[1]}, which is not part of the built site")
            built.add_folder(folders.built)
        # Markdown, source pages and indexes are on the site as they are in the sources.
        built.copy(folder / _SOURCE, lambda name: _not_built(name, built.names))
    return site, folder / _SOURCE


def _not_built(name: str, names: Collection[str]) -> str | None:
    """The place on the site of what mkdocs left in the sources; None for what is not for the site, or is there."""
    place = name.removeprefix("docs/")
    return place if place != name and place not in names else None


def _pack_source(folder: Path, pages: GatedPages, views: Views, extras: Callable[[], Sequence[Path]]) -> None:
    """What the site is built from, as a zip; source pages and Markdown go there without mkdocs' copying them first."""
    with site_archive(folder / _SOURCE) as source:
        source.add_folder(folder / "source")
        for path, markdown in pages.api:
            source.add(f"docs/{path}", markdown)
        for place, view in views():
            source.add(f"docs/{place}", view)
        for extra in extras():
            source.add(f"docs/{extra.name}", extra.read_bytes())


def _facts_of_analyses(
    folder: Path, ports: Ports, manifest: Manifest
) -> tuple[dict[str, Hidden], site_index.IndexLines]:
    """What a source page does not repeat, by the analysis's key, and the index's lines: each analysis is read once."""
    hidden: dict[str, Hidden] = {}

    def seen() -> Iterator[Analysis]:
        for analysis in each_analysis(ports, pointers_of(ports, manifest)):
            hidden[analysis.analysis_key] = hidden_in(analysis.structure)
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
        yield from (page for page in pages.api if page[0] in product)
        yield from ((page.path, page.markdown) for page in written if llms_full.order_of(page.kind) == 1)
        yield from (page for page in pages.api if page[0] not in product)

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
    hidden: Mapping[str, Hidden],
) -> Iterator[tuple[str, str]]:
    """Every file's source page with its place on the site."""
    api = api_pages(sources)
    for entry in manifest.documented:
        place = sources[entry.path]
        built = api[entry.path].removesuffix(".md") + ".html" if api[entry.path] in pages else None
        unseen = hidden.get(entry.analysis_key or "", Hidden())
        yield place, source_page(place, entry.path, texts.text(entry.path), unseen, built)
