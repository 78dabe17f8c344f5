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
    facts_of: dict[str, tuple[PackageFacts, ...]] = {}
    if len(by_folder) < 2:
        return facts_of
    everything = frozenset(paths)
    for folder in sorted(by_folder)[:MOST]:
        facts = merged(_named(package) for package in packages(by_folder[folder], read, folder))
        own = tuple(fact for fact in facts if fact.name and not _only_gathers(fact, folder, everything, read))
        if own:
            facts_of[folder] = own
    return facts_of if len(facts_of) > 1 else {}


def merged(packages_of_it: Iterable[PackageFacts]) -> list[PackageFacts]:
    """One package for each ecosystem: what its first manifest does not say, another one may."""
    by_ecosystem: dict[str, PackageFacts] = {}
    for package in packages_of_it:
        earlier = by_ecosystem.get(package.ecosystem)
        if earlier is None:
            by_ecosystem[package.ecosystem] = package
        elif earlier.name.lower() in {package.name.lower(), ""} or not package.name:
            empty = {f.name: getattr(package, f.name) for f in fields(PackageFacts) if not getattr(earlier, f.name)}
            by_ecosystem[package.ecosystem] = replace(earlier, **empty)
    return list(by_ecosystem.values())


def package_of(path: str, folders: Mapping[str, object]) -> str | None:
    """The folder of the package that a file belongs to, the closest one; None outside all packages."""
    folder = posixpath.dirname(path)
    while folder not in folders:
        if not folder:
            return None
        folder = posixpath.dirname(folder)
    return folder


def _named(package_facts: PackageFacts) -> PackageFacts:
    """A module of Gradle is called as its folder is."""
    folder = posixpath.basename(posixpath.dirname(package_facts.file))
    return (
        replace(package_facts, name=folder)
        if not package_facts.name and _GRADLE.match(posixpath.basename(package_facts.file))
        else package_facts
    )


def _only_gathers(package_facts: PackageFacts, folder: str, paths: Iterable[str], read: Read) -> bool:
    """Whether a manifest declares a workspace's packages and is none itself."""
    name, beside = posixpath.basename(package_facts.file), set(_beside(folder, paths))
    text = read(package_facts.file)
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
