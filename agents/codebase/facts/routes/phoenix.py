"""Routes of Phoenix, read from the lines of a router. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from agents.codebase.facts.routes.resource_actions import chosen_actions
from agents.codebase.facts.routes.route_words import ANY, VERBS, joined_path
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

_SCOPE: Final = re.compile(r"^\s*(?:scope|live_session)\b(?P<rest>.*)\bdo\s*$")
_OPENS: Final = re.compile(r"\b(?:do|fn)\s*$")
_CLOSES: Final = re.compile(r"^\s*end\b")
_ROUTE: Final = re.compile(
    rf"""^\s*(?P<verb>{"|".join(VERBS)}|live|forward|resources|match)\s*\(?\s*(?::(?P<method>\w+|\*)\s*,\s*)?"""
    r""""(?P<path>[^"]*)"\s*,\s*(?P<module>[A-Z][\w.]*)(?:\s*,\s*:(?P<action>\w+[?!]?))?(?P<rest>.*)$"""
)
#: What other libraries put at a path.
_PLACED: Final = re.compile(r"""^\s*(?P<name>live_dashboard|oban_dashboard|kaffy)\s*\(?\s*"(?P<path>[^"]*)\"""")
_BEGUN: Final = re.compile(rf"^\s*(?:{'|'.join(VERBS)}|live|forward|resources|match|scope)\b.*,\s*$")
_TEXT: Final = re.compile(r'"([^"]*)"')
_ALIAS: Final = re.compile(r"[,\s]([A-Z][\w.]*)")
_CHOSEN: Final = re.compile(r"\b(only|except):\s*(?:\[([^\]]*)\]|~w[(\[]([^)\]]*)[)\]]a)")
_PARAMETER: Final = re.compile(r'\bparam:\s*"(\w+)"')
_METHODS: Final = {"live": "GET", "forward": ANY, "resources": "resources"}
#: Lines of one call, and blocks in blocks: a text in which more are never closed is no router.
_MOST: Final = 6
_DEEPEST: Final = 40


class _RouterBlock(NamedTuple):
    """What a block puts before the paths and the modules of what it holds; `is_plain` ends the modules around it."""

    path: str = ""
    alias: str = ""
    is_plain: bool = False


def phoenix_routes(text: str) -> Iterator[Fact]:
    """The routes that a router declares, below the scopes around each."""
    if "Phoenix.Router" not in text and ":router" not in text:
        return
    around: list[_RouterBlock] = []
    for number, code in _calls(text.split("\n")):
        if _CLOSES.match(code):
            around = around[:-1]
            continue
        route, placed = _ROUTE.match(code), _PLACED.match(code)
        if route is not None:
            yield from _routes(route, around, number)
        elif placed is not None:
            path = joined_path(*(block.path for block in around), placed["path"])
            yield _fact(path, "GET", number, placed["name"])
        if len(around) > _DEEPEST:
            return
        if _OPENS.search(code.rstrip()):
            around.append(_block(code, route))


def _calls(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The lines without comments, those of one call as one, each with the number of the first."""
    at = 0
    while at < len(lines):
        first, code = at, lines[at].partition(" #")[0]
        while _BEGUN.match(code) and at + 1 < len(lines) and at - first < _MOST:
            at += 1
            code = f"{code.rstrip()} {lines[at].partition(' #')[0].strip()}"
        yield first + 1, code
        at += 1


def _block(code: str, route: re.Match[str] | None) -> _RouterBlock:
    if route is not None:  # resources inside resources
        name = route["path"].strip("/").rpartition("/")[2]
        parameter = _PARAMETER.search(route["rest"])
        key = f"{name.removesuffix('s')}_{parameter[1] if parameter else 'id'}"
        is_single = "singleton: true" in route["rest"]
        return _RouterBlock(route["path"] if is_single else f"{route['path']}/:{key}")
    scope = _SCOPE.match(code)
    if scope is None or "live_session" in code:
        return _RouterBlock()
    path, alias = _TEXT.search(scope["rest"]), _ALIAS.search(scope["rest"])
    is_plain = "alias: false" in scope["rest"]
    return _RouterBlock(path[1] if path else "", alias[1] if alias and not is_plain else "", is_plain)


def _routes(route: re.Match[str], around: list[_RouterBlock], number: int) -> Iterator[Fact]:
    plain = max((at + 1 for at, block in enumerate(around) if block.is_plain), default=0)
    module = ".".join([*(block.alias for block in around[plain:] if block.alias), route["module"]])
    path = joined_path(*(block.path for block in around), route["path"])
    chosen = {word: re.findall(r"\w+", first or second) for word, first, second in _CHOSEN.findall(route["rest"])}
    if route["verb"] == "resources" and chosen:
        parameter = _PARAMETER.search(route["rest"])
        for action, methods, end in chosen_actions(
            chosen.get("only", ()),
            chosen.get("except", ()),
            single="singleton: true" in route["rest"],
            parameter=parameter[1] if parameter else "id",
            removes="delete",
        ):
            yield _fact(path.rstrip("/") + end, methods, number, f"{module}.{action}")
        return
    methods = _METHODS.get(route["verb"], route["verb"].upper())
    if route["verb"] == "match":
        methods = ANY if route["method"] in {None, "*"} else route["method"].upper()
    yield _fact(path, methods, number, f"{module}.{route['action']}" if route["action"] else module)


def _fact(path: str, methods: str, number: int, target: str) -> Fact:
    lines = Lines(start=number, end=number)
    return Fact(kind=FactKind.ROUTE, name=path, type=methods, source="Phoenix", lines=lines, target=target)
