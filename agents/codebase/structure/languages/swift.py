"""Swift: `///` comments, extensions lend their type's name; `public` and `open` are public."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import tree_sitter

from agents.codebase.structure.language import Definition, Found, Imported, Inside, LanguageTable, Seen, head_end
from agents.codebase.structure.parameters import ParameterStyle
from agents.codebase.structure.source import Source, nth
from agents.contracts.structure import SymbolKind

_KINDS = {"struct": SymbolKind.STRUCT, "enum": SymbolKind.ENUM}
_PUBLIC = re.compile(r"\b(?:public|open)\b")
_HIDDEN = re.compile(r"\b(?:private|fileprivate|internal)\b")


def _class(node: tree_sitter.Node, source: Source) -> Found | None:
    """A class, actor, struct or enum; an extension only lends its name, and its `public` to what it holds."""
    name = re.split(r"[<\s]", source.name(node.child_by_field_name("name")))[0]
    word = node.child_by_field_name("declaration_kind")
    kind = _KINDS.get(source.name(word), SymbolKind.CLASS)
    signature = source.signature(node.start_byte, head_end(node))
    if source.name(word) == "extension":
        kind = SymbolKind.INTERFACE if _PUBLIC.match(signature) else SymbolKind.CLASS
        return Found(name, kind, signature, emits=False, public=not _HIDDEN.match(signature))
    return Found(name, kind, signature)


def _initialiser(node: tree_sitter.Node, source: Source) -> Found | None:
    name = "deinit" if node.type == "deinit_declaration" else "init"
    return Found(name, SymbolKind.METHOD, source.signature(node.start_byte, head_end(node)))


def _properties(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    """The names of one `let` or `var`, each with its own type and value."""
    children = node.children
    names = [child for number, child in enumerate(children) if node.field_name_for_child(number) == "name"]
    for number, pattern in enumerate(names):
        at = next(index for index, child in enumerate(children) if child == pattern)
        own = children[at + 1 : next((i for i, child in enumerate(children) if i > at and child.type == ","), None)]
        hint = next((child for child in own if child.type == "type_annotation"), None)
        start = next((index for index, child in enumerate(own) if child.type == "="), None)
        value = own[start + 1] if start is not None and start + 1 < len(own) else None
        end = value.start_byte if value is not None else (hint or pattern).end_byte
        head = source.signature(node.start_byte if not number else pattern.start_byte, end)
        head = f"{source.signature(node.start_byte, names[0].start_byte)} {head}" if number else head
        accessors = _accessors(node, head) if len(names) == 1 else ()
        bound = [pattern] if pattern.child_by_field_name("bound_identifier") else pattern.named_children
        for bound_name in bound:
            name = source.name(bound_name.child_by_field_name("bound_identifier") or nth(bound_name, 0))
            value_text = source.value(value) if len(bound) == 1 else ""
            yield Found(
                name,
                SymbolKind.PROPERTY,
                f"{head} = {value_text}" if value_text and value_text != "…" else head,
                type=source.written(hint).lstrip(": "),
                default=value_text,
                accessors=accessors,
                node=pattern if number else None,
                inside=Inside.NOTHING,
            )


_SET_BY_FEWER = re.compile(r"\b(private|fileprivate|internal|package)\(set\)")


def _accessors(node: tree_sitter.Node, head: str) -> tuple[str, ...]:
    """How a property that is computed may be used, or one that fewer may set than read."""
    fewer = _SET_BY_FEWER.search(head)
    written = f"{fewer.group(1)} set" if fewer else "set"
    computed = next((child for child in node.named_children if child.type == "computed_property"), None)
    if computed is None:
        return ("get", written) if fewer else ()
    sets = any(child.type == "computed_setter" for child in computed.named_children)
    return ("get", written) if sets else ("get",)


def _required(node: tree_sitter.Node, source: Source) -> Found | None:
    """A property that a protocol asks for."""
    named = node.child_by_field_name("name")
    name = source.name(named.child_by_field_name("bound_identifier")) if named is not None else ""
    hint = next((child for child in node.named_children if child.type == "type_annotation"), None)
    signature = source.signature(node.start_byte, node.end_byte)
    how = tuple(word for word in ("get", "set") if re.search(rf"\b{word}\b", signature.partition("{")[2]))
    type_ = source.written(hint).lstrip(": ")
    return Found(name, SymbolKind.PROPERTY, signature.partition("{")[0].strip(), type=type_, accessors=how)


def _subscript(node: tree_sitter.Node, source: Source) -> Found | None:
    body = next((child for child in node.named_children if child.type == "computed_property"), None)
    end = body.start_byte if body is not None else node.end_byte
    signature = source.signature(node.start_byte, end)
    returned = re.split(r"\bwhere\b", signature.rpartition("->")[2])[0].strip()
    accessors = _accessors(node, signature)
    return Found("subscript", SymbolKind.PROPERTY, signature, type=returned, accessors=accessors)


def _macro(node: tree_sitter.Node, source: Source) -> Found | None:
    """A macro; what it expands to stands behind its equals sign."""
    name = next((source.name(child) for child in node.named_children if child.type == "simple_identifier"), "")
    of = node.child_by_field_name("definition")
    end = of.start_byte if of is not None else node.end_byte
    return Found(name, SymbolKind.MACRO, source.signature(node.start_byte, end))


def _associated(node: tree_sitter.Node, source: Source) -> Found | None:
    """A protocol's type; the grammar does not know its conditions."""
    end = node.end_byte
    rest = source.span(end, end + 1_000).partition("\n")[0].rstrip(" }")
    end += len(rest.encode()) if rest.lstrip().startswith("where ") else 0
    return Found(source.name(node.child_by_field_name("name")), SymbolKind.TYPE, source.signature(node.start_byte, end))


