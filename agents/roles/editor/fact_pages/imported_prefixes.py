"""Prefixes that Symfony puts before the routes of the files and folders that its configuration imports. Pure."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from agents.codebase.paths import folders_above
from agents.roles.editor.fact_pages.rows import PlacedFact

#: Imports of files that are imported themselves.
_FAR = 6


def resources(mounts: Iterable[PlacedFact]) -> dict[str, list[PlacedFact]]:
    """Imports by the path that each names beside its own file."""
    by_resource: dict[str, list[PlacedFact]] = defaultdict(list)
    for mount in mounts:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(mount.path), mount.fact.target))
        if mount.fact.target and not mount.fact.target.startswith(("/", "@", "%")):
            by_resource[path].append(mount)
    return by_resource


def imported_prefixes(path: str, by_resource: Mapping[str, Sequence[PlacedFact]]) -> list[str]:
    """The prefixes before a file's routes, the innermost first, as far as each import is the only one."""
    prefixes: list[str] = []
    for _ in range(_FAR):
        nearest = next((item for item in (path, *reversed(folders_above(path))) if item in by_resource), "")
        # A folder that holds the file with the import is not imported by it once more.
        imports = [mount for mount in by_resource.get(nearest, ()) if mount.path != path]
        if len({(mount.path, mount.fact.name) for mount in imports}) != 1:
            break
        prefixes += [imports[0].fact.name] if imports[0].fact.name else []
        path = imports[0].path
    return prefixes
