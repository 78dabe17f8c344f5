"""What a JavaScript module offers: names in `export`, and in CommonJS `module.exports` and `exports`."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.structure.language import Found, Inside
from agents.codebase.structure.source import Source, nth
from agents.contracts.structure import SymbolKind

_MODULE = re.compile(r"(?:module\.)?exports$")
_EXPORTED = re.compile(r"(?:module\.)?exports\.([\w$]+)$")
_DEFINED = re.compile(r"(?:Object\.)?(defineProperty|assign)$")
_LITERALS = frozenset({"string", "number", "true", "false", "null", "template_string", "unary_expression"})


def exports(root: tree_sitter.Node, wrappers: list[tree_sitter.Node], source: Source) -> frozenset[str] | None:
    """Names in `export {…}` and `export default name`, else in CommonJS; None for a file that exports nothing so."""
    if not wrappers:
        return frozenset(_common(root, source)) or None if b"exports" in source.data else None
    names: set[str] = set()
    for wrapper in wrappers:
        if wrapper.child_by_field_name("source") is not None:
            continue
        value = wrapper.child_by_field_name("value")
        if value is not None and value.type == "identifier":
            names.add(source.name(value))
        equals = nth(wrapper, 0)
        if equals is not None and equals.type == "identifier":  # TypeScript's `export = name`
            names.add(source.name(equals))
        declared = wrapper.child_by_field_name("declaration")
        if declared is not None:
            names.add(source.name(declared.child_by_field_name("name")))
        for clause in wrapper.named_children:
            if clause.type == "export_clause":
                names |= {source.name(part.child_by_field_name("name")) for part in clause.named_children}
    return frozenset(names)


def _common(root: tree_sitter.Node, source: Source) -> Iterator[str]:
    """Names that statements at the top of a file give to `module.exports` or `exports`, and what they are given."""
    for statement in root.named_children:
        value = nth(statement, 0) if statement.type == "expression_statement" else None
        names: list[str] = []
        while value is not None and value.type == "assignment_expression":
            left = source.name(value.child_by_field_name("left"))
            exported = _EXPORTED.match(left)
            names += [exported.group(1)] if exported else ["default"] if _MODULE.match(left) else []
            value = value.child_by_field_name("right")
        if not names or value is None:
            continue
        yield from (name for name in names if name != "default")
        if value.type == "object":
            yield from _of_object(value, source)
        elif value.type == "identifier":
            yield source.name(value)
        elif "function" in value.type or value.type in {"class", "arrow_function"}:
            yield source.name(value.child_by_field_name("name")) or "default"


def _of_object(value: tree_sitter.Node, source: Source) -> Iterator[str]:
    for part in value.named_children:
        if part.type == "shorthand_property_identifier":
            yield source.name(part)
        elif part.type in {"pair", "method_definition"}:
            yield source.name(part.child_by_field_name("key") or part.child_by_field_name("name")).strip("\"'")
            inner = part.child_by_field_name("value")
            if inner is not None and inner.type == "identifier":
                yield source.name(inner)


def given(node: tree_sitter.Node, name: str, value: tree_sitter.Node, source: Source) -> Found | None:
    """A name that a module gives to something of its own or of another module: `exports.row = line`."""
    signature = source.signature(node.start_byte, node.end_byte)
    target = source.name(value)
    if value.type == "call_expression" and target.startswith("require("):
        path = target.removeprefix("require(").partition(")")[0].strip("\"'`")
        return Found(name, SymbolKind.RE_EXPORT, signature, public=True, target=path)
    if value.type in {"identifier", "member_expression"} and target != name:
        return Found(name, SymbolKind.RE_EXPORT, signature, public=True, target=target)
    return None


def in_object(node: tree_sitter.Node, name: str, value: tree_sitter.Node, source: Source) -> Found | None:
    """What a pair of an object defines: an export, a value of an enumeration, a property of a prototype."""
    holder = node.parent.parent if node.parent is not None else None
    if holder is None or not name:
        return None
    if holder.type == "assignment_expression":
        left = source.name(holder.child_by_field_name("left"))
        if _MODULE.search(left):
            written = source.value(value)
            return given(node, name, value, source) or (
                Found(name, SymbolKind.VARIABLE, f"{name}: {written}", default=written)
                if value.type in _LITERALS
                else None
            )
        return Found(name, SymbolKind.FIELD, f"{name}: {source.value(value)}", default=source.value(value))
    if value.type in _LITERALS and is_enumeration(holder, source):
        written = source.written(value)
        return Found(name, SymbolKind.VARIANT, f"{name} = {written}", default=written)
    above = node.prev_named_sibling
    if above is not None and above.type == "comment" and source.data.startswith(b"/**", above.start_byte):
        written = source.value(value)
        return Found(name, SymbolKind.FIELD, f"{name}: {written}", default=written)
    return None


def is_enumeration(holder: tree_sitter.Node, source: Source) -> bool:
    """Whether an object's holder is frozen, a constant of TypeScript, or called an enumeration by its comment."""
    if holder.type == "arguments":
        return source.data.endswith(b"Object.freeze", 0, holder.start_byte)
    if holder.type == "as_expression":
        return source.data.endswith(b"const", holder.start_byte, holder.end_byte)
    above = holder.parent if holder.type == "variable_declarator" else None
    if above is not None and above.parent is not None and above.parent.type == "export_statement":
        above = above.parent
    comment = above.prev_named_sibling if above is not None else None
    return comment is not None and comment.type == "comment" and b"@enum" in (comment.text or b"")


def called(node: tree_sitter.Node, source: Source) -> Found | None:
    """`Object.defineProperty(Row.prototype, "size", …)` and the owner in `Object.assign(Row.prototype, {…})`."""
    how = _DEFINED.match(source.name(node.child_by_field_name("function")))
    arguments = node.child_by_field_name("arguments")
    first, second = (nth(arguments, 0), nth(arguments, 1)) if arguments is not None else (None, None)
    owner = re.sub(r"\.prototype$", "", source.name(first))
    if how is None or second is None or not re.fullmatch(r"[\w$.]+", owner):
        return Found("", SymbolKind.FUNCTION, "", emits=False, inside=Inside.PASSED)
    of_module = _MODULE.fullmatch(owner) is not None
    if how.group(1) == "assign":
        if of_module:
            return Found("exports", SymbolKind.CONSTANT, "", emits=False, inside=Inside.PASSED)
        return Found(owner, SymbolKind.CLASS, "", emits=False)
    name = source.name(second).strip("\"'`")
    if second.type != "string" or name.startswith("__"):
        return Found(owner, SymbolKind.CONSTANT, "", emits=False, inside=Inside.NOTHING)
    written = source.text(node)
    accessors = tuple(word for word in ("get", "set") if re.search(rf"\b{word}\s*[(:]", written))
    kind = SymbolKind.PROPERTY if accessors and not of_module else SymbolKind.VARIABLE
    full = name if of_module else f"{owner}.{name}"
    accessors = accessors if kind is SymbolKind.PROPERTY else ()
    signature = source.signature(node.start_byte, second.end_byte) + ")"
    public = True if of_module else None
    return Found(full, kind, signature, public=public, accessors=accessors, inside=Inside.NOTHING)
