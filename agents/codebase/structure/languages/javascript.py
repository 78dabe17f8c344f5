"""JavaScript: ES modules and CommonJS; functions also as values of names, fields and exports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

import tree_sitter

from agents.codebase.structure.language import Definition, Found, Imported, Inside, LanguageTable, Seen
from agents.codebase.structure.languages.comment_declarations import own_words
from agents.codebase.structure.languages.javascript_comments import DECLARED_IN_COMMENTS
from agents.codebase.structure.languages.javascript_exports import called, exports, given, in_object, is_enumeration
from agents.codebase.structure.languages.javascript_members import field, is_of_function, method, re_exports, unpacked
from agents.codebase.structure.languages.javascript_modules import MARKERS, is_no_module, mark, offered
from agents.codebase.structure.parameters import ParameterStyle
from agents.codebase.structure.source import Source, nth
from agents.contracts.structure import SymbolKind

FUNCTION_VALUES = frozenset({"arrow_function", "function_expression", "generator_function", "function"})
_CONSTANT = re.compile(r"[A-Z][A-Z0-9_]*$")
FIELDS = frozenset({"field_definition", "public_field_definition"})
#: Objects whose functions and values bear the variable's name.
_HOLDS = frozenset({"object", "satisfies_expression", "as_expression"})
_STATIC = re.compile(r"[A-Z][\w$]*\.(?:prototype\.)?[\w$]+")
_OWN = re.compile(r"this\.[\w$]+")
_HIDDEN = re.compile(r"(?:(?:static|readonly|abstract|override|declare|async)\s+)*(?:private|protected)\b")


def value(node: tree_sitter.Node, source: Source) -> Found | Iterable[Found] | None:
    """A name, field or key with a value: a function, a class, a constant, a variable or a field."""
    value = node.child_by_field_name("value") or node.child_by_field_name("right")
    named = next(
        (child for field in ("name", "property", "left", "key") if (child := node.child_by_field_name(field))), None
    )
    if named is None:
        return None
    if named.type in {"object_pattern", "array_pattern"}:
        return unpacked(node, named, source)
    callable_ = value is not None and value.type in {*FUNCTION_VALUES, "class"}
    if node.type in FIELDS and not callable_:
        return field(node, source)
    left = source.name(named)
    if value is None:
        return _variable(node, _target(left), source)
    if node.type == "pair" and is_no_module(node):
        return None
    if not callable_:
        return (
            in_object(node, left.strip("\"'"), value, source) if node.type == "pair" else _assigned(node, left, source)
        )
    return _defined(node, left, value, source)


def _defined(node: tree_sitter.Node, left: str, value: tree_sitter.Node, source: Source) -> Found | None:
    """A function or class under the name that it is given, else under its own."""
    name = _target(left.strip("\"'")) or source.name(value.child_by_field_name("name"))
    if not name and _is_module(left):
        name = "default"
    if not name:
        return None
    body = value.child_by_field_name("body")
    end = body.start_byte if body is not None else value.end_byte
    kind = SymbolKind.CLASS if value.type == "class" else SymbolKind.FUNCTION
    return Found(name, kind, source.signature(node.start_byte, end))


def _assigned(node: tree_sitter.Node, left: str, source: Source) -> Found | Iterator[Found] | None:
    """`module.exports = {…}`, `Queue.prototype = {…}`, `exports.SIZE = 1`, `this.size = 0`, or a variable's value."""
    value = node.child_by_field_name("value") or node.child_by_field_name("right")
    lefts = [left]
    while value is not None and value.type == "assignment_expression" and node.type == "assignment_expression":
        lefts.append(source.name(value.child_by_field_name("left")))
        value = value.child_by_field_name("right")
    if value is None:
        return None
    if node.type == "variable_declarator":
        required = value.type == "call_expression" and source.text(value, 8).startswith(("require(", "import("))
        return None if required else _variable(node, _target(left), source)
    if node.type != "assignment_expression":
        return None
    if value.type == "object" and (_is_module(left) or left.endswith(".prototype")):
        owner = lefts[-1].removesuffix(".prototype")
        if _is_module(left):
            return Found("exports", SymbolKind.CONSTANT, "", emits=False, inside=Inside.PASSED)
        return Found(owner, SymbolKind.CLASS, "", emits=False, public=not owner.startswith("_"))
    if value.type in {*FUNCTION_VALUES, "class"}:
        return None  # its own assignment is read
    at_top = node.parent is not None and node.parent.parent is not None and node.parent.parent.type == "program"
    return (matched for left in lefts if (matched := _given(node, left, value, at_top, source)) is not None)


