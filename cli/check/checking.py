"""The check itself: reads what differs between two versions, compares it, and names the pages that would change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from agents.codebase.change.cited import Versions, touched_statements
from agents.codebase.change.compare import Comparison, compare, removed_names
from agents.codebase.change.mentions import DOCUMENTS, names_to_find, removed_symbols
from agents.codebase.change.result import ChangedPage, ChangeReport, RemovedSymbol, TouchedStatement
from agents.codebase.change.units import ComparedFile
from agents.codebase.published import Hidden, published_lines
from agents.pages.addresses import api_pages, guide_pages
from cli.check.reading import VersionReader, read_both
from cli.check.site_statements import statements
from cli.check.versions import ReadFiles, Version
from cli.site.finished import FinishedSite, NotOnSite


@dataclass(frozen=True)
class _Sides:
    """What differs: the files that are documented in each version, by path, and every path of the newer one."""

    before: Mapping[str, ComparedFile]
    after: Mapping[str, ComparedFile]
    all_after: tuple[str, ...]


def check(before: Version, after: Version, site: FinishedSite | None = None) -> ChangeReport:
    """Compare two versions; with a site its statements are checked, without one the documentation comments."""
    older, newer = before.files, after.files
    # What a site has hidden is known by its evidence.
    left = VersionReader(before, with_evidence=site is not None)
    right = VersionReader(after, with_evidence=site is not None)
    left_paths = [path for path, mark in older.items() if newer.get(path) != mark]
    right_paths = [path for path, mark in newer.items() if older.get(path) != mark]
    sides = _Sides(*read_both(left, left_paths, right, right_paths), tuple(newer))
    comparison = compare(sides.before, sides.after)
    result = ChangeReport(
        statements=comparison.statements,
        undocumented=comparison.undocumented,
        removed=tuple(_removed(comparison, sides, right)),
        rewritten=comparison.rewritten,
        moved=comparison.matches.moved,
        files=len({*sides.before, *sides.after}),
    )
    if site is not None:
        result = _with_site(result, site, sides, comparison)
    pages = tuple(_pages(result, comparison, sides, site))
    return replace(result, pages=pages, unread=tuple(dict.fromkeys([*left.unread, *right.unread])))


def _removed(comparison: Comparison, sides: _Sides, right: VersionReader) -> Iterator[RemovedSymbol]:
    gone = list(removed_names(comparison.matches))
    if gone:
        others = right.holding(names_to_find(gone), sides.after)
        yield from removed_symbols(gone, {**others, **sides.after})


def _with_site(result: ChangeReport, site: FinishedSite, sides: _Sides, comparison: Comparison) -> ChangeReport:
    reader = VersionReader(ReadFiles({}))
    documented: dict[str, ComparedFile] = {}
    for path in sides.before:
        text = _text(site, path)
        file = reader.source(path, sides.before[path].language, text) if text else None
        if file is not None:
            documented[path] = file
    versions = Versions(documented, _as_published(sides.before, reader), _as_published(sides.after, reader))
    found, stale = touched_statements(statements(site, documented), versions, comparison)
    found.sort(key=lambda one: (one.wide, one.before.path, one.before.lines.start, one.page))
    return replace(result, statements=tuple(found), stale_before=stale)


def _text(site: FinishedSite, path: str) -> str:
    try:
        return "\n".join(site.text(path))
    except NotOnSite:
        return ""


def _as_published(files: Mapping[str, ComparedFile], reader: VersionReader) -> dict[str, ComparedFile]:
    """The files with stars where the site has them."""
    shown: dict[str, ComparedFile] = {}
    for path, file in files.items():
        text = "\n".join(published_lines(file.text, Hidden(file.evidence)))
        same = file if text == file.text else reader.source(path, file.language, text)
        shown[path] = same or file
    return shown


def _pages(
    result: ChangeReport, comparison: Comparison, sides: _Sides, site: FinishedSite | None
) -> Iterator[ChangedPage]:
    """The pages that cite what has changed, and those about a file whose symbols or comments have."""
    why: dict[str, str] = {}
    touched = {*(one.before.path for one in (*result.statements, *result.rewritten))}
    touched |= {one.path for one in comparison.changed} | {one.path for one in comparison.matches.removed}
    touched |= {one.path for one in comparison.matches.added}
    touched |= {place.path for old, place in comparison.matches.pairs.items() if old.path != place.path}
    paths = {*sides.all_after, *sides.before}
    api, guides = api_pages(paths), guide_pages(paths)
    for path in sorted(touched):
        page = site.files[path].api if site and path in site.files else api[path]
        why[page] = f"describes {path}"
    for path in sorted({*sides.before, *sides.after}):
        if path.lower().endswith(DOCUMENTS):
            why[guides[path]] = f"is made of {path}"
    cited: dict[str, list[TouchedStatement]] = {}
    for one in result.statements:
        cited.setdefault(one.page, []).append(one)
    for page, group in cited.items():
        if page and page not in why:
            why[page] = f"cites {group[0].before}" + (f" and {len(group) - 1} more" if len(group) > 1 else "")
    known = {*site.all_pages} if site else None
    for page, reason in sorted(why.items()):
        if page and (known is None or page in known or page in api.values()):
            yield ChangedPage(page, reason)
