"""HTTP routes of Ktor: blocks in blocks, classes that are routes, functions that put routes into what calls them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

from agents.codebase.facts.calls import CodeCall, every_call
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.kotlin_blocks import blocks_around
from agents.codebase.facts.routes.ktor_resources import (
    KtorResource,
    compared_calls,
    mounted_resources,
    resource_path,
    resources_of,
    type_argument,
)
from agents.codebase.facts.routes.route_facts import mount_fact, route_fact
from agents.codebase.facts.routes.route_words import TYPED, VERBS, joined_path
from agents.contracts.facts import Fact

_ANSWERS = {verb: verb.upper() for verb in VERBS} | {"webSocket": "WEBSOCKET", "sse": "GET"}
_BLOCKS = frozenset({"routing", "route", "authenticate"})
_EXTENDS = re.compile(r"\bfun\s+(?:\w+\.)*(?:Route|Routing)\.")


def ktor_routes(file: ParsedCode) -> Iterator[Fact]:
    """`get("/a") { … }` inside `routing { route("/b") { … } }`, and `get<A> { … }` of a class with a path."""
    resources = resources_of(file)
    yield from mounted_resources(resources)
    compared = list(compared_calls(file))
    for call in (*file.calls(*_ANSWERS), *(item for item in compared if item.method in _ANSWERS)):
        outer, is_inside, function = _around(file, call)
        if not is_inside or call.receiver:
            continue
        # A path of another type, as a regular expression, is none that can be shown.
        path = call.text(0)
        typed = type_argument(call) if not call.positional else ""
        if typed:
            yield from _typed(call, typed, outer, function, resources)
        elif path or (outer and not call.positional):
            yield route_fact(joined_path(*outer, path), _ANSWERS[call.method], "Ktor", call, owner=function)
    yield from _mounts(
        file, sorted((item.node.start_byte, item.end_byte) for item in compared if item.node is not None)
    )


def _typed(
    call: CodeCall, typed: str, outer: Sequence[str], function: str, resources: Mapping[str, KtorResource]
) -> Iterator[Fact]:
    """The route of a class; one of another file has the class for its router."""
    path = resource_path(typed, resources)
    if path:
        yield route_fact(joined_path(*outer, path), _ANSWERS[call.method], "Ktor", call, owner=function)
    elif not outer:
        yield route_fact("", _ANSWERS[call.method], "Ktor", call, owner=typed, marks=(TYPED,))


def _mounts(file: ParsedCode, answers: Sequence[tuple[int, int]]) -> Iterator[Fact]:
    """The functions that are called where routes are; none of what stands in the answers of classes."""
    for call in every_call("kotlin", file.root, file.source):
        if call.positional or call.named or call.node is None or not re.fullmatch(r"[a-z]\w*", call.name):
            continue
        at = bisect_right(answers, (call.node.start_byte, call.node.end_byte)) - 1
        if at >= 0 and call.node.end_byte <= answers[at][1]:
            continue
        outer, is_inside, function = _around(file, call)
        if is_inside and (outer or function) and call.method not in _BLOCKS and call.method not in _ANSWERS:
            yield mount_fact(joined_path(*outer) if outer else "", "Ktor", call, function, call.method)


def _around(file: ParsedCode, call: CodeCall) -> tuple[list[str], bool, str]:
    """The paths around a call, whether it stands where routes do, and the function that a router calls for it."""
    symbol = file.symbol_around(call.line)
    function = symbol.name if symbol is not None and _EXTENDS.search(symbol.signature) else ""
    blocks = list(blocks_around(call))
    outer = [block.text(0) for block in reversed(blocks) if block.method == "route" and block.text(0)]
    # What stands in a route's own block is its answer.
    is_answer = any(block.method in _ANSWERS and not block.receiver for block in blocks)
    is_inside = bool(function) or any(block.method in _BLOCKS for block in blocks)
    return outer, is_inside and not is_answer, function
