"""The list of a release's packages as CycloneDX 1.6, from the pinned requirements. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from packaging.utils import canonicalize_name

from releases.pins import pins

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?==(?P<version>[^\s;]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def cyclonedx(requirements: Mapping[str, str], npm_locks: Mapping[str, str]) -> bytes:
    """The document; no time and no serial number, so that the same pins give the same bytes.

    `requirements` are pinned files' texts by the layer that they fill, `npm_locks` are package-lock.json texts.
    """
    found: dict[str, dict[str, Any]] = {}
    for layer, text in sorted(requirements.items()):
        for pin in pins(text):
            component = _python_package(pin)
            known = found.setdefault(component["purl"], component)
            known["properties"].append({"name": "swarm:requirements", "value": layer})
    for where, text in sorted(npm_locks.items()):
        for component in _npm_packages(text):
            known = found.setdefault(component["purl"], component)
            known["properties"].append({"name": "swarm:requirements", "value": where})
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": "serverless-swarm", "name": "serverless-swarm"}},
        "components": [found[purl] for purl in sorted(found)],
    }
    return json.dumps(document, indent=1, sort_keys=True).encode("ascii")


def _python_package(pin: str) -> dict[str, Any]:
    named = _PIN.match(pin)
    if named is None:
        raise ValueError(f"a requirement without one version: {pin[:80]}")
    name, version = canonicalize_name(named["name"]), named["version"]
    # One hash a wheel of each platform: which of them a layer holds depends on its architecture.
    hashes = ", ".join(sorted(_HASH.findall(pin)))
    return {**_component(name, version, "pypi"), "properties": [{"name": "swarm:sha256-one-of", "value": hashes}]}


def _npm_packages(text: str) -> list[dict[str, Any]]:
    packages = json.loads(text).get("packages", {})
    return [
        {
            **_component(path.rpartition("node_modules/")[2], str(entry["version"]), "npm"),
            "properties": [{"name": "swarm:integrity", "value": str(entry.get("integrity", ""))}],
        }
        for path, entry in sorted(packages.items())
        if path
    ]


def _component(name: str, version: str, kind: str) -> dict[str, Any]:
    purl = f"pkg:{kind}/{name.replace('@', '%40', 1)}@{version}"
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
