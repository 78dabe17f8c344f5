"""The calls of a syntax tree, in one form for every language: name, arguments, what the result is assigned to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import tree_sitter

from agents.codebase.facts.written import Written, arguments, inside, parts
from agents.codebase.structure.deadline import in_order
from agents.codebase.structure.grammars import query

_JAVASCRIPT = "(call_expression) @call (new_expression) @call"
_C = "(call_expression) @call"
#: What is a call in each language's tree; a literal of a type counts as one.
QUERIES = {
    "python": "(call) @call",
    "javascript": _JAVASCRIPT,
    "typescript": _JAVASCRIPT,
    "tsx": _JAVASCRIPT,
    "go": "(call_expression) @call (composite_literal) @call",
    "java": "(method_invocation) @call",
    "kotlin": "(call_expression) @call",
    "scala": "(call_expression) @call",
    "csharp": "(invocation_expression) @call",
    "php": "(function_call_expression) @call (member_call_expression) @call (scoped_call_expression) @call",
    "ruby": "(call) @call",
    "rust": "(call_expression) @call (macro_invocation) @call",
    "lua": "(function_call) @call",
    "c": _C,
    "cpp": _C,
}
_FUNCTION = ("function", "constructor", "macro", "type")
_OBJECT = ("object", "operand", "value", "expression", "receiver", "scope", "argument", "table", "path", "package")
_ATTRIBUTE = ("attribute", "property", "field", "name", "method")
_HOLDERS = frozenset({"value_arguments", "token_tree", "argument_list", "arguments", "literal_value"})
_CALLS = frozenset(
    {
        "call",
        "call_expression",
        "new_expression",
        "method_invocation",
        "invocation_expression",
        "member_call_expression",
        "function_call_expression",
        "scoped_call_expression",
    }
)
_NAMING = ("left", "name", "pattern")
_ASSIGNING = frozenset(
    {
        "assignment",
        "assignment_expression",
        "variable_declarator",
        "short_var_declaration",
        "assignment_statement",
        "var_spec",
        "let_declaration",
        "property_declaration",
        "local_variable_declaration",
        "init_declarator",
        "field_definition",
        "public_field_definition",
        "static_item",
    }
)
_THROUGH = frozenset(
    {
        "expression_list",
        "await",
        "await_expression",
        "unary_expression",
        "try_expression",
        "equals_value_clause",
        "member_expression",
        "field_expression",
        "attribute",
        "parenthesized_expression",
        "literal_element",
        "reference_expression",
        "selector_expression",
        "member_access_expression",
        *_CALLS,
    }
)
_FAR = 40
_LONGEST = 4_000


@dataclass(frozen=True)
class CodeCall(Written):
    """A call of a tree. What surrounds it is looked up when a rule needs it."""

    node: tree_sitter.Node | None = field(default=None, compare=False)
    source: bytes = field(default=b"", repr=False, compare=False)

    @property
    def line(self) -> int:
        """The call's first line; of a chain, the line of its last method."""
        return self._node.start_point[0] + 1 if self.before is None else _attribute(self._node).start_point[0] + 1

    @property
    def end(self) -> int:
        """The call's last line."""
        return self._node.end_point[0] + 1

    @property
    def end_byte(self) -> int:
        """The place behind the call."""
        return self._node.end_byte

    def line_of(self, argument: str) -> int:
        """The line on which an argument, as written, begins."""
        at = self.source.find(argument.encode(), self._node.start_byte)
        return self.line + self.source.count(b"\n", self._node.start_byte, max(at, self._node.start_byte))

    @property
    def _node(self) -> tree_sitter.Node:
        if self.node is None:
            raise ValueError("a call without its node")
        return self.node

    @cached_property
    def before(self) -> CodeCall | None:
        """The call whose result this one is a method of."""
        owner = _object(self._node)
        return read(owner, self.source) if owner is not None and owner.type in _CALLS else None

    def chain(self) -> Iterator[CodeCall]:
        """The calls before this one in its chain, the nearest first."""
        call = self.before
        for _ in range(_FAR):
            if call is None:
                return
            yield call
            call = call.before

    @property
    def first(self) -> CodeCall:
        """The call that the chain begins with; this one where none is before it."""
        return [self, *self.chain()][-1]

    def after(self) -> Iterator[CodeCall]:
        """The calls on this one's result, in order."""
        node = self._node
        for _ in range(_FAR):
            above = node.parent
            if above is not None and above.type not in _CALLS:
                above = above.parent
            if above is None or above.type not in _CALLS or _object(above) != node:
                return
            yield read(above, self.source)
            node = above

    def around(self) -> Iterator[CodeCall]:
        """The calls in whose arguments this one stands, the innermost first."""
        node: tree_sitter.Node | None = self._node
        for _ in range(_FAR * 2):
            above = node.parent if node is not None else None
            if node is None or above is None:
                return
            if above.type in _CALLS and _object(above) != node and _named(above, _FUNCTION) != node:
                yield read(above, self.source)
            node = above

    @cached_property
    def assigned(self) -> str:
        """The name that the result of the call, or of its chain, is assigned to."""
        node: tree_sitter.Node | None = self._node
        for _ in range(_FAR):
            above = node.parent if node is not None else None
            if node is None or above is None:
                return ""
            if above.type in _ASSIGNING:
                name = _named(above, _NAMING) or (above.named_children[0] if above.named_children else None)
                if name is None or name == node:
                    return ""
                return _compact(self.source, name.start_byte, name.end_byte).partition(",")[0]
            if above.type not in _THROUGH or (above.type in _CALLS and _object(above) is None):
                return ""
            node = above
        return ""


