"""Resolves imports to files of the snapshot: one small resolver per language family, best effort. Pure."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from agents.codebase.imports.files import FileIndex
from agents.contracts.structure import Import, Structure
from agents.contracts.synthesis import Dependency

Resolver = Callable[[Import, str, FileIndex], Iterable[str | None]]

_SCRIPTS = (".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte", ".json", ".css")
_GO_MODULE = re.compile(r"^module\s+(\S+)", re.MULTILINE)
_WORD = re.compile(r"[A-Za-z_]\w+")
#: A `using` brings in a whole namespace; more files than this of it say nothing about the file that imports it.
_MOST_NAMED = 8


def resolve(
    structures: Mapping[str, Structure], index: FileIndex
) -> tuple[tuple[Dependency, ...], dict[str, tuple[str, ...]]]:
    """Dependencies between files, once per pair, and by file the import targets that no file answers."""
    go_modules = _go_modules(structures, index)
    found: dict[tuple[str, str], Dependency] = {}
    outside: dict[str, tuple[str, ...]] = {}
    for path, structure in structures.items():
        unknown: list[str] = []
        for imported in structure.imports:
            targets = _targets(imported, path, structure, index, go_modules)
            if not targets:
                unknown.append(imported.target)
            for target in targets:
                if target != path:
                    found.setdefault((path, target), Dependency(source=path, target=target, lines=imported.lines))
        outside[path] = tuple(unknown)
    return tuple(found.values()), outside


def _targets(
    imported: Import, path: str, structure: Structure, index: FileIndex, go_modules: Mapping[str, str]
) -> list[str]:
    if structure.language == "go":
        return [found for found in _go(imported, index, go_modules) if found]
    if structure.language == "csharp":
        return _csharp(imported, path, structure, index)
    resolver = RESOLVERS.get(structure.language, _relative)
    return list(dict.fromkeys(found for found in resolver(imported, path, index) if found))


def _python(imported: Import, path: str, index: FileIndex) -> Iterator[str | None]:
    target = imported.target
    dots = len(target) - len(target.lstrip("."))
    dotted = target.lstrip(".").replace(".", "/")
    if dots:
        folder = posixpath.dirname(path)
        for _ in range(dots - 1):
            folder = posixpath.dirname(folder)
        bases = [posixpath.join(folder, dotted) if dotted else folder]
    else:
        bases = [posixpath.join(root, dotted) for root in _roots(path)]
    submodules = [index.first(_python_file(f"{base}/{name}") for base in bases) for name in imported.names]
    package = index.first(
        candidate for base in bases for candidate in (f"{base}.py", f"{base}/__init__.py", f"{base}.pyi")
    )
    if package is None and not dots and "/" in dotted:
        package = index.ending(f"{dotted}.py", path) or index.ending(f"{dotted}/__init__.py", path)
    yield from submodules
    packages = [index.first([f"{base}/{name}/__init__.py" for base in bases]) for name in imported.names]
    yield from packages
    if not any(submodules) and not any(packages):
        yield package


def _python_file(base: str) -> str:
    return f"{base}.py"


def _roots(path: str) -> list[str]:
    """Where an absolute import may start: the root, src layouts, and every folder above the file."""
    above: list[str] = []
    folder = posixpath.dirname(path)
    while folder:
        above.append(folder)
        folder = posixpath.dirname(folder)
    return ["", "src", "lib", "python", *above]


def _script(imported: Import, path: str, index: FileIndex) -> Iterator[str | None]:
    target = imported.target.split("?", 1)[0]
    if target.startswith("."):
        bases = [posixpath.join(posixpath.dirname(path), target)]
    elif target.startswith(("@/", "~/")):
        bases = [target[2:], f"src/{target[2:]}", f"app/{target[2:]}"]
    elif target.startswith("/"):
        bases = [target[1:], f"src{target}", f"public{target}"]
    else:
        return
    for base in bases:
        # TypeScript's ESM style writes the suffix of the file that will be built.
        plain = posixpath.splitext(base)[0] if base.endswith((".js", ".jsx", ".mjs", ".cjs")) else base
        tries = [base, *(f"{plain}{suffix}" for suffix in _SCRIPTS), *(f"{base}/index{suffix}" for suffix in _SCRIPTS)]
        found = index.first(tries)
        if found:
            yield found
            return


def _go_modules(structures: Mapping[str, Structure], index: FileIndex) -> dict[str, str]:
    """The snapshot's own module paths with their folders, as go.mod declares them.

    Without one, by vote: what is left of most imports once a folder of ours is cut off.
    """
    declared = {
        found.group(1): posixpath.dirname(path)
        for path, structure in structures.items()
        if posixpath.basename(path) == "go.mod" and (found := _GO_MODULE.search(structure.doc))
    }
    if declared:
        return declared
    votes: Counter[str] = Counter()
    targets = {i.target for structure in structures.values() if structure.language == "go" for i in structure.imports}
    for target in targets:
        parts = target.split("/")
        for cut in range(1, len(parts)):
            folder = "/".join(parts[cut:])
            if index.members(folder, (".go",)) and "." in parts[0]:
                votes["/".join(parts[:cut])] += 1
    if not votes:
        return {}
    best = max(votes, key=lambda prefix: (votes[prefix], -prefix.count("/"), prefix))
    return {best: ""}


def _go(imported: Import, index: FileIndex, modules: Mapping[str, str]) -> Iterator[str | None]:
    for module, root in modules.items():
        if imported.target == module or imported.target.startswith(module + "/"):
            folder = posixpath.join(root, imported.target[len(module) :].strip("/")).strip("/")
            members = index.members(folder, (".go",))
            code = [path for path in members if not path.endswith("_test.go")]
            named = [path for path in code if posixpath.basename(path)[:-3] == posixpath.basename(folder)]
            yield next(iter([*named, *code]), None)


def _java(imported: Import, path: str, index: FileIndex) -> Iterator[str | None]:
    parts = [part for part in imported.target.replace("._", ".*").split(".") if part]
    wild = bool(parts) and parts[-1] == "*"
    parts = parts[:-1] if wild else parts
    suffixes = (".java", ".kt", ".scala")
    # A static import names a member below the class, a Kotlin import a function of the package.
    for end in range(len(parts), max(len(parts) - 3, 1), -1) if not wild else ():
        for suffix in suffixes:
            found = index.ending("/".join(parts[:end]) + suffix, path)
            if found:
                yield found
                return
    packages = [parts] if wild else [parts[:-1]]
    for package in packages:
        if len(package) < 2:
            continue
        for folder in index.folders_ending("/".join(package)):
            members = index.members(folder, suffixes)
            if members and (wild or members[0].endswith((".kt", ".scala"))):
                yield members[0]
                return


def _include(imported: Import, path: str, index: FileIndex) -> Iterator[str | None]:
    target = imported.target.strip("<>\"'")
    here = posixpath.join(posixpath.dirname(path), target)
    yield index.first([here, target, f"include/{target}", f"src/{target}"]) or index.ending(
        posixpath.normpath(target).removeprefix("../"), path
    )


def _rust(imported: Import, path: str, index: FileIndex) -> Iterator[str | None]:
    target = imported.target.removeprefix("mod ").split("{")[0].split(" as ")[0].strip(": ;")
    parts = [part for part in target.split("::") if part and part != "*"]
    folder, stem = posixpath.split(posixpath.splitext(path)[0])
    own = folder if stem in {"mod", "lib", "main"} else posixpath.join(folder, stem)
    if not parts:
        return
    if parts[0] == "crate":
        base, parts = _crate_root(path, index), parts[1:]
    elif parts[0] in {"self", "super"}:
        base = own
        while parts and parts[0] in {"self", "super"}:
            base = posixpath.dirname(base) if parts[0] == "super" else base
            parts = parts[1:]
    elif len(parts) == 1:
        base = own
    else:
        crates = [f"{parts[0]}/src", f"{parts[0].replace('_', '-')}/src"]
        found = next((folder for crate in crates for folder in index.folders_ending(crate)), None)
        base, parts = (found, parts[1:]) if found else (own, parts)
    for end in range(len(parts), -1, -1):
        stem = posixpath.join(base, *parts[:end])
        tries = [f"{stem}.rs", f"{stem}/mod.rs"] if end else [f"{base}/lib.rs", f"{base}/main.rs"]
        hit = index.first(tries) if end or base != own else None
        if hit:
            yield hit
            return


def _crate_root(path: str, index: FileIndex) -> str:
    folder = posixpath.dirname(path)
    while folder:
        if index.first([f"{folder}/lib.rs", f"{folder}/main.rs"]):
            return folder
        folder = posixpath.dirname(folder)
    return "src"


def _ruby(imported: Import, path: str, index: FileIndex) -> Iterator[str | None]:
    target = imported.target.removesuffix(".rb")
    here = posixpath.join(posixpath.dirname(path), target)
    yield index.first([f"{here}.rb", f"lib/{target}.rb", f"{target}.rb", f"app/{target}.rb"]) or (
        index.ending(f"{target}.rb", path) if "/" in target and not target.startswith(".") else None
    )


def _php(imported: Import, path: str, index: FileIndex) -> Iterator[str | None]:
    target = imported.target
    if target.endswith((".php", ".inc")):
        yield index.first([posixpath.join(posixpath.dirname(path), target.lstrip("/"))]) or index.ending(target, path)
        return
    parts = [part for part in target.split("\\") if part]
    # PSR-4 maps a namespace's prefix to a folder of any name, so the end of it is what can be looked up.
    for start in range(max(len(parts) - 1, 1)):
        found = index.ending("/".join(parts[start:]) + ".php", path)
        if found:
            yield found
            return


def _csharp(imported: Import, path: str, structure: Structure, index: FileIndex) -> list[str]:
    """The files of a namespace's folder whose types the importing file names; one of them when it names none."""
    parts = [part for part in imported.target.split(".") if part]
    if not parts or parts[0] in {"System", "Microsoft"}:
        return []
    for suffix in (imported.target, *("/".join(parts[start:]) for start in range(len(parts)))):
        for folder in index.folders_ending(suffix):
            members = index.members(folder, (".cs",))
            if members and posixpath.dirname(path) != folder:
                words = _words(structure)
                named = [member for member in members if posixpath.basename(member).split(".")[0] in words]
                return named[:_MOST_NAMED] or [members[0]]
    return []


