"""Whole paths of routes: the prefixes under which routers are mounted, in one file and across files. Pure."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from agents.codebase.facts.routes.route_words import EVERY, SYMFONY, TYPED, VERSIONED
from agents.contracts.facts import FactKind
from agents.roles.editor.fact_pages.imported_prefixes import imported_prefixes, resources
from agents.roles.editor.fact_pages.rows import PlacedFact
from agents.roles.editor.material import Material

#: Routers inside routers that are followed, and paths of one route.
_FAR, _MOST = 6, 8
#: Each router that its file does not mount is looked for among the mounts of others: the product of both is bounded.
_MOST_MOUNTS, _MOST_ROUTERS, _MOST_PREFIXES = 1_000, 3_000, 100
_INDEXES = frozenset({"index", "__init__", "mod"})
#: Frameworks in which a mount's prefix takes the place of the one that the router was made with.
_REPLACED = frozenset({"Flask", "Quart"})
_SCRIPTS = re.compile(r"\.[cm]?[jt]sx?$")
_ROUTER_WORDS = re.compile(r"_?(?:routers?|routes|blueprint|bp|api)$", re.IGNORECASE)
#: Languages whose files see each other without an import: in one folder, or anywhere.
_SEEN_IN_FOLDER, _SEEN = frozenset({"go"}), frozenset({"csharp", "kotlin", "ruby", "swift", "rust", "dart"})


class _MountedRouter(NamedTuple):
    """A router by its file and its name there."""

    file: str
    name: str


@dataclass(frozen=True)
class MountedPaths:
    """The mounts of a repository, and what they say of the paths of its routes."""

    material: Material
    mounts: Sequence[PlacedFact]

    def of(self, route: PlacedFact) -> list[str]:
        """A route's paths with the prefixes under which its router is mounted, as far as they are certain."""
        above = self._above(route.fact.name, _MountedRouter(route.path, route.fact.owner), route, ())
        paths = dict.fromkeys(self._before_all(path, route) for path in islice(above, _MOST))
        # A route of a class whose path no file tells is none that can be shown.
        return [path for path in paths if path or TYPED not in route.fact.marks]

    def _above(
        self, path: str, router: _MountedRouter, route: PlacedFact, below: tuple[_MountedRouter, ...]
    ) -> Iterator[str]:
        """The path below each chain of mounts that leads to a router."""
        if router not in self._leading:
            self._leading[router] = self._mounts_of(router)
        prefixes, outer = self._leading[router]
        for prefix in prefixes or [""]:
            own = _joined(prefix, path, route)
            if not outer or router in below or len(below) >= _FAR:
                yield own
                continue
            for item in outer:
                # A registered blueprint has the prefix given there in place of its own.
                is_replaced = route.fact.source in _REPLACED and bool(item.fact.name)
                whole = _joined(item.fact.name, path if is_replaced else own, route)
                yield from self._above(whole, _MountedRouter(item.path, item.fact.owner), route, (*below, router))

    def _mounts_of(self, router: _MountedRouter) -> tuple[list[str], list[PlacedFact]]:
        """The prefixes that a router has of its own, and the mounts of it; none beyond a number of routers."""
        if len(self._leading) >= _MOST_ROUTERS:
            return [], []
        here = [item for item in self._by_name[router] if router.name]
        prefixes = [item.fact.name for item in here if not item.fact.owner]
        return prefixes, [item for item in here if item.fact.owner] or self._elsewhere(router, here)

    def _elsewhere(self, router: _MountedRouter, here: Sequence[PlacedFact]) -> list[PlacedFact]:
        """The mounts of a router that its file does not name: all that are certain, or the only one that is likely."""
        own = {id(item) for item in here}
        others = [item for item in self.mounts[:_MOST_MOUNTS] if id(item) not in own]
        certain = [item for item in others if router.file in self._imported[id(item)] and self._is_named(item, router)]
        if certain:
            return certain
        likely = [item for item in others if not self._imported[id(item)] and self._is_likely(item, router)]
        # Of several with the same last name the one that is called by more of it is meant.
        likely = [item for item in likely if f".{router.name}".endswith(f".{item.fact.target}")] or likely
        alike = {(item.path, item.fact.name, item.fact.owner) for item in likely}
        return likely[:1] if len(alike) == 1 else []

    def _is_named(self, mount: PlacedFact, router: _MountedRouter) -> bool:
        """Whether a mount of something in a router's file is of this router: a name of another router there is not."""
        name = mount.fact.target.rpartition(".")[2]
        return name == router.name or name not in self._routers[router.file]

    def _is_likely(self, mount: PlacedFact, router: _MountedRouter) -> bool:
        """Whether a mount in one file is of a router in another, by the names of both."""
        target, file = mount.fact.target, router.file
        stem = posixpath.splitext(file)[0]
        if mount.fact.source == "Django":
            return f"/{stem}".endswith("/" + target.replace(".", "/"))
        if target in {EVERY, VERSIONED}:
            return False
        if "." in target and target == router.name:
            return True
        if target.rpartition(".")[2] == router.name.rpartition(".")[2] and self._is_seen(mount, file):
            return True
        if file == mount.path or file not in {item.target for item in self.material.imports.get(mount.path, ())}:
            return False
        parts = {_ROUTER_WORDS.sub("", part) for part in target.split(".")}
        name = posixpath.basename(_stem(file))
        return name.removesuffix("_routes").removesuffix(".routes") in parts or target == router.name != "router"

    def _is_seen(self, mount: PlacedFact, file: str) -> bool:
        """Whether a function of a file that nothing imports is called in the mount's file."""
        language = self.material.analyses[file].structure.language
        folder, package = posixpath.dirname(file), mount.fact.target.rpartition(".")[0].rpartition(".")[2]
        if language in _SEEN_IN_FOLDER and package in self._folders:
            return package == posixpath.basename(folder)
        if language == "rust" and package in self._stems_by_end:
            return self._is_module(mount.fact.target, file)
        # What is no package is a variable, whose type is not known.
        is_beside = folder == posixpath.dirname(mount.path)
        return language in _SEEN or (language in _SEEN_IN_FOLDER and (is_beside or bool(package)))

    def _is_module(self, target: str, file: str) -> bool:
        """Whether a file is the module of a function's whole name, or of its last part where no file is that."""
        names = [name for name in target.split(".")[:-1] if name not in {"crate", "self", "super"}]
        if not names:
            return False
        written = "/" + "/".join(names)
        if any(f"/{stem}".endswith(written) for stem in self._stems_by_end[names[-1]]):
            return f"/{_stem(file)}".endswith(written)
        return names[-1] == posixpath.basename(_stem(file))

    def _before_all(self, path: str, route: PlacedFact) -> str:
        """The path below what stands before every route of the program: a prefix, a version, a file's own."""
        version = next((mark for mark in route.fact.marks if mark.startswith("version ")), "").removeprefix("version ")
        prefixes = []
        for target in (VERSIONED, EVERY):
            prefix = self._of_program(target, route)
            if prefix is not None and (target == EVERY or version):
                prefixes.append(prefix if target == EVERY else f"{prefix}{version}")
        if route.fact.source == "Laravel":
            given = [item.fact.name for item in self._of_scripts if f"/{route.path}".endswith(f"/{item.fact.target}")]
            prefixes += given[:1] or (["api"] if f"/{route.path}".endswith("/routes/api.php") else [])
        if route.fact.source == SYMFONY:
            prefixes += imported_prefixes(route.path, self._resources)
        for prefix in prefixes:
            path = _joined(prefix, path, route)
        return path

    def _of_program(self, target: str, route: PlacedFact) -> str | None:
        """What is mounted before every route of the program that a file is a part of; None for nothing certain."""
        given = [
            item
            for item in self._of_programs
            if item.fact.target == target
            and item.fact.source == route.fact.source
            and route.path.startswith(_program(item.path))
        ]
        nearest = max((len(_program(item.path)) for item in given), default=0)
        names = {item.fact.name for item in given if len(_program(item.path)) == nearest}
        return names.pop() if len(names) == 1 else None

    @cached_property
    def _leading(self) -> dict[_MountedRouter, tuple[list[str], list[PlacedFact]]]:
        """What is known of each router that was asked about."""
        return {}

    @cached_property
    def _by_name(self) -> dict[_MountedRouter, list[PlacedFact]]:
        """The mounts by what they mount, where a router of their own file has that name."""
        by_name: dict[_MountedRouter, list[PlacedFact]] = defaultdict(list)
        for item in self.mounts:
            by_name[_MountedRouter(item.path, item.fact.target)].append(item)
        return by_name

    @cached_property
    def _of_programs(self) -> list[PlacedFact]:
        """The mounts that stand before every route of their program."""
        return [item for item in self.mounts if item.fact.target in {EVERY, VERSIONED}][:_MOST_PREFIXES]

    @cached_property
    def _of_scripts(self) -> list[PlacedFact]:
        """The mounts of files of PHP."""
        return [item for item in self.mounts if item.fact.target.endswith(".php")][:_MOST_PREFIXES]

    @cached_property
    def _resources(self) -> dict[str, list[PlacedFact]]:
        """The imports of Symfony by the file or the folder that they import."""
        return resources([item for item in self.mounts[:_MOST_MOUNTS] if item.fact.source == SYMFONY])

    @cached_property
    def _folders(self) -> set[str]:
        """The names of the folders that hold files; the root has none."""
        return {posixpath.basename(posixpath.dirname(path)) for path in self.material.analyses} - {""}

    @cached_property
    def _stems_by_end(self) -> dict[str, set[str]]:
        """The paths of files without their endings, by their last part."""
        by_end: dict[str, set[str]] = defaultdict(set)
        for path in self.material.analyses:
            by_end[posixpath.basename(_stem(path))].add(_stem(path))
        return by_end

    @cached_property
    def _routers(self) -> dict[str, set[str]]:
        """The names of the routers of each file."""
        return defaultdict(
            set,
            {
                path: {fact.owner for fact in analysis.structure.facts if fact.kind in {FactKind.ROUTE, FactKind.MOUNT}}
                for path, analysis in self.material.analyses.items()
                if analysis.structure.facts
            },
        )

    @cached_property
    def _imported(self) -> dict[int, set[str]]:
        """The files that each mount's router is imported from, as its file says."""
        files: dict[str, set[str]] = defaultdict(set)
        for path in self.material.analyses:
            files[_stem(path)].add(path)
        by_end = self._stems_by_end
        return {id(item): {path for stem in _nearest(by_end, item) for path in files[stem]} for item in self.mounts}


