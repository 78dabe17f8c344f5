"""HTTP routes of Ktor: blocks in blocks, and functions that put their routes into what calls them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.calls import CodeCall, every_call
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.kotlin_blocks import blocks_around
from agents.codebase.facts.routes.route_facts import mount_fact, route_fact
from agents.codebase.facts.routes.route_words import VERBS, joined_path
from agents.contracts.facts import Fact

_ANSWERS = {verb: verb.upper() for verb in VERBS} | {"webSocket": "WEBSOCKET", "sse": "GET"}
_BLOCKS = frozenset({"routing", "route", "authenticate"})
_EXTENDS = re.compile(r"\bfun\s+(?:\w+\.)*(?:Route|Routing)\.")


def ktor_routes(file: ParsedCode) -> Iterator[Fact]:
    """`get("/a") { … }` inside `routing { route("/b") { … } }`."""
    for call in file.calls(*_ANSWERS):
        outer, is_inside, function = _around(file, call)
        if not is_inside or call.receiver:
            continue
        # A path of another type, as a regular expression, is none that can be shown.
        path = call.text(0)
        if path or (outer and not call.positional):
            yield route_fact(joined_path(*outer, path), _ANSWERS[call.method], "Ktor", call, owner=function)
    for call in every_call("kotlin", file.root, file.source):
        if call.positional or call.named or not re.fullmatch(r"[a-z]\w*", call.name):
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
