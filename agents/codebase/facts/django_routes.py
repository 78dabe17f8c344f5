"""HTTP routes of Django and Tornado. Tables first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.route_facts import mount_fact, route_fact, wrapped_handler
from agents.codebase.facts.route_words import ANY
from agents.codebase.facts.written import literal, read_call
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

_TORNADO = re.compile(
    r"""(?:\b(?:url|URLSpec|Rule)|(?<![\w)\]]))\(\s*r?(?P<quote>["'])(?P<path>/[^"'\n]*)(?P=quote)\s*,\s*"""
    r"""(?P<handler>(?:\w+\.)*\w*(?:Handler|Socket))\b"""
)


def django_routes(file: ParsedCode) -> Iterator[Fact]:
    for call in file.calls("path", "re_path", "url", "register"):
        pattern = literal(call.value(0))
        if pattern is None or len(call.positional) < 2:
            continue
        if call.method == "register":
            if call.receiver.endswith("router"):
                path = f"/{pattern.strip('/')}/" if pattern.strip("/") else "/"
                target = call.positional[1]
                yield route_fact(path, ANY, "Django REST framework", call, owner=call.receiver, target=target)
            continue
        if call.receiver:
            continue
        included = read_call(call.positional[1])
        if included.name == "include":
            router = included.value(0).removesuffix(".urls")
            yield mount_fact(pattern, "Django", call, "", included.text(0) or router)
        else:
            visible = pattern if call.method != "path" else f"/{pattern}"
            yield route_fact(visible, ANY, "Django", call, target=wrapped_handler(call.positional[1]))


def tornado_routes(file: ParsedCode) -> Iterator[Fact]:
    """`(r"/a", Handler)` in a list, and `url(r"/a", Handler)`."""
    text = file.source.decode("utf-8", "replace")
    for match in _TORNADO.finditer(text):
        start, end = (text.count("\n", 0, at) + 1 for at in match.span())
        lines = Lines(start=start, end=end)
        yield Fact(
            kind=FactKind.ROUTE, name=match["path"], type=ANY, source="Tornado", lines=lines, target=match["handler"]
        )
