"""Scala 2 and 3: Scaladoc, objects, traits; public unless it says otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import tree_sitter

from agents.codebase.structure.language import Definition, Found, Imported, Inside, LanguageTable, Seen, head_end
from agents.codebase.structure.parameters import ParameterStyle
from agents.codebase.structure.source import Source
from agents.contracts.structure import SymbolKind

_HIDDEN = re.compile(r"\bprivate\b")


def _values(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    """The names of a val or a var: one, several, or those of a pattern."""
    pattern = node.child_by_field_name("pattern") or node.child_by_field_name("name")
    value = node.child_by_field_name("value")
    type_ = source.written(node.child_by_field_name("type"))
    value_text = source.value(value)
    names = [pattern] if pattern is not None and pattern.type == "identifier" else list(_identifiers(pattern))
    head = source.signature(node.start_byte, value.start_byte if value is not None else node.end_byte)
    for number, name_node in enumerate(names):
        name = source.name(name_node)
        constant = node.type == "val_definition" and name[:1].isupper()
        kind = SymbolKind.CONSTANT if constant else SymbolKind.FIELD
        listed = pattern is not None and pattern.type == "identifiers"
        default = value_text if len(names) == 1 or listed else ""
        own = head.replace(source.name(pattern), name, 1) if listed else head
        signature = f"{own} = {default}" if default else own
        place = name_node if number else None
        yield Found(name, kind, signature, type=type_, default=default, node=place, inside=Inside.NOTHING)


def _identifiers(node: tree_sitter.Node | None) -> Iterator[tree_sitter.Node]:
    for child in node.named_children if node is not None else ():
        if child.type == "identifier":
            yield child
        elif child.type.endswith("pattern"):
            yield from _identifiers(child)


def _parameter(node: tree_sitter.Node, source: Source) -> Found | None:
    """What a class keeps of its parameters: those with val or var, and all of a case class's first list."""
    signature = source.signature(node.start_byte, node.end_byte)
    holder = node.parent.parent if node.parent is not None else None
    named = holder.child_by_field_name("name") if holder is not None else None
    first = holder.child_by_field_name("class_parameters") if holder is not None else None
    of_case = holder is not None and (
        holder.type == "full_enum_case"
        or (
            named is not None
            and node.parent == first
            and "case" in source.signature(holder.start_byte, named.start_byte).split()
        )
    )
    if not of_case and not re.search(r"\b(?:val|var)\b", signature.split(":")[0]):
        return None
    value = source.value(node.child_by_field_name("default_value"))
    type_ = source.written(node.child_by_field_name("type"))
    return Found(source.name(node.child_by_field_name("name")), SymbolKind.FIELD, signature, type=type_, default=value)


def _function(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    """A function; the head of an extension that holds it is a part of its signature."""
    around = node.parent
    if around is not None and around.type != "extension_definition":
        around = around.parent
    head = ""
    if around is not None and around.type == "extension_definition":
        lists = around.children_by_field_name("parameters")
        head = source.signature(around.start_byte, lists[-1].end_byte) + " " if lists else ""
    for described in Definition(SymbolKind.FUNCTION).descriptions(node, source):
        yield replace(described, signature=head + described.signature)


def _given(node: tree_sitter.Node, source: Source) -> Found | None:
    """A given instance, named by its type when its author left it without a name."""
    type_ = source.written(node.child_by_field_name("return_type"))
    name = source.name(node.child_by_field_name("name")) or f"given {type_}"
    signature = source.signature(node.start_byte, head_end(node)).removesuffix(" with")
    return Found(name, SymbolKind.FIELD, signature, type=type_, inside=Inside.OWNER)


def _settle(definition: Found, _decorators: tuple[str, ...], scope: SymbolKind | None) -> Found | None:
    if definition.kind is SymbolKind.FIELD and scope is None:
        return replace(definition, kind=SymbolKind.VARIABLE)
    return definition


def _is_public(seen: Seen) -> bool:
    """What a constructor's own modifier says is not said of its class."""
    return not _HIDDEN.search(_KEYWORD.split(seen.signature, maxsplit=1)[0])


_KEYWORD = re.compile(r"\b(?:class|trait|object|enum|def|val|var|type|given)\b")


def _exports(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    signature = source.signature(node.start_byte, node.end_byte)
    for target, names in _imports(node, source):
        for name in names:
            renamed = re.search(rf"[{{,]\s*{re.escape(name)}\s*(?:\bas\b|=>)\s*(\w+)", signature)
            given = renamed.group(1) if renamed else name
            if given != "_":  # `export a.{hidden as _}` leaves it out
                path = f"{target}.{name}" if "{" in signature else target
                yield Found(given, SymbolKind.RE_EXPORT, signature, target=path)


def _imports(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    written = source.text(node, 800).removeprefix("import").removeprefix("export").strip()
    for part in re.split(r",(?![^{]*\})", written):
        path, _, selected = part.strip().partition("{")
        if selected:
            names = tuple(re.split(r"\s+as\s+|=>", name)[0].strip() for name in selected.strip(" }\n").split(","))
            yield path.rstrip(". "), names
        elif path.endswith(("._", ".*")):
            yield path[:-2], ("*",)
        else:
            yield path, (path.rsplit(".", 1)[-1],)


TABLE = LanguageTable(
    name="scala",
    grammar="scala",
    definitions={
        "class_definition": Definition(SymbolKind.CLASS),
        "object_definition": Definition(SymbolKind.CLASS),
        "package_object": Definition(SymbolKind.MODULE),
        "trait_definition": Definition(SymbolKind.TRAIT),
        "enum_definition": Definition(SymbolKind.ENUM),
        "function_definition": Definition(SymbolKind.FUNCTION, describe=_function),
        "function_declaration": Definition(SymbolKind.FUNCTION, describe=_function),
        "type_definition": Definition(SymbolKind.TYPE, body=""),
        "val_definition": Definition(SymbolKind.FIELD, describe=_values),
        "var_definition": Definition(SymbolKind.FIELD, describe=_values),
        "val_declaration": Definition(SymbolKind.FIELD, describe=_values),
        "var_declaration": Definition(SymbolKind.FIELD, describe=_values),
        "class_parameter": Definition(SymbolKind.FIELD, describe=_parameter),
        "simple_enum_case": Definition(SymbolKind.VARIANT, body=""),
        "full_enum_case": Definition(SymbolKind.VARIANT, body=""),
        "given_definition": Definition(SymbolKind.FIELD, describe=_given),
        "export_declaration": Definition(SymbolKind.RE_EXPORT, describe=_exports),
    },
    imports=("(import_declaration) @import",),
    read_import=_imports,
    public=_is_public,
    settle=_settle,
    parameters=ParameterStyle.NAME_FIRST,
    calls=("(call_expression function: (_) @call)",),
    raises=("(throw_expression) @raise",),
    comments=("comment", "block_comment"),
)