def _nearest(by_end: dict[str, set[str]], mount: PlacedFact) -> set[str]:
    """The stems of the files that a mount's router may be in: of the module it is, else of the one it is a name in."""
    for written in reversed(_modules(mount)):
        ends = by_end.get(posixpath.basename(written), set())
        stems = {
            stem for stem in ends if stem == written or (mount.fact.type[:1] != "." and stem.endswith(f"/{written}"))
        }
        if stems:
            return stems
    return set()


def _modules(mount: PlacedFact) -> list[str]:
    """The paths without endings at which the module of a mounted router may be."""
    module, folder = mount.fact.type, posixpath.dirname(mount.path)
    if not module:
        return []
    if not mount.path.endswith(".py"):
        return [_stem(posixpath.normpath(posixpath.join(folder, module)))] if module.startswith(".") else []
    dots = len(module) - len(module.lstrip("."))
    for _ in range(dots - 1):
        folder = posixpath.dirname(folder)
    below = module[dots:].replace(".", "/")
    base = posixpath.join(folder, below) if dots else below
    # What is imported may be a module itself.
    return [base, posixpath.join(base, mount.fact.target.partition(".")[0])]


def _stem(path: str) -> str:
    """A file's path without its ending; of a folder's index, the folder's."""
    stem = _SCRIPTS.sub("", path) if _SCRIPTS.search(path) else posixpath.splitext(path)[0]
    return posixpath.dirname(stem) if posixpath.basename(stem) in _INDEXES else stem


def _program(path: str) -> str:
    """The folder below which a file's program has its code."""
    before, sources, _ = path.partition("src/")
    folder = posixpath.dirname(path)
    return before + sources if sources and (not before or before.endswith("/")) else folder + "/" * bool(folder)


def _joined(prefix: str, path: str, route: PlacedFact) -> str:
    """The path below a prefix, as the framework joins them."""
    trimmed = prefix.strip("/").removeprefix("^").removesuffix("$").strip("/")
    if route.fact.source == "tRPC":
        return f"{prefix}.{path}" if prefix else path
    whole = f"/{trimmed}/{path.lstrip('/^')}".replace("//", "/") if trimmed else path
    return whole if len(whole) == 1 or route.fact.name.endswith("/") else whole.rstrip("/")
