"""Resolves imports that name a package or a namespace: Go, Java, Kotlin, Scala, C# and PHP. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Final

from agents.codebase.imports.importer import Importer
from agents.contracts.structure import Import, ManifestKind

_JVM: Final = (".java", ".kt", ".scala")
_MAJOR: Final = re.compile(r"^v\d+$")


def resolve_go(imported: Import, importer: Importer) -> Iterator[str | None]:
    """The files of the imported package that define what the importing file uses of it."""
    for module, root in importer.packages.go_modules.items():
        if imported.target == module or imported.target.startswith(module + "/"):
            folder = posixpath.join(root, imported.target[len(module) :].strip("/")).strip("/")
            members = importer.index.members(folder, (".go",))
            code = [path for path in members if not path.endswith("_test.go")]
            used = importer.names_of(_go_name(imported))
            named = [path for path in code if posixpath.basename(path)[:-3] == posixpath.basename(folder)]
            yield from importer.defining(code, used) or [*named, *code][:1]


def _go_name(imported: Import) -> str:
    if imported.names:
        return imported.names[0]
    parts = imported.target.split("/")
    last = parts[-2] if _MAJOR.match(parts[-1]) and len(parts) > 1 else parts[-1]
    return last.partition(".")[0].removeprefix("go-").replace("-", "")


def resolve_jvm(imported: Import, importer: Importer) -> Iterator[str | None]:
    """The file of an imported class; of a package, of a wildcard or a group, the files that the names lead to."""
    target = imported.target.removesuffix("._").removesuffix(".*")
    parts = [part for part in target.split(".") if part]
    if "*" not in imported.names and not imported.target.endswith(("._", ".*")):
        grouped = [_class_file([*parts, name], importer, 1) for name in imported.names if name != parts[-1]]
        if any(grouped):
            yield from grouped
            return
        file = _class_file(parts, importer, 3)
        if file is not None:
            yield file
            return
        # Kotlin and Scala import functions and values of a package, whatever the file is called.
        yield from _of_package(parts[:-1], [parts[-1], *imported.names], importer)
        yield from _of_package(parts, imported.names, importer) if imported.names else ()
        return
    package = list(_of_package(parts, importer.words, importer, is_whole=True))
    yield from package
    if not package:  # a static wildcard imports the members of a class
        yield _class_file(parts, importer, 1)


def _class_file(parts: list[str], importer: Importer, depth: int) -> str | None:
    """The file of a class; `depth` is how many names at the end may be members of it."""
    for end in range(len(parts), max(len(parts) - depth, 1), -1):
        for suffix in _JVM:
            file = importer.index.ending("/".join(parts[:end]) + suffix, importer.path)
            if file:
                return file
    return None


def _of_package(
    package: list[str], names: Iterable[str], importer: Importer, *, is_whole: bool = False
) -> Iterator[str]:
    """The files of a package that define one of the names; of a whole one, its first file when none is named."""
    if len(package) < 2:
        return
    folders = importer.index.folders_ending("/".join(package))
    members = [path for folder in folders for path in importer.index.members(folder, _JVM) if path != importer.path]
    files = importer.defining(members, names)
    yield from files or (members[:1] if is_whole else ())


def resolve_csharp(imported: Import, importer: Importer) -> Iterator[str | None]:
    """The files of a namespace's folder whose types the importing file names; one of them when it names none."""
    parts = [part for part in imported.target.split(".") if part]
    if not parts or parts[0] in {"System", "Microsoft"}:
        return
    for suffix in (imported.target, *("/".join(parts[start:]) for start in range(len(parts)))):
        for folder in importer.index.folders_ending(suffix):
            members = importer.index.members(folder, (".cs",))
            if members and importer.folder != folder:
                yield from importer.defining(members, importer.words) or members[:1]
                return


def resolve_php(imported: Import, importer: Importer) -> Iterator[str | None]:
    """The file that is required, or the file of a class by PSR-4."""
    target = imported.target
    if target.endswith((".php", ".inc")):
        here = posixpath.join(importer.folder, target.lstrip("/"))
        yield importer.index.first([here]) or importer.index.ending(target, importer.path)
        return
    parts = [part for part in target.split("\\") if part]
    grouped = [name for name in imported.names if parts and name != parts[-1]]
    for names in [[*parts, *name.split("\\")] for name in grouped] or [parts]:
        yield _php_class(names, importer)


def _php_class(parts: list[str], importer: Importer) -> str | None:
    whole = "\\".join(parts)
    for package in importer.packages.of_kind(ManifestKind.COMPOSER):
        for prefix, folders in sorted(package.manifest.aliases.items(), key=lambda item: -len(item[0])):
            if whole.startswith(prefix) and prefix:
                below = whole[len(prefix) :].replace("\\", "/") + ".php"
                file = importer.index.first(posixpath.join(package.folder, folder, below) for folder in folders)
                if file:
                    return file
    # PSR-4 maps a namespace's prefix to a folder of any name, so the end of it is what can be looked up.
    tries = ("/".join(parts[start:]) + ".php" for start in range(max(len(parts) - 1, 1)))
    return next((file for candidate in tries if (file := importer.index.ending(candidate, importer.path))), None)
