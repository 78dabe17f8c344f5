"""Where names of a file come from: the module that each is imported from, and what it is called there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import tree_sitter

from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.written import literal, read_call
from agents.codebase.structure.deadline import captures
from agents.codebase.structure.grammars import query

_SCRIPTS = "(import_statement) @import (variable_declarator) @variable"
_QUERIES = {
    "python": "(import_from_statement) @import",
    **dict.fromkeys(("javascript", "typescript", "tsx"), _SCRIPTS),
}


class NameOrigin(NamedTuple):
    """A module as it is written, and a name in it; the name is empty for what stands for the whole module."""

    module: str
    name: str


def origins(file: ParsedCode) -> dict[str, NameOrigin]:
    """Imported names with their origins."""
    nodes = captures(query(file.language, _QUERIES[file.language]), file.root) if file.language in _QUERIES else {}
    reader = _python if file.language == "python" else _script
    listed = [(name, origin) for node in nodes.get("import", ()) for name, origin in reader(file, node)]
    listed += [(name, origin) for node in nodes.get("variable", ()) for name, origin in _required(file, node)]
    return dict(listed)


def required(text: str) -> str:
    """The module of `require("./a")` and of what is taken from it; empty for anything else."""
    flat = text.strip().removeprefix("await ").strip("( ")
    call = read_call(flat) if flat.startswith(("require", "import(")) else None
    return call.text(0) if call is not None and call.name in {"require", "import"} else ""


def _python(file: ParsedCode, node: tree_sitter.Node) -> Iterator[tuple[str, NameOrigin]]:
    module = node.child_by_field_name("module_name")
    if module is None:
        return
    for child in node.children_by_field_name("name"):
        name = child.child_by_field_name("name") or child
        alias = child.child_by_field_name("alias") or name
        yield file.text(alias), NameOrigin(file.text(module), file.text(name))


def _script(file: ParsedCode, node: tree_sitter.Node) -> Iterator[tuple[str, NameOrigin]]:
    source = node.child_by_field_name("source")
    module = (literal(file.text(source)) if source is not None else "") or ""
    clause = next((child for child in node.named_children if child.type == "import_clause"), None)
    for child in clause.named_children if clause is not None and module else ():
        if child.type == "identifier":
            yield file.text(child), NameOrigin(module, "")
        elif child.type == "namespace_import" and child.named_children:
            yield file.text(child.named_children[0]), NameOrigin(module, "")
        for item in child.named_children if child.type == "named_imports" else ():
            name = item.child_by_field_name("name")
            alias = item.child_by_field_name("alias") or name
            if name is not None and alias is not None:
                yield file.text(alias), NameOrigin(module, file.text(name))


def _required(file: ParsedCode, node: tree_sitter.Node) -> Iterator[tuple[str, NameOrigin]]:
    """`const a = require("./a")` and `const { b, c: d } = require("./a")`."""
    value, name = node.child_by_field_name("value"), node.child_by_field_name("name")
    module = required(file.text(value)) if value is not None else ""
    if not module or name is None:
        return
    if name.type == "identifier":
        yield file.text(name), NameOrigin(module, "")
    for item in name.named_children if name.type == "object_pattern" else ():
        key, given = item.child_by_field_name("key") or item, item.child_by_field_name("value") or item
        yield file.text(given), NameOrigin(module, file.text(key))
