"""Go: methods belong to their receiver's type; a capital letter is public."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.structure.documentation import NOTHING, Doc, of_comment
from agents.codebase.structure.language import Definition, Found, Imported, Inside, LanguageTable
from agents.codebase.structure.parameters import ParameterStyle
from agents.codebase.structure.source import Source
from agents.contracts.structure import SymbolKind

_RECEIVER = re.compile(r"([^\W\d]\w*)\s*(?:\[[^\[\]]*\])?\s*\)$")
_TYPE_KINDS = {"struct_type": SymbolKind.STRUCT, "interface_type": SymbolKind.INTERFACE}


def _method(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name"))
    receiver = _RECEIVER.search(source.name(node.child_by_field_name("receiver")))
    body = node.child_by_field_name("body")
    signature = source.signature(node.start_byte, body.start_byte if body is not None else node.end_byte)
    qualified = f"{receiver.group(1)}.{name}" if receiver else name
    type_ = source.written(node.child_by_field_name("result"))
    public = _public(name) and (receiver is None or _public(receiver.group(1)))
    return Found(qualified, SymbolKind.METHOD, signature, public=public, type=type_)


def _type(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name"))
    of = node.child_by_field_name("type")
    kind = _TYPE_KINDS.get(of.type if of is not None else "", SymbolKind.TYPE)
    end = node.end_byte
    if of is not None and kind is not SymbolKind.TYPE:
        end = of.start_byte + len("struct" if kind is SymbolKind.STRUCT else "interface")
    return Found(name, kind, f"type {source.signature(node.start_byte, end)}", public=name[:1].isupper())


def _values(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    """The constants or variables of one specification, of which each may have a value of its own."""
    word = node.type.removesuffix("_spec")
    type_ = source.written(node.child_by_field_name("type"))
    value = node.child_by_field_name("value")
    values = value.named_children if value is not None else []
    names = [child for child in node.children_by_field_name("name") if child.type == "identifier"]
    repeated = type_ if type_ or values or word == "var" else _type_above(node, source)
    for number, named in enumerate(names):
        name = source.name(named)
        if name == "_":
            continue
        value_text = source.value(values[number]) if len(values) == len(names) else "…" if values else ""
        kind = SymbolKind.CONSTANT if word == "const" or name[:1].isupper() else SymbolKind.VARIABLE
        signature = " ".join(part for part in (word, name, type_) if part) + (f" = {value_text}" if value_text else "")
        place = named if number else None
        yield Found(
            name,
            kind,
            signature,
            public=_public(name),
            type=repeated,
            default=value_text,
            node=place,
            inside=Inside.NOTHING,
        )


def _type_above(node: tree_sitter.Node, source: Source) -> str:
    """The type of a constant without a value: it repeats the specification above it, as with `iota`."""
    for _ in range(_MOST_REPEATED):
        before = node.prev_named_sibling
        if before is None:
            return ""
        node = before
        if node.type == "const_spec" and node.child_by_field_name("value") is not None:
            return source.written(node.child_by_field_name("type"))
    return ""


_MOST_REPEATED = 100


def _of_group(node: tree_sitter.Node, source: Source) -> tuple[Doc, tree_sitter.Node] | None:
    """What stands above a group of declarations: it is said of each type without a comment, and of the first value."""
    if node.type not in _IN_GROUPS or node.parent is None:
        return None
    group = node.parent.parent if node.parent.type == "var_spec_list" else node.parent
    if group is None or group.type not in _GROUPS or group.start_point[0] == node.start_point[0]:
        return None
    before, behind = node.prev_sibling, node.next_named_sibling
    is_type = node.type.startswith("type_")
    if before is None or (not is_type and before.type not in {"(", "comment"}):
        return None
    if before.type == "comment" and before.end_point[0] == node.start_point[0] - 1 and not _is_behind(before):
        return None
    if not is_type and behind is not None and _is_behind(behind) and behind.start_point[0] == node.end_point[0]:
        return None
    first, comments = group, list[str]()
    while (above := first.prev_sibling) is not None and above.type == "comment":
        if above.end_point[0] != first.start_point[0] - 1 or len(comments) >= _MOST_REPEATED:
            break
        comments.append(source.text(above, _LONGEST_COMMENT))
        first = above
    doc = of_comment("\n".join(reversed(comments)), "go") if comments else NOTHING
    return (doc, node) if doc.says else None


def _is_behind(comment: tree_sitter.Node) -> bool:
    """Whether a comment stands behind code on its line."""
    before = comment.prev_sibling
    return comment.type == "comment" and before is not None and before.end_point[0] == comment.start_point[0]


_IN_GROUPS = frozenset({"type_spec", "type_alias", "const_spec", "var_spec"})
_GROUPS = frozenset({"type_declaration", "const_declaration", "var_declaration"})
_LONGEST_COMMENT = 20_000


def _fields(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    """A struct's fields; an embedded type is a field of its own name."""
    of = node.child_by_field_name("type")
    type_ = source.written(of)
    tag = node.child_by_field_name("tag")
    tags = (source.written(tag),) if tag is not None else ()
    inside = Inside.OWNER if of is not None and of.type == "struct_type" else Inside.NOTHING
    named = node.children_by_field_name("name")
    if not named:
        whole = source.signature(node.start_byte, tag.start_byte if tag is not None else node.end_byte)
        name = re.split(r"[\[{]", whole.lstrip("*"))[0].rpartition(".")[2].strip()
        yield Found(name, SymbolKind.FIELD, whole, type=whole, decorators=tags)
    for number, identifier in enumerate(child for child in named if child.type == "field_identifier"):
        name = source.name(identifier)
        yield Found(
            name,
            SymbolKind.FIELD,
            f"{name} {type_}" if inside is Inside.NOTHING else f"{name} struct",
            type=type_ if inside is Inside.NOTHING else "struct",
            decorators=tags,
            node=identifier if number else None,
            inside=inside,
        )