def _words(structure: Structure) -> frozenset[str]:
    """Every name in a file's signatures and calls."""
    declared = " ".join(text for symbol in structure.symbols for text in (symbol.signature, *symbol.calls))
    return frozenset(_WORD.findall(declared))


def _lua(imported: Import, path: str, index: FileIndex) -> Iterator[str | None]:
    base = imported.target.replace(".", "/")
    yield index.ending(f"{base}.lua", path) or index.ending(f"{base}/init.lua", path)


def _bash(imported: Import, path: str, index: FileIndex) -> Iterator[str | None]:
    # A script sources by a path that often starts with a variable: what follows it is what can be found.
    parts = [
        part for part in imported.target.strip("\"'").split("/") if part and part[0] not in "$.~" and "$" not in part
    ]
    plain = "/".join(parts)
    if plain:
        yield index.first([posixpath.join(posixpath.dirname(path), plain), plain]) or index.ending(plain, path)


def _relative(imported: Import, path: str, index: FileIndex) -> Iterator[str | None]:
    target = imported.target.split("#")[0].split("?")[0]
    if target and "://" not in target:
        yield index.first([posixpath.join(posixpath.dirname(path), target), target.lstrip("/")])


RESOLVERS: Mapping[str, Resolver] = {
    "python": _python,
    **dict.fromkeys(("javascript", "typescript", "tsx"), _script),
    **dict.fromkeys(("java", "kotlin", "scala"), _java),
    **dict.fromkeys(("c", "cpp"), _include),
    "rust": _rust,
    "ruby": _ruby,
    "php": _php,
    "lua": _lua,
    "bash": _bash,
}
