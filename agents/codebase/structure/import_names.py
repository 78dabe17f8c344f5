"""Reads from a manifest the names by which code is imported: the package's, its entries, its aliases. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from agents.codebase.manifest_values import items, json_table, table, text_of, texts, toml_table
from agents.contracts.structure import ImportNames, ManifestKind

#: More than any manifest has; what is above says nothing about imports.
_LIMIT_BYTES: Final = 1_000_000
_MOST: Final = 500
#: The conditions of package.json's `exports` that lead to sources before those that lead to what is built of them.
_CONDITIONS: Final = ("source", "development", "import", "module", "node", "default", "require", "browser", "types")
_GO_MODULE: Final = re.compile(r"^[^\S\n]*module\s+\"?([^\s\"]+)", re.MULTILINE)
#: `replace example.com/log => ../log`, alone or in brackets.
_GO_REPLACED: Final = re.compile(
    r"^[ \t]*(?:replace[ \t]+)?([^\s\"()]+)(?:[ \t]+v\S+)?[ \t]+=>[ \t]+(\.{1,2}/\S*)", re.MULTILINE
)
_DEEPEST: Final = 6


def import_names_of(path: str, text: str) -> ImportNames | None:
    """What a manifest says of imports; None for any other file and for one that cannot be read."""
    name = posixpath.basename(path)
    reader = _READERS.get(name) or (_tsconfig if re.fullmatch(r"[tj]sconfig(?:\.[\w.-]+)?\.json", name) else None)
    if reader is None or len(text) > _LIMIT_BYTES:
        return None
    try:
        return reader(text)
    except (ValueError, RecursionError):  # a broken manifest is a file like any other
        return None


def _npm(text: str) -> ImportNames:
    data = json_table(text)
    entries: dict[str, tuple[str, ...]] = {}
    exports = data.get("exports")
    if isinstance(exports, dict) and any(str(key).startswith(".") for key in exports):
        entries = {str(key): tuple(_targets(value)) for key, value in list(exports.items())[:_MOST]}
    elif exports is not None:
        entries["."] = tuple(_targets(exports))
    main = (text_of(data.get(key)) for key in ("source", "module", "main", "types", "typings"))
    entries["."] = (*entries.get(".", ()), *filter(None, main))
    imports = table(data.get("imports"))
    return ImportNames(
        kind=ManifestKind.NPM,
        name=text_of(data.get("name")),
        entries=entries,
        aliases={str(key): tuple(_targets(value)) for key, value in list(imports.items())[:_MOST]},
        starts=_commands(data.get("bin")),
    )


def _commands(value: object) -> tuple[str, ...]:
    """What commands start: one of it, a list, or a table by the commands' names."""
    targets = [value] if isinstance(value, str) else items(value) or list(table(value).values())
    return tuple(filter(None, map(text_of, targets)))[:_MOST]


