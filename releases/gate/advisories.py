"""Compares a release's list of packages with advisories in OSV's format (https://ossf.github.io/osv-schema/). Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

_ECOSYSTEMS = {"pypi": "PyPI", "npm": "npm"}


class AdvisoryRefused(ValueError):
    """A text is no advisory, or no list of them; the message says why."""


def read_advisories(text: str) -> list[Mapping[str, Any]]:
    """One advisory, a list of them, or the API's `{"vulns": [...]}`. Raises AdvisoryRefused."""
    try:
        read = json.loads(text)
    except ValueError as error:
        raise AdvisoryRefused(f"it is no JSON: {error}") from error
    listed = read.get("vulns", [read]) if isinstance(read, dict) else read
    if not isinstance(listed, list) or not all(isinstance(each, dict) and "id" in each for each in listed):
        raise AdvisoryRefused("it holds no advisories in OSV's format, which have an `id`")
    return listed


def vulnerable(bill: str, advisories: Iterable[Mapping[str, Any]]) -> list[str]:
    """A sentence for each package of the CycloneDX list that an advisory names, sorted; withdrawn ones do not count."""
    packages = dict(_packages(json.loads(bill)))
    found = {
        f"{name} {packages[ecosystem, name]} ({advisory['id']})"
        for advisory in advisories
        if not advisory.get("withdrawn")
        for affected in advisory.get("affected", ())
        for ecosystem, name in [_named(affected.get("package", {}))]
        if (ecosystem, name) in packages and _affects(affected, packages[ecosystem, name])
    }
    return sorted(found)


def _packages(document: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    for component in document["components"]:
        kind = component["purl"].partition(":")[2].partition("/")[0]
        yield (_ECOSYSTEMS[kind], component["name"]), component["version"]


def _named(package: Mapping[str, Any]) -> tuple[str, str]:
    ecosystem, name = str(package.get("ecosystem", "")), str(package.get("name", ""))
    return ecosystem, canonicalize_name(name) if ecosystem == "PyPI" else name


def _affects(affected: Mapping[str, Any], version: str) -> bool:
    ranges = [each for each in affected.get("ranges", ()) if each.get("type") in {"ECOSYSTEM", "SEMVER"}]
    return version in affected.get("versions", ()) or any(_within(each["events"], version) for each in ranges)


def _within(events: Iterable[Mapping[str, str]], version: str) -> bool:
    """Whether the last event up to this version leaves it affected; one that cannot be read counts as affected."""
    try:
        own = Version(version)
        steps = sorted((_read(value), kind) for event in events for kind, value in event.items() if kind != "limit")
    except InvalidVersion:
        return True
    affected = False
    for at, kind in steps:
        if kind == "last_affected":
            affected = affected and own <= at
        elif at <= own:
            affected = kind == "introduced"
    return affected


def _read(value: str) -> Version:
    return Version("0" if value == "0" else value)