def _cases(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    """The values of one `case`."""
    children = node.children
    names = [(index, child) for index, child in enumerate(children) if node.field_name_for_child(index) == "name"]
    for number, (index, name_node) in enumerate(names):
        after = children[index + 1 :]
        stop = next((child.start_byte for child in after if child.type == ","), node.end_byte)
        signature = source.signature(name_node.start_byte, stop)
        name = source.name(name_node)
        value = signature.partition("=")[2].strip() if "(" not in signature else ""
        yield Found(name, SymbolKind.VARIANT, f"case {signature}", default=value, node=name_node if number else None)


def _settle(definition: Found, _decorators: tuple[str, ...], scope: SymbolKind | None) -> Found | None:
    if definition.kind is SymbolKind.PROPERTY and scope is None:
        kind = SymbolKind.CONSTANT if re.fullmatch(r"[A-Z][A-Z0-9_]*", definition.name) else SymbolKind.VARIABLE
        return replace(definition, kind=kind)
    return definition


def _imports(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    target = next((source.name(child) for child in node.named_children if child.type == "identifier"), "")
    yield target, ()


def _is_public(seen: Seen) -> bool:
    head = re.sub(r"\b(?:private|fileprivate|internal)\(set\)", "", seen.signature).split("(")[0]
    if seen.scope is SymbolKind.INTERFACE:
        return not _HIDDEN.search(head)
    return bool(_PUBLIC.search(head))


TABLE = LanguageTable(
    name="swift",
    grammar="swift",
    definitions={
        "class_declaration": Definition(SymbolKind.CLASS, describe=_class),
        "protocol_declaration": Definition(SymbolKind.INTERFACE),
        "function_declaration": Definition(SymbolKind.FUNCTION),
        "protocol_function_declaration": Definition(SymbolKind.FUNCTION),
        "init_declaration": Definition(SymbolKind.METHOD, describe=_initialiser),
        "deinit_declaration": Definition(SymbolKind.METHOD, describe=_initialiser),
        "property_declaration": Definition(SymbolKind.PROPERTY, describe=_properties),
        "protocol_property_declaration": Definition(SymbolKind.PROPERTY, describe=_required),
        "subscript_declaration": Definition(SymbolKind.PROPERTY, describe=_subscript),
        "enum_entry": Definition(SymbolKind.VARIANT, describe=_cases),
        "macro_declaration": Definition(SymbolKind.MACRO, describe=_macro),
        "associatedtype_declaration": Definition(SymbolKind.TYPE, describe=_associated),
        "typealias_declaration": Definition(SymbolKind.TYPE, body=""),
    },
    imports=("(import_declaration) @import",),
    read_import=_imports,
    public=_is_public,
    settle=_settle,
    parameters=ParameterStyle.NAME_FIRST,
    calls=("(call_expression . (_) @call)",),
    raises=("((control_transfer_statement . (throw_keyword)) @raise)",),
    comments=("comment", "multiline_comment"),
)
