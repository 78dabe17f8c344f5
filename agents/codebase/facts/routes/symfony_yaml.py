"""Routes of Symfony and Drupal that YAML configures: a name with a path, a controller and methods. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from agents.codebase.facts.routes.route_words import ANY, RESOURCE, SYMFONY, VERBS, short_controller
from agents.codebase.structure.artefacts.yaml_outline import YamlEntry, readable_outline
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

_FILE: Final = re.compile(
    r"(?:^|/)(?:(?:routes|routing)(?:[._-][\w.-]*)?|[\w.-]+\.routing|(?:routes|routing)/[^/]+)\.ya?ml$"
)
_DRUPAL: Final = re.compile(r"\.routing\.yml$")
_DEPTH: Final = 3
_LONGEST: Final = 1_000_000
_METHOD: Final = re.compile(rf"\b({'|'.join(VERBS)})\b", re.IGNORECASE)
#: What answers a route, in Symfony and in Drupal.
_ANSWERS: Final = (
    *(("controller",), ("defaults", "_controller"), ("defaults", "_form"), ("defaults", "_entity_form")),
    *(("defaults", "_entity_list"), ("defaults", "_entity_view")),
)
_WHEN: Final = "when@"

#: What stands below a route's name, by its keys.
_Given = Mapping[tuple[str, ...], YamlEntry]


def is_symfony_yaml(path: str) -> bool:
    """Whether a file is called as those that configure routes."""
    return _FILE.search(path) is not None


def symfony_yaml_routes(path: str, text: str) -> Iterator[Fact]:
    """The routes of a file, and the files and folders whose routes it imports."""
    if len(text) > _LONGEST:
        return
    by_name: dict[str, dict[tuple[str, ...], YamlEntry]] = defaultdict(dict)
    for entry in readable_outline(text.replace("\t", "  "), _DEPTH):
        by_name[entry.path[0]][entry.path[1:]] = entry
    source, lines = "Drupal" if _DRUPAL.search(path) else SYMFONY, text.split("\n")
    # A path alone is something else's in a file where nothing is answered.
    if not any(key in given for given in by_name.values() for key in (*_ANSWERS, ("resource",), ("resource", "path"))):
        return
    for name, given in by_name.items():
        if name.startswith(_WHEN) or () not in given:
            continue
        place = Lines(start=given[()].line, end=given[()].end)
        resource = _value(given, ("resource",)) or _value(given, ("resource", "path"))
        if RESOURCE.search(resource):
            prefix = _value(given, ("prefix",))
            yield Fact(kind=FactKind.MOUNT, name=prefix, source=source, lines=place, target=resource)
        for address in _paths(given):
            yield Fact(
                kind=FactKind.ROUTE,
                name=address,
                type=_methods(given, lines),
                source=source,
                lines=place,
                target=_controller(given),
                text=_value(given, ("defaults", "_title")),
            )


def _paths(given: _Given) -> list[str]:
    """The path of a route, or one for each language."""
    written = [entry.value for key, entry in given.items() if key[:1] in {("path",), ("pattern",)} and len(key) < 3]
    return [value for value in dict.fromkeys(written) if value.startswith("/")]


def _methods(given: _Given, lines: list[str]) -> str:
    entry = given.get(("methods",))
    listed = _METHOD.findall("\n".join(lines[entry.line - 1 : entry.end])) if entry is not None else []
    return ", ".join(dict.fromkeys(method.upper() for method in listed)) or ANY


def _controller(given: _Given) -> str:
    """The class and the method of what answers; empty for a service or a form that has no class's name."""
    written = next((value for key in _ANSWERS if (value := _value(given, key))), "")
    return short_controller(written.replace("::", ".").replace(":", ".")) if re.fullmatch(r"[\w\\:]+", written) else ""


def _value(given: _Given, key: tuple[str, ...]) -> str:
    return given[key].value if key in given else ""
