"""What a repository's own manifests say of its package: name, description, commands, how it is installed. Pure."""

from __future__ import annotations

import configparser
import json
import posixpath
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

_LONGEST = 400_000
_MOST_COMMANDS = 40


@dataclass(frozen=True)
class Package:
    """A package as its manifest describes it; what the manifest does not say is empty. `install` is a command line."""

    file: str
    ecosystem: str
    name: str = ""
    version: str = ""
    description: str = ""
    licence: str = ""
    requires: str = ""
    homepage: str = ""
    repository: str = ""
    commands: tuple[tuple[str, str], ...] = ()
    install: str = ""


#: Gives a file's text, empty for one that is not there.
Read = Callable[[str], str]


def packages(paths: Iterable[str], read: Read) -> list[Package]:
    """The packages that manifests at the root describe, the one that says most first; subfolders do not speak for it."""
    found: list[Package] = []
    for path in sorted(path for path in paths if "/" not in path):
        reader = _reader(path)
        text = read(path) if reader is not None else ""
        if reader is None or not text or len(text) > _LONGEST:
            continue
        try:
            one = reader(path, text)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, configparser.Error):
            continue  # a manifest that cannot be read says nothing
        if one is not None and (one.name or one.description):
            found.append(one)
    return sorted(found, key=lambda one: (not one.description, not one.name, _order(one.file)))


def _order(path: str) -> int:
    return next((at for at, (pattern, _) in enumerate(_READERS) if re.fullmatch(pattern, path, re.IGNORECASE)), 99)


def _reader(path: str) -> Callable[[str, str], Package | None] | None:
    return next((reader for pattern, reader in _READERS if re.fullmatch(pattern, path, re.IGNORECASE)), None)


