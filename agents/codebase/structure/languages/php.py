"""PHP: PHPDoc, `use` and `require`; public or protected unless it says otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import tree_sitter

from agents.codebase.structure.language import Definition, Found, Imported, Inside, LanguageTable
from agents.codebase.structure.languages import php_comments as phpdoc
from agents.codebase.structure.parameters import ParameterStyle
from agents.codebase.structure.source import Source, nth
from agents.contracts.structure import SymbolKind

#: Who may write a property that others may read.
_WRITTEN_BY = re.compile(r"\b(private|protected)\(set\)")
_HIDDEN = re.compile(r"\bprivate\b")


def _constants(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    elements = [child for child in node.named_children if child.type == "const_element"]
    head = source.signature(node.start_byte, elements[0].start_byte) if elements else ""
    type_ = source.written(node.child_by_field_name("type"))
    for number, element in enumerate(elements):
        name = source.name(nth(element, 0))
        value_text = source.value(nth(element, 1)) or "…"
        place = element if number else None
        yield Found(
            name, SymbolKind.CONSTANT, f"{head} {name} = {value_text}", type=type_, default=value_text, node=place
        )


def _properties(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    """A class's properties; hooks make accessors of one."""
    type_ = source.written(node.child_by_field_name("type"))
    elements = [child for child in node.named_children if child.type == "property_element"]
    head = source.signature(node.start_byte, elements[0].start_byte) if elements else ""
    hooks = tuple(
        source.name(nth(hook, 0))
        for child in node.named_children
        if child.type == "property_hook_list"
        for hook in child.named_children
    )
    hooks = hooks or _written_by(head)
    for number, element in enumerate(elements):
        name = source.name(element.child_by_field_name("name"))
        value_text = source.value(element.child_by_field_name("default_value"))
        signature = f"{head} {name} = {value_text}" if value_text else f"{head} {name}"
        place = element if number else None
        yield Found(name, SymbolKind.PROPERTY, signature, type=type_, default=value_text, accessors=hooks, node=place)


def _promoted(node: tree_sitter.Node, source: Source) -> Found | None:
    """A constructor's parameter that is a property as well."""
    name = source.name(node.child_by_field_name("name"))
    value_text = source.value(node.child_by_field_name("default_value"))
    value = node.child_by_field_name("default_value")
    head = source.signature(node.start_byte, value.start_byte if value is not None else node.end_byte)
    type_ = source.written(node.child_by_field_name("type"))
    signature = f"{head} = {value_text}" if value_text else head
    accessors = _written_by(head)
    return Found(name, SymbolKind.FIELD, signature, type=type_, default=value_text, accessors=accessors)


def _written_by(head: str) -> tuple[str, ...]:
    """The accessors of a property that fewer may write than read."""
    fewer = _WRITTEN_BY.search(head)
    return ("get", f"{fewer.group(1)} set") if fewer else ()


def _case(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name"))
    value_text = source.written(node.child_by_field_name("value"))
    value_text = value_text if len(value_text) <= _LONGEST_VALUE else "…"
    signature = f"case {name} = {value_text}" if value_text else f"case {name}"
    return Found(name, SymbolKind.VARIANT, signature, default=value_text)


def _defined(node: tree_sitter.Node, source: Source) -> Found | None:
    """`define('NAME', value)`."""
    arguments = node.child_by_field_name("arguments")
    if arguments is None or source.name(node.child_by_field_name("function")).lower() != "define":
        return None
    name, value = nth(arguments, 0), nth(arguments, 1)
    written = source.name(name).strip("\"'")
    if not re.fullmatch(r"\w+", written):
        return None
    value_text = source.value(value) or "…"
    return Found(written, SymbolKind.CONSTANT, f"{written} = {value_text}", default=value_text)


def _type(kind: SymbolKind) -> Definition:
    """A class or the like, with the members that its comment declares: `@property int $size`, `@method go()`."""

    def describe(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
        body = node.child_by_field_name("body")
        name = source.name(node.child_by_field_name("name"))
        yield Found(name, kind, source.signature(node.start_byte, body.start_byte if body else node.end_byte))
        comment = node.prev_named_sibling
        if comment is not None and comment.type == "comment":
            text = source.text(comment, 100_000)
            if "@property" in text or "@method" in text:
                yield from (replace(member, node=comment) for member in phpdoc.members(name, text))

    return Definition(kind, describe=describe)


def _anonymous(_node: tree_sitter.Node, _source: Source) -> Found | None:
    return Found("class@anonymous", SymbolKind.CLASS, "", emits=False, inside=Inside.NOTHING)


_LONGEST_VALUE = 60
#: A promoted property stands in the constructor, and belongs to the class.
_CONSTRUCTOR = re.compile("__construct", re.IGNORECASE)


def _imports(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    if node.type != "namespace_use_declaration":
        strings = [child for child in node.named_children if child.type in {"string", "encapsed_string"}]
        written = re.search(r"['\"]([^'\"]{1,300})['\"]", source.text(node))
        yield (source.name(strings[0]).strip("'\"") if strings else written.group(1) if written else ""), ()
        return
    written_use = re.sub(r"^use\s+(?:function\s+|const\s+)?", "", source.text(node).strip().rstrip(";")).strip()
    prefix, brace, group = written_use.partition("{")
    parts = [
        re.split(r"\s+as\s+", part.strip(), flags=re.IGNORECASE)[0] for part in (group or prefix).strip(" }").split(",")
    ]
    if brace:
        yield prefix.strip().rstrip("\\"), tuple(part for part in parts if part)
    else:
        yield from ((part, (part.rsplit("\\", 1)[-1],)) for part in parts if part)


TABLE = LanguageTable(
    name="php",
    grammar="php",
    entry="language_php",
    definitions={
        "class_declaration": _type(SymbolKind.CLASS),
        "anonymous_class": Definition(SymbolKind.CLASS, describe=_anonymous),
        "interface_declaration": _type(SymbolKind.INTERFACE),
        "trait_declaration": _type(SymbolKind.TRAIT),
        "enum_declaration": _type(SymbolKind.ENUM),
        "function_definition": Definition(SymbolKind.FUNCTION),
        "method_declaration": Definition(SymbolKind.FUNCTION),
        "const_declaration": Definition(SymbolKind.CONSTANT, describe=_constants),
        "property_declaration": Definition(SymbolKind.PROPERTY, describe=_properties),
        "property_promotion_parameter": Definition(SymbolKind.FIELD, describe=_promoted, escapes=_CONSTRUCTOR),
        "enum_case": Definition(SymbolKind.VARIANT, describe=_case),
        "function_call_expression": Definition(
            SymbolKind.CONSTANT,
            patterns=("(program (expression_statement (function_call_expression) @definition))",),
            describe=_defined,
        ),
    },
    imports=(
        (
            "[(namespace_use_declaration) (require_once_expression) (require_expression) (include_expression)"
            " (include_once_expression)] @import"
        ),
    ),
    read_import=_imports,
    public=lambda seen: not _HIDDEN.search(_WRITTEN_BY.sub("", seen.signature).split("(")[0]),
    parameters=ParameterStyle.TYPE_FIRST,
    bracketed=True,
    calls=(
        "(function_call_expression function: (_) @call)",
        "(member_call_expression name: (_) @call)",
        "(scoped_call_expression name: (_) @call)",
        "(object_creation_expression . (name) @call)",
    ),
    raises=("(throw_expression) @raise",),
    raised=re.compile(r"throw\s+new\s+(\\?(?:\w+\\)*\w+)", re.IGNORECASE),
)