def _given(node: tree_sitter.Node, left: str, value: tree_sitter.Node, at_top: bool, source: Source) -> Found | None:
    """A name of a module, of a class or of an instance to which a statement gives a value."""
    name = _target(left)
    value_text = source.value(value)
    if name and left.startswith(("exports.", "module.exports.")):
        handed_on = given(node, name, value, source)
        if handed_on is not None or value.type in {"identifier", "member_expression"}:
            return handed_on
        kind = SymbolKind.CONSTANT if _CONSTANT.match(name) else SymbolKind.VARIABLE
        return Found(name, kind, f"{left} = {value_text}", default=value_text)
    if (_STATIC.fullmatch(left) or is_of_function(left, source)) if at_top else _OWN.fullmatch(left):
        name = name.removeprefix("this.")
        return Found(name, SymbolKind.FIELD, f"{left} = {value_text}", default=value_text, once=True)
    return None


def _variable(node: tree_sitter.Node, name: str, source: Source) -> Found | None:
    """A variable; what its value holds (the functions of an object) bears its name."""
    if node.type != "variable_declarator" or not name:
        return None
    value = node.child_by_field_name("value")
    type_ = source.written(node.child_by_field_name("type")).lstrip(": ")
    head = source.signature(node.start_byte, value.start_byte if value is not None else node.end_byte)
    value_text = source.value(value)
    kind = SymbolKind.CONSTANT if _CONSTANT.match(name) else SymbolKind.VARIABLE
    holds = value is not None and (
        value.type in _HOLDS
        or (value.type == "call_expression" and (_is_frozen(value, source) or offered(value) is not None))
    )
    inside = Inside.OWNER if holds else Inside.NOTHING
    if value is not None and value.type == "object" and is_enumeration(node, source):
        kind = SymbolKind.ENUM
    signature = f"{head} = {value_text}" if value_text else head
    return Found(name, kind, signature, type=type_, default=value_text, inside=inside)


def _is_frozen(value: tree_sitter.Node, source: Source) -> bool:
    return source.name(value.child_by_field_name("function")) == "Object.freeze"


def _is_module(left: str) -> bool:
    return left == "module.exports" or left.endswith("= module.exports") or left == "exports"


def _target(left: str) -> str:
    """`A.prototype.m` is `A.m`; `exports.f` and `module.exports.f` are `f`."""
    name = left.replace(".prototype.", ".")
    for start in ("module.exports.", "exports.", "this."):
        name = name.removeprefix(start)
    return "" if name in {"module.exports", "exports"} or not re.fullmatch(r"[\w$#.]+", name) else name


def _default(node: tree_sitter.Node, source: Source) -> Found | None:
    """A function or class that is exported without a name."""
    name = node.child_by_field_name("name")
    body = node.child_by_field_name("body")
    kind = SymbolKind.CLASS if node.type == "class" else SymbolKind.FUNCTION
    end = body.start_byte if body is not None else node.end_byte
    return Found(source.name(name) or "default", kind, source.signature(node.start_byte, end))


def is_public(seen: Seen) -> bool:
    """Exported, or in a script or CommonJS module; a class's parts unless private."""
    if seen.scope is not None:
        return not seen.name.startswith(("#", "_")) and not _HIDDEN.match(seen.signature)
    if seen.exports is None:
        return not seen.name.startswith("_")
    return seen.exported or seen.name.partition(".")[0] in seen.exports


