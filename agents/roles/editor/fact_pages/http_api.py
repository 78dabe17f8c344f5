"""The page of the HTTP API: every route with its whole path and the code that answers it. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from agents.codebase.facts.phoenix import phoenix_routes
from agents.codebase.facts.routed_files import routes_of_files
from agents.codebase.paths import is_product
from agents.contracts.draft import Page, PageKind
from agents.contracts.facts import FactKind
from agents.roles.editor import markdown
from agents.roles.editor.fact_pages.rows import PlacedFact, bounded, code, facts_of, start, summary
from agents.roles.editor.material import Material
from agents.roles.editor.page_builder import PageBuilder

HTTP_API = "http-api.md"
_OPENING = (
    "The HTTP routes that this code declares: method, path with the prefixes of its routers, and what answers it."
)
_MOST = 500
#: Routers inside routers that are followed.
_FAR = 6


def http_api(material: Material) -> Page | None:
    """The page; None where no route is declared."""
    routes = [*facts_of(material, FactKind.ROUTE), *_of_files(material)]
    if not routes:
        return None
    builder = start(material, HTTP_API, PageKind.HTTP_API, "HTTP API", _OPENING)
    mounts = list(facts_of(material, FactKind.MOUNT))
    sources = sorted({placed.fact.source for placed in routes})
    listed = ", ".join(markdown.escape(source) for source in sources)
    builder.add(
        builder.words("{count} of {sources}.", count=builder.words.counted(len(routes), "route"), sources=listed)
    )
    placed_rows = [(whole_path(material, mounts, placed), placed) for placed in routes]
    rows = sorted(placed_rows, key=lambda row: (row[0], row[1].fact.type, row[1].path, row[1].fact.lines.start))
    bounded(
        builder,
        ("Method", "Path", "Handler", "What it does", "Declared in"),
        [_row(builder, path, placed) for path, placed in rows[:_MOST]] + [()] * max(0, len(rows) - _MOST),
        "route",
        _MOST,
    )
    return builder.page()


def _of_files(material: Material) -> Iterator[PlacedFact]:
    """Routes of files by their names, and those that only a file's lines tell."""
    structures = {path: analysis.structure for path, analysis in sorted(material.analyses.items()) if is_product(path)}
    yield from (PlacedFact(path, fact) for path, fact in routes_of_files(structures, material.published))
    for path, structure in structures.items():
        if structure.language == "elixir" and "router" in path:
            yield from (PlacedFact(path, fact) for fact in phoenix_routes(material.published(path)))


def whole_path(material: Material, mounts: Sequence[PlacedFact], route: PlacedFact) -> str:
    """A route's path with the prefixes under which its router is mounted, as far as that is certain."""
    path, name, file = route.fact.name, route.fact.owner, route.path
    for _ in range(_FAR):
        own = [item for item in mounts if item.path == file and item.fact.target == name and name]
        outer = own or [item for item in mounts if item.path != file and _mounts(material, item, file, name)]
        if not outer or (not own and len(outer) > 1):
            break
        # A router's own prefix first, then those under which others mount it.
        prefix = "/".join(item.fact.name.strip("/^$") for item in reversed(own or outer) if item.fact.name.strip("/^$"))
        path = f"/{prefix}/{path.lstrip('/^')}".replace("//", "/") if prefix else path
        path = path if len(path) == 1 or route.fact.name.endswith("/") else path.rstrip("/")
        if own and any(other.path != file and _mounts(material, other, file, name) for other in mounts):
            outside = [item for item in mounts if item.path != file and _mounts(material, item, file, name)]
            if len(outside) == 1 and outside[0].fact.name:
                path = f"/{outside[0].fact.name.strip('/')}{path}"
            break
        file, name = outer[-1].path, outer[-1].fact.owner
    return path


def _mounts(material: Material, mount: PlacedFact, file: str, router: str) -> bool:
    """Whether a mount in one file is of a router in another."""
    target = mount.fact.target
    stem = file.rpartition(".")[0]
    if mount.fact.source == "Django":
        return f"/{stem}".endswith("/" + target.replace(".", "/"))
    if file not in {item.target for item in material.imports.get(mount.path, ())}:
        return False
    base, last = posixpath.basename(stem), posixpath.basename(posixpath.dirname(file))
    names = {base if base not in {"index", "__init__", "mod"} else last}
    parts = {
        re.sub(r"_?(?:routers?|routes|blueprint|bp|api)$", "", part, flags=re.IGNORECASE) for part in target.split(".")
    }
    return (
        bool(parts & {name.removesuffix("_routes").removesuffix(".routes") for name in names})
        or target == router != "router"
    )


def _row(builder: PageBuilder, path: str, placed: PlacedFact) -> tuple[str, ...]:
    fact = placed.fact
    material = builder.material
    handler, words_given = code(fact.target), ""
    definition = material.symbols.mentioned(fact.target, placed.path) if fact.target else None
    if definition is not None:
        handler = builder.symbol(*definition, label=fact.target)
        symbols = material.analyses[definition[0]].structure.symbols
        words_given = next(
            (summary(material, definition[0], item) for item in symbols if item.name == definition[1]), ""
        )
    return fact.type, code(path), handler, words_given, builder.cite(placed.path, fact.lines)
