"""Routes of Phoenix, read from the lines of a router. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.codebase.facts.route_words import ANY, VERBS, joined_path
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

_SCOPE: Final = re.compile(r"^\s*(?:scope|resources|live_session)\b(?P<rest>.*)\bdo\s*$")
_OPENS: Final = re.compile(r"\b(?:do|fn)\s*$")
_CLOSES: Final = re.compile(r"^\s*end\b")
_ROUTE: Final = re.compile(
    rf"""^\s*(?P<verb>{"|".join(VERBS)}|live|forward|resources)\s*\(?\s*"(?P<path>[^"]*)"\s*,\s*(?P<module>[A-Z][\w.]*)"""
    r"""(?:\s*,\s*:(?P<action>\w+[?!]?))?"""
)
_TEXT: Final = re.compile(r'"([^"]*)"')
_ALIAS: Final = re.compile(r"[,\s]([A-Z][\w.]*)")
_METHODS: Final = {"live": "GET", "forward": ANY, "resources": "resources"}


def phoenix_routes(text: str) -> Iterator[Fact]:
    """The routes that a router declares, below the scopes around each."""
    if "Phoenix.Router" not in text and ":router" not in text:
        return
    around: list[tuple[str, str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        code = line.partition(" #")[0]
        if _CLOSES.match(code):
            around = around[:-1]
            continue
        route = _ROUTE.match(code)
        if route is not None:
            yield _route(route, around, number)
        if _OPENS.search(code.rstrip()):
            around.append(_prefix(code, route))


def _prefix(code: str, route: re.Match[str] | None) -> tuple[str, str]:
    """The path and the module that a block puts before what it holds."""
    if route is not None:  # resources inside resources
        name = route["path"].strip("/").rpartition("/")[2]
        return f"{route['path']}/:{name.removesuffix('s')}_id", ""
    scope = _SCOPE.match(code)
    if scope is None or "live_session" in code:
        return "", ""
    path, alias = _TEXT.search(scope["rest"]), _ALIAS.search(scope["rest"])
    return path[1] if path else "", alias[1] if alias else ""


def _route(route: re.Match[str], around: list[tuple[str, str]], number: int) -> Fact:
    module = ".".join([*(alias for _, alias in around if alias), route["module"]])
    return Fact(
        kind=FactKind.ROUTE,
        name=joined_path(*(path for path, _ in around), route["path"]),
        type=_METHODS.get(route["verb"], route["verb"].upper()),
        source="Phoenix",
        lines=Lines(start=number, end=number),
        target=f"{module}.{route['action']}" if route["action"] else module,
    )
