"""HTTP routes of Grape and of Roda."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.route_facts import methods_in, mount_fact, route_fact
from agents.codebase.facts.routes.route_words import ANY, VERBS, joined_path
from agents.codebase.facts.written import literal
from agents.contracts.facts import Fact
from agents.contracts.structure import SymbolKind

_SPACES = frozenset({"resource", "resources", "namespace", "group", "segment"})
_MOUNTED = re.compile(r"""^([A-Z][\w:]*)(?:\s*=>\s*["']([^"']+)["'])?$""")
_SYMBOLS = re.compile(r":(\w+)")


def grape_routes(file: ParsedCode) -> Iterator[Fact]:
    """`get :all do` in `resource :users do`, below the prefix and the version of its class."""
    described = ""
    for call in file.calls(*VERBS, "route", "desc", "mount"):
        outer = list(call.around())
        if call.receiver:
            continue
        if call.method == "desc":
            described = call.text(0)
        elif call.method == "mount":
            yield from _mounted(file, call, _spaces(outer))
        else:
            at = 1 if call.method == "route" else 0
            methods = methods_in(_SYMBOLS.sub(r"'\1'", call.value(0))) if at else call.method.upper()
            path = joined_path(*_spaces(outer), call.text(at))
            owner = _owner(file, call)
            yield route_fact(path, methods or ANY, "Grape", call, owner=owner, text=described)
            described = ""
    yield from _prefixes(file)


def _owner(file: ParsedCode, call: CodeCall) -> str:
    """The class of a call."""
    around = [item for item in file.symbols if item.lines.start <= call.line <= item.lines.end]
    classes = [item for item in around if item.kind is SymbolKind.CLASS]
    return max(classes, key=lambda item: item.lines.start).name if classes else ""


def _spaces(outer: list[CodeCall]) -> list[str]:
    paths = [
        f":{item.text(0)}" if item.method == "route_param" else item.text(0)
        for item in outer
        if item.method in _SPACES or item.method == "route_param"
    ]
    return paths[::-1]


def _mounted(file: ParsedCode, call: CodeCall, spaces: list[str]) -> Iterator[Fact]:
    mounted = _MOUNTED.match(call.value(0))
    if mounted is not None:
        path = joined_path(*spaces, mounted[2] or "").rstrip("/")
        yield mount_fact(path, "Grape", call, _owner(file, call), mounted[1].replace("::", "."))


def _prefixes(file: ParsedCode) -> Iterator[Fact]:
    """What a class says of all its routes: `prefix :api`, and `version "v1"` where it stands in the path."""
    given: dict[str, dict[str, CodeCall]] = {}
    for call in file.calls("prefix", "version"):
        if not call.receiver and call.text(0) and literal(call.named.get("using", ":path")) == "path":
            given.setdefault(_owner(file, call), {})[call.method] = call
    for owner, calls in given.items():
        path = joined_path(*(calls[name].text(0) for name in ("prefix", "version") if name in calls))
        if owner:
            yield mount_fact(path, "Grape", next(iter(calls.values())), "", owner)


def roda_routes(file: ParsedCode) -> Iterator[Fact]:
    """`r.get "all" do` in `r.on "users", Integer do`."""
    for call in file.calls("get", "post", "put", "patch", "delete", "root"):
        outer = list(call.around())
        if not any(item.method == "route" and not item.receiver for item in outer) or not re.fullmatch(
            "r", call.receiver
        ):
            continue
        blocks = [item for item in reversed(outer) if item.receiver == call.receiver and item.method in {"on", "is"}]
        path = joined_path(*(part for item in (*blocks, call) for part in map(_segment, item.positional)))
        yield route_fact(path, "GET" if call.method == "root" else call.method.upper(), "Roda", call)


def _segment(written: str) -> str:
    """A text as it is, and a class, which stands for a part of the path, by its name."""
    text = literal(written)
    return text if text is not None else f":{written.lower()}" if written.isalpha() else ""
