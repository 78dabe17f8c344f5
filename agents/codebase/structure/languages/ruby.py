"""Ruby: comments above, `private` as a line of its own, `require` as a call."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import tree_sitter

from agents.codebase.structure.language import Definition, Found, Imported, Inside, LanguageTable, Marked
from agents.codebase.structure.languages.comment_declarations import own_words
from agents.codebase.structure.languages.ruby_comments import DECLARED_IN_COMMENTS
from agents.codebase.structure.parameters import ParameterStyle
from agents.codebase.structure.source import Source, nth
from agents.contracts.structure import SymbolKind


def _head(kind: SymbolKind) -> Definition:
    """A class, module or method whose signature ends with its name, its parameters or its superclass."""

    def describe(node: tree_sitter.Node, source: Source) -> Found | None:
        named = node.child_by_field_name("name")
        if named is None:
            return None
        last = node.child_by_field_name("superclass") or node.child_by_field_name("parameters") or named
        owner = node.child_by_field_name("object")
        name = source.name(named).replace("::", ".").lstrip(".")
        if owner is not None and source.name(owner) not in {"self", _holder(node, source)}:
            name = f"{source.name(owner)}.{name}"
        public = True if node.type == "singleton_method" else None
        return Found(name, kind, source.signature(node.start_byte, last.end_byte), public=public)

    return Definition(kind, describe=describe)


def _holder(node: tree_sitter.Node, source: Source) -> str:
    """The name of the class or module directly around a node."""
    body = node.parent
    around = body.parent if body is not None else None
    return source.name(around.child_by_field_name("name")) if around is not None else ""


def _eigenclass(node: tree_sitter.Node, source: Source) -> Found | None:
    """`class << self`, and `class << Benchmark` for another's methods."""
    owner = source.name(node.child_by_field_name("value")).replace("::", ".")
    return Found(f"{owner}.self" if owner[:1].isupper() else "self", SymbolKind.CLASS, "", emits=False)


