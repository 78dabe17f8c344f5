"""Cython: the tree of its own compiler's parser, without the files that a module includes. Names alone are compared."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterable, Iterator, Set
from pathlib import Path
from typing import Any

from bench.references import tools
from bench.references.rows import Convention, Row

_ASSIGNED = re.compile(r"\w+(?:\s*:[^=]*)?(?:\s*=.*)?", re.DOTALL)


def _assigned(rows: Iterable[Row], theirs: Set[str]) -> Iterable[Row]:
    """To the compiler a name that is given by assignment alone is no declaration."""
    for row in rows:
        optional = row.name not in theirs and _ASSIGNED.fullmatch(row.signature) is not None
        yield row.model_copy(update={"required": False}) if optional else row


CONVENTION = Convention(signature=lambda _text: "", renamed=_assigned)
_INCLUDE = re.compile(r"^[ \t]*include[ \t].*$", re.MULTILINE)
_NAMES = {
    "DefNode": "name",
    "PyClassDefNode": "name",
    "CClassDefNode": "class_name",
    "CEnumDefNode": "name",
    "CStructOrUnionDefNode": "name",
    "PropertyNode": "name",
}


def rows(top: Path, _package: str) -> Iterator[Row]:
    """Functions, classes, structs and enumerations, and the fields of classes, of every module. Raises RuntimeError."""
    folder = str(tools.from_pypi("Cython==3.0.11"))
    sys.path.insert(0, folder)
    try:
        errors = importlib.import_module("Cython.Compiler.Errors")
        parse = importlib.import_module("Cython.Compiler.TreeFragment").parse_from_strings
    finally:
        sys.path.remove(folder)
    for file in sorted(top.rglob("*.pyx")):
        errors.init_thread()
        tree = parse("module", _INCLUDE.sub("pass", file.read_text()))
        path = str(file.relative_to(top))
        for name, (member, required) in dict(_below(tree, "")).items():
            yield Row(path=path, name=name, member=member, required=required)


def _below(node: Any, owner: str) -> Iterator[tuple[str, tuple[bool, bool]]]:
    """Each name, whether it is a member, and whether a page must show it: a module's variables it may show."""
    kind = type(node).__name__
    own = _declared(node.declarator) if kind == "CFuncDefNode" else getattr(node, _NAMES.get(kind, ""), None)
    if own:
        owner = f"{owner}.{own}" if owner else own
        yield owner, (False, True)
        if kind in {"DefNode", "CFuncDefNode", "PropertyNode"}:
            return
    if kind == "CVarDefNode":
        begin = f"{owner}." if owner else ""
        yield from ((begin + _declared(declarator), (True, bool(owner))) for declarator in node.declarators)
        return
    for attribute in node.child_attrs or ():
        child = getattr(node, attribute, None)
        for one in child if isinstance(child, list) else [child]:
            if hasattr(one, "child_attrs"):
                yield from _below(one, owner)


def _declared(declarator: Any) -> str:
    while hasattr(declarator, "base"):
        declarator = declarator.base
    return str(declarator.name)
