"""Kotlin: KDoc, objects and companions, extension functions; public unless it says otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import dropwhile, pairwise

import tree_sitter

from agents.codebase.structure.language import Definition, Found, Imported, Inside, LanguageTable, Seen, head_end
from agents.codebase.structure.parameters import ParameterStyle
from agents.codebase.structure.source import Source, fold, nth
from agents.contracts.structure import SymbolKind

_TYPES = frozenset({"user_type", "nullable_type", "function_type"})
_HIDDEN = re.compile(r"\b(?:private|internal)\b")
_CONTEXT = r"\bcontext\s*\((?:[^()]|\([^()]*\))*\)\s*"
_CONTEXT_BEFORE = re.compile(rf"{_CONTEXT}\Z")
_CONTEXT_HEAD = re.compile(rf"\A{_CONTEXT}")
_LONGEST_CONTEXT = 600


def _signature(node: tree_sitter.Node, source: Source, end: int) -> str:
    """A declaration's head with the context parameters before it, which its grammar does not know."""
    before = source.span(max(0, node.start_byte - _LONGEST_CONTEXT), node.start_byte)
    context = _CONTEXT_BEFORE.search(before) if before.rstrip().endswith(")") else None
    head = fold(context.group()) if context else ""
    return f"{head} {source.signature(node.start_byte, end)}".lstrip()


