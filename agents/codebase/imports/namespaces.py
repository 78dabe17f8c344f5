"""Resolves imports that name a package or a namespace: Go, Swift, Java, Kotlin, Scala, C# and PHP. Pure.

A resolver that leads to the importing file itself says that the name is of this repository, though no file answers it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from agents.codebase.imports.importer import Importer
from agents.contracts.structure import Import, ManifestKind

_MAJOR: Final = re.compile(r"^v\d+$")


def resolve_go(imported: Import, importer: Importer) -> Iterator[str | None]:
    """The files of the imported package that define what the importing file uses of it."""
    for module, root in sorted(importer.packages.go_modules.items(), key=lambda item: -len(item[0])):
        if imported.target == module or imported.target.startswith(module + "/"):
            folder = posixpath.join(root, imported.target[len(module) :].strip("/")).strip("/")
            members = importer.index.members(folder, (".go",))
            code = [path for path in members if not path.endswith("_test.go")]
            used = importer.names_of(_go_name(imported))
            named = [path for path in code if posixpath.basename(path)[:-3] == posixpath.basename(folder)]
            yield from importer.defining(code, used) or [*named, *code, importer.path][:1]
            return


def _go_name(imported: Import) -> str:
    if imported.names:
        return imported.names[0]
    parts = imported.target.split("/")
    last = parts[-2] if _MAJOR.match(parts[-1]) and len(parts) > 1 else parts[-1]
    return last.partition(".")[0].removeprefix("go-").replace("-", "")


def resolve_swift(imported: Import, importer: Importer) -> Iterator[str | None]:
    """The files of a target of Swift's package manager that define what the importing file names."""
    for folder in importer.index.folders_ending(f"Sources/{imported.target}"):
        members = importer.index.below(folder, (".swift",))
        yield from importer.defining(members, importer.words) or members[:1]


def resolve_jvm(imported: Import, importer: Importer) -> Iterator[str | None]:
    """The files that define an imported name; of a wildcard, those that define what the importing file names."""
    target = imported.target.removesuffix("._").removesuffix(".*")
    parts = [part for part in target.split(".") if part]
    if "*" in imported.names or imported.target.endswith(("._", ".*")):
        members = _members(parts, importer)
        # A static wildcard imports the members of a class.
        yield from importer.defining(members, importer.words) or members[:1] or _definers(parts, importer)
        return
    grouped = [name for name in imported.names if parts and name != parts[-1]]
    files = [file for name in grouped for file in _definers([*parts, name], importer)]
    yield from files or _definers(parts, importer)


def _definers(parts: Sequence[str], importer: Importer) -> list[str]:
    """The files that define a name of a package, or the type that it is a member of."""
    for end in range(len(parts) - 1, 0, -1):
        members = _members(parts[:end], importer)
        if members:
            return _best(importer.defining(members, [parts[end]]), parts[end]) or [importer.path]
    return []


def _members(package: Sequence[str], importer: Importer) -> Sequence[str]:
    """The files of a package; Scala's imports may start from any package around the file."""
    around = [""]
    if importer.structure.language == "scala":
        for name in importer.structure.namespaces:
            outer = name.split(".")
            around += [".".join(outer[:end]) + "." for end in range(len(outer), 0, -1)]
    named = (importer.namespaces.files(prefix + ".".join(package)) for prefix in around)
    nearest = next((files for files in named if files), ())
    return sorted((path for path in nearest if path != importer.path), key=importer.distance)


def _best(files: list[str], name: str) -> list[str]:
    """A class has one file, the closest of those called so; functions and values may be in several."""
    return [path for path in files if posixpath.basename(path).partition(".")[0] == name][:1] or files


def resolve_csharp(imported: Import, importer: Importer) -> Iterator[str | None]:
    """The files of a namespace whose types the importing file names; one of them when it names none."""
    target = imported.target.removeprefix("global::")
    members = [path for path in importer.namespaces.files(target) if path != importer.path]
    owner, _, name = target.rpartition(".")
    if not members:  # `using static` and aliases name a type
        members = importer.defining(importer.namespaces.files(owner), [name])
    yield from importer.defining(members, importer.words) or members[:1]
    if not members and importer.namespaces.has(target):
        yield importer.path


def resolve_php(imported: Import, importer: Importer) -> Iterator[str | None]:
    """The file that is required, or the files that define what a namespaced name stands for."""
    target = imported.target
    if target.endswith((".php", ".inc")):
        here = posixpath.join(importer.folder, target.lstrip("/"))
        yield importer.index.first([here]) or importer.index.ending(target, importer.path)
        return
    parts = [part for part in target.split("\\") if part]
    grouped = [name for name in imported.names if parts and name != parts[-1]]
    for names in [[*parts, *name.split("\\")] for name in grouped] or [parts]:
        files = importer.namespaces.files(".".join(names[:-1]))
        defining = importer.defining(sorted(files, key=importer.distance), names[-1:])
        yield from _best(defining, names[-1]) or _autoloaded(names, importer)
        if importer.namespaces.has(".".join(names)) or files:
            yield importer.path


def _autoloaded(parts: list[str], importer: Importer) -> Iterable[str | None]:
    """The file of a class by PSR-4, where it declares what could not be read."""
    whole = "\\".join(parts)
    for package in importer.packages.of_kind(ManifestKind.COMPOSER):
        for prefix, folders in sorted(package.manifest.aliases.items(), key=lambda item: -len(item[0])):
            if whole.startswith(prefix) and prefix:
                below = whole[len(prefix) :].replace("\\", "/") + ".php"
                file = importer.index.first(posixpath.join(package.folder, folder, below) for folder in folders)
                yield file
