"""Routes that web frameworks take from the names of files: Next.js, SvelteKit, Nuxt, Astro. Tables first. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from agents.codebase.facts.route_words import ANY, VERBS
from agents.codebase.paths import folders_above
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Structure

_METHODS: Final = frozenset(verb.upper() for verb in VERBS)
_VERB: Final = rf"(?:\.(?P<verb>{'|'.join(VERBS)}))?"
_SCRIPT: Final = r"\.[cm]?[jt]sx?"


@dataclass(frozen=True)
class _FileRouter:
    """Files of one form below a folder: `path` is their route, `answers` what they answer to.

    Without `answers`, methods are the exported functions called so; `prefix` comes before the path.
    """

    source: str
    package: str
    pattern: re.Pattern[str]
    answers: str = ""
    prefix: str = ""


def _router(source: str, package: str, pattern: str, answers: str = "", prefix: str = "") -> _FileRouter:
    return _FileRouter(source, package, re.compile(pattern), answers, prefix)


_NEXT, _KIT, _NUXT, _ASTRO = ("Next.js", "next"), ("SvelteKit", "@sveltejs/kit"), ("Nuxt", "nuxt"), ("Astro", "astro")
#: Paths are relative to the folder whose package.json names the framework; the first that matches counts.
_ROUTERS: Final = (
    _router(*_NEXT, rf"^(?:src/)?app/(?P<path>(?:.*/)?)page(?:{_SCRIPT}|\.mdx?)$", "GET"),
    _router(*_NEXT, rf"^(?:src/)?app/(?P<path>(?:.*/)?)route{_SCRIPT}$"),
    _router(*_NEXT, rf"^(?:src/)?pages/api/(?P<path>.*?){_SCRIPT}$", ANY, "api"),
    _router(*_NEXT, rf"^(?:src/)?pages/(?!_|.*/_)(?P<path>.*?)(?:{_SCRIPT}|\.mdx?)$", "GET"),
    _router(*_KIT, r"^src/routes/(?P<path>(?:.*/)?)\+page\.svelte$", "GET"),
    _router(*_KIT, rf"^src/routes/(?P<path>(?:.*/)?)\+server{_SCRIPT}$"),
    _router(*_NUXT, rf"^(?:app/)?server/api/(?P<path>.*?){_VERB}{_SCRIPT}$", ANY, "api"),
    _router(*_NUXT, rf"^(?:app/)?server/routes/(?P<path>.*?){_VERB}{_SCRIPT}$", ANY),
    _router(*_NUXT, r"^(?:app/)?pages/(?P<path>.*?)\.vue$", "GET"),
    _router(*_ASTRO, r"^src/pages/(?!_|.*/_)(?P<path>.*?)\.(?:astro|mdx?|html)$", "GET"),
    _router(*_ASTRO, rf"^src/pages/(?!_|.*/_)(?P<path>.*?){_SCRIPT}$"),
)
#: Folders that are no part of an address: groups, slots, and pages shown inside others.
_UNSEEN: Final = re.compile(r"^(?:\(.*\)|@.*)$")
_INTERCEPTED: Final = re.compile(r"(?:^|/)\(\.{1,3}\)|(?:^|/)_")


def routes_of_files(structures: Mapping[str, Structure], text: Callable[[str], str]) -> Iterator[tuple[str, Fact]]:
    """The routes of a repository's files, with the file; `text` gives a manifest's."""
    packages = [path for path in structures if posixpath.basename(path) == "package.json"]
    roots: dict[str, set[str]] = {}
    for path in packages:
        manifest = text(path)
        used = {router.package for router in _ROUTERS if f'"{router.package}"' in manifest}
        if used:
            roots[posixpath.dirname(path)] = used
    for path, structure in structures.items() if roots else ():
        folder = next((above for above in (*reversed(folders_above(path)), "") if above in roots), None)
        if folder is not None:
            below = path.removeprefix(f"{folder}/") if folder else path
            yield from ((path, fact) for fact in _of_file(below, structure, roots[folder]))


def _of_file(path: str, structure: Structure, used: set[str]) -> Iterator[Fact]:
    for router in _ROUTERS:
        matched = router.pattern.match(path) if router.package in used else None
        if matched is None:
            continue
        parts = [part for part in (router.prefix, *matched["path"].split("/")) if part and not _UNSEEN.match(part)]
        if parts and parts[-1] == "index":
            parts.pop()
        address = "/" + "/".join(parts)
        if _INTERCEPTED.search(matched["path"]):
            return
        if router.answers:
            verb = matched.groupdict().get("verb")
            yield _route(address, verb.upper() if verb else router.answers, router.source, Lines(start=1, end=1))
            return
        for symbol in structure.symbols:
            if symbol.name in _METHODS and symbol.public:
                yield _route(address, symbol.name, router.source, symbol.lines, symbol.name)
        return


def _route(address: str, methods: str, source: str, lines: Lines, symbol: str = "") -> Fact:
    return Fact(
        kind=FactKind.ROUTE, name=address, type=methods, source=source, lines=lines, symbol=symbol, target=symbol
    )
