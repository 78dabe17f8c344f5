"""C: declarators hide the name; `static` is private; a header's prototypes are symbols as well."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.structure.language import Definition, Found, Imported, Inside, LanguageTable, Seen, head_end
from agents.codebase.structure.languages.c_declarators import (
    POINTED_BY_MACRO,
    declared,
    old_parameters,
    plain_type,
    returned,
)
from agents.codebase.structure.parameters import ParameterStyle
from agents.codebase.structure.source import Source, nth, shown_value
from agents.contracts.structure import Parameter, SymbolKind

_STATIC = re.compile(r"\bstatic\b")
_GUARD = re.compile(r"_+H(?:PP|XX|H)?_*$|_INCLUDED_*$")
_CONVERTS = re.compile(r"(?:.*::\s*)?operator")
_LONGEST_VALUE = 80
_BEHIND_HEAD = frozenset({"field_initializer_list", "try_statement", "constructor_try_statement"})
_LONGEST_ARGUMENTS = 80


def function(node: tree_sitter.Node, source: Source) -> Found | None:
    """A function with a body."""
    declarator = node.child_by_field_name("declarator")
    named, is_function = declared(declarator)
    if named is None or not is_function:
        return None
    if test := _test(node, named, source):
        return test
    ends = [child.start_byte for child in node.children if child.type in _BEHIND_HEAD]
    signature = source.signature(node.start_byte, min([head_end(node), *ends]))
    type_node = node.child_by_field_name("type")
    name = _name(source.written(named))
    if type_node is not None and _CONVERTS.fullmatch(conversion := source.written(type_node)):
        # To the grammar `day::operator unsigned() const { … }` is a function of a primitive type's name.
        return Found(_name(f"{conversion} {name}"), SymbolKind.METHOD, signature)
    kind = SymbolKind.METHOD if "." in name else SymbolKind.FUNCTION
    head = source.signature(node.start_byte, named.start_byte)
    old = {parameter.name: (parameter, written) for parameter, written in old_parameters(node, source)}
    if old:  # a prototype says the same, in the order of the list
        listed = list(re.findall(r"\w+", signature[len(head) :].partition("(")[2].partition(")")[0]))
        signature = f"{head} {source.name(named)}({', '.join(old[n][1] if n in old else f'int {n}' for n in listed)})"
        parameters = tuple(old[n][0] if n in old else Parameter(name=n, type="int") for n in listed)
        return Found(name, kind, signature, type=returned(head, declarator, source), parameters=parameters)
    return Found(name, kind, signature, type=returned(head, declarator, source))


def _name(written: str) -> str:
    """A declared name with dots for `::`; an operator keeps its sign, and a template loses its arguments."""
    scope, operator, sign = written.partition("operator")
    if operator and not re.match(r"\w", sign) and (not scope or scope.endswith(("::", " "))):
        converted = re.match(r"\s+[\w:]", sign)
        sign = " " + re.sub(r"\s*\(.*", "", sign).strip() if converted else sign.strip()
        scope = _dotted(without_arguments(scope).rpartition(" ")[2])
        return f"{scope}{'.' if scope else ''}operator{sign}"
    # Where the grammar stumbled over a word that it took for a type, the last one is the name.
    return _dotted(without_arguments(written)).rpartition(" ")[2]


def _dotted(name: str) -> str:
    return name.replace("::", ".").strip(".")


def without_arguments(name: str) -> str:
    """A name without its templates' arguments."""
    while name != (shorter := re.sub(r"\s*<[^<>]*>", "", name)):
        name = shorter
    return name


def with_arguments(name: str) -> str:
    """A specialisation's name: dots between its owners, and its arguments as they are written where they are short."""
    bare, bracket, arguments = name.partition("<")
    if len(arguments) > _LONGEST_ARGUMENTS or "." in arguments.replace("...", ""):
        arguments = "…>"
    return f"{_dotted(bare).strip()}{bracket}{arguments.replace('>::', '>.').replace('...', '…')}"


