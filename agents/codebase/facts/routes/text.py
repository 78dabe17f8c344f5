"""Routes of files whose languages have no grammar here, read from their text: which reader is for which file. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from agents.codebase.facts.routes.phoenix import phoenix_routes
from agents.codebase.facts.routes.play import play_routes
from agents.codebase.facts.routes.proto import proto_routes
from agents.codebase.facts.routes.shelf import shelf_routes
from agents.codebase.facts.routes.symfony_yaml import is_symfony_yaml, symfony_yaml_routes
from agents.contracts.facts import Fact
from agents.contracts.structure import Structure


def may_have_routes(path: str, language: str) -> bool:
    """Whether a file's text is worth a look."""
    name = posixpath.basename(path)
    if name == "routes" or name.endswith(".routes"):
        return True
    if language == "yaml":
        return is_symfony_yaml(path)
    return language in {"dart", "protobuf"} or (language == "elixir" and "router" in path)


def routes_of_text(path: str, structure: Structure, text: str) -> Iterator[Fact]:
    """The routes that a text declares, and the routers it mounts."""
    if structure.language == "elixir":
        yield from phoenix_routes(text)
    elif structure.language == "protobuf":
        yield from proto_routes(structure, text)
    elif structure.language == "dart":
        yield from shelf_routes(structure, text)
    elif structure.language == "yaml":
        yield from symfony_yaml_routes(path, text)
    elif may_have_routes(path, structure.language):
        yield from play_routes(path, text)
