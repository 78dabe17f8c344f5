"""C's declarators: the name at their bottom, and what they say of types."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.structure.source import Source, nth
from agents.contracts.structure import Parameter

_NAMES = frozenset(
    {"identifier", "field_identifier", "type_identifier", "qualified_identifier", "destructor_name", "operator_name"}
    | {"operator_cast", "template_function"}
    | {"primitive_type"}  # `typedef signed char int8_t;`, which only defines what the grammar knows
)
_DEEPEST = 40
_STORAGE = re.compile(
    r"(?:\bexplicit\s*\((?:[^()]|\([^()]*\))*\)|\b(?:static|extern|register|inline|constexpr|consteval|constinit|thread_local|mutable|typedef|virtual|explicit"
    r"|friend|export|_Noreturn|_Thread_local|__inline|__extension__)\b|\[\[[^\[\]]*\]\]|__attribute__\s*\(\([^()]*(?:\([^()]*\)[^()]*)*\)\)"
    r"|__declspec\([^()]*\))\s*"
)
#: A macro before a type: `LIBRARY_API const char *`, not `LIBRARY_TYPE const *` nor `struct LIBRARY_TYPE`.
_MACRO = re.compile(
    r"(?<!struct )(?<!union )(?<!enum )\b[A-Z][A-Z0-9]*_[A-Z0-9_]*\s+"
    r"(?=(?:(?:const|volatile|struct|union|enum)\s+)*(?!(?:const|volatile|restrict)\b)[A-Za-z_])"
)
#: A calling convention behind one: `void LIBRARY_CALL`.
_CALLING = re.compile(
    r"(?<=[\w*>])\s+[A-Z][A-Z0-9]*_[A-Z0-9_]*\Z"
    r"|(?:(?<=\bvoid)|(?<=\bint)|(?<=\bchar)|(?<=\blong)|(?<=\bshort)|(?<=\bfloat)|(?<=\bdouble)|(?<=\*))\s+[A-Z][A-Z0-9]{2,}\Z"
)
#: A macro around a name (see macro_names): what stands before the name, and the same around a pointer without it.
_AROUND_NAME = re.compile(r"\s+[A-Z][A-Z0-9_]+\s*\(\s*\Z")
POINTED_BY_MACRO = re.compile(r"\A[A-Z][A-Z0-9_]+\s*\(\s*\)\s*\(")


def declared(declarator: tree_sitter.Node | None) -> tuple[tree_sitter.Node | None, bool]:
    """The name at the bottom of a declarator, and whether it is a function that is declared."""
    part = declarator
    is_function = False
    pointed = False
    for _ in range(_DEEPEST):
        if part is None or part.type in _NAMES:
            return part, is_function or _converts(part)
        if part.type == "function_declarator":
            is_function = True
        elif part.type == "parenthesized_declarator":
            pointed = True
        inner = part.child_by_field_name("declarator")
        if inner is None:
            inner = next(
                (child for child in part.named_children if child.type in _NAMES or "declarator" in child.type), None
            )
        if pointed and part.type == "pointer_declarator":
            is_function = False
        part = inner
    return None, False


def _converts(part: tree_sitter.Node | None) -> bool:
    """Whether a name is a conversion's, `operator T` or `A::operator T`, which has no declarator of a function."""
    while part is not None and part.type == "qualified_identifier":
        part = part.child_by_field_name("name")
    return part is not None and part.type == "operator_cast"


def returned(head: str, declarator: tree_sitter.Node | None, source: Source) -> str:
    """What a function returns: what stands before its name, or behind its arrow, without the words that are no type."""
    head = _AROUND_NAME.sub("", head)
    while declarator is not None and declarator.type in _AROUND_FUNCTION:
        declarator = declarator.child_by_field_name("declarator") or nth(declarator, -1)
    if declarator is None:
        return plain_type(head)
    trailing = next((child for child in declarator.named_children if child.type == "trailing_return_type"), None)
    if trailing is not None:
        return source.written(trailing).lstrip("-> ")
    inner = declarator.child_by_field_name("declarator")
    if inner is not None and inner.type == "parenthesized_declarator" and re.search(r"\(\s*[*&^]\s*\Z", head):
        # A pointer to a function: `int (*handler(int signal))(char *)` returns `int (*)(char *)`.
        return plain_type(f"{head})") + source.written(declarator.child_by_field_name("parameters"))
    return plain_type(head.rpartition(")")[2] if head.startswith("__attribute__") else head).strip(" (")


_AROUND_FUNCTION = frozenset({"pointer_declarator", "reference_declarator"})


def plain_type(words: str) -> str:
    """A type as written without words that say how something is stored, and without macros before it."""
    return _CALLING.sub("", _MACRO.sub("", _STORAGE.sub("", words)).strip())


def old_parameters(node: tree_sitter.Node, source: Source) -> Iterator[tuple[Parameter, str]]:
    """The parameters of a function in the form of before 1989, which declares them behind its list, as of today."""
    for declaration in node.named_children:
        declarators = declaration.children_by_field_name("declarator") if declaration.type == "declaration" else []
        for declarator in declarators:
            head = plain_type(source.signature(declaration.start_byte, declarators[0].start_byte))
            named, _ = declared(declarator)
            name, written = source.name(named), source.written(declarator)
            type_ = f"{head} {written.replace(name, '', 1)}".strip()
            yield Parameter(name=name, type=type_), f"{head} {written}"