def calls_by_method(
    language: str, root: tree_sitter.Node, source: bytes
) -> dict[bytes, list[tuple[int, tree_sitter.Node]]]:
    """Every call of a file with the place of its name, by the last part of that name."""
    by_method: dict[bytes, list[tuple[int, tree_sitter.Node]]] = defaultdict(list)
    for node in in_order(query(language, QUERIES[language]), root, "call"):
        attribute = _attribute(node)
        method = source[attribute.start_byte : attribute.end_byte].rpartition(b".")[2].partition(b"<")[0]
        by_method[method].append((attribute.start_byte, node))
    return by_method


def node_text(node: tree_sitter.Node | None, source: bytes) -> str:
    """A node as it is written, up to a length; empty for none."""
    if node is None:
        return ""
    return source[node.start_byte : min(node.end_byte, node.start_byte + _LONGEST)].decode("utf-8", "replace")


def read(node: tree_sitter.Node, source: bytes) -> CodeCall:
    """A node of a call."""
    owner, attribute = _object(node), _attribute(node)
    method = _compact(source, attribute.start_byte, attribute.end_byte)
    before = "" if owner is None or owner.type in _CALLS else _compact(source, owner.start_byte, owner.end_byte) + "."
    positional, named = _arguments(node, source)
    return CodeCall(f"{before}{method}", positional, named, node, source)


def _object(node: tree_sitter.Node) -> tree_sitter.Node | None:
    function = _named(node, _FUNCTION)
    holder = function if function is not None else node
    if function is not None and not function.child_count:
        return None
    match = _named(holder, _OBJECT)
    if match is None and function is None and node.named_children and node.named_children[0].type in _THROUGH:
        match = node.named_children[0].named_children[0] if node.named_children[0].named_children else None
    while match is not None and match.type in {"parenthesized_expression", "await_expression"} and match.named_children:
        match = match.named_children[0]
    return match


def _attribute(node: tree_sitter.Node) -> tree_sitter.Node:
    function = _named(node, _FUNCTION)
    if function is None:
        return _named(node, _ATTRIBUTE) or (node.named_children[0] if node.named_children else node)
    if function.type in {"generic_function", "generic_type"} and function.named_children:
        function = function.named_children[0]
    return _named(function, _ATTRIBUTE) or function


def _named(node: tree_sitter.Node, names: tuple[str, ...]) -> tree_sitter.Node | None:
    for name in names:
        match = node.child_by_field_name(name)
        if match is not None:
            return match
    return None


def _arguments(node: tree_sitter.Node, source: bytes) -> tuple[tuple[str, ...], dict[str, str]]:
    holder = node.child_by_field_name("arguments") or node.child_by_field_name("body")
    if holder is None or holder.type not in _HOLDERS:
        holder = next((item for item in node.named_children if item.type in _HOLDERS), None)
    if holder is None:
        return (), {}
    text = node_text(holder, source)
    if holder.type == "token_tree" or text[:1] not in "([{":
        body = inside(text) if text[:1] in "([{" else text
        return arguments(body)
    positional: list[str] = []
    named: dict[str, str] = {}
    for child in holder.named_children:
        if "comment" in child.type:
            continue
        written = node_text(child, source)
        alone, keyed = arguments(written) if _is_keyed(child) else ((), {})
        if keyed and not alone:
            named |= {name: value for name, value in keyed.items() if name not in named}
        else:
            positional.append(written)
    return tuple(positional), named


def _is_keyed(node: tree_sitter.Node) -> bool:
    return node.type in {"keyword_argument", "pair", "keyed_element", "value_argument", "argument"}


def _compact(source: bytes, start: int, end: int) -> str:
    name = "".join(source[start : min(end, start + 200)].decode("utf-8", "replace").split())
    name = name.partition("<")[0] if not name.startswith("<") else name
    return name.replace("->", ".").replace("?.", ".").replace("::", ".").replace("&.", ".").lstrip("\\&$*").rstrip("!")


def options(text: str) -> dict[str, str]:
    """The values of an object or a table written as an argument, by name."""
    flat = text.strip()
    return arguments(inside(flat))[1] if flat[:1] in "{[" else {}


def items(text: str) -> list[str]:
    """The elements of a list as written."""
    flat = text.strip()
    return parts(inside(flat)) if flat[:1] in "[({" else []


def every_call(language: str, root: tree_sitter.Node, source: bytes) -> Iterator[CodeCall]:
    """All calls of a file, in order."""
    yield from (read(node, source) for node in in_order(query(language, QUERIES[language]), root, "call"))
