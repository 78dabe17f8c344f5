"""Reads what a package's manifest says of how its code is imported: name, entries, aliases. Pure."""

from __future__ import annotations

import json
import posixpath
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from agents.codebase.structure.artefacts.lenient_json import load_json
from agents.contracts.structure import ManifestKind, PackageManifest

#: More than any manifest has; what is above says nothing about imports.
_LIMIT_BYTES: Final = 1_000_000
_MOST: Final = 500
#: The conditions of package.json's `exports` that lead to sources before those that lead to what is built of them.
_CONDITIONS: Final = ("source", "development", "import", "module", "node", "default", "require", "browser", "types")
_GO_MODULE: Final = re.compile(r"^\s*module\s+\"?([^\s\"]+)", re.MULTILINE)
_DEEPEST: Final = 6


def manifest_of(path: str, text: str) -> PackageManifest | None:
    """The manifest in this file; None for any other file and for one that cannot be read."""
    name = posixpath.basename(path)
    reader = _READERS.get(name) or (_tsconfig if re.fullmatch(r"[tj]sconfig(?:\.[\w.-]+)?\.json", name) else None)
    if reader is None or len(text) > _LIMIT_BYTES:
        return None
    try:
        return reader(text)
    except (ValueError, RecursionError):  # a broken manifest is a file like any other
        return None


def _npm(text: str) -> PackageManifest:
    data = _table(json.loads(text))
    entries: dict[str, tuple[str, ...]] = {}
    exports = data.get("exports")
    if isinstance(exports, dict) and any(str(key).startswith(".") for key in exports):
        entries = {str(key): tuple(_targets(value)) for key, value in list(exports.items())[:_MOST]}
    elif exports is not None:
        entries["."] = tuple(_targets(exports))
    main = (_text(data.get(key)) for key in ("source", "module", "main", "types", "typings"))
    entries["."] = (*entries.get(".", ()), *filter(None, main))
    imports = _table(data.get("imports"))
    return PackageManifest(
        kind=ManifestKind.NPM,
        name=_text(data.get("name")),
        entries=entries,
        aliases={str(key): tuple(_targets(value)) for key, value in list(imports.items())[:_MOST]},
    )


def _targets(value: object, depth: int = 0) -> Iterator[str]:
    """The files of an entry of `exports`: a path, conditions, or alternatives."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and depth < _DEEPEST:
        for one in value:
            yield from _targets(one, depth + 1)
    elif isinstance(value, dict) and depth < _DEEPEST:
        known = [condition for condition in _CONDITIONS if condition in value]
        for condition in (*known, *(key for key in value if key not in _CONDITIONS)):
            yield from _targets(value[condition], depth + 1)


def _tsconfig(text: str) -> PackageManifest:
    data = _table(load_json(text.removeprefix("\ufeff")))
    options = _table(data.get("compilerOptions"))
    paths = _table(options.get("paths"))
    extends = data.get("extends")
    return PackageManifest(
        kind=ManifestKind.TSCONFIG,
        aliases={str(key): tuple(_texts(value)) for key, value in list(paths.items())[:_MOST]},
        base=_text(options.get("baseUrl")),
        extends=(extends,) if isinstance(extends, str) else tuple(_texts(extends)),
    )


def _deno(text: str) -> PackageManifest:
    data = _table(load_json(text))
    exports = data.get("exports")
    entries = _table(exports) if isinstance(exports, dict) else {".": exports}
    return PackageManifest(
        kind=ManifestKind.NPM,
        name=_text(data.get("name")),
        entries={str(key): (value,) for key, value in list(entries.items())[:_MOST] if isinstance(value, str)},
        aliases={
            f"{key}*" if str(key).endswith("/") else str(key): (f"{value}*" if value.endswith("/") else value,)
            for key, value in list(_table(data.get("imports")).items())[:_MOST]
            if isinstance(value, str)
        },
    )


def _cargo(text: str) -> PackageManifest | None:
    data = tomllib.loads(text.replace("\r\n", "\n"))
    package, library = _table(data.get("package")), _table(data.get("lib"))
    dependencies: dict[str, object] = {}
    for section in ("dependencies", "dev-dependencies", "build-dependencies"):
        dependencies |= _table(data.get(section)) | _table(_table(data.get("workspace")).get(section))
    renamed = {
        name: (_text(_table(value).get("package")),)
        for name, value in list(dependencies.items())[:_MOST]
        if _text(_table(value).get("package"))
    }
    name = _text(library.get("name")) or _text(package.get("name"))
    if not name and not renamed:
        return None
    return PackageManifest(
        kind=ManifestKind.CARGO,
        name=name,
        entries={".": (_text(library.get("path")) or "src/lib.rs",)},
        aliases={key.replace("-", "_"): value for key, value in renamed.items()},
    )


def _go(text: str) -> PackageManifest | None:
    found = _GO_MODULE.search(text)
    return PackageManifest(kind=ManifestKind.GO, name=found.group(1)) if found else None


def _composer(text: str) -> PackageManifest:
    data = _table(json.loads(text))
    aliases: dict[str, tuple[str, ...]] = {}
    for section in ("autoload", "autoload-dev"):
        for standard in ("psr-4", "psr-0"):
            for prefix, folders in _table(_table(data.get(section)).get(standard)).items():
                found = (folders,) if isinstance(folders, str) else tuple(_texts(folders))
                # PSR-0 keeps the prefix in the folder's name.
                below = prefix.strip("\\").replace("\\", "/") if standard == "psr-0" else ""
                aliases[str(prefix)] = tuple(posixpath.join(folder, below) for folder in found)
    return PackageManifest(kind=ManifestKind.COMPOSER, name=_text(data.get("name")), aliases=aliases)


def _python(text: str) -> PackageManifest:
    data = tomllib.loads(text.replace("\r\n", "\n"))
    tool = _table(data.get("tool"))
    poetry, setuptools = _table(tool.get("poetry")), _table(tool.get("setuptools"))
    find = _table(_table(setuptools.get("packages")).get("find"))
    folders = [*_texts(find.get("where")), *(_text(value) for value in _table(setuptools.get("package-dir")).values())]
    folders += [_text(_table(one).get("from")) for one in _list(poetry.get("packages"))]
    name = _text(_table(data.get("project")).get("name")) or _text(poetry.get("name"))
    return PackageManifest(kind=ManifestKind.PYTHON, name=name, entries={".": tuple(filter(None, folders))[:_MOST]})


_READERS: Final[Mapping[str, Callable[[str], PackageManifest | None]]] = {
    "package.json": _npm,
    "deno.json": _deno,
    "deno.jsonc": _deno,
    "Cargo.toml": _cargo,
    "go.mod": _go,
    "composer.json": _composer,
    "pyproject.toml": _python,
}


def _table(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    return [one for one in _list(value) if isinstance(one, str)]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
