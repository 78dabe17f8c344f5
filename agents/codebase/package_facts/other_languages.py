"""Manifests of packages in other languages than Python. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from agents.codebase.manifest_values import json_table, table, toml_table, words
from agents.codebase.package_facts.elements import element, element_text, outside_comments, outside_elements
from agents.codebase.package_facts.package import PackageFacts, commands

#: Elements of pom.xml that hold what is not the project's own.
_OF_OTHERS = (
    "parent", "dependencies", "dependencyManagement", "build", "profiles", "developers", "licenses", "scm",
    "organization", "reporting", "distributionManagement", "pluginRepositories", "repositories", "contributors",
    "issueManagement", "mailingLists",
)  # fmt: skip


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
    package = table(data.get("package"))
    shared = table(table(data.get("workspace")).get("package"))

    def value_of(key: str) -> str:
        return words(package.get(key)) or (words(shared.get(key)) if key in package or not package else "")

    bins = data.get("bin") if isinstance(data.get("bin"), list) else []
    name = value_of("name")
    starts = {words(table(b).get("name")): words(table(b).get("path")) or "src/main.rs" for b in bins or []}
    return PackageFacts(
        file=path,
        ecosystem="Rust",
        name=name,
        version=value_of("version"),
        description=value_of("description"),
        licence=value_of("license"),
        requires=f"Rust {value_of('rust-version')}" if value_of("rust-version") else "",
        homepage=value_of("homepage"),
        repository=value_of("repository"),
        commands=commands(starts),
        install=f"cargo add {name}" if name and package.get("publish") is not False and not bins else "",
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
    own = outside_elements(outside_comments(text), _OF_OTHERS)

    def value_of(key: str, source: str = own) -> str:
        value = element_text(source, key)
        return words(value) if "${" not in value else ""

    licences, parent, scm = (element(text, name) for name in ("licenses", "parent", "scm"))
    group = value_of("groupId") or value_of("groupId", parent)
    artifact = value_of("artifactId")
    version = value_of("version") or value_of("version", parent)
    # A repository of packages asks for a licence, and a jar is what it gives away.
    is_published = bool(licences) or path.startswith("META-INF/")
    coordinates = {"groupId": group, "artifactId": artifact, "version": version}
    elements = "\n".join(f"  <{key}>{value}</{key}>" for key, value in coordinates.items())
    is_library = is_published and all(coordinates.values()) and value_of("packaging") in {"", "jar", "bundle"}
    return PackageFacts(
        file=path,
        ecosystem="Maven",
        name=f"{group}:{artifact}" if group and artifact else artifact or value_of("name"),
        version=version,
        install=f"<dependency>\n{elements}\n</dependency>" if is_library else "",
        description=value_of("description"),
        licence=value_of("name", licences),
        homepage=value_of("url"),
        repository=value_of("url", scm),
    )


def assigned(ecosystem: str, install: str, keys: dict[str, str]) -> Callable[[str, str], PackageFacts | None]:
    """A reader for manifests that are programs: strings that are assigned to known names."""

    def read(path: str, text: str) -> PackageFacts | None:
        values: dict[str, Any] = {}
        for field, key in keys.items():
            match = re.search(
                rf"(?:^|[\s.]){key}\s*(?:[=(:]\s*)?(?:%q[({{\[])?[\"']?([^\"'\n#)}}]+)", text, re.MULTILINE
            )
            if match and "$" not in match.group(1) and "::" not in match.group(1):
                values[field] = words(match.group(1).strip("\"' ,"))
        name = values.get("name", "")
        start = f"{install} {name}" if install and name else ""
        return replace(PackageFacts(file=path, ecosystem=ecosystem, install=start), **values)

    return read


_GEM_KEYS = {
    "name": "name",
    "version": "version",
    "description": "summary",
    "licence": "license",
    "homepage": "homepage",
}
_EXECUTABLES = re.compile(r"\.executables\s*(?:=|<<)\s*(.+)")
_BINDIR = re.compile(r"\.bindir\s*=\s*[\"']([\w./-]+)[\"']")


def gemspec(path: str, text: str) -> PackageFacts | None:
    """What a gem's specification says; its commands are files of its folder of programs."""
    facts = assigned("Ruby", "gem install", _GEM_KEYS)(path, text)
    folder = _BINDIR.search(text)
    names = [name for line in _EXECUTABLES.findall(text) if "`" not in line for name in _words_of(line)]
    starts = {name: f"{folder.group(1) if folder else 'bin'}/{name}" for name in names}
    return replace(facts, commands=commands(starts)) if facts else None


def _words_of(line: str) -> list[str]:
    """The names in `["a", "b"]`, `"a"` or `%w[a b]`."""
    listed = re.match(r"%[wW][\[({<](.*?)[\])}>]", line)
    if listed:
        return listed.group(1).split()
    names = line.split("#", 1)[0].strip()
    return re.findall(r"[\"']([\w.-]+)[\"']", names) if re.fullmatch(r"\[?[\s\"'\w.,-]*\]?", names) else []


def composer(path: str, text: str) -> PackageFacts | None:
    """What composer.json says."""
    data = json_table(text)
    licence, name = data.get("license"), words(data.get("name"))
    bins = data.get("bin")
    rows = {posixpath.basename(path): path for path in bins if isinstance(path, str)} if isinstance(bins, list) else {}
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

    def value_of(*keys: str) -> str:
        for key in keys:
            value = element_text(text, key)
            if value and "$(" not in value:
                return words(value)
        return ""

    name = value_of("PackageId", "AssemblyName")
    return PackageFacts(
        file=path,
        ecosystem=".NET",
        name=name or posixpath.splitext(posixpath.basename(path))[0],
        version=value_of("Version", "VersionPrefix"),
        description=value_of("Description"),
        licence=value_of("PackageLicenseExpression"),
        requires=value_of("TargetFramework", "TargetFrameworks"),
        homepage=value_of("PackageProjectUrl"),
        repository=value_of("RepositoryUrl"),
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
