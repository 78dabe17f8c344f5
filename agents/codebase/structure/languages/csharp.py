"""C#: XML doc comments, properties, records; public or protected where it says so, and in interfaces."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.structure.language import Definition, Found, Imported, Inside, LanguageTable, Seen, head_end
from agents.codebase.structure.parameters import ParameterStyle
from agents.codebase.structure.source import Source, nth
from agents.contracts.structure import SymbolKind

_PUBLIC = re.compile(r"\bpublic\b|(?<!\bprivate )\bprotected\b(?! private\b)")
_HIDDEN = re.compile(r"\b(?:private|internal)\b")
_END_OF_MODIFIERS = re.compile(r"[(={]")


def _method(node: tree_sitter.Node, source: Source) -> Found | None:
    """A method's signature ends at its block or its arrow; its base or this call is left out."""
    name = source.name(node.child_by_field_name("name"))
    ends = [
        child.start_byte
        for child in node.children
        if child.type in {"arrow_expression_clause", "constructor_initializer"}
    ]
    signature = source.signature(node.start_byte, min([head_end(node), *ends]))
    name = f"~{name}" if node.type == "destructor_declaration" else name.removeprefix("@")
    public = True if node.type == "local_function_statement" else None
    returned = node.child_by_field_name("returns") or node.child_by_field_name("type")
    return Found(name, SymbolKind.FUNCTION, signature, public=public, type=source.written(returned))


