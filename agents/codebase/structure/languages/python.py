"""Python: docstrings, decorators, relative imports; a leading underscore is private."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import tree_sitter

from agents.codebase.structure.documentation import NOTHING, Doc, docstrings, document
from agents.codebase.structure.language import TYPES, Definition, Found, Imported, Inside, LanguageTable, Seen
from agents.codebase.structure.languages.python_annotations import function, hint_of, with_parameters, words_of
from agents.codebase.structure.languages.python_values import default_of, exports, members, slots
from agents.codebase.structure.parameters import ParameterStyle
from agents.codebase.structure.source import Source, fold, nth
from agents.contracts.structure import SymbolKind

_CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]*$")
_ENUM = re.compile(r"\b\w*(?:Enum|Flag|Choices)\b")
_ENUM_MAKER = re.compile(r"(?:\w+\.)*(?:Enum|IntEnum|StrEnum|Flag|IntFlag)$")
_LONGEST_VALUE = 60
_TYPE_HINT = re.compile(r"(?:typing\.|t\.|typing_extensions\.)?TypeAlias$")
_TYPE_MAKER = re.compile(
    r"(?:\w+\.)*(?:NewType|TypeVar|TypeVarTuple|ParamSpec|TypeAliasType|namedtuple|NamedTuple|TypedDict)$"
)
_TYPE_VALUE = re.compile(
    r"(?:\w+\.)*(?:Union|Optional|Callable|Literal|Annotated|Type|List|Dict|Tuple|Sequence|Mapping)\["
)
_BUILT_IN_TYPE = re.compile(
    r"(?:type|list|dict|tuple|set|frozenset|None|str|int|float|bytes|bool|object)\b\s*(?:\[|\||$)"
)
#: What a string below describes, as one in a body describes the rest.
_DESCRIBED_BELOW = frozenset({"assignment", "type_alias_statement"})
#: Methods whose assignments to `self` are what an instance has.
_INITIALISERS = re.compile(r"__init__|__new__|__post_init__|__attrs_post_init__|__attrs_init__")
_ACCESSORS = {"setter": "set", "deleter": "delete", "getter": "get"}
_PROPERTY = re.compile(r"@(?:\w+\.)*(?:\w*_)?property(?:\b|$)")
_ACCESSOR = re.compile(r"@\w+\.(setter|deleter|getter)$")
_OVERLOAD = re.compile(r"@(?:\w+\.)*overload$")


def _class(node: tree_sitter.Node, source: Source) -> Found:
    bases = source.written(node.child_by_field_name("superclasses"))
    kind = SymbolKind.ENUM if _ENUM.search(bases) else SymbolKind.CLASS
    body = node.child_by_field_name("body")
    name = source.name(node.child_by_field_name("name"))
    return Found(name, kind, source.signature(node.start_byte, body.start_byte if body else node.end_byte))


def _assignment(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    """Variables and attributes of one assignment, which may chain (`a = b = 1`) or unpack (`a, b = 1, 2`)."""
    hint = node.child_by_field_name("type")
    value = node.child_by_field_name("right")
    targets = [node.child_by_field_name("left")]
    while value is not None and value.type == "assignment":
        targets.append(value.child_by_field_name("left"))
        value = value.child_by_field_name("right")
    for target in targets:
        names = list(_targets(target))
        for name in names:
            yield from _named(name, hint, value if len(names) == 1 else None, source)


def _targets(node: tree_sitter.Node | None) -> Iterator[tree_sitter.Node]:
    if node is None:
        return
    if node.type in {"identifier", "attribute"}:
        yield node
    elif node.type in {"pattern_list", "tuple_pattern", "list_pattern", "list_splat_pattern"}:
        for child in node.named_children:
            yield from _targets(child)


def _named(
    target: tree_sitter.Node, hint: tree_sitter.Node | None, value: tree_sitter.Node | None, source: Source
) -> Iterator[Found]:
    written = source.value(value)
    type_ = hint_of(hint, source)
    if written == "…" and value is not None:
        of_enum = _is_of_enum(target, source)
        field = default_of(value, source) if type_ else value
        written = fold(source.written(value), _LONGEST_VALUE) if of_enum else source.value(field)
        if written == "…" and value.type == "call":
            written = f"{source.name(value.child_by_field_name('function'))}(…)"
    if target.type == "attribute":
        if source.name(target.child_by_field_name("object")) == "self":
            name = source.name(target.child_by_field_name("attribute"))
            signature = _signature(name, type_, written)
            yield Found(name, SymbolKind.FIELD, signature, type=type_, default=written, once=True)
        return
    name = source.name(target)
    if name == "__slots__":
        yield from slots(value, source)
        return
    if name == "__all__":
        return
    if value is not None and (_TYPE_HINT.match(type_) or (not type_ and _is_type(value, source))):
        signature = source.signature(target.start_byte, value.end_byte)
        yield Found(name, SymbolKind.TYPE, signature, target=source.written(value), once=True)
        yield from members(name, value, SymbolKind.FIELD, source)
        return
    signature = _signature(name, type_, written)
    maker = source.name(value.child_by_field_name("function")) if value is not None and value.type == "call" else ""
    if maker == "property":
        yield Found(name, SymbolKind.PROPERTY, signature, type=type_, accessors=("get",), once=True)
        return
    if value is not None and _ENUM_MAKER.match(maker):
        yield Found(name, SymbolKind.ENUM, source.signature(target.start_byte, value.end_byte), once=True)
        yield from members(name, value, SymbolKind.VARIANT, source)
        return
    kind = SymbolKind.CONSTANT if _CONSTANT.match(name) else SymbolKind.VARIABLE
    yield Found(name, kind, signature, type=type_, default=written, once=True, inside=Inside.NOTHING)


def _is_of_enum(target: tree_sitter.Node, source: Source) -> bool:
    """Whether an assignment is a value of an enumeration: such text is a name, and displayed."""
    block = target.parent.parent.parent if target.parent is not None and target.parent.parent is not None else None
    owner = block.parent if block is not None else None
    bases = owner.child_by_field_name("superclasses") if owner is not None else None
    return bases is not None and _ENUM.search(source.written(bases)) is not None


def _signature(name: str, type_: str, value: str) -> str:
    return name + (f": {type_}" if type_ else "") + (f" = {value}" if value else "")


def _is_type(value: tree_sitter.Node, source: Source) -> bool:
    """Whether a value is a type: a call that makes one, a subscript of a generic, a union."""
    if value.type == "call":
        return _TYPE_MAKER.match(source.name(value.child_by_field_name("function"))) is not None
    if value.type == "subscript":
        written = source.text(value, 80)
        return _TYPE_VALUE.match(written) is not None or _BUILT_IN_TYPE.match(written) is not None
    if value.type == "binary_operator" and source.name(value.child_by_field_name("operator")) == "|":
        return bool(_BUILT_IN_TYPE.match(source.text(value, 80)) or re.search(r"\|\s*None\b", source.text(value)))
    return False


def _settle(definition: Found, decorators: tuple[str, ...], scope: SymbolKind | None) -> Found | None:
    """What decorators and the owner make of a definition: a property, an overload, a field, an enum's value."""
    if definition.kind is SymbolKind.FUNCTION and decorators:
        accessor = next((match.group(1) for decorator in decorators if (match := _ACCESSOR.match(decorator))), None)
        if accessor or any(_PROPERTY.match(decorator) for decorator in decorators):
            how = _ACCESSORS[accessor] if accessor else "get"
            return replace(definition, kind=SymbolKind.PROPERTY, accessors=(how,))
        if any(_OVERLOAD.match(decorator) for decorator in decorators):
            return replace(definition, overload=True)
    if scope is None:
        return None if definition.kind is SymbolKind.FIELD and "." not in definition.name else definition
    if scope is SymbolKind.ENUM and definition.kind in {SymbolKind.VARIABLE, SymbolKind.CONSTANT}:
        # `RED, BLUE = 1, 2` gives values, `size: int` is a field.
        is_value = (definition.default or not definition.type) and not definition.name.startswith("_")
        kind = SymbolKind.VARIANT if is_value else SymbolKind.FIELD
        return replace(definition, kind=kind)
    if definition.kind in {SymbolKind.VARIABLE, SymbolKind.CONSTANT} and scope in TYPES:
        return replace(definition, kind=SymbolKind.FIELD)
    return definition


