"""Routes that an OpenAPI or Swagger document describes: versions 2.0, 3.0 and 3.1, in YAML and JSON. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from agents.codebase.facts.routes.route_words import VERBS, joined_path
from agents.codebase.secrets import STARS
from agents.codebase.structure.artefacts.yaml_outline import YamlEntry, readable_outline
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Structure

_VERSION: Final = re.compile(r"[23](?:\.\d+)*")
_METHODS: Final = frozenset({*VERBS, "trace"})
#: paths, path, method, parameters, item, name.
_DEPTH: Final = 6
#: libyaml refuses halves of characters, which JSON writes in pairs.
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
#: Parameters that are listed; an operation with more is described in its document.
_MOST: Final = 8
_PLACEHOLDER: Final = re.compile(r"\{[^{}]*\}|<[^<>]*>|(?<=/):\w+\??|(?<=/)\[+[.\w]+\]+")

_Path = tuple[str, ...]
_Parameter = dict[str, str]


def is_openapi(structure: Structure) -> bool:
    """Whether a file's outline has the keys that such a document must have."""
    if structure.language not in {"yaml", "json"}:
        return False
    names = {symbol.name for symbol in structure.symbols}
    return "paths" in names and not names.isdisjoint({"openapi", "swagger"})


def openapi_routes(text: str) -> Iterator[Fact]:
    """The operations of a document, each with its place; nothing for a text that is no such document.

    `type` is the method, `target` the operation's id, `text` its summary, `marks` its parameters. `name` is the path
    below the document's one base path, `owner` the path as it is written under `paths`.
    """
    entries = readable_outline(_SURROGATE.sub("?", text.replace(STARS, "…").replace("\t", "  ")), _DEPTH)
    by_path = {entry.path: entry for entry in reversed(entries)}
    key = "swagger" if ("swagger",) in by_path else "openapi"
    version = by_path.get((key,))
    if version is None or not _VERSION.fullmatch(version.value) or ("paths",) not in by_path:
        return
    base, shared = _base(entries, by_path), _shared(entries)
    source = "Swagger" if key == "swagger" else "OpenAPI"
    parameters = _parameters(entries)
    for entry in entries:
        if len(entry.path) != 3 or entry.path[0] != "paths" or entry.path[2].lower() not in _METHODS:
            continue
        path, method = entry.path[1:]
        details = {name: by_path[place].value for name in _DETAILS if (place := (*entry.path, name)) in by_path}
        given = [*parameters[("paths", path)], *parameters[entry.path]]
        marks = _named(given, shared)
        if (*entry.path, "requestBody") in by_path:
            marks = [*marks, "body"]
        yield Fact(
            kind=FactKind.ROUTE,
            name=joined_path(base, path),
            type=method.upper(),
            source=f"{source} {version.value}",
            lines=Lines(start=entry.line, end=entry.end),
            owner=path,
            target=details.get("operationId", ""),
            text=details.get("summary") or details.get("description", ""),
            default="deprecated" if details.get("deprecated", "").lower() == "true" else "",
            marks=tuple(marks[:_MOST] + ["…"] * (len(marks) > _MOST)),
        )


_DETAILS: Final = ("operationId", "summary", "description", "deprecated")


def same_route(path: str) -> str:
    """A path that is equal for equal routes, whatever a framework calls its parameters."""
    return _PLACEHOLDER.sub("{}", path.strip("^$")).rstrip("/") or "/"


def _base(entries: Iterable[YamlEntry], by_path: Mapping[_Path, YamlEntry]) -> str:
    """The path before every path of the document; empty where servers differ in it or it has variables."""
    written = by_path.get(("basePath",))
    if written is not None:
        return written.value
    bases = {urlsplit(entry.value).path.rstrip("/") for entry in entries if entry.path == ("servers", "[]", "url")}
    base = bases.pop() if len(bases) == 1 else ""
    return "" if "{" in base else base


def _parameters(entries: Iterable[YamlEntry]) -> dict[_Path, list[_Parameter]]:
    """The parameters written at each path and operation, in their order."""
    parameters_of: dict[_Path, list[_Parameter]] = defaultdict(list)
    for entry in entries:
        *owner, above, item, name = entry.path if len(entry.path) >= 5 else ("", "", "")
        if above != "parameters" or item != "[]" or owner[0] != "paths":
            continue
        listed = parameters_of[tuple(owner)]
        # An item of a list has no entry of its own: a key that came before begins the next one.
        if not listed or name in listed[-1] or "$ref" in listed[-1] or name == "$ref":
            listed.append({})
        listed[-1][name] = entry.value
    return parameters_of


def _shared(entries: Iterable[YamlEntry]) -> dict[str, _Parameter]:
    """Parameters that operations refer to, by reference."""
    parameters_of: dict[str, _Parameter] = defaultdict(dict)
    for entry in entries:
        if len(entry.path) == 4 and entry.path[:2] == ("components", "parameters"):
            parameters_of[f"#/components/parameters/{entry.path[2]}"][entry.path[3]] = entry.value
        elif len(entry.path) == 3 and entry.path[0] == "parameters":
            parameters_of[f"#/parameters/{entry.path[1]}"][entry.path[2]] = entry.value
    return parameters_of


def _named(given: Iterable[_Parameter], shared: Mapping[str, _Parameter]) -> list[str]:
    """`id (path, required)` of each parameter; an operation's own one stands for its path's of the same name."""
    named: dict[tuple[str, str], str] = {}
    for written in given:
        reference = written.get("$ref", "")
        parameter = shared.get(reference, {"name": reference.rpartition("/")[2]}) if reference else written
        name, place = parameter.get("name", ""), parameter.get("in", "")
        if not name:
            continue
        facts = [
            fact for fact in (place, "required" if parameter.get("required", "").lower() == "true" else "") if fact
        ]
        named[name, place] = f"{name} ({', '.join(facts)})" if facts else name
    return list(named.values())
