"""Resolves the paths of Rust's `use` and `mod`: within a crate, and to the other crates of a workspace. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from agents.codebase.imports.importer import Importer
from agents.contracts.structure import Import, ManifestKind, SymbolKind


def resolve_rust(imported: Import, importer: Importer) -> Iterator[str | None]:
    """The file that a path names; of a path to an item, the file of its module."""
    if imported.target.endswith(".rs"):  # `#[path = "…"]`
        yield importer.index.first([posixpath.normpath(posixpath.join(importer.folder, imported.target))])
        return
    target = imported.target.removeprefix("mod ").split("{")[0].split(" as ")[0].strip(": ;")
    parts = [part for part in target.split("::") if part and part != "*"]
    folder, stem = posixpath.split(posixpath.splitext(importer.path)[0])
    own = folder if stem in {"mod", "lib", "main"} else posixpath.join(folder, stem)
    if not parts:
        return
    base, parts = _start(parts, own, importer)
    root = _crate_file(base, importer)
    for end in range(len(parts), -1, -1):
        stem = posixpath.join(base, *parts[:end])
        tries = [f"{stem}.rs", f"{stem}/mod.rs"] if end else root
        file = importer.index.first(tries) if end or base != own else None
        if file:
            yield file
            return
    if base != own or _is_inline(parts[0], importer):
        yield importer.path


def _is_inline(name: str, importer: Importer) -> bool:
    """Whether the file itself defines the module that a path starts from."""
    return any(symbol.kind is SymbolKind.MODULE and symbol.name == name for symbol in importer.structure.symbols)


def _start(parts: list[str], own: str, importer: Importer) -> tuple[str, list[str]]:
    """The folder that a path starts from, and what is left of the path."""
    if parts[0] == "crate":
        return _crate_root(importer), parts[1:]
    if parts[0] in {"self", "super"}:
        base = own
        while parts and parts[0] in {"self", "super"}:
            base = posixpath.dirname(base) if parts[0] == "super" else base
            parts = parts[1:]
        return base, parts
    crate = _crate_named(parts[0], importer)
    if crate is not None and (len(parts) > 1 or crate != own):
        return crate, parts[1:]
    return own, parts


def _crate_named(name: str, importer: Importer) -> str | None:
    """The source folder of the workspace's crate that the importing crate calls so."""
    own = next(importer.packages.around(ManifestKind.CARGO, importer.path), None)
    declared = own.manifest.aliases.get(name, (name,))[0] if own else name
    for package in importer.packages.of_kind(ManifestKind.CARGO):
        if package.manifest.name.replace("-", "_") == declared.replace("-", "_"):
            library = package.manifest.entries.get(".", ("src/lib.rs",))[0]
            return posixpath.dirname(posixpath.join(package.folder, library))
    crates = [f"{name}/src", f"{name.replace('_', '-')}/src"]
    return next((folder for crate in crates for folder in importer.index.folders_ending(crate)), None)


def _crate_file(base: str, importer: Importer) -> list[str]:
    library = [
        posixpath.join(package.folder, entry)
        for package in importer.packages.of_kind(ManifestKind.CARGO)
        for entry in package.manifest.entries.get(".", ())
        if posixpath.dirname(posixpath.join(package.folder, entry)) == base
    ]
    return [*library, f"{base}/lib.rs", f"{base}/main.rs"]


def _crate_root(importer: Importer) -> str:
    folder = importer.folder
    while folder:
        if importer.index.first(_crate_file(folder, importer)):
            return folder
        folder = posixpath.dirname(folder)
    return "src"
