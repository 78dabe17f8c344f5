"""Java: Javadoc, `throws` and `throw`; public or protected where it says so, and in interfaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import tree_sitter

from agents.codebase.structure.language import Definition, Found, Imported, Inside, LanguageTable, Seen
from agents.codebase.structure.parameters import ParameterStyle
from agents.codebase.structure.source import Source, nth
from agents.contracts.structure import SymbolKind

#: A protected member is part of what a library offers: who extends its class uses it.
_PUBLIC = re.compile(r"\b(?:public|protected)\b")
_PRIVATE = re.compile(r"\bprivate\b")
_END_OF_MODIFIERS = re.compile(r"[(=]")


def _fields(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    """A field's names, each with its own dimensions and value."""
    type_ = source.written(node.child_by_field_name("type"))
    modifiers = nth(node, 0)
    written = source.text(modifiers) if modifiers is not None and modifiers.type == "modifiers" else ""
    constant = node.type == "constant_declaration" or ("static" in written and "final" in written)
    declarators = node.children_by_field_name("declarator")
    head = source.signature(node.start_byte, declarators[0].start_byte) if declarators else ""
    for number, declarator in enumerate(declarators):
        name = source.name(declarator.child_by_field_name("name"))
        value_text = source.value(declarator.child_by_field_name("value"))
        dimensions = source.written(declarator.child_by_field_name("dimensions"))
        yield Found(
            name,
            SymbolKind.CONSTANT if constant else SymbolKind.FIELD,
            f"{head} {name}{dimensions}" + (f" = {value_text}" if value_text and value_text != "…" else ""),
            type=type_ + dimensions,
            default=value_text,
            node=declarator if number else None,
            inside=Inside.NOTHING,
            decorators=source.annotations(node.start_byte, declarator.start_byte) if number else (),
        )


def _enum_constant(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name"))
    body = node.child_by_field_name("body")
    end = body.start_byte if body is not None else node.end_byte
    return Found(name, SymbolKind.VARIANT, source.signature(node.start_byte, end))


def _method(node: tree_sitter.Node, source: Source) -> Found | None:
    """A method; no caller can name one of an anonymous class, nor one that an enum's constant has for itself."""
    holder = node.parent.parent if node.parent is not None else None
    if holder is not None and holder.type == "object_creation_expression":
        return None
    (method,) = Definition(SymbolKind.FUNCTION).descriptions(node, source) or (None,)
    own = method is not None and holder is not None and holder.type == "enum_constant"
    return replace(method, public=False) if method is not None and own else method


def _element(node: tree_sitter.Node, source: Source) -> Found | None:
    """An annotation's element with its default."""
    name = source.name(node.child_by_field_name("name"))
    value = node.child_by_field_name("value")
    type_ = source.written(node.child_by_field_name("type"))
    value_text = source.value(value)
    head = f"{type_} {name}()"
    return Found(
        name, SymbolKind.FIELD, f"{head} default {value_text}" if value_text else head, type=type_, default=value_text
    )


def _component(node: tree_sitter.Node, source: Source) -> Found | None:
    """A record's component, which is a field and its accessor."""
    several = node.type == "spread_parameter"
    declarator = nth(node, -1) if several else node
    name = source.name(declarator.child_by_field_name("name")) if declarator is not None else ""
    signature = source.signature(node.start_byte, node.end_byte)
    type_ = signature.removesuffix(name).strip() if several else source.written(node.child_by_field_name("type"))
    return Found(name, SymbolKind.FIELD, signature, public=True, type=type_)


def _imports(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    target = next((source.name(child) for child in node.named_children if child.type.endswith("identifier")), "")
    wildcard = any(child.type == "asterisk" for child in node.named_children)
    yield target, ("*",) if wildcard else (target.rsplit(".", 1)[-1],)


def _is_public(seen: Seen) -> bool:
    modifiers = _END_OF_MODIFIERS.split(seen.signature, maxsplit=1)[0]
    if seen.scope is SymbolKind.INTERFACE:
        return not _PRIVATE.search(modifiers)
    return bool(_PUBLIC.search(modifiers))


TABLE = LanguageTable(
    name="java",
    grammar="java",
    definitions={
        "class_declaration": Definition(SymbolKind.CLASS),
        "record_declaration": Definition(SymbolKind.CLASS),
        "interface_declaration": Definition(SymbolKind.INTERFACE),
        "annotation_type_declaration": Definition(SymbolKind.INTERFACE),
        "enum_declaration": Definition(SymbolKind.ENUM),
        "method_declaration": Definition(SymbolKind.FUNCTION, describe=_method),
        "constructor_declaration": Definition(SymbolKind.METHOD),
        "compact_constructor_declaration": Definition(SymbolKind.METHOD),
        "field_declaration": Definition(SymbolKind.FIELD, describe=_fields),
        "constant_declaration": Definition(SymbolKind.CONSTANT, describe=_fields),
        "enum_constant": Definition(SymbolKind.VARIANT, describe=_enum_constant),
        "annotation_type_element_declaration": Definition(SymbolKind.FIELD, describe=_element),
        "formal_parameter": Definition(
            SymbolKind.FIELD,
            patterns=("(record_declaration parameters: (formal_parameters (formal_parameter) @definition))",),
            describe=_component,
        ),
        "spread_parameter": Definition(
            SymbolKind.FIELD,
            patterns=("(record_declaration parameters: (formal_parameters (spread_parameter) @definition))",),
            describe=_component,
        ),
    },
    imports=("(import_declaration) @import",),
    read_import=_imports,
    public=_is_public,
    calls=("(method_invocation name: (_) @call)", "(object_creation_expression type: (_) @call)"),
    raises=("(throw_statement) @raise", "(throws) @raise"),
    raised=re.compile(r"(?:throw\s+new\s+|throws\s+|,\s*)((?:\w+\.)*_*[A-Z]\w*)"),
    comments=("line_comment", "block_comment"),
    parameters=ParameterStyle.TYPE_FIRST,
)