def _assignment(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    """Constants, class variables and globals; `Struct.new` and `Class.new` make a class."""
    left = node.child_by_field_name("left")
    value = node.child_by_field_name("right")
    if left is None:
        return
    made = _made(value, source)
    if left.type == "constant" and value is not None and made:
        name = source.name(left)
        block = value.child_by_field_name("block")
        end = value.end_byte if block is None else block.start_byte
        signature = f"{name} = {source.signature(value.start_byte, end)}"
        yield Found(name, SymbolKind.STRUCT if made == "Struct" else SymbolKind.CLASS, signature, inside=Inside.OWNER)
        return
    if left.type == "scope_resolution":
        value_text = source.value(value)
        name = source.name(left)
        yield Found(name.replace("::", "."), SymbolKind.CONSTANT, f"{name} = {value_text}", default=value_text)
        return
    names = left.named_children if left.type == "left_assignment_list" else [left]
    for number, name_node in enumerate(names):
        kind = _ASSIGNED.get(name_node.type)
        if kind is None:
            continue
        name = source.name(name_node)
        value_text = source.value(value) if len(names) == 1 else "…"
        place = name_node if number else None
        yield Found(
            name, kind, f"{name} = {value_text}", default=value_text, node=place, inside=Inside.NOTHING, once=True
        )


_ASSIGNED = {
    "constant": SymbolKind.CONSTANT,
    "class_variable": SymbolKind.VARIABLE,
    "global_variable": SymbolKind.VARIABLE,
}
_MAKERS = frozenset({"Struct", "Class", "Data", "Module"})
_ATTRIBUTES = {
    "attr_reader": ("get",),
    "attr_writer": ("set",),
    "attr_accessor": ("get", "set"),
    "attr": ("get",),
    "cattr_accessor": ("get", "set"),
    "mattr_accessor": ("get", "set"),
    "class_attribute": ("get", "set"),
    "mattr_reader": ("get",),
    "mattr_writer": ("set",),
    "cattr_reader": ("get",),
    "cattr_writer": ("set",),
    "thread_mattr_accessor": ("get", "set"),
}
_DELEGATES = frozenset({"delegate", "def_delegators", "def_delegator"})


def _made(value: tree_sitter.Node | None, source: Source) -> str:
    """`Struct` of `Struct.new(…)`; empty for every other value."""
    if (
        value is None
        or value.type != "call"
        or source.name(value.child_by_field_name("method")) not in {"new", "define"}
    ):
        return ""
    receiver = source.name(value.child_by_field_name("receiver"))
    return receiver if receiver in _MAKERS else ""


def _symbols(node: tree_sitter.Node) -> list[tree_sitter.Node]:
    arguments = node.child_by_field_name("arguments")
    parts = arguments.named_children if arguments is not None else []
    return [part for part in parts if part.type in {"simple_symbol", "string"}]


def _written(part: tree_sitter.Node, source: Source) -> str:
    return source.name(part).lstrip(":").strip("\"'")


def _call(node: tree_sitter.Node, source: Source) -> Iterator[Found]:  # noqa: C901 (one branch for each word)
    """What a class calls to define attributes, aliases and methods, and the fields of `Struct.new`."""
    word = source.name(node.child_by_field_name("method"))
    parts = _symbols(node)
    if word in _ATTRIBUTES:
        for number, part in enumerate(parts):
            place = part if number else None
            signature = f"{word} :{_written(part, source)}"
            yield Found(_written(part, source), SymbolKind.PROPERTY, signature, accessors=_ATTRIBUTES[word], node=place)
    elif word in _DELEGATES:
        own = parts if word == "delegate" else parts[-1:] if word == "def_delegator" else parts[1:]
        for part in own:
            name = _written(part, source)
            yield Found(name, SymbolKind.FUNCTION, f"{word} :{name}", node=part, inside=Inside.NOTHING)
    elif word == "refine":
        arguments = node.child_by_field_name("arguments")
        yield Found(source.name(nth(arguments, 0) if arguments else None), SymbolKind.CLASS, "", emits=False)
    elif word in {"alias_method", "alias_attribute"} and len(parts) > 1:
        target = _written(parts[1], source)
        yield Found(_written(parts[0], source), SymbolKind.ALIAS, source.written(node), target=target)
    elif word in {"define_method", "define_singleton_method"} and parts:
        signature = f"{word}(:{_written(parts[0], source)})"
        if "#{" in signature:
            return  # its name is computed
        yield Found(_written(parts[0], source), SymbolKind.FUNCTION, signature)
    elif word in {"new", "define"} and source.name(node.child_by_field_name("receiver")) in {"Struct", "Data"}:
        how = ("get", "set") if word == "new" else ("get",)
        for part in parts:
            if part.type == "simple_symbol":
                name = _written(part, source)
                yield Found(name, SymbolKind.PROPERTY, name, accessors=how, node=part, inside=Inside.PASSED)


def _alias(node: tree_sitter.Node, source: Source) -> Found | None:
    """`alias new old`."""
    name, target = _written(node.child_by_field_name("name") or node, source), node.child_by_field_name("alias")
    return Found(name, SymbolKind.ALIAS, source.written(node), target=_written(target or node, source))


def _settle(definition: Found, _decorators: tuple[str, ...], scope: SymbolKind | None) -> Found | None:
    if definition.kind is SymbolKind.PROPERTY:
        return definition if scope is not None else None
    if definition.kind is SymbolKind.VARIABLE and scope is not None and definition.name.startswith("@@"):
        return replace(definition, kind=SymbolKind.FIELD, public=False)
    return definition


def _visibility(node: tree_sitter.Node, source: Source) -> bool | Marked | None:
    if node.type == "identifier":
        return {"private": False, "protected": False, "public": True}.get(source.name(node))
    word = source.name(node.child_by_field_name("method"))
    arguments = node.child_by_field_name("arguments")
    if arguments is None or node.child_by_field_name("receiver") is not None:
        return None
    names = [_written(part, source) for part in _symbols(node)]
    for part in arguments.named_children:
        if part.type in {"method", "singleton_method"}:
            names.append(source.name(part.child_by_field_name("name")))
        elif part.type == "call":  # private attr_reader :raw
            names += [_written(symbol, source) for symbol in _symbols(part)]
    return Marked(word in {"public", "public_class_method"}, tuple(names))


def _imports(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    arguments = node.child_by_field_name("arguments")
    is_autoload = source.name(node.child_by_field_name("method")) == "autoload"
    string = nth(arguments, 1 if is_autoload else 0) if arguments is not None else None
    if string is not None and string.type == "string":
        target = source.name(string).strip("\"'")
        relative = source.name(node.child_by_field_name("method")) == "require_relative"
        yield target if not relative or target.startswith(".") else f"./{target}", ()


TABLE = LanguageTable(
    name="ruby",
    grammar="ruby",
    definitions={
        "module": _head(SymbolKind.MODULE),
        "class": _head(SymbolKind.CLASS),
        "singleton_class": Definition(SymbolKind.CLASS, describe=_eigenclass),
        "method": _head(SymbolKind.FUNCTION),
        "singleton_method": _head(SymbolKind.FUNCTION),
        "assignment": Definition(
            SymbolKind.CONSTANT,
            patterns=(
                "(assignment left: [(constant) (class_variable) (global_variable) (scope_resolution)]) @definition",
                "(assignment left: (left_assignment_list (constant))) @definition",
            ),
            describe=_assignment,
        ),
        "operator_assignment": Definition(
            SymbolKind.CONSTANT, patterns=("(operator_assignment left: (constant)) @definition",), describe=_assignment
        ),
        "comment": DECLARED_IN_COMMENTS,
        "call": Definition(
            SymbolKind.PROPERTY,
            patterns=(
                (
                    "((call !receiver method: (identifier) @_word) @definition (#any-of? @_word"
                    ' "attr_reader" "attr_writer" "attr_accessor" "attr" "cattr_accessor" "mattr_accessor"'
                    ' "class_attribute" "mattr_reader" "mattr_writer" "cattr_reader" "cattr_writer"'
                    ' "thread_mattr_accessor" "delegate" "def_delegator" "def_delegators" "refine" "alias_attribute"'
                    ' "alias_method" "define_method" "define_singleton_method"))'
                ),
                "(assignment left: (constant) right: (call receiver: (constant)) @definition)",
                "(class superclass: (superclass (call receiver: (constant)) @definition))",
            ),
            describe=_call,
        ),
        "alias": Definition(SymbolKind.ALIAS, describe=_alias),
    },
    imports=(
        (
            "((call !receiver method: (identifier) @_method) @import"
            ' (#any-of? @_method "require" "require_relative" "load" "autoload"))'
        ),
    ),
    read_import=_imports,
    public=lambda seen: not re.match(r"(?:private|protected)\s", seen.signature),
    calls=("(call method: (_) @call)",),
    raises=('((call !receiver method: (identifier) @_raise) @raise (#any-of? @_raise "raise" "fail"))',),
    raised=re.compile(r"(?:raise|fail)[\s(]+((?:\w+::)*[A-Z]\w*)"),
    settle=_settle,
    docstring=own_words,
    parameters=ParameterStyle.RUBY,
    markers=(
        "(body_statement (identifier) @marker)",
        (
            "((call !receiver method: (identifier) @_mark) @marker (#any-of? @_mark"
            ' "private" "protected" "public" "private_class_method" "public_class_method" "private_constant"))'
        ),
    ),
    # `private` is about methods; constants below it are as little meant for readers, and YARD leaves them out.
    beyond_markers=frozenset({"module", "class", "singleton_class", "singleton_method"}),
    mark=_visibility,
)
