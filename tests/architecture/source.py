"""The project's modules, the layer each belongs to, and what each imports: read from the source, nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("agents", "workflow", "components", "local", "cli", "releases", "tools", "policy_pack")


class Import(NamedTuple):
    """One import statement's target, as a full module name."""

    path: Path
    module: str
    target: str


@cache
def modules() -> dict[str, Path]:
    """Every module of the project by its full name."""
    found = {"__main__": ROOT / "__main__.py"}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def layer(module: str) -> str:
    """The layer of a module of ours, such as `agents.roles`; the top name of any other, such as `boto3`."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "agents" and len(parts) > 1 else parts[0]


def role(module: str) -> str | None:
    """The role whose package the module is in."""
    parts = module.split(".")
    return parts[2] if parts[:2] == ["agents", "roles"] and len(parts) > 2 else None


@cache
def says_pure(module: str) -> bool:
    """Whether the module's docstring says that it is pure."""
    return "Pure." in (ast.get_docstring(syntax_tree(modules()[module])) or "")


@cache
def imports() -> tuple[Import, ...]:
    """Every import, those inside functions included: a lazy import is an arrow like any other."""
    return tuple(found for module, path in modules().items() for found in imports_of(module, path))


def imports_of(module: str, path: Path) -> Iterator[Import]:
    """The imports of one module. What `from package import name` names may be a module of ours or a name in one."""
    known = modules()
    for node in ast.walk(syntax_tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(path, module, alias.name)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield Import(path, module, inner if inner in known else node.module)


def syntax_tree(path: Path) -> ast.Module:
    """A module's syntax, read only.

    CPython 3.11 counts its recursion for all threads together: a thread that compiles meanwhile (an earlier test's
    server does, for each route) makes it give up. It is then asked again; a true fault of the source is a SyntaxError.
    See https://github.com/python/cpython/issues/106905.
    """
    text = path.read_text(encoding="utf-8")
    while True:
        try:
            return ast.parse(text)
        except SystemError as problem:
            if "recursion depth mismatch" not in str(problem):
                raise
