"""Records of Avro's schemas, in JSON, with those that stand inside others. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import yaml

from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

_SOURCE: Final = "Avro"
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LONGEST: Final = 400_000
#: Composing calls itself for each level: no schema of a person has half as many.
_DEEPEST: Final = 60
_PRIMITIVES: Final = frozenset({"null", "boolean", "int", "long", "float", "double", "bytes", "string"})
_HOLDERS: Final = {"array": "items", "map": "values"}


def avro_tables(text: str) -> Iterator[Fact]:
    """Each record of a schema, followed by its fields."""
    if len(text) > _LONGEST or '"fields"' not in text or _depth(text) > _DEEPEST:
        return
    try:
        root = yaml.compose(text.replace("\t", "  "), Loader=_LOADER)
    except (yaml.YAMLError, ValueError):
        return
    waiting = [root] if root is not None else []
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            given = _given(node)
            if _plain(given, "type") in {"record", "error"} and isinstance(given.get("fields"), yaml.SequenceNode):
                yield from _record(node, given)
            waiting += [value for value in given.values() if not isinstance(value, yaml.ScalarNode)]


def _depth(text: str) -> int:
    """How deep brackets stand inside each other."""
    depth = deepest = 0
    for sign in text:
        depth += (sign in "[{") - (sign in "]}")
        deepest = max(deepest, depth)
    return deepest


def _given(node: yaml.Node) -> dict[str, yaml.Node]:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return {str(key.value): value for key, value in pairs if isinstance(key, yaml.ScalarNode)}


def _plain(given: dict[str, yaml.Node], name: str) -> str:
    value = given.get(name)
    return str(value.value) if isinstance(value, yaml.ScalarNode) else ""


def _lines(node: yaml.Node) -> Lines:
    return Lines(start=node.start_mark.line + 1, end=node.end_mark.line + 1)


def _record(node: yaml.Node, given: dict[str, yaml.Node]) -> Iterator[Fact]:
    name = _plain(given, "name")
    owner = name.rpartition(".")[2]
    yield Fact(
        kind=FactKind.TABLE, name=owner, source=_SOURCE, lines=_lines(node), symbol=owner, text=_plain(given, "doc")
    )
    for field in given["fields"].value:
        own = _given(field)
        kind, target = _type(own["type"]) if "type" in own else ("", "")
        pieces = kind.split(" | ")
        marks = ["nullable"] if "null" in pieces else []
        marks += ["list"] if any(piece.startswith("array<") for piece in pieces) else []
        if _plain(own, "name"):
            yield Fact(
                kind=FactKind.COLUMN,
                name=_plain(own, "name"),
                source=_SOURCE,
                lines=_lines(field),
                owner=owner,
                type=" | ".join(piece for piece in pieces if piece != "null") or kind,
                target=target,
                text=_plain(own, "doc"),
                marks=tuple(marks),
            )


def _type(node: yaml.Node) -> tuple[str, str]:
    """A type as it is shown, and the record that it names."""
    if isinstance(node, yaml.ScalarNode):
        name = str(node.value).rpartition(".")[2]
        return name, "" if name in _PRIMITIVES else name
    if isinstance(node, yaml.SequenceNode):
        listed = [_type(item) for item in node.value]
        return " | ".join(kind for kind, _ in listed), next((target for _, target in listed if target), "")
    given = _given(node)
    kind = _plain(given, "type")
    if kind in _HOLDERS and _HOLDERS[kind] in given:
        inner, target = _type(given[_HOLDERS[kind]])
        return f"{kind}<{inner}>", target
    if kind == "" and "type" in given:
        return _type(given["type"])
    named = _plain(given, "name").rpartition(".")[2]
    return named or _plain(given, "logicalType") or kind, named if kind == "record" else ""