def read_import(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    """`import`, `export … from`, `require("…")` and `import("…")`."""
    if node.type == "call_expression":
        arguments = node.child_by_field_name("arguments")
        first = nth(arguments, 0) if arguments is not None else None
        if first is not None and first.type == "string":
            yield source.name(first).strip("\"'"), ()
        return
    from_module = node.child_by_field_name("source")
    required = next((child for child in node.children if child.type == "import_require_clause"), None)
    if required is not None:
        from_module = required.child_by_field_name("source")
    if from_module is not None:
        yield source.name(from_module).strip("\"'`"), tuple(_imported(node, source))


def _imported(node: tree_sitter.Node, source: Source) -> Iterator[str]:
    pending = [child for child in node.named_children if child.type != "string"]
    while pending and len(pending) < 500:
        part = pending.pop(0)
        if part.type in {"identifier", "import_require_clause"}:
            yield "default" if part.type == "identifier" else source.name(nth(part, 0))
        elif part.type in {"namespace_import", "namespace_export"}:
            yield "*"
        elif part.type in {"import_specifier", "export_specifier"}:
            yield source.name(part.child_by_field_name("name"))
        elif part.type in {"import_clause", "named_imports", "export_clause"}:
            pending = [*part.named_children, *pending]


FUNCTION_PATTERN = "[(arrow_function) (function_expression) (generator_function) (class)]"
DEFINITIONS = {
    "class_declaration": Definition(SymbolKind.CLASS),
    "function_declaration": Definition(SymbolKind.FUNCTION),
    "generator_function_declaration": Definition(SymbolKind.FUNCTION),
    "method_definition": Definition(SymbolKind.FUNCTION, describe=method),
    "export_statement": Definition(
        SymbolKind.RE_EXPORT,
        patterns=("(export_statement source: (_)) @definition", "(export_statement (export_clause)) @definition"),
        describe=re_exports,
    ),
    "variable_declarator": Definition(
        SymbolKind.CONSTANT,
        patterns=(
            f"(variable_declarator value: {FUNCTION_PATTERN}) @definition",
            "(program (lexical_declaration (variable_declarator) @definition))",
            "(program (variable_declaration (variable_declarator) @definition))",
            "(export_statement (lexical_declaration (variable_declarator) @definition))",
            "(export_statement (variable_declaration (variable_declarator) @definition))",
        ),
        describe=value,
    ),
    "assignment_expression": Definition(
        SymbolKind.FUNCTION,
        patterns=(
            f"(assignment_expression left: (member_expression) right: {FUNCTION_PATTERN}) @definition",
            "(program (expression_statement (assignment_expression left: (member_expression)) @definition))",
        ),
        describe=value,
    ),
    "call_expression": Definition(
        SymbolKind.FUNCTION,
        patterns=(
            (
                "((program (expression_statement (call_expression function: (member_expression object: (identifier)"
                ' @_object)) @definition)) (#eq? @_object "Object"))'
            ),
        ),
        describe=called,
    ),
    "comment": DECLARED_IN_COMMENTS,
    "pair": Definition(
        SymbolKind.FUNCTION,
        patterns=(
            "(variable_declarator value: (object (pair) @definition))",
            "(variable_declarator value: (call_expression arguments: (arguments (object (pair) @definition))))",
            "(assignment_expression left: (member_expression) right: (object (pair) @definition))",
            "(export_statement value: (object (pair value: [(arrow_function) (function_expression)]) @definition))",
            "(statement_block (return_statement (object (pair) @definition)))",
        ),
        describe=value,
    ),
    "function_expression": Definition(
        SymbolKind.FUNCTION,
        patterns=("(export_statement value: (function_expression) @definition)",),
        describe=_default,
    ),
    "arrow_function": Definition(
        SymbolKind.FUNCTION, patterns=("(export_statement value: (arrow_function) @definition)",), describe=_default
    ),
    "class": Definition(
        SymbolKind.CLASS, patterns=("(export_statement value: (class) @definition)",), describe=_default
    ),
}
FIELD = Definition(SymbolKind.FIELD, describe=value)
IMPORTS = (
    "(import_statement) @import",
    "(export_statement source: (_)) @import",
    (
        "((call_expression function: (identifier) @_required arguments: (arguments (string))) @import"
        ' (#eq? @_required "require"))'
    ),
    "(call_expression function: (import)) @import",
)
CALLS = ("(call_expression function: (_) @call)", "(new_expression constructor: (_) @call)")

TABLE = LanguageTable(
    name="javascript",
    grammar="javascript",
    definitions={
        **DEFINITIONS,
        "field_definition": FIELD,
        "assignment_expression": replace(
            DEFINITIONS["assignment_expression"],
            patterns=(
                *DEFINITIONS["assignment_expression"].patterns,
                "(expression_statement (assignment_expression left: (member_expression object: (this))) @definition)",
            ),
            escapes=re.compile("constructor"),
        ),
    },
    imports=IMPORTS,
    read_import=read_import,
    public=is_public,
    calls=CALLS,
    raises=("(throw_statement) @raise",),
    markers=MARKERS,
    mark=mark,
    wrappers=("export_statement",),
    attributes=("decorator",),
    exports=exports,
    parameters=ParameterStyle.BARE,
    docstring=own_words,
)
