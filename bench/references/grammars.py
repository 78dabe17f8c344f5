"""Languages that our own readers read: the names that their tree-sitter grammars, and protoc, see.

The grammars are no dependency of the product: they are fetched into the user's cache. Only names are compared.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from pathlib import Path

import tree_sitter

from bench.references import tools
from bench.references.rows import Convention, Row

#: What a node declares, each with whether it is a member; and whether what it holds belongs to it.
Declares = Callable[[tree_sitter.Node], tuple[list[tuple[str, bool]], bool]]
CONVENTION = Convention(signature=lambda _text: "")


def _understood(rows: Iterable[Row], theirs: Set[str]) -> Iterable[Row]:
    return (row if row.name in theirs else row.model_copy(update={"required": False}) for row in rows)


PARTIAL = replace(CONVENTION, renamed=_understood, by_name=True)


@dataclass(frozen=True)
class Grammar:
    """A grammar's wheel, the files that it reads, and what each type of node declares.

    `opaque` and `closed` nodes are not read. Of a `partial` grammar, which stumbles in most files, the statements count
    that it understands: they show what we miss, not what is false.
    """

    requirement: str
    module: str
    suffixes: frozenset[str]
    nodes: Mapping[str, Declares]
    opaque: frozenset[str] = frozenset()
    closed: Callable[[tree_sitter.Node], bool] = lambda _node: False
    partial: bool = False


def rows(grammar: Grammar) -> Callable[[Path, str], Iterator[Row]]:
    """What a grammar sees in the files of its language. A file that it does not understand is not compared."""

    def listed(top: Path, _package: str) -> Iterator[Row]:
        folder = str(tools.from_pypi(grammar.requirement))
        sys.path.insert(0, folder)
        try:
            loaded = importlib.import_module(grammar.module)
        finally:
            sys.path.remove(folder)
        parser = tree_sitter.Parser(tree_sitter.Language(loaded.language()))
        for file in sorted(top.rglob("*")):
            if file.suffix in grammar.suffixes and file.is_file():
                root = parser.parse(file.read_bytes()).root_node
                if grammar.partial or not root.has_error:
                    path = str(file.relative_to(top))
                    yield from (row for row in _below(root, grammar, path, "") if row.name)

    return listed


def _below(node: tree_sitter.Node, grammar: Grammar, path: str, owner: str) -> Iterator[Row]:
    for child in node.named_children:
        inside = owner
        if child.type in grammar.nodes and child.has_error:
            continue
        if child.type in grammar.nodes:
            named, holds = grammar.nodes[child.type](child)
            for name, member in named:
                whole = f"{owner}.{name}" if owner and name else name
                yield Row(path=path, name=whole, member=member)
                inside = whole if holds else owner
        if child.type not in grammar.opaque and not grammar.closed(child):
            yield from _below(child, grammar, path, inside)


def _text(node: tree_sitter.Node | None) -> str:
    return (node.text or b"").decode("utf-8", "replace") if node is not None else ""


def _first(node: tree_sitter.Node, *kinds: str) -> tree_sitter.Node | None:
    return next((child for child in node.named_children if child.type in kinds), None)


def _named(*kinds: str, member: bool = False, holds: bool = False, sign: str = "") -> Declares:
    """A node that is named by its first child of these types."""
    return lambda node: ([(sign + _text(_first(node, *kinds)), member)], holds)


# Elixir: everything is a call.
_ELIXIR_MODULES = frozenset({"defmodule", "defprotocol", "defimpl"})
_ELIXIR_DEFINES = frozenset(
    ["def", "defp", "defmacro", "defmacrop", "defguard", "defguardp", "defdelegate", "defn", "defnp"]
)
_ELIXIR_TYPES = frozenset({"type", "typep", "opaque", "callback", "macrocallback"})


def _elixir_call(node: tree_sitter.Node) -> tuple[list[tuple[str, bool]], bool]:
    target = _text(node.child_by_field_name("target"))
    arguments = _first(node, "arguments")
    head = arguments.named_child(0) if arguments is not None and arguments.named_child_count else None
    if head is None:
        return [], False
    if target in _ELIXIR_MODULES:
        name = _text(head) + (_elixir_implements(arguments) if target == "defimpl" else "")
        return ([(name, False)], True) if head.type == "alias" else ([], False)
    if target in {"defstruct", "defexception"}:
        return [(name, True) for name in _elixir_fields(arguments)], False
    if target in _ELIXIR_DEFINES and (node.parent is None or node.parent.type != "unary_operator"):
        return [(_elixir_name(head), False)], False
    return [], False


def _elixir_implements(arguments: tree_sitter.Node | None) -> str:
    """`.List` of `defimpl Enumerable, for: List`: so is the module named; of several the first."""
    named = re.search(r"\bfor:\s*\[?\s*([A-Z][\w.]*)", _text(arguments)) if arguments is not None else None
    return f".{named[1]}" if named else ""


def _elixir_type(node: tree_sitter.Node) -> tuple[list[tuple[str, bool]], bool]:
    call = node.child_by_field_name("operand")
    if not _text(node).startswith("@") or call is None or call.type != "call":
        return [], False
    arguments = _first(call, "arguments")
    if _text(call.child_by_field_name("target")) not in _ELIXIR_TYPES or arguments is None:
        return [], False
    head: tree_sitter.Node | None = arguments.named_child(0)
    while (
        head is not None
        and head.type == "binary_operator"
        and _text(head.child_by_field_name("operator")) in {"::", "when"}
    ):
        head = head.child_by_field_name("left")
    return ([(_elixir_name(head), False)], False) if head is not None else ([], False)


def _elixir_name(head: tree_sitter.Node) -> str:
    while head.type == "binary_operator" and _text(head.child_by_field_name("operator")) == "when":
        head = head.child_by_field_name("left") or head
    if head.type in {"binary_operator", "unary_operator"}:
        return _text(head.child_by_field_name("operator"))
    if head.type == "call":
        target = _text(head.child_by_field_name("target"))
        return "" if target.startswith("unquote") else target  # a name that is computed
    return _text(head) if head.type == "identifier" else ""


def _elixir_closed(node: tree_sitter.Node) -> bool:
    """A function's or a macro's body: what it quotes is written elsewhere."""
    return node.type == "call" and _text(node.child_by_field_name("target")) in _ELIXIR_DEFINES


def _elixir_fields(arguments: tree_sitter.Node | None) -> Iterator[str]:
    pending = list(arguments.named_children) if arguments is not None else []
    while pending:
        part = pending.pop(0)
        if part.type == "atom":
            yield _text(part).lstrip(":")
        elif part.type == "pair":
            yield _text(part.child_by_field_name("key")).strip().rstrip(":")
        elif part.type in {"list", "keywords"}:
            pending[:0] = part.named_children


def _sql_created(node: tree_sitter.Node) -> tuple[list[tuple[str, bool]], bool]:
    reference = node.child_by_field_name("column") or _first(node, "object_reference")
    name = re.sub(r"[\"`\[\]]|\s+(?=\.)|(?<=\.)\s+", "", _text(reference))
    return [(name, False)], node.type == "create_table"


def _sql_column(node: tree_sitter.Node) -> tuple[list[tuple[str, bool]], bool]:
    return [(re.sub(r"[\"`\[\]]", "", _text(node.child_by_field_name("name"))), True)], False


def _powershell_name(node: tree_sitter.Node) -> tuple[list[tuple[str, bool]], bool]:
    return [(_text(_first(node, "function_name")).rpartition(":")[2], False)], False


def _hcl_block(node: tree_sitter.Node) -> tuple[list[tuple[str, bool]], bool]:
    word, *labels = [
        _text(child).strip('"') for child in node.named_children if child.type in {"identifier", "string_lit"}
    ]
    top = node.parent is not None and node.parent.parent is not None and node.parent.parent.type == "config_file"
    if not top or not labels:
        return [], False
    prefix = {"variable": "var", "resource": ""}.get(word, word)
    known = word in {"variable", "resource", "data", "output", "module", "provider"}
    return ([(".".join(filter(None, (prefix, *labels))), False)] if known else []), False


def _hcl_local(node: tree_sitter.Node) -> tuple[list[tuple[str, bool]], bool]:
    block = node.parent.parent if node.parent is not None else None
    inside = block is not None and block.type == "block" and _text(block.named_child(0)) == "locals"
    return ([(f"local.{_text(_first(node, 'identifier'))}", False)] if inside else []), False


def _dart_several(node: tree_sitter.Node) -> tuple[list[tuple[str, bool]], bool]:
    return [(_text(_first(node, "identifier")), True)], False


def _dart_signature(node: tree_sitter.Node) -> tuple[list[tuple[str, bool]], bool]:
    names = [_text(child) for child in node.children_by_field_name("name")]
    if node.type == "operator_signature":
        sign = next(child for child in node.children if child.type != "operator" and "type" not in child.type)
        return [(f"operator {_text(sign)}", False)], False
    if not names:
        names = [_text(child) for child in node.named_children if child.type == "identifier"]
    return [(names[-1] if names else "", False)], False


_GRAPHQL_FIELD = _named("name", member=True)
_SQL = ("table", "view", "materialized_view", "function", "procedure", "trigger", "type", "index", "sequence", "domain")
GRAMMARS = {
    "elixir": Grammar(
        "tree-sitter-elixir==0.3.5",
        "tree_sitter_elixir",
        frozenset({".ex"}),
        {"call": _elixir_call, "unary_operator": _elixir_type},
        closed=_elixir_closed,
    ),
    "sql": Grammar(
        "tree-sitter-sql==0.3.13",
        "tree_sitter_sql",
        frozenset({".sql"}),
        {**{f"create_{kind}": _sql_created for kind in _SQL}, "column_definition": _sql_column},
        frozenset({"function_body", "alter_table"}),
        partial=True,
    ),
    "powershell": Grammar(
        "tree-sitter-powershell==0.26.4",
        "tree_sitter_powershell",
        frozenset({".ps1", ".psm1"}),
        {
            "function_statement": _powershell_name,
            "class_statement": _named("simple_name", holds=True),
            "enum_statement": _named("simple_name", holds=True),
            "class_property_definition": lambda node: ([(_text(_first(node, "variable")).lstrip("$"), True)], False),
            "class_method_definition": _named("simple_name"),
            "enum_member": _named("simple_name", member=True),
        },
        frozenset({"script_block"}),
    ),
    "terraform": Grammar(
        "tree-sitter-hcl==1.2.0",
        "tree_sitter_hcl",
        frozenset({".tf"}),
        {"block": _hcl_block, "attribute": _hcl_local},
    ),
    "graphql": Grammar(
        "tree-sitter-graphql==0.1.0",
        "tree_sitter_graphql",
        frozenset({".graphql", ".gql"}),
        {
            **{
                f"{kind}_type_{way}": _named("name", holds=True)
                for kind in ("object", "interface", "input_object", "enum", "union", "scalar")
                for way in ("definition", "extension")
            },
            "field_definition": _GRAPHQL_FIELD,
            "input_value_definition": _GRAPHQL_FIELD,
            "enum_value_definition": _named("enum_value", member=True),
            "directive_definition": _named("name", sign="@"),
            "operation_definition": _named("name"),
            "fragment_definition": _named("fragment_name"),
        },
        frozenset({"arguments_definition", "selection_set", "directive_definition"}),
    ),
    "dart": Grammar(
        "tree-sitter-dart-orchard==0.7.0",
        "tree_sitter_dart_orchard",
        frozenset({".dart"}),
        {
            "class_definition": _named("identifier", holds=True),
            "mixin_declaration": _named("identifier", holds=True),
            "extension_declaration": _named("identifier", holds=True),
            "extension_type_declaration": _named("identifier", "extension_type_name", holds=True),
            "enum_declaration": _named("identifier", holds=True),
            "enum_constant": _named("identifier", member=True),
            "type_alias": _named("type_identifier"),
            "initialized_identifier": _dart_several,
            "static_final_declaration": _dart_several,
            **dict.fromkeys(
                [
                    "function_signature",
                    "getter_signature",
                    "setter_signature",
                    "constructor_signature",
                    "constant_constructor_signature",
                    "operator_signature",
                    "factory_constructor_signature",
                    "redirecting_factory_constructor_signature",
                ],
                _dart_signature,
            ),
        },
        frozenset({"function_body", "formal_parameter_list", "initializers", "initializer_list_entry"}),
    ),
}


def protobuf(top: Path, package: str) -> Iterator[Row]:
    """What protoc puts into the descriptors of a folder's files; its includes are its own well-known types."""
    folder = tools.from_pypi("grpcio-tools==1.66.2")
    files = sorted(str(file.relative_to(top / package)) for file in (top / package).rglob("*.proto"))
    script = (
        "import sys, json, pkg_resources\n"
        "from grpc_tools import protoc\n"
        "from google.protobuf.descriptor_pb2 import FileDescriptorSet as Set\n"
        "root, *files = sys.argv[1:]\n"
        "out = root.rstrip('/') + '.descriptors'\n"
        "own = pkg_resources.resource_filename('grpc_tools', '_proto')\n"
        "if protoc.main(['', '-I' + root, '-I' + own, '-o' + out, *files]): sys.exit('protoc failed')\n"
        "found = []\n"
        "def message(path, one, owner):\n"
        "    if one.options.map_entry: return\n"
        "    name = owner + one.name\n"
        "    found.append((path, name, False))\n"
        "    found.extend((path, name + '.' + field.name, True) for field in one.field)\n"
        "    for inner in one.nested_type: message(path, inner, name + '.')\n"
        "    for inner in one.enum_type: enum(path, inner, name + '.')\n"
        "def enum(path, one, owner):\n"
        "    found.append((path, owner + one.name, False))\n"
        "    found.extend((path, owner + one.name + '.' + value.name, True) for value in one.value)\n"
        "for file in Set.FromString(open(out, 'rb').read()).file:\n"
        "    for one in file.message_type: message(file.name, one, '')\n"
        "    for one in file.enum_type: enum(file.name, one, '')\n"
        "    for one in file.service:\n"
        "        found.append((file.name, one.name, False))\n"
        "        found.extend((file.name, one.name + '.' + method.name, False) for method in one.method)\n"
        "print(json.dumps(found))\n"
    )
    command = [sys.executable, "-c", script, str(top / package), *files]
    printed = tools.run(command, top, {"PYTHONPATH": str(folder)})
    for path, name, member in json.loads(printed):
        yield Row(path=str(Path(package) / path), name=name, member=member)
