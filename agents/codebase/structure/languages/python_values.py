"""What Python's values define: types made by a call, slots, listed names, defaults of fields."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.structure.language import Found
from agents.codebase.structure.source import Source, nth
from agents.contracts.structure import SymbolKind

#: Arguments of a call that list what the type that it makes holds.
_NAMES = frozenset({"names", "field_names", "fields"})
_ALL = re.compile(rb"^__all__\b", re.MULTILINE)
_LITERALS = frozenset({"list", "tuple", "dictionary", "string"})


def members(owner: str, call: tree_sitter.Node, kind: SymbolKind, source: Source) -> Iterator[Found]:
    """Fields or values of a type that a call makes: `namedtuple("P", "x y")`, `Enum("C", ["RED"])`."""
    arguments = call.child_by_field_name("arguments") if call.type == "call" else None
    given = nth(arguments, 1) if arguments is not None else None
    if given is not None and given.type == "keyword_argument":
        is_list = source.name(given.child_by_field_name("name")) in _NAMES
        given = given.child_by_field_name("value") if is_list else None
    if given is None or given.type not in _LITERALS:
        return
    if given.type == "string":
        for name in source.name(given).strip("\"'").replace(",", " ").split():
            yield Found(f"{owner}.{name}", kind, name)
        return
    for part in given.named_children:
        named = part if part.type == "string" else part.child_by_field_name("key") or nth(part, 0)
        value = part.child_by_field_name("value") or (nth(part, 1) if part.type == "tuple" else None)
        name = source.name(named).strip("\"'")
        if named is None or named.type != "string" or not name:
            continue
        written = source.written(value)
        if kind is SymbolKind.VARIANT:
            yield Found(f"{owner}.{name}", kind, f"{name} = {written}" if written else name, default=written)
        else:
            yield Found(f"{owner}.{name}", kind, f"{name}: {written}" if written else name, type=written)


def default_of(value: tree_sitter.Node, source: Source) -> tree_sitter.Node:
    """The default among the arguments of a field's value: `Field(8080, ge=1)`, `field(default=3)`; else the value."""
    arguments = value.child_by_field_name("arguments") if value.type == "call" else None
    for part in arguments.named_children if arguments is not None else ():
        if part.type == "keyword_argument" and source.name(part.child_by_field_name("name")) == "default":
            return part.child_by_field_name("value") or value
    first = nth(arguments, 0) if arguments is not None else None
    positional = first is not None and first.type not in {
        "keyword_argument",
        "comment",
        "dictionary_splat",
        "list_splat",
    }
    is_field = source.name(value.child_by_field_name("function")).rpartition(".")[2] == "Field"
    return first if first is not None and positional and is_field else value


def slots(value: tree_sitter.Node | None, source: Source) -> Iterator[Found]:
    """The names in `__slots__`."""
    if value is None or value.type not in {"tuple", "list", "set", "string", "dictionary"}:
        return
    parts = [value] if value.type == "string" else value.named_children
    for part in [part.child_by_field_name("key") or part for part in parts]:
        name = source.name(part).strip("\"'")
        if part.type == "string" and name.isidentifier() and not name.startswith("__"):
            yield Found(name, SymbolKind.FIELD, name, node=part, once=True)


def listed(value: tree_sitter.Node | None, source: Source) -> set[str] | None:
    """Names in a list, in a sum of lists or in one string; None for what is computed.

    What another module lists (`sub.__all__`) is none of this file's definitions.
    """
    if value is None or value.type in {"attribute", "comment"}:
        return set()
    if value.type == "string":
        return {source.name(value).strip("\"'")}
    if value.type == "identifier":
        return set() if source.name(value) == "__all__" else None
    if value.type not in {
        "list",
        "tuple",
        "binary_operator",
        "list_splat",
        "parenthesized_expression",
        "expression_list",
    }:
        return None
    names: set[str] = set()
    for part in value.named_children:
        more = listed(part, source)
        if more is None:
            return None
        names |= more
    return names


def exports(root: tree_sitter.Node, _wrappers: list[tree_sitter.Node], source: Source) -> frozenset[str] | None:
    """The names in `__all__`; None where there is none or where it is computed."""
    if not _ALL.search(source.data):
        return None
    names: set[str] = set()
    for statement in root.named_children:
        inner = nth(statement, 0) if statement.type == "expression_statement" else None
        if inner is None or not source.data.startswith(b"__all__", inner.start_byte):
            continue
        values = [inner.child_by_field_name("right")]
        if inner.type == "call":
            how = source.name(inner.child_by_field_name("function"))
            arguments = inner.child_by_field_name("arguments")
            values = list(arguments.named_children) if arguments is not None else []
            if how == "__all__.remove":
                names -= set().union(*(listed(value, source) or () for value in values))
                continue
        for value in values:
            more = listed(value, source)
            if more is None:
                return None
            names |= more
    return frozenset(names) or None
