"""Manifests of packages in other languages than Python. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from agents.codebase.manifest_values import json_table, table, toml_table, words
from agents.codebase.package_facts.package import PackageFacts, commands


def package_json(path: str, text: str) -> PackageFacts | None:
    """What package.json says."""
    data = json_table(text)
    name, bins = words(data.get("name")), data.get("bin")
    if isinstance(bins, str):
        bins = {name.rpartition("/")[2]: bins}
    repository = data.get("repository")
    url = words(table(repository).get("url") if isinstance(repository, dict) else repository)
    licence = data.get("license")
    engines = words(table(data.get("engines")).get("node"))
    return PackageFacts(
        file=path,
        ecosystem="npm",
        name=name,
        version=words(data.get("version")),
        description=words(data.get("description")),
        licence=words(table(licence).get("type") if isinstance(licence, dict) else licence),
        requires=f"Node.js {engines}" if engines else "",
        homepage=words(data.get("homepage")),
        repository=re.sub(r"^git\+|\.git$", "", url),
        commands=commands(bins),
        install=f"npm install {name}" if name and not data.get("private") else "",
    )


def cargo(path: str, text: str) -> PackageFacts | None:
    """What Cargo.toml says."""
    data = toml_table(text)
    one = table(data.get("package"))
    shared = table(table(data.get("workspace")).get("package"))

    def said(key: str) -> str:
        return words(one.get(key)) or (words(shared.get(key)) if key in one or not one else "")

    bins = data.get("bin") if isinstance(data.get("bin"), list) else []
    name = said("name")
    starts = {words(table(b).get("name")): words(table(b).get("path")) or "src/main.rs" for b in bins or []}
    return PackageFacts(
        file=path,
        ecosystem="Rust",
        name=name,
        version=said("version"),
        description=said("description"),
        licence=said("license"),
        requires=f"Rust {said('rust-version')}" if said("rust-version") else "",
        homepage=said("homepage"),
        repository=said("repository"),
        commands=commands(starts),
        install=f"cargo add {name}" if name and one.get("publish") is not False and not bins else "",
    )


def go_mod(path: str, text: str) -> PackageFacts | None:
    """What go.mod says."""
    module, version = re.search(r"^module\s+(\S+)", text, re.MULTILINE), re.search(r"^go\s+(\S+)", text, re.MULTILINE)
    name = module.group(1).strip('"') if module else ""
    return PackageFacts(
        file=path,
        ecosystem="Go",
        name=name,
        requires=f"Go {version.group(1)}" if version else "",
        install=f"go get {name}" if "." in name.partition("/")[0] else "",
    )


def pom(path: str, text: str) -> PackageFacts | None:
    """What pom.xml says."""
    # What belongs to the project itself: its parent, dependencies and build have the same elements.
    own = re.sub(
        r"<(parent|dependencies|dependencyManagement|build|profiles|developers|licenses|scm|organization|reporting"
        r"|distributionManagement|pluginRepositories|repositories|contributors|issueManagement|mailingLists)\b.*?</\1>",
        " ",
        re.sub(r"<!--.*?-->", " ", text, flags=re.DOTALL),
        flags=re.DOTALL,
    )

    def said(key: str, source: str = own) -> str:
        found = re.search(rf"<{key}>\s*([^<]+?)\s*</{key}>", source)
        return words(found.group(1)) if found and "${" not in found.group(1) else ""

    licences = re.search(r"<licenses>.*?</licenses>", text, re.DOTALL)
    parent = re.search(r"<parent>.*?</parent>", text, re.DOTALL)
    group = said("groupId") or (said("groupId", parent.group()) if parent else "")
    artifact = said("artifactId")
    scm = re.search(r"<scm>.*?</scm>", text, re.DOTALL)
    return PackageFacts(
        file=path,
        ecosystem="Maven",
        name=f"{group}:{artifact}" if group and artifact else artifact or said("name"),
        version=said("version") or (said("version", parent.group()) if parent else ""),
        description=said("description"),
        licence=said("name", licences.group()) if licences else "",
        homepage=said("url"),
        repository=said("url", scm.group()) if scm else "",
    )


def assigned(ecosystem: str, install: str, keys: dict[str, str]) -> Callable[[str, str], PackageFacts | None]:
    """A reader for manifests that are programs: strings that are assigned to known names."""

    def read(path: str, text: str) -> PackageFacts | None:
        found: dict[str, Any] = {}
        for field, key in keys.items():
            one = re.search(
                rf"(?:^|[\s.]){key}\s*(?:=|\(|:)?\s*(?:%q[({{\[])?[\"']?([^\"'\n#)}}]+)", text, re.MULTILINE
            )
            if one and "$" not in one.group(1) and "::" not in one.group(1):
                found[field] = words(one.group(1).strip("\"' ,"))
        name = found.get("name", "")
        start = f"{install} {name}" if install and name else ""
        return replace(PackageFacts(file=path, ecosystem=ecosystem, install=start), **found)

    return read


def composer(path: str, text: str) -> PackageFacts | None:
    """What composer.json says."""
    data = json_table(text)
    licence, name = data.get("license"), words(data.get("name"))
    bins = data.get("bin")
    rows = {posixpath.basename(one): one for one in bins if isinstance(one, str)} if isinstance(bins, list) else {}
    php = words(table(data.get("require")).get("php"))
    return PackageFacts(
        file=path,
        ecosystem="Composer",
        name=name,
        version=words(data.get("version")),
        description=words(data.get("description")),
        licence=", ".join(licence) if isinstance(licence, list) else words(licence),
        requires=f"PHP {php}" if php else "",
        homepage=words(data.get("homepage")),
        commands=commands(rows),
        install=f"composer require {name}" if name else "",
    )


def csproj(path: str, text: str) -> PackageFacts | None:
    """What a project file of .NET says."""

    def said(*keys: str) -> str:
        for key in keys:
            found = re.search(rf"<{key}>\s*([^<]+?)\s*</{key}>", text)
            if found and "$(" not in found.group(1):
                return words(found.group(1))
        return ""

    name = said("PackageId", "AssemblyName")
    return PackageFacts(
        file=path,
        ecosystem=".NET",
        name=name or posixpath.splitext(posixpath.basename(path))[0],
        version=said("Version", "VersionPrefix"),
        description=said("Description"),
        licence=said("PackageLicenseExpression"),
        requires=said("TargetFramework", "TargetFrameworks"),
        homepage=said("PackageProjectUrl"),
        repository=said("RepositoryUrl"),
        install=f"dotnet add package {name}" if name else "",
    )


def description(path: str, text: str) -> PackageFacts | None:
    """R's DESCRIPTION: fields whose indented lines go on."""
    fields = {
        key: words(value) for key, value in re.findall(r"^([A-Z][\w/@]*):((?:.*)(?:\n[ \t]+.*)*)", text, re.MULTILINE)
    }
    name = fields.get("Package", "")
    if not name:
        return None
    return PackageFacts(
        file=path,
        ecosystem="R",
        name=name,
        version=fields.get("Version", ""),
        description=fields.get("Title", "") or fields.get("Description", ""),
        licence=fields.get("License", ""),
        homepage=fields.get("URL", "").split(",")[0],
        install=f"R -e 'install.packages(\"{name}\")'",
    )
