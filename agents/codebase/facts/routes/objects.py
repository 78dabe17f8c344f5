"""Routes that objects describe: hapi's and Strapi's, with a method, a path and a handler each."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.facts.file import ParsedCode, place_at
from agents.codebase.facts.routes.route_facts import handler_name, methods_in, shown_path
from agents.codebase.facts.routes.route_words import ANY
from agents.codebase.facts.written import literal
from agents.codebase.structure.deadline import in_order
from agents.codebase.structure.grammars import query
from agents.contracts.facts import Fact, FactKind

_HAPI = re.compile(rb"(?<!\w)[hH]api(?!\w)")
_OPTIONS = frozenset({"auth", "validate", "response", "tags", "description", "pre", "notes"})
_STRAPI = re.compile(r"^(?:[\w-]+::)?[\w.-]+\.[\w-]+$")


def object_routes(file: ParsedCode) -> Iterator[Fact]:
    """`server.route({ method: "GET", path: "/a", handler: a })`, alone or in lists."""
    if not file.holds(b"handler") or not file.holds(b"path:", b"path :", b"'path'", b'"path"'):
        return
    is_hapi = _HAPI.search(file.source) is not None
    nodes = in_order(query(file.language, "(object) @object"), file.root, "object")
    for node in sorted(nodes, key=lambda item: item.start_byte):
        given = dict(_pairs(file, node))
        if not {"method", "path"} <= given.keys():
            continue
        inner = dict(_pairs(file, given["options"])) if "options" in given else {}
        inner = inner or (dict(_pairs(file, given["config"])) if "config" in given else {})
        # A file of routes that a server is given has not the framework's name, but its options.
        is_hapi = is_hapi or not _OPTIONS.isdisjoint(inner)
        handler = given.get("handler") or inner.get("handler")
        path = shown_path(file.text(given["path"]), file)
        written = file.text(handler) if handler is not None and handler.type != "method_definition" else ""
        named = literal(written)
        is_strapi = not is_hapi and named is not None and _STRAPI.match(named) is not None
        if handler is None or not path.startswith("/") or not (is_hapi or is_strapi):
            continue
        method = file.text(given["method"])
        description = inner.get("description")
        yield Fact(
            kind=FactKind.ROUTE,
            name=path,
            type=ANY if literal(method) == "*" else methods_in(method) or ANY,
            source="hapi" if is_hapi else "Strapi",
            lines=place_at(node),
            target=(named or "").rpartition("::")[2] if is_strapi else handler_name(written),
            text=literal(file.text(description)) or "" if description is not None else "",
        )


def _pairs(file: ParsedCode, node: tree_sitter.Node) -> Iterator[tuple[str, tree_sitter.Node]]:
    """An object's values by name; a method is its own value."""
    for child in node.named_children if node.type == "object" else ():
        key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
        name = child.child_by_field_name("name") if child.type == "method_definition" else None
        if key is not None and value is not None:
            yield file.text(key).strip("'\""), value
        elif child.type in {"method_definition", "shorthand_property_identifier"}:
            yield file.text(name or child), child
