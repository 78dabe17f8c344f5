"""Routes of Play: a file of lines, each with a method, a path and the controller's method. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final

from agents.codebase.facts.routes.route_words import VERBS
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

_LINE: Final = re.compile(
    rf"^({'|'.join(verb.upper() for verb in VERBS)})[ \t]+(/\S*)[ \t]+@?([A-Za-z_$][\w$]*(?:\.[\w$]+)+)[ \t]*(?:\(.*)?$"
)

_INCLUDED: Final = re.compile(r"^->[ \t]+(/\S*)[ \t]+((?:\w+\.)+Routes)$")


def play_routes(path: str, text: str) -> Iterator[Fact]:
    """The routes of a file such as `conf/routes`, and the files it includes: `-> /admin admin.Routes`."""
    stem = posixpath.basename(path).removesuffix("routes").strip(".")
    owner = f"{stem}.Routes" if stem else "router.Routes"
    for number, line in enumerate(text.split("\n"), 1):
        if matched := _LINE.match(line.rstrip()):
            yield Fact(
                kind=FactKind.ROUTE,
                name=matched[2],
                type=matched[1],
                source="Play",
                lines=Lines(start=number, end=number),
                owner=owner,
                target=matched[3],
            )
        elif included := _INCLUDED.match(line.rstrip()):
            lines = Lines(start=number, end=number)
            yield Fact(
                kind=FactKind.MOUNT, name=included[1], source="Play", lines=lines, owner=owner, target=included[2]
            )