def _targets(value: object, depth: int = 0) -> Iterator[str]:
    """The files of an entry of `exports`: a path, conditions, or alternatives."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and depth < _DEEPEST:
        for item in value:
            yield from _targets(item, depth + 1)
    elif isinstance(value, dict) and depth < _DEEPEST:
        conditions = [condition for condition in _CONDITIONS if condition in value]
        for condition in (*conditions, *(key for key in value if key not in _CONDITIONS)):
            yield from _targets(value[condition], depth + 1)


def _tsconfig(text: str) -> ImportNames:
    data = json_table(text)
    options = table(data.get("compilerOptions"))
    paths = table(options.get("paths"))
    extends = data.get("extends")
    return ImportNames(
        kind=ManifestKind.TSCONFIG,
        aliases={str(key): tuple(texts(value)) for key, value in list(paths.items())[:_MOST]},
        base=text_of(options.get("baseUrl")),
        extends=(extends,) if isinstance(extends, str) else tuple(texts(extends)),
    )


def _deno(text: str) -> ImportNames:
    data = json_table(text)
    exports = data.get("exports")
    entries = table(exports) if isinstance(exports, dict) else {".": exports}
    return ImportNames(
        kind=ManifestKind.NPM,
        name=text_of(data.get("name")),
        entries={str(key): (value,) for key, value in list(entries.items())[:_MOST] if isinstance(value, str)},
        aliases={
            f"{key}*" if str(key).endswith("/") else str(key): (f"{value}*" if value.endswith("/") else value,)
            for key, value in list(table(data.get("imports")).items())[:_MOST]
            if isinstance(value, str)
        },
    )


def _cargo(text: str) -> ImportNames | None:
    data = toml_table(text)
    package, library = table(data.get("package")), table(data.get("lib"))
    dependencies: dict[str, object] = {}
    holders = [data, table(data.get("workspace")), *map(table, table(data.get("target")).values())]
    for section in ("dependencies", "dev-dependencies", "build-dependencies"):
        for holder in holders:
            dependencies |= table(holder.get(section))
    renamed = {
        name: (text_of(table(value).get("package")),)
        for name, value in list(dependencies.items())[:_MOST]
        if text_of(table(value).get("package"))
    }
    name = text_of(library.get("name")) or text_of(package.get("name"))
    if not name and not renamed:
        return None
    return ImportNames(
        kind=ManifestKind.CARGO,
        name=name,
        entries={".": (text_of(library.get("path")) or "src/lib.rs",)},
        aliases={key.replace("-", "_"): value for key, value in renamed.items()},
        starts=tuple(filter(None, (text_of(table(target).get("path")) for target in items(data.get("bin")))))[:_MOST],
    )


def _go(text: str) -> ImportNames | None:
    match = _GO_MODULE.search(text)
    replaced = {name: (folder,) for name, folder in _GO_REPLACED.findall(text)[:_MOST]}
    return ImportNames(kind=ManifestKind.GO, name=match.group(1), aliases=replaced) if match else None


def _composer(text: str) -> ImportNames:
    data = json_table(text)
    aliases: dict[str, tuple[str, ...]] = {}
    for section in ("autoload", "autoload-dev"):
        for standard in ("psr-4", "psr-0"):
            for prefix, folders in table(table(data.get(section)).get(standard)).items():
                targets = (folders,) if isinstance(folders, str) else tuple(texts(folders))
                # PSR-0 keeps the prefix in the folder's name.
                below = prefix.strip("\\").replace("\\", "/") if standard == "psr-0" else ""
                aliases[str(prefix)] = tuple(posixpath.join(folder, below) for folder in targets)
    name, starts = text_of(data.get("name")), _commands(data.get("bin"))
    return ImportNames(kind=ManifestKind.COMPOSER, name=name, aliases=aliases, starts=starts)


def _python(text: str) -> ImportNames:
    data = toml_table(text)
    tool = table(data.get("tool"))
    poetry, setuptools = table(tool.get("poetry")), table(tool.get("setuptools"))
    find = table(table(setuptools.get("packages")).get("find"))
    folders = [*texts(find.get("where")), *(text_of(value) for value in table(setuptools.get("package-dir")).values())]
    folders += [text_of(table(item).get("from")) for item in items(poetry.get("packages"))]
    folders.append(text_of(table(table(tool.get("uv")).get("build-backend")).get("module-root")))
    targets = table(table(table(tool.get("hatch")).get("build")).get("targets"))
    folders += [posixpath.dirname(folder) for folder in texts(table(targets.get("wheel")).get("packages"))]
    name = text_of(table(data.get("project")).get("name")) or text_of(poetry.get("name"))
    project = table(data.get("project"))
    scripts = [table(group) for group in (project.get("scripts"), project.get("gui-scripts"), poetry.get("scripts"))]
    return ImportNames(
        kind=ManifestKind.PYTHON,
        name=name,
        entries={".": tuple(filter(None, folders))[:_MOST]},
        starts=tuple(start for commands in scripts for start in _commands(commands)),
    )


_READERS: Final[Mapping[str, Callable[[str], ImportNames | None]]] = {
    "package.json": _npm,
    "deno.json": _deno,
    "deno.jsonc": _deno,
    "Cargo.toml": _cargo,
    "go.mod": _go,
    "composer.json": _composer,
    "pyproject.toml": _python,
}
