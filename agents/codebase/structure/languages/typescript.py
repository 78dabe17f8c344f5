"""TypeScript: JavaScript's table with types, interfaces, enums, namespaces and signatures without bodies."""

from __future__ import annotations

from dataclasses import replace

import tree_sitter

from agents.codebase.structure.language import Definition, Found, head_end
from agents.codebase.structure.languages import javascript
from agents.codebase.structure.languages.javascript_members import field, method
from agents.codebase.structure.languages.javascript_modules import MARKERS, NAMESPACES
from agents.codebase.structure.parameters import ParameterStyle
from agents.codebase.structure.source import Source, nth
from agents.contracts.structure import SymbolKind

#: An enumeration's values are identifiers: they stand on pages although they are text.
_LONGEST_VALUE = 60


def _module(node: tree_sitter.Node, source: Source) -> Found | None:
    """`declare module "name"` or `module Name`."""
    name = source.name(node.child_by_field_name("name")).strip("\"'")
    return Found(name, SymbolKind.MODULE, source.signature(node.start_byte, head_end(node)))


def _enum_value(node: tree_sitter.Node, source: Source) -> Found | None:
    named = node.child_by_field_name("name") or node
    value = node.child_by_field_name("value")
    value_text = source.written(value)
    value_text = value_text if len(value_text) <= _LONGEST_VALUE else "…"
    name = source.name(named).strip("\"'")
    return Found(name, SymbolKind.VARIANT, f"{name} = {value_text}" if value_text else name, default=value_text)


def _declared_beside(node: tree_sitter.Node, source: Source) -> Found:
    """`function add(a: string): string;`: a form of the function of this name that has a body."""
    name = source.name(node.child_by_field_name("name"))
    type_ = source.written(node.child_by_field_name("return_type")).lstrip(": ")
    signature = source.signature(node.start_byte, node.end_byte)
    return Found(name, SymbolKind.FUNCTION, signature, type=type_, bodiless=True)


def _unnamed(node: tree_sitter.Node, source: Source) -> Found | None:
    """What an interface can do without a name: be called, be constructed, be indexed."""
    name = {"call_signature": "()", "construct_signature": "new", "index_signature": "[]"}[node.type]
    kind = SymbolKind.PROPERTY if node.type == "index_signature" else SymbolKind.FUNCTION
    type_ = source.written(node.child_by_field_name("type") or node.child_by_field_name("return_type")).lstrip(": ")
    return Found(name, kind, source.signature(node.start_byte, node.end_byte), type=type_)


def _import_alias(node: tree_sitter.Node, source: Source) -> Found | None:
    name, target = source.name(nth(node, 0)), source.name(nth(node, -1))
    return Found(name, SymbolKind.ALIAS, source.signature(node.start_byte, node.end_byte), target=target)


def _signatures(node_type: str) -> tuple[str, ...]:
    return (f"(interface_body ({node_type}) @definition)",)


_DECLARED = (
    "(ambient_declaration [(lexical_declaration (variable_declarator) @definition)"
    " (variable_declaration (variable_declarator) @definition)])"
)
_IN_NAMESPACE = (
    "(internal_module body: (statement_block [(lexical_declaration (variable_declarator) @definition)"
    " (variable_declaration (variable_declarator) @definition)]))"
)
_PAIR = javascript.DEFINITIONS["pair"]
_CONSTANT_OBJECTS = (
    "(variable_declarator value: (as_expression (object (pair) @definition)))",
    "(variable_declarator value: (satisfies_expression (as_expression (object (pair) @definition))))",
)
_VARIABLES = javascript.DEFINITIONS["variable_declarator"]

TABLE = replace(
    javascript.TABLE,
    name="typescript",
    grammar="typescript",
    entry="language_typescript",
    definitions={
        **javascript.DEFINITIONS,
        "variable_declarator": replace(_VARIABLES, patterns=(*_VARIABLES.patterns, _DECLARED, _IN_NAMESPACE)),
        "public_field_definition": javascript.FIELD,
        "pair": replace(_PAIR, patterns=(*_PAIR.patterns, *_CONSTANT_OBJECTS)),
        "property_signature": Definition(
            SymbolKind.FIELD,
            patterns=(
                "(interface_body (property_signature) @definition)",
                "(type_alias_declaration value: (object_type (property_signature) @definition))",
                "(type_alias_declaration value: (intersection_type (object_type (property_signature) @definition)))",
            ),
            describe=field,
        ),
        "enum_assignment": Definition(SymbolKind.VARIANT, describe=_enum_value),
        "property_identifier": Definition(
            SymbolKind.VARIANT, patterns=("(enum_body name: (property_identifier) @definition)",), describe=_enum_value
        ),
        "index_signature": Definition(SymbolKind.PROPERTY, patterns=_signatures("index_signature"), describe=_unnamed),
        "call_signature": Definition(SymbolKind.FUNCTION, patterns=_signatures("call_signature"), describe=_unnamed),
        "construct_signature": Definition(
            SymbolKind.FUNCTION, patterns=_signatures("construct_signature"), describe=_unnamed
        ),
        "import_alias": Definition(SymbolKind.ALIAS, describe=_import_alias),
        "abstract_class_declaration": Definition(SymbolKind.CLASS),
        "interface_declaration": Definition(SymbolKind.INTERFACE),
        "enum_declaration": Definition(SymbolKind.ENUM),
        "type_alias_declaration": Definition(SymbolKind.TYPE, body=""),
        "internal_module": Definition(SymbolKind.MODULE),
        "module": Definition(SymbolKind.MODULE, describe=_module),
        "function_signature": Definition(SymbolKind.FUNCTION, describe=_declared_beside),
        "method_signature": Definition(
            SymbolKind.FUNCTION,
            patterns=(
                "(interface_body (method_signature) @definition)",
                "(type_alias_declaration value: (object_type (method_signature) @definition))",
                "(class_body (method_signature) @definition)",
            ),
            describe=method,
        ),
        "abstract_method_signature": Definition(SymbolKind.FUNCTION, describe=method),
    },
    markers=(*MARKERS, *NAMESPACES),
    wrappers=("export_statement", "ambient_declaration"),
    parameters=ParameterStyle.NAME_FIRST,
)
