"""JavaScript's and TypeScript's members: fields, accessors, names that a pattern takes apart, re-exports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import tree_sitter

from agents.codebase.structure.language import Found, Inside, head_end
from agents.codebase.structure.source import Source, nth
from agents.contracts.structure import SymbolKind

_ACCESSOR = re.compile(r"\b(get|set)\s+[\w$#\"'\[]")
_DECLARES = re.compile(r"(?:@\S+\s+)*(?:public|private|protected|readonly|override)\s")


def unpacked(node: tree_sitter.Node, pattern: tree_sitter.Node, source: Source) -> Iterator[Found]:
    """Names that a pattern takes apart: `const { a, b: [c] } = d`."""
    if node.type != "variable_declarator" or b"require(" in source.data[pattern.end_byte : node.end_byte]:
        return
    pending = list(pattern.named_children)
    while pending:
        part = pending.pop(0)
        if part.type in {"identifier", "shorthand_property_identifier_pattern"}:
            name = source.name(part)
            yield Found(name, SymbolKind.VARIABLE, name, node=part, inside=Inside.NOTHING)
        elif part.type in {"pair_pattern", "assignment_pattern", "object_assignment_pattern"}:
            inner = part.child_by_field_name("value" if part.type == "pair_pattern" else "left")
            pending[:0] = [inner] if inner is not None else []
        elif part.type in {"object_pattern", "array_pattern", "rest_pattern"}:
            pending[:0] = part.named_children


def field(node: tree_sitter.Node, source: Source) -> Found | None:
    """A class's field, or an interface's property: its type and its value."""
    named = node.child_by_field_name("name") or node.child_by_field_name("property")
    if named is None:
        return None
    value = node.child_by_field_name("value")
    type_ = source.written(node.child_by_field_name("type")).lstrip(": ")
    value_text = source.value(value)
    head = source.signature(node.start_byte, value.start_byte if value is not None else node.end_byte)
    name = source.name(named).strip("\"'")
    following = named.next_sibling
    if name == "accessor" and following is not None and following.type == "ERROR":  # `static accessor size`
        name = source.name(following)
    return Found(
        name, SymbolKind.FIELD, f"{head} = {value_text}" if value_text else head, type=type_, default=value_text
    )


def method(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    """A method, an accessor (`get` and `set` are one property), and what a constructor declares in its list."""
    name = source.name(node.child_by_field_name("name")).strip("\"'")
    signature = source.signature(node.start_byte, head_end(node))
    type_ = source.written(node.child_by_field_name("return_type")).lstrip(": ")
    accessor = _ACCESSOR.search(signature.split("(")[0])
    if accessor:
        yield Found(name, SymbolKind.PROPERTY, signature, type=type_, accessors=(accessor.group(1),))
        return
    in_class = node.parent is not None and node.parent.type == "class_body"
    bodiless = node.type == "method_signature" and in_class
    yield Found(name, SymbolKind.FUNCTION, signature, type=type_, bodiless=bodiless)
    parameters = node.child_by_field_name("parameters")
    if name != "constructor" or parameters is None:
        return
    for child in parameters.named_children:
        written = source.signature(child.start_byte, child.end_byte)
        pattern = child.child_by_field_name("pattern")
        if pattern is not None and _DECLARES.match(written):
            value = child.child_by_field_name("value")
            hint = source.written(child.child_by_field_name("type")).lstrip(": ")
            name = source.name(pattern)
            yield Found(name, SymbolKind.FIELD, written, type=hint, default=source.value(value), node=child)


def is_of_function(left: str, source: Source) -> bool:
    """Whether a value is given to a function of the file: `quote.code = "…"` below `function quote(…)`."""
    owner, _, name = left.partition(".")
    return name.isidentifier() and owner.encode() in _functions(source.data)


@lru_cache(maxsize=1)
def _functions(data: bytes) -> frozenset[bytes]:
    return frozenset(name for names in _FUNCTION.findall(data) for name in names if name)


#: A function by its name, and one that a constant holds.
_FUNCTION = re.compile(
    rb"^(?:export[ \t]+)?(?:default[ \t]+)?(?:async[ \t]+)?function\b[ \t]*\*?[ \t]*([\w$]+)"
    rb"|^(?:export[ \t]+)?const[ \t]+([\w$]+)[ \t]*=[ \t]*(?:async\b[ \t]*)?"
    rb"(?:function\b|\([^()\n]{0,400}\)[ \t]*=>|[\w$]+[ \t]*=>)",
    re.MULTILINE,
)


def re_exports(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    """`export { x as y } from "./m"`, `export * from "./m"`, and local names that leave under another one."""
    module = source.name(node.child_by_field_name("source")).strip("\"'`")
    for part in node.children:
        if part.type == "*" and module:
            yield _handed_on("*", module, node, node, source)
        elif part.type == "namespace_export":
            yield _handed_on(source.name(nth(part, 0)), module, node, part, source)
        elif part.type == "export_clause":
            for child in part.named_children:
                name = source.name(child.child_by_field_name("name"))
                alias = source.name(child.child_by_field_name("alias")).strip("\"'")
                if module or (alias and alias not in {name, "default"}):
                    target = f"{module}#{name}" if module else name
                    yield _handed_on(alias or name, target, node, child, source)


def _handed_on(name: str, target: str, node: tree_sitter.Node, part: tree_sitter.Node, source: Source) -> Found:
    signature = source.signature(node.start_byte, node.end_byte)
    return Found(name, SymbolKind.RE_EXPORT, signature, public=True, target=target, node=part)