def _embedded(node: tree_sitter.Node, source: Source) -> Found | None:
    """An interface that another one embeds."""
    whole = source.written(node)
    if not re.fullmatch(r"\*?[\w.]+(?:\[.*\])?", whole):
        return None
    name = whole.lstrip("*").split("[")[0].rpartition(".")[2]
    return Found(name, SymbolKind.FIELD, whole, type=whole)


def _public(name: str) -> bool:
    return name[:1].isupper()


def _imports(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    alias = node.child_by_field_name("name")
    yield source.name(node.child_by_field_name("path")).strip('"`'), (source.name(alias),) if alias is not None else ()


TABLE = LanguageTable(
    name="go",
    grammar="go",
    definitions={
        "function_declaration": Definition(SymbolKind.FUNCTION),
        "method_declaration": Definition(SymbolKind.METHOD, describe=_method),
        "type_spec": Definition(SymbolKind.TYPE, describe=_type),
        "type_alias": Definition(SymbolKind.TYPE, describe=_type),
        "method_elem": Definition(
            SymbolKind.FUNCTION,
            # Not those of a constraint in a list of type parameters.
            patterns=tuple(
                f"({of} type: (interface_type (method_elem) @definition))" for of in ("type_spec", "type_alias")
            ),
        ),
        "const_spec": Definition(
            SymbolKind.CONSTANT,
            patterns=("(source_file (const_declaration (const_spec) @definition))",),
            describe=_values,
        ),
        "var_spec": Definition(
            SymbolKind.VARIABLE,
            patterns=(
                "(source_file (var_declaration (var_spec) @definition))",
                "(source_file (var_declaration (var_spec_list (var_spec) @definition)))",
            ),
            describe=_values,
        ),
        "field_declaration": Definition(
            SymbolKind.FIELD,
            patterns=("(struct_type (field_declaration_list (field_declaration) @definition))",),
            describe=_fields,
        ),
        "type_elem": Definition(
            SymbolKind.FIELD,
            patterns=("(type_spec type: (interface_type (type_elem) @definition))",),
            describe=_embedded,
        ),
    },
    imports=("(import_spec) @import",),
    read_import=_imports,
    public=lambda seen: seen.name[:1].isupper(),
    calls=("(call_expression function: (_) @call)",),
    parameters=ParameterStyle.GO,
    docstring=_of_group,
)