def _re_exports(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    """Imported names that the module hands on: those in `__all__`, and `import x as x`."""
    module = source.name(node.child_by_field_name("module_name")).replace(" ", "")
    for part in node.children_by_field_name("name"):
        imported = source.name(_imported(part))
        alias = source.name(part.child_by_field_name("alias")) or imported.split(".")[0]
        again = part.type == "aliased_import" and alias == imported
        if again or (source.exports is not None and alias in source.exports):
            dot = "" if module.endswith(".") or not module else "."
            target = f"{module}{dot}{imported}"
            yield Found(
                alias,
                SymbolKind.RE_EXPORT,
                source.signature(node.start_byte, node.end_byte),
                public=True,
                target=target,
                node=part,
                once=True,
            )


def _alias(node: tree_sitter.Node, source: Source) -> Found | None:
    return Found(
        re.split(r"[\[\s]", source.name(node.child_by_field_name("left")))[0],
        SymbolKind.TYPE,
        source.signature(node.start_byte, node.end_byte),
        target=source.written(node.child_by_field_name("right")),
    )


def _docstring(node: tree_sitter.Node, source: Source) -> tuple[Doc, tree_sitter.Node] | None:
    text = _below(node) if node.type in _DESCRIBED_BELOW else _first_statement(node)
    if node.type == "assignment" and (text is None or "string" not in text.type):
        text = words_of(node.child_by_field_name("type"), node.child_by_field_name("right"), source)
    text_of_it = docstrings.text_of(text, source) if text is not None else ""
    doc = document(text_of_it, "python") if text_of_it else NOTHING
    if node.type == "function_definition":
        doc = with_parameters(doc, node, source)
    return (doc, text or node) if doc.text else None


def _first_statement(node: tree_sitter.Node) -> tree_sitter.Node | None:
    """What the first statement of a body says."""
    body = node if node.type == "module" else node.child_by_field_name("body")
    statement = nth(body, 0) if body is not None else None
    for at in range(1, 10):
        if body is None or statement is None or statement.type != "comment":
            break
        statement = nth(body, at)
    return _expression(statement)


def _below(node: tree_sitter.Node) -> tree_sitter.Node | None:
    """The string directly below an assignment documents what is assigned."""
    statement = node.parent if node.type == "assignment" else node
    following = statement.next_named_sibling if statement is not None else None
    while following is not None and following.type == "comment" and following.start_point[0] == node.end_point[0]:
        following = following.next_named_sibling
    near = following is not None and following.start_point[0] <= node.end_point[0] + 1
    return _expression(following) if near else None


def _expression(statement: tree_sitter.Node | None) -> tree_sitter.Node | None:
    if statement is None or statement.type != "expression_statement":
        return None
    return nth(statement, 0)


def _imports(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    names = tuple(source.name(_imported(name)) for name in node.children_by_field_name("name"))
    if node.type == "import_statement":
        yield from ((name, ()) for name in names)
    elif node.type == "future_import_statement":
        yield "__future__", names
    else:
        wildcard = any(child.type == "wildcard_import" for child in node.children)
        yield source.name(node.child_by_field_name("module_name")).replace(" ", ""), ("*",) if wildcard else names


def _imported(name: tree_sitter.Node) -> tree_sitter.Node:
    return (name.child_by_field_name("name") if name.type == "aliased_import" else None) or name


def _is_public(seen: Seen) -> bool:
    dunder = seen.name.startswith("__") and seen.name.endswith("__")
    if seen.scope is None and seen.exports is not None:
        return seen.name.partition(".")[0] in seen.exports
    return dunder or not seen.name.startswith("_")


TABLE = LanguageTable(
    name="python",
    grammar="python",
    definitions={
        "class_definition": Definition(SymbolKind.CLASS, describe=_class),
        "function_definition": Definition(SymbolKind.FUNCTION, describe=function),
        "assignment": Definition(
            SymbolKind.VARIABLE,
            patterns=("(expression_statement (assignment) @definition)",),
            describe=_assignment,
            escapes=_INITIALISERS,
        ),
        "import_from_statement": Definition(SymbolKind.RE_EXPORT, describe=_re_exports),
        "import_statement": Definition(SymbolKind.RE_EXPORT, describe=_re_exports),
        "type_alias_statement": Definition(SymbolKind.TYPE, describe=_alias),
    },
    imports=("[(import_statement) (import_from_statement) (future_import_statement)] @import",),
    read_import=_imports,
    public=_is_public,
    calls=("(call function: (_) @call)",),
    raises=("(raise_statement) @raise",),
    wrappers=("decorated_definition",),
    exports=exports,
    settle=_settle,
    parameters=ParameterStyle.PYTHON,
    docstring=_docstring,
)