def _test(node: tree_sitter.Node, named: tree_sitter.Node, source: Source) -> Found | None:
    """`TEST(Suite, Case) { … }`: the macro's arguments are the name."""
    macro = source.name(named)
    if node.type != "function_definition" or node.child_by_field_name("type") is not None or not macro.isupper():
        return None
    end = head_end(node)
    arguments = re.fullmatch(
        r"\s*\(\s*(\w+)\s*,\s*(\w+)\s*\)\s*", source.span(named.end_byte, min(end, named.end_byte + 300))
    )
    if arguments is None:
        return None
    return Found(
        f"{arguments.group(1)}.{arguments.group(2)}", SymbolKind.FUNCTION, source.signature(node.start_byte, end)
    )


def declaration(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    """The prototypes, constants, variables or fields of one declaration, each with its own declarator."""
    declarators = node.children_by_field_name("declarator")
    if not declarators:
        return
    type_node = node.child_by_field_name("type")
    body = type_node.child_by_field_name("body") if type_node is not None else None
    head = source.signature(node.start_byte, body.start_byte if body is not None else declarators[0].start_byte)
    if head in {"import", "module", "export module", "export import"}:
        return
    tag = source.name(type_node.child_by_field_name("name")) if type_node is not None else ""
    owns = Inside.OWNER if body is not None and not tag else Inside.PASSED
    for number, declarator in enumerate(declarators):
        named, is_function = declared(declarator)
        if named is None or (name := _name(source.written(named))) == "":
            continue
        if body is not None and tag and named is declarator and name.isupper():
            continue  # `enum kind { … } LIBRARY_PACKED;` ends with a macro
        place = declarator if number else None
        inner = declarator.child_by_field_name("declarator") if declarator.type == "init_declarator" else declarator
        written = source.written(inner)
        signature = f"{head} {written}" if head else written
        if is_function:
            kind = SymbolKind.METHOD if "." in name else SymbolKind.FUNCTION
            if len(declarators) == 1:
                signature = source.signature(node.start_byte, node.end_byte)
            before = f"{head} {source.signature(declarator.start_byte, named.start_byte)}"
            result = returned(before, declarator, source)
            yield Found(name, kind, signature, type=result, node=place, once=True)
            continue
        value = declarator.child_by_field_name("value") or (
            node.child_by_field_name("default_value") if not number else None
        )
        value_text = source.value(value)
        constant = re.search(r"\bconst(?:expr)?\b", head) is not None and bool(value)
        kind = SymbolKind.CONSTANT if constant and "*" not in written else SymbolKind.VARIABLE
        if node.type == "field_declaration":
            kind = SymbolKind.CONSTANT if constant and "static" in head else SymbolKind.FIELD
        bits = declarator.next_sibling
        if bits is not None and bits.type == "ERROR":  # to the grammar a field of bits has no value
            bits = nth(bits, 0)
        width = f" {source.written(bits)}" if bits is not None and bits.type == "bitfield_clause" else ""
        unnamed = POINTED_BY_MACRO.sub("(*)(", written.replace(source.name(named), "", 1).strip())
        type_ = f"{plain_type(head)} {unnamed}".strip() + width
        signature += width
        signature += f" = {value_text}" if value_text and value_text != "…" else ""
        yield Found(name, kind, signature, type=type_, default=value_text, node=place, inside=owns, once=True)


def _enumerator(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name"))
    value_text = source.written(node.child_by_field_name("value"))
    value_text = value_text if len(value_text) <= _LONGEST_VALUE else "…"
    return Found(name, SymbolKind.VARIANT, f"{name} = {value_text}" if value_text else name, default=value_text)


def composite(kind: SymbolKind) -> Definition:
    """A struct, union, enum or class with a body; without one it is only mentioned."""

    def describe(node: tree_sitter.Node, source: Source) -> Found | None:
        name = with_arguments(source.written(node.child_by_field_name("name")))
        body = node.child_by_field_name("body")
        if not name or body is None or _is_typedefs(node):
            return None
        return Found(name, kind, source.signature(node.start_byte, body.start_byte), once=True)

    return Definition(kind, describe=describe)


def _is_typedefs(node: tree_sitter.Node) -> bool:
    """Whether a tag is another name of what a typedef around it is known by."""
    parent = node.parent
    if parent is None or parent.type != "type_definition":
        return False
    named, _ = declared(parent.child_by_field_name("declarator"))
    tag = node.child_by_field_name("name")
    return named is not None and tag is not None and named.text != tag.text


def _typedef(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    of = node.child_by_field_name("type")
    body = of.child_by_field_name("body") if of is not None else None
    for number, declarator in enumerate(node.children_by_field_name("declarator")):
        named, _ = declared(declarator)
        name = source.name(named)
        place = declarator if number else None
        if not name:
            continue
        if of is None or body is None:
            signature = source.signature(node.start_byte, node.end_byte)
            yield Found(name, SymbolKind.TYPE, signature, node=place, inside=Inside.NOTHING, once=True)
        elif source.name(of.child_by_field_name("name")) != name:
            head = source.signature(node.start_byte, body.start_byte)
            direct = declarator.type == "type_identifier"
            kind = SymbolKind.ENUM if of.type == "enum_specifier" else SymbolKind.STRUCT
            kind = kind if direct else SymbolKind.TYPE
            yield Found(name, kind, f"{head} {source.written(declarator)}", node=place)


def _macro(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name"))
    value = node.child_by_field_name("value")
    if value is None or _is_guard(node, name, source):
        return None
    kind = SymbolKind.MACRO if node.type == "preproc_function_def" else SymbolKind.CONSTANT
    head = source.signature(node.start_byte, value.start_byte).rstrip("\\ ")
    written = source.name(value)
    value_text = shown_value(written, name).strip("…") if kind is SymbolKind.CONSTANT else ""
    return Found(name, kind, f"{head} {value_text}" if value_text else head, default=value_text, once=True)


def _is_guard(node: tree_sitter.Node, name: str, source: Source) -> bool:
    """Whether a macro is defined because the line above checks that it is not, for more than its own definition."""
    if re.match(rb"\s*#[ \t]*endif\b", source.data[node.end_byte : node.end_byte + 100]):
        return False
    above = source.data[max(0, node.start_byte - 300) : node.start_byte]
    guard = re.search(rb"#[ \t]*(?:ifndef[ \t]+|if[ \t]+!\s*defined[ \t(]*)(\w+)[^\n]*\s*\Z", above)
    return guard is not None and guard.group(1) == name.encode() and _GUARD.search(name) is not None


def read_import(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    """`#include`: the header's path without its quotes."""
    yield source.name(node.child_by_field_name("path")).strip('<>"'), ()


def _is_public(seen: Seen) -> bool:
    return seen.scope is not None or not _STATIC.search(seen.signature.split("(")[0])


DEFINITIONS = {
    "function_definition": Definition(SymbolKind.FUNCTION, describe=function),
    "struct_specifier": composite(SymbolKind.STRUCT),
    "union_specifier": composite(SymbolKind.STRUCT),
    "enum_specifier": composite(SymbolKind.ENUM),
    "type_definition": Definition(SymbolKind.TYPE, describe=_typedef),
    "enumerator": Definition(SymbolKind.VARIANT, describe=_enumerator),
    "declaration": Definition(SymbolKind.VARIABLE, describe=declaration),
    "field_declaration": Definition(SymbolKind.FIELD, describe=declaration),
    "preproc_def": Definition(SymbolKind.CONSTANT, describe=_macro),
    "preproc_function_def": Definition(SymbolKind.MACRO, describe=_macro),
}

TABLE = LanguageTable(
    name="c",
    grammar="c",
    definitions=DEFINITIONS,
    imports=("(preproc_include) @import",),
    read_import=read_import,
    public=_is_public,
    calls=("(call_expression function: (_) @call)",),
    parameters=ParameterStyle.TYPE_FIRST,
)
