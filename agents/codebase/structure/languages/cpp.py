"""C++: C's table with classes, templates, namespaces (which lend no name) and access specifiers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import tree_sitter

from agents.codebase.structure.language import Definition, Found, Imported, Seen
from agents.codebase.structure.languages import c
from agents.codebase.structure.source import Source
from agents.contracts.structure import SymbolKind

_STATIC = re.compile(r"\bstatic\b")


def _class(node: tree_sitter.Node, source: Source) -> Found | None:
    return next(iter(c.composite(SymbolKind.CLASS).descriptions(node, source)), None)


def _hidden_in_its_file(definition: Definition) -> Definition:
    """The same definition, private where a namespace without a name holds it: no other file can name it."""

    def describe(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
        hidden = _is_in_nameless(node)
        for described in definition.descriptions(node, source):
            yield replace(described, public=False) if hidden else described

    return replace(definition, describe=describe)


def _is_in_nameless(node: tree_sitter.Node) -> bool:
    around = node.parent
    while around is not None:
        if around.type == "namespace_definition" and around.child_by_field_name("name") is None:
            return True
        around = around.parent
    return False


def _access(node: tree_sitter.Node, source: Source) -> bool | str | None:
    if node.type == "class_specifier":
        return False
    word = source.name(node)
    if word.startswith("protected"):
        return "protected:"
    # Qt's signals are public; the parser was given `public` in their place.
    return word.startswith(("public", "signal", "Q_SIGN"))


def _imports(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    yield from c.read_import(node, source)


def _is_public(seen: Seen) -> bool:
    return seen.scope is not None or not _STATIC.search(seen.signature.split("(")[0])


_DEFINITIONS = {
    **c.DEFINITIONS,
    "class_specifier": Definition(SymbolKind.CLASS, describe=_class),
    "alias_declaration": Definition(SymbolKind.TYPE, body=""),
    "concept_definition": Definition(SymbolKind.TYPE, body=""),
}

TABLE = replace(
    c.TABLE,
    name="cpp",
    grammar="cpp",
    definitions={
        **{kind: _hidden_in_its_file(definition) for kind, definition in _DEFINITIONS.items()},
        "preproc_def": c.DEFINITIONS["preproc_def"],
        "preproc_function_def": c.DEFINITIONS["preproc_function_def"],
    },
    read_import=_imports,
    bracketed=True,
    public=_is_public,
    calls=("(call_expression function: (_) @call)",),
    raises=("(throw_statement) @raise",),
    raised=re.compile(r"throw\s+((?:\w+::)*\w+)\s*[({]"),
    wrappers=("template_declaration",),
    markers=("(access_specifier) @marker", "(class_specifier) @marker"),
    mark=_access,
)