def _fields(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    """The names of a field or of an event without accessors."""
    variable = next((child for child in node.named_children if child.type == "variable_declaration"), None)
    declarators = (
        [child for child in variable.named_children if child.type == "variable_declarator"] if variable else []
    )
    if variable is None or not declarators:
        return
    type_ = source.written(variable.child_by_field_name("type"))
    head = source.signature(node.start_byte, declarators[0].start_byte)
    constant = re.search(r"\bconst\b|\bstatic\b.*\breadonly\b", head)
    kind = SymbolKind.CONSTANT if constant else SymbolKind.FIELD
    if node.type == "event_field_declaration":
        kind = SymbolKind.EVENT
    for number, declarator in enumerate(declarators):
        name = source.name(declarator.child_by_field_name("name"))
        value = nth(declarator, -1) if declarator.named_child_count > 1 else None
        size = source.written(value) if value is not None and value.type == "bracketed_argument_list" else ""
        value_text = "" if size else source.value(value)
        signature = f"{head} {name}{size} = {value_text}" if value_text else f"{head} {name}{size}"
        name = name.removeprefix("@")
        place = declarator if number else None
        yield Found(name, kind, signature, type=type_, default=value_text, node=place, inside=Inside.NOTHING)


def _property(node: tree_sitter.Node, source: Source) -> Found | None:
    """A property, an indexer or an event with accessors; a value after it is its default."""
    accessors = node.child_by_field_name("accessors")
    value = node.child_by_field_name("value")
    ends = [part.start_byte for part in (accessors, value) if part is not None]
    named = node.child_by_field_name("name")
    name = source.name(named).removeprefix("@") or "this[]"
    kind = SymbolKind.EVENT if node.type == "event_declaration" else SymbolKind.PROPERTY
    type_ = source.written(node.child_by_field_name("type"))
    how = [_accessor(child, source) for child in accessors.named_children] if accessors else ["get"]
    value_text = source.value(value) if value is not None and value.type != "arrow_expression_clause" else ""
    signature = source.signature(node.start_byte, min(ends, default=node.end_byte))
    present = tuple(accessor for accessor in how if accessor)
    return Found(name, kind, signature, type=type_, default=value_text, accessors=present)


def _accessor(node: tree_sitter.Node, source: Source) -> str:
    """`get`, or `private set` where fewer may use it than the property."""
    name = node.child_by_field_name("name")
    hidden = [source.text(child) for child in node.named_children if child.type == "modifier"]
    words = [word for word in hidden if word in {"private", "protected", "internal"}]
    return " ".join([*words, source.name(name)]) if name is not None else ""


def _operator(node: tree_sitter.Node, source: Source) -> Found | None:
    """`operator +`, or a conversion to a type."""
    sign = node.child_by_field_name("operator")
    what = source.name(sign if sign is not None else node.child_by_field_name("type"))
    space = " " if sign is None or what.isalpha() else ""  # `operator true`
    method = _method(node, source)
    type_ = source.written(node.child_by_field_name("type"))
    return Found(f"operator{space}{what}", SymbolKind.FUNCTION, method.signature if method else "", type=type_)


def _delegate(node: tree_sitter.Node, source: Source) -> Found | None:
    """The type of functions, with what they return."""
    signature = source.signature(node.start_byte, node.end_byte)
    returned = source.written(node.child_by_field_name("type"))
    return Found(source.name(node.child_by_field_name("name")), SymbolKind.TYPE, signature, type=returned)


def _enum_value(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name"))
    value_text = source.written(node.child_by_field_name("value"))
    return Found(name, SymbolKind.VARIANT, f"{name} = {value_text}" if value_text else name, default=value_text)


def _component(node: tree_sitter.Node, source: Source) -> Found | None:
    """What a record declares in its head."""
    name = source.name(node.child_by_field_name("name"))
    type_ = source.written(node.child_by_field_name("type"))
    signature = source.signature(node.start_byte, node.end_byte)
    return Found(name, SymbolKind.PROPERTY, signature, public=True, type=type_, inside=Inside.NOTHING)


def _alias(node: tree_sitter.Node, source: Source) -> Found | None:
    """`using Num = System.Int32`."""
    name = node.child_by_field_name("name")
    if name is None:
        return None
    signature = source.signature(node.start_byte, node.end_byte)
    public = signature.startswith("global ")
    return Found(source.name(name), SymbolKind.ALIAS, signature, public=public, target=source.written(nth(node, -1)))


def _imports(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    alias = node.child_by_field_name("name")
    target = nth(node, -1)
    yield source.name(target), (source.name(alias),) if alias is not None else ()


def _is_public(seen: Seen) -> bool:
    modifiers = _END_OF_MODIFIERS.split(seen.signature, maxsplit=1)[0]
    if seen.scope is SymbolKind.INTERFACE:
        return not _HIDDEN.search(modifiers) or bool(_PUBLIC.search(modifiers))
    return bool(_PUBLIC.search(modifiers))


TABLE = LanguageTable(
    name="csharp",
    grammar="c_sharp",
    definitions={
        "class_declaration": Definition(SymbolKind.CLASS),
        "record_declaration": Definition(SymbolKind.CLASS),
        "interface_declaration": Definition(SymbolKind.INTERFACE),
        "struct_declaration": Definition(SymbolKind.STRUCT),
        "enum_declaration": Definition(SymbolKind.ENUM),
        "delegate_declaration": Definition(SymbolKind.TYPE, describe=_delegate),
        "method_declaration": Definition(SymbolKind.FUNCTION, describe=_method),
        "constructor_declaration": Definition(SymbolKind.FUNCTION, describe=_method),
        "destructor_declaration": Definition(SymbolKind.FUNCTION, describe=_method),
        "local_function_statement": Definition(
            SymbolKind.FUNCTION,
            patterns=("(global_statement (local_function_statement) @definition)",),
            describe=_method,
        ),
        "operator_declaration": Definition(SymbolKind.FUNCTION, describe=_operator),
        "conversion_operator_declaration": Definition(SymbolKind.FUNCTION, describe=_operator),
        "property_declaration": Definition(SymbolKind.PROPERTY, describe=_property),
        "indexer_declaration": Definition(SymbolKind.PROPERTY, describe=_property),
        "event_declaration": Definition(SymbolKind.EVENT, describe=_property),
        "event_field_declaration": Definition(SymbolKind.EVENT, describe=_fields),
        "field_declaration": Definition(SymbolKind.FIELD, describe=_fields),
        "enum_member_declaration": Definition(SymbolKind.VARIANT, describe=_enum_value),
        "parameter": Definition(
            SymbolKind.PROPERTY,
            patterns=("(record_declaration (parameter_list (parameter) @definition))",),
            describe=_component,
        ),
        "using_directive": Definition(
            SymbolKind.ALIAS,
            patterns=("(using_directive name: (_)) @definition",),
            describe=_alias,
        ),
    },
    imports=("(using_directive) @import",),
    read_import=_imports,
    public=_is_public,
    parameters=ParameterStyle.TYPE_FIRST,
    bracketed=True,
    calls=("(invocation_expression function: (_) @call)", "(object_creation_expression type: (_) @call)"),
    raises=("(throw_statement) @raise", "(throw_expression) @raise"),
)