def _words(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _commands(value: Any) -> tuple[tuple[str, str], ...]:
    rows = [(_words(name), _words(target)) for name, target in _table(value).items()]
    return tuple((name, target) for name, target in rows if name and target)[:_MOST_COMMANDS]


def _link(urls: Any, *wanted: str) -> str:
    by_name = {re.sub(r"[^a-z]", "", name.lower()): _words(url) for name, url in _table(urls).items()}
    return next((by_name[name] for name in wanted if by_name.get(name)), "")


def _pyproject(path: str, text: str) -> Package | None:
    data = tomllib.loads(text)
    project, poetry = _table(data.get("project")), _table(_table(data.get("tool")).get("poetry"))
    flit = _table(_table(_table(data.get("tool")).get("flit")).get("metadata"))
    one = project or poetry or flit
    if not one:
        return None
    licence = project.get("license") or poetry.get("license")
    named = licence.get("text") or "" if isinstance(licence, dict) else licence
    if isinstance(named, str) and "\n" in named.strip():
        named = named.strip().split("\n")[0]
    urls = project.get("urls") or {"homepage": poetry.get("homepage"), "repository": poetry.get("repository")}
    dependencies = _table(poetry.get("dependencies"))
    requires = project.get("requires-python") or dependencies.get("python") or flit.get("requires-python")
    name = _words(one.get("name") or one.get("module"))
    gui = project.get("gui-scripts")
    return Package(
        file=path, ecosystem="Python", name=name, version=_words(one.get("version")),
        description=_words(one.get("description")), licence=_words(named) or _licence_classifier(one.get("classifiers")),
        requires=f"Python {_words(requires)}" if _words(requires) else "", homepage=_link(urls, "homepage", "home", "documentation", "docs"),
        repository=_link(urls, "repository", "source", "sourcecode", "github", "code"),
        commands=_commands({**_table(project.get("scripts") or poetry.get("scripts")), **_table(gui)}),
        install=f"pip install {name}" if name else "",
    )  # fmt: skip


def _licence_classifier(classifiers: Any) -> str:
    for one in classifiers if isinstance(classifiers, list) else ():
        if isinstance(one, str) and one.startswith("License :: ") and one.count("::") > 1:
            return one.rpartition("::")[2].strip()
    return ""


def _setup_cfg(path: str, text: str) -> Package | None:
    data = configparser.ConfigParser(interpolation=None, strict=False)
    data.read_string(text)
    if not data.has_section("metadata"):
        return None
    meta = data["metadata"]
    scripts = data.get("options.entry_points", "console_scripts", fallback="")
    rows = dict(line.split("=", 1) for line in scripts.split("\n") if "=" in line)
    requires = data.get("options", "python_requires", fallback="")
    name = _words(meta.get("name", ""))
    return Package(
        file=path, ecosystem="Python", name=name, version=_words(meta.get("version", "")) if "attr:" not in meta.get("version", "") else "",
        description=_words(meta.get("description", "")), licence=_words(meta.get("license", "")),
        requires=f"Python {requires.strip()}" if requires.strip() else "", homepage=_words(meta.get("url", "")),
        commands=_commands(rows), install=f"pip install {name}" if name else "",
    )  # fmt: skip


def _setup_py(path: str, text: str) -> Package | None:
    call = text[text.find("setup(") :] if "setup(" in text else ""

    def said(key: str) -> str:
        found = re.search(rf"\b{key}\s*=\s*(?:\(\s*)?[\"']([^\"'\n]+)[\"']", call)
        return _words(found.group(1)) if found else ""

    scripts = dict(re.findall(r"[\"']([\w.-]+)\s*=\s*([\w.]+:[\w.]+)", call))
    name, requires = said("name"), said("python_requires")
    return Package(
        file=path, ecosystem="Python", name=name, version=said("version"), description=said("description"),
        licence=said("license"), requires=f"Python {requires}" if requires else "", homepage=said("url"),
        commands=_commands(scripts), install=f"pip install {name}" if name else "",
    )  # fmt: skip


def _pkg_info(path: str, text: str) -> Package | None:
    heads = dict(re.findall(r"^([A-Z][\w-]+): (.+)$", text.split("\n\n")[0], re.MULTILINE))
    name = _words(heads.get("Name", ""))
    requires = heads.get("Requires-Python", "")
    return Package(
        file=path, ecosystem="Python", name=name, version=_words(heads.get("Version", "")),
        description=_words(heads.get("Summary", "")), licence=_words(heads.get("License-Expression") or heads.get("License", "")),
        requires=f"Python {requires}" if requires else "", homepage=_words(heads.get("Home-page", "")),
        install=f"pip install {name}" if name else "",
    )  # fmt: skip


def _package_json(path: str, text: str) -> Package | None:
    data = _table(json.loads(text))
    name, bins = _words(data.get("name")), data.get("bin")
    if isinstance(bins, str):
        bins = {name.rpartition("/")[2]: bins}
    repository = data.get("repository")
    url = _words(_table(repository).get("url") if isinstance(repository, dict) else repository)
    licence = data.get("license")
    engines = _words(_table(data.get("engines")).get("node"))
    return Package(
        file=path, ecosystem="npm", name=name, version=_words(data.get("version")), description=_words(data.get("description")),
        licence=_words(_table(licence).get("type") if isinstance(licence, dict) else licence),
        requires=f"Node.js {engines}" if engines else "", homepage=_words(data.get("homepage")),
        repository=re.sub(r"^git\+|\.git$", "", url), commands=_commands(bins),
        install=f"npm install {name}" if name and not data.get("private") else "",
    )  # fmt: skip


def _cargo(path: str, text: str) -> Package | None:
    data = tomllib.loads(text)
    one = _table(data.get("package"))
    shared = _table(_table(data.get("workspace")).get("package"))

    def said(key: str) -> str:
        return _words(one.get(key)) or (_words(shared.get(key)) if key in one or not one else "")

    bins = data.get("bin") if isinstance(data.get("bin"), list) else []
    name = said("name")
    commands = {_words(_table(b).get("name")): _words(_table(b).get("path")) or "src/main.rs" for b in bins or []}
    return Package(
        file=path, ecosystem="Rust", name=name, version=said("version"), description=said("description"),
        licence=said("license"), requires=f"Rust {said('rust-version')}" if said("rust-version") else "",
        homepage=said("homepage"), repository=said("repository"), commands=_commands(commands),
        install=f"cargo add {name}" if name and one.get("publish") is not False and not bins else "",
    )  # fmt: skip


def _go_mod(path: str, text: str) -> Package | None:
    module, version = re.search(r"^module\s+(\S+)", text, re.MULTILINE), re.search(r"^go\s+(\S+)", text, re.MULTILINE)
    name = module.group(1).strip('"') if module else ""
    return Package(
        file=path, ecosystem="Go", name=name, requires=f"Go {version.group(1)}" if version else "",
        install=f"go get {name}" if "." in name.partition("/")[0] else "",
    )  # fmt: skip


def _pom(path: str, text: str) -> Package | None:
    # What belongs to the project itself: its parent, dependencies and build have the same elements.
    own = re.sub(
        r"<(parent|dependencies|dependencyManagement|build|profiles|developers|licenses|scm|organization|reporting"
        r"|distributionManagement|pluginRepositories|repositories|contributors|issueManagement|mailingLists)\b.*?</\1>", " ",
        re.sub(r"<!--.*?-->", " ", text, flags=re.DOTALL), flags=re.DOTALL,
    )  # fmt: skip

    def said(key: str, source: str = own) -> str:
        found = re.search(rf"<{key}>\s*([^<]+?)\s*</{key}>", source)
        return _words(found.group(1)) if found and "${" not in found.group(1) else ""

    licences = re.search(r"<licenses>.*?</licenses>", text, re.DOTALL)
    parent = re.search(r"<parent>.*?</parent>", text, re.DOTALL)
    group = said("groupId") or (said("groupId", parent.group()) if parent else "")
    artifact = said("artifactId")
    scm = re.search(r"<scm>.*?</scm>", text, re.DOTALL)
    return Package(
        file=path, ecosystem="Maven", name=f"{group}:{artifact}" if group and artifact else artifact or said("name"),
        version=said("version") or (said("version", parent.group()) if parent else ""), description=said("description"),
        licence=said("name", licences.group()) if licences else "", homepage=said("url"),
        repository=said("url", scm.group()) if scm else "",
    )  # fmt: skip


def _assigned(ecosystem: str, install: str, keys: dict[str, str]) -> Callable[[str, str], Package | None]:
    """A reader for manifests that are programs: strings that are assigned to known names."""

    def read(path: str, text: str) -> Package | None:
        found: dict[str, str] = {}
        for field, key in keys.items():
            one = re.search(
                rf"(?:^|[\s.]){key}\s*(?:=|\(|:)?\s*(?:%q[({{\[])?[\"']?([^\"'\n#)}}]+)", text, re.MULTILINE
            )
            if one and "$" not in one.group(1) and "::" not in one.group(1):
                found[field] = _words(one.group(1).strip("\"' ,"))
        name = found.get("name", "")
        return Package(file=path, ecosystem=ecosystem, install=f"{install} {name}" if install and name else "", **found)  # type: ignore[arg-type]  # the keys are fields

    return read


def _composer(path: str, text: str) -> Package | None:
    data = _table(json.loads(text))
    licence, name = data.get("license"), _words(data.get("name"))
    bins = data.get("bin")
    rows = {posixpath.basename(one): one for one in bins if isinstance(one, str)} if isinstance(bins, list) else {}
    php = _words(_table(data.get("require")).get("php"))
    return Package(
        file=path, ecosystem="Composer", name=name, version=_words(data.get("version")),
        description=_words(data.get("description")), licence=", ".join(licence) if isinstance(licence, list) else _words(licence),
        requires=f"PHP {php}" if php else "", homepage=_words(data.get("homepage")), commands=_commands(rows),
        install=f"composer require {name}" if name else "",
    )  # fmt: skip


def _csproj(path: str, text: str) -> Package | None:
    def said(*keys: str) -> str:
        for key in keys:
            found = re.search(rf"<{key}>\s*([^<]+?)\s*</{key}>", text)
            if found and "$(" not in found.group(1):
                return _words(found.group(1))
        return ""

    name = said("PackageId", "AssemblyName")
    return Package(
        file=path, ecosystem=".NET", name=name or posixpath.splitext(path)[0], version=said("Version", "VersionPrefix"),
        description=said("Description"), licence=said("PackageLicenseExpression"),
        requires=said("TargetFramework", "TargetFrameworks"), homepage=said("PackageProjectUrl"),
        repository=said("RepositoryUrl"), install=f"dotnet add package {name}" if name else "",
    )  # fmt: skip


def _description(path: str, text: str) -> Package | None:
    """R's DESCRIPTION: fields whose indented lines go on."""
    fields = {
        key: _words(value) for key, value in re.findall(r"^([A-Z][\w/@]*):((?:.*)(?:\n[ \t]+.*)*)", text, re.MULTILINE)
    }
    name = fields.get("Package", "")
    if not name:
        return None
    return Package(
        file=path, ecosystem="R", name=name, version=fields.get("Version", ""),
        description=fields.get("Title", "") or fields.get("Description", ""), licence=fields.get("License", ""),
        homepage=fields.get("URL", "").split(",")[0], install=f'R -e \'install.packages("{name}")\'',
    )  # fmt: skip


_READERS: tuple[tuple[str, Callable[[str, str], Package | None]], ...] = (
    (r"pyproject\.toml", _pyproject),
    (r"setup\.cfg", _setup_cfg),
    (r"setup\.py", _setup_py),
    (r"cargo\.toml", _cargo),
    (r"go\.mod", _go_mod),
    (r"pom\.xml", _pom),
    (r"build\.gradle(?:\.kts)?", _assigned("Gradle", "", {"name": "rootProject.name", "version": "version", "description": "description"})),
    (r"[\w.-]+\.gemspec", _assigned("Ruby", "gem install", {"name": "name", "version": "version", "description": "summary", "licence": "license", "homepage": "homepage"})),
    (r"composer\.json", _composer),
    (r"[\w.-]+\.csproj", _csproj),
    (r"description", _description),
    (r"mix\.exs", _assigned("Elixir", "", {"name": "app:", "version": "version:", "description": "description:"})),
    (r"pubspec\.yaml", _assigned("Dart", "dart pub add", {"name": "name", "version": "version", "description": "description", "homepage": "homepage", "repository": "repository"})),
    (r"package\.json", _package_json),
    (r"pkg-info", _pkg_info),
)  # fmt: skip
