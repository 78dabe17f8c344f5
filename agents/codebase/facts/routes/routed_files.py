"""Routes that web frameworks take from the names of files: Next.js, SvelteKit, Nuxt, Remix … Tables first. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from agents.codebase.facts.routes.route_words import ANY, VERBS
from agents.codebase.paths import folders_above
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Structure

#: Exported functions and what they answer to; the last two are Astro's and SvelteKit's words for every method.
_METHODS: Final = {**{verb.upper(): verb.upper() for verb in VERBS}, "ALL": ANY, "fallback": ANY}
_VERB: Final = rf"(?:\.(?P<verb>{'|'.join(VERBS)}))?"
_SCRIPT: Final = r"\.[cm]?[jt]sx?"


@dataclass(frozen=True)
class _FileRouter:
    """Files of one form below a folder: `path` is their route, `answers` what they answer to.

    Without `answers`, methods are the exported functions called so; `prefix` comes before the path. `is_flat` is for
    names in which dots part what is a folder elsewhere.
    """

    source: str
    package: str
    pattern: re.Pattern[str]
    answers: str = ""
    prefix: str = ""
    is_flat: bool = False


def _router(
    source: str, package: str, pattern: str, answers: str = "", prefix: str = "", is_flat: bool = False
) -> _FileRouter:
    return _FileRouter(source, package, re.compile(pattern), answers, prefix, is_flat)


_NEXT, _KIT, _NUXT, _ASTRO = ("Next.js", "next"), ("SvelteKit", "@sveltejs/kit"), ("Nuxt", "nuxt"), ("Astro", "astro")
_SOLID: Final = ("SolidStart", "@solidjs/start")
_FLAT: Final = rf"^app/routes/(?P<path>[^/]+?)(?:/route)?{_SCRIPT}$"
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
    _router(*_SOLID, r"^src/routes/(?P<path>.*?)\.[jt]sx$", "GET"),
    _router(*_SOLID, r"^src/routes/(?P<path>.*?)\.[jt]s$"),
    _router("Remix", "@remix-run/react", _FLAT, "GET", is_flat=True),
    _router("React Router", "@react-router/fs-routes", _FLAT, "GET", is_flat=True),
)
#: Folders that are no part of an address: groups, slots, and pages shown inside others.
_PARTED: Final = re.compile(r"(?:\[[^\]]*\]|[^.\[])+")
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
        if router.is_flat:
            yield from _flat(router, matched["path"], structure)
            return
        if _INTERCEPTED.search(matched["path"]):
            return
        if router.answers:
            verb = matched.groupdict().get("verb")
            yield _route(address, verb.upper() if verb else router.answers, router.source, Lines(start=1, end=1))
            return
        for symbol in structure.symbols:
            if symbol.name in _METHODS and symbol.public:
                yield _route(address, _METHODS[symbol.name], router.source, symbol.lines, symbol.name)
        return


def _flat(router: _FileRouter, name: str, structure: Structure) -> Iterator[Fact]:
    """`concerts.$city_.edit` as a page or by its loader, and its action, which answers to what changes something."""
    address = "/" + "/".join(part for part in map(_flat_part, _PARTED.findall(name)) if part)
    symbols = {symbol.name: symbol for symbol in structure.symbols if symbol.public}
    loader, action = symbols.get("loader"), symbols.get("action")
    if loader is not None or action is None:
        lines = loader.lines if loader is not None else Lines(start=1, end=1)
        yield _route(address, router.answers, router.source, lines, loader.name if loader is not None else "")
    if action is not None:
        yield _route(address, ANY, router.source, action.lines, action.name)


def _flat_part(part: str) -> str:
    """One part of an address: what begins with a line is a layout, with a dollar a parameter."""
    if part.startswith("_"):
        return ""
    optional = part.startswith("(")
    plain = part.strip("()").removesuffix("_").replace("[", "").replace("]", "")
    named = "*" if plain == "$" else f":{plain[1:]}" if plain.startswith("$") else plain
    return f"{named}?" if optional else named


def _route(address: str, methods: str, source: str, lines: Lines, symbol: str = "") -> Fact:
    return Fact(
        kind=FactKind.ROUTE, name=address, type=methods, source=source, lines=lines, symbol=symbol, target=symbol
    )
