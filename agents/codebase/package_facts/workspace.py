"""The packages of a repository that holds several: each folder whose manifest names one. Pure."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace

from agents.codebase.manifest_values import json_table, table, toml_table
from agents.codebase.package_facts import Read, is_manifest, packages
from agents.codebase.package_facts.package import PackageFacts
from agents.codebase.paths import is_product

#: Folders whose manifests are read; a repository with more has its first ones listed.
MOST = 400
_GRADLE = re.compile(r"^build\.gradle(?:\.kts)?$")


def workspace(paths: Iterable[str], read: Read) -> dict[str, tuple[PackageFacts, ...]]:
    """The facts of each package by its folder, which is empty for the root; empty where there are fewer than two.

    Packages of tests and examples are none, nor is a folder whose manifest only gathers others.
    """
    by_folder: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        if is_manifest(path) and is_product(path):
            by_folder[posixpath.dirname(path)].append(path)
    found: dict[str, tuple[PackageFacts, ...]] = {}
    if len(by_folder) < 2:
        return found
    everything = frozenset(paths)
    for folder in sorted(by_folder)[:MOST]:
        facts = merged(_named(one) for one in packages(by_folder[folder], read, folder))
        own = tuple(one for one in facts if one.name and not _only_gathers(one, folder, everything, read))
        if own:
            found[folder] = own
    return found if len(found) > 1 else {}


def merged(found: Iterable[PackageFacts]) -> list[PackageFacts]:
    """One package for each ecosystem: what its first manifest does not say, another one may."""
    by_ecosystem: dict[str, PackageFacts] = {}
    for one in found:
        known = by_ecosystem.get(one.ecosystem)
        if known is None:
            by_ecosystem[one.ecosystem] = one
        elif known.name.lower() in {one.name.lower(), ""} or not one.name:
            empty = {f.name: getattr(one, f.name) for f in fields(PackageFacts) if not getattr(known, f.name)}
            by_ecosystem[one.ecosystem] = replace(known, **empty)
    return list(by_ecosystem.values())


def package_of(path: str, folders: Mapping[str, object]) -> str | None:
    """The folder of the package that a file belongs to, the closest one; None outside all packages."""
    folder = posixpath.dirname(path)
    while folder not in folders:
        if not folder:
            return None
        folder = posixpath.dirname(folder)
    return folder


def _named(one: PackageFacts) -> PackageFacts:
    """A module of Gradle is called as its folder is."""
    folder = posixpath.basename(posixpath.dirname(one.file))
    return replace(one, name=folder) if not one.name and _GRADLE.match(posixpath.basename(one.file)) else one


def _only_gathers(one: PackageFacts, folder: str, paths: Iterable[str], read: Read) -> bool:
    """Whether a manifest declares a workspace's packages and is none itself."""
    name, beside = posixpath.basename(one.file), set(_beside(folder, paths))
    text = read(one.file)
    if name == "package.json":
        data = json_table(text)
        several = "workspaces" in data or beside & {"pnpm-workspace.yaml", "lerna.json", "nx.json", "rush.json"}
        return bool(several) and data.get("private") is True
    if name == "pom.xml":
        return re.search(r"<packaging>\s*pom\s*</packaging>", text) is not None
    if name.lower() == "cargo.toml":
        return not table(toml_table(text).get("package"))
    if _GRADLE.match(name):
        return bool(beside & {"settings.gradle", "settings.gradle.kts"}) and "src" not in beside
    return False


def _beside(folder: str, paths: Iterable[str]) -> Iterator[str]:
    """Names of the files and folders directly in a folder."""
    prefix = f"{folder}/" if folder else ""
    return (path[len(prefix) :].partition("/")[0] for path in paths if path.startswith(prefix))