def _class(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name"))
    signature = _signature(node, source, head_end(node))
    words = set(_CONTEXT_HEAD.sub("", signature).split(name)[0].split()) if name else set()
    kind = SymbolKind.INTERFACE if "interface" in words else SymbolKind.ENUM if "enum" in words else SymbolKind.CLASS
    return Found(name, kind, signature)


def _companion(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name")) or "Companion"
    return Found(name, SymbolKind.CLASS, source.signature(node.start_byte, head_end(node)))


def _function(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name")).strip("`")
    signature = _signature(node, source, head_end(node))
    after = dropwhile(lambda child: child.type != "function_value_parameters", node.named_children)
    returned = next((child for child in after if child.type in _TYPES), None)
    public = False if _is_of_value(node) else None
    return Found(name, SymbolKind.FUNCTION, signature, public=public, type=source.written(returned))


def _is_of_value(node: tree_sitter.Node) -> bool:
    """Whether a member belongs to one value of an enum: no caller can name what that has for itself."""
    around = node.parent.parent if node.parent is not None else None
    return around is not None and around.type == "enum_entry"


def _property(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    """A property or the names that a declaration takes apart; at the top of a file it is a variable."""
    pattern = next((child for child in node.named_children if child.type in _VARIABLES), None)
    if pattern is None:
        return
    several = pattern.type == "multi_variable_declaration"
    names = (
        [child for child in pattern.named_children if child.type == "variable_declaration"] if several else [pattern]
    )
    # Accessors stand behind the value.
    value = next((child for sign, child in pairwise(node.children) if sign.type == "="), None)
    value_text = source.value(value) if value is not None and value.type.endswith("_literal") else ""
    head = _signature(node, source, pattern.end_byte)
    accessors = _accessors(node, source)
    for number, name_node in enumerate(names):
        name = source.name(nth(name_node, 0)).strip("`")
        hint = source.written(nth(name_node, 1)) if name_node.named_child_count > 1 else ""
        constant = "const " in head or re.fullmatch(r"[A-Z][A-Z0-9_]*", name)
        kind = SymbolKind.CONSTANT if constant else SymbolKind.PROPERTY
        signature = f"{head} = {value_text or '…'}" if value_text or constant else head
        place = name_node if number else None
        property_found = Found(name, kind, signature, type=hint, default=value_text, node=place, inside=Inside.NOTHING)
        yield replace(property_found, accessors=accessors, public=False if _is_of_value(node) else None)


def _accessors(node: tree_sitter.Node, source: Source) -> tuple[str, ...]:
    """Who may set a property that fewer may set than read."""
    setter = next((child for child in node.named_children if child.type == "setter"), None)
    modifiers = nth(setter, 0) if setter is not None else None
    words = source.text(modifiers).split() if modifiers is not None and modifiers.type == "modifiers" else []
    hidden = next((word for word in words if word in {"private", "protected", "internal"}), "")
    return ("get", f"{hidden} set") if hidden else ()


_VARIABLES = frozenset({"variable_declaration", "multi_variable_declaration"})


def _parameter(node: tree_sitter.Node, source: Source) -> Found | None:
    """A property that a class declares in its constructor; all of an annotation's parameters are such."""
    signature = source.signature(node.start_byte, node.end_byte)
    if not re.search(r"\b(?:val|var)\b", signature.split(":")[0]):
        return None
    named = next((child for child in node.named_children if child.type == "identifier"), None)
    hint = next((child for child in node.named_children if child.type.endswith("_type")), None)
    value = nth(node, -1)
    value_text = source.value(value) if value is not None and value != hint and "=" in signature else ""
    return Found(source.name(named), SymbolKind.PROPERTY, signature, type=source.written(hint), default=value_text)


def _entry(node: tree_sitter.Node, source: Source) -> Found | None:
    """A value of an enum, with its body or without."""
    named = next((child for child in node.named_children if child.type == "identifier"), None)
    body = next((child for child in node.named_children if child.type == "class_body"), None)
    end = body.start_byte if body is not None else node.end_byte
    return Found(source.name(named), SymbolKind.VARIANT, source.signature(node.start_byte, end))


def _settle(definition: Found, _decorators: tuple[str, ...], scope: SymbolKind | None) -> Found | None:
    if definition.kind is SymbolKind.PROPERTY and scope is None:
        return replace(definition, kind=SymbolKind.VARIABLE)
    return definition


def _constructor(node: tree_sitter.Node, source: Source) -> Found:
    """A constructor without what it hands to another one."""
    handed = next((child for child in node.children if child.type in {":", "constructor_delegation_call"}), None)
    end = handed.start_byte if handed is not None else head_end(node)
    return Found("constructor", SymbolKind.METHOD, source.signature(node.start_byte, end))


def _is_public(seen: Seen) -> bool:
    """What a constructor's own modifier says is not said of its class."""
    head = _KEYWORD.split(_CONTEXT_HEAD.sub("", seen.signature), maxsplit=1)[0]
    return not _HIDDEN.search(head.split("(")[0])


_KEYWORD = re.compile(r"\b(?:class|interface|object|fun|val|var|typealias)\b")


def _alias(node: tree_sitter.Node, source: Source) -> Found | None:
    name = next((source.name(child) for child in node.named_children if child.type.endswith("identifier")), "")
    return Found(name, SymbolKind.TYPE, source.signature(node.start_byte, node.end_byte))


def _imports(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    target = source.name(nth(node, 0))
    wildcard = source.text(node).rstrip().endswith("*")
    yield target, ("*",) if wildcard else (target.rsplit(".", 1)[-1],)


TABLE = LanguageTable(
    name="kotlin",
    grammar="kotlin",
    definitions={
        "class_declaration": Definition(SymbolKind.CLASS, describe=_class),
        "object_declaration": Definition(SymbolKind.CLASS),
        "companion_object": Definition(SymbolKind.CLASS, describe=_companion),
        "function_declaration": Definition(SymbolKind.FUNCTION, describe=_function),
        "secondary_constructor": Definition(SymbolKind.METHOD, describe=_constructor),
        "property_declaration": Definition(SymbolKind.PROPERTY, describe=_property),
        "class_parameter": Definition(SymbolKind.PROPERTY, describe=_parameter),
        "enum_entry": Definition(SymbolKind.VARIANT, describe=_entry),
        "type_alias": Definition(SymbolKind.TYPE, describe=_alias),
    },
    imports=("(import) @import",),
    read_import=_imports,
    public=_is_public,
    settle=_settle,
    parameters=ParameterStyle.NAME_FIRST,
    calls=("(call_expression . (_) @call)",),
    raises=("(throw_expression) @raise",),
    comments=("line_comment", "block_comment"),
)
