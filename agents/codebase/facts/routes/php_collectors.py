"""HTTP routes of PHP that objects collect: Slim, Lumen, CodeIgniter, CakePHP. Tables first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agents.codebase.facts.calls import CodeCall, items, options
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.route_facts import handler_name, methods_in, route_fact
from agents.codebase.facts.routes.route_words import ANY, VERBS, joined_path
from agents.codebase.facts.written import literal
from agents.contracts.facts import Fact

_ANSWERS = {verb: verb.upper() for verb in VERBS} | {"any": ANY, "map": ANY, "match": ANY, "add": ANY, "connect": ANY}
_MANY = frozenset({"resource", "resources", "presenter"})
_GROUPS = frozenset({"group", "scope", "prefix"})
#: `::method`, `@method` or `:method` behind a class, and what CodeIgniter gives it.
_METHOD = re.compile(r"(?:::|@|:)(?=\w)")
_GIVEN = re.compile(r"(?:/\$\d+)+$")


@dataclass(frozen=True)
class _Collector:
    """A framework, the words by which a file shows that it uses it, the objects that collect its routes."""

    source: str
    words: tuple[bytes, ...]
    objects: re.Pattern[str]


_COLLECTORS = (
    _Collector("Slim", (b"use Slim\\", b"\\Slim\\"), re.compile(r"app|group|router?")),
    _Collector("Lumen", (b"Lumen\\",), re.compile(r"app|router")),
    _Collector("CodeIgniter", (b"CodeIgniter\\",), re.compile(r"routes")),
    _Collector("CakePHP", (b"Cake\\Routing", b"Cake\\Http"), re.compile(r"routes|builder")),
)


def collected_routes(file: ParsedCode) -> Iterator[Fact]:
    """`$app->get("/a", A::class)` and `$app->group("/b", function ($group) { … })`."""
    used = next((item for item in _COLLECTORS if file.holds(*item.words)), None)
    if used is None:
        return
    for call in file.calls(*_ANSWERS, *_MANY):
        groups = [outer for outer in call.around() if outer.method in _GROUPS]
        is_known = used.objects.fullmatch(call.receiver) or (groups and re.fullmatch(r"\w+", call.receiver))
        at = 1 if call.method in {"map", "match"} else 0
        path = literal(call.value(at))
        is_many = call.method in _MANY
        if not is_known or path is None or (len(call.positional) < at + 2 and not is_many):
            continue
        outer = [_prefix(group) for group in groups]
        whole = joined_path(*reversed(outer), path)
        if is_many:
            yield route_fact(whole if used.source != "CakePHP" else whole.lower(), "resource", used.source, call)
            continue
        methods = (methods_in(call.value(0)) if at else "") or _ANSWERS[call.method]
        yield route_fact(whole, methods, used.source, call, target=php_handler(call.value(at + 1)))


def _prefix(group: CodeCall) -> str:
    return group.text(0) or literal(options(group.value(0)).get("prefix", "")) or ""


def php_handler(written: str) -> str:
    """`A.run` for `[A::class, "run"]`, `A::class . ":run"`, `"A@run"`, `["uses" => "A@run"]`; empty for a function."""
    named = options(written) if written.startswith("[") else {}
    if named:
        controller, action = (literal(named.get(name, "")) or "" for name in ("controller", "action"))
        if controller and action:
            return handler_name(f"{controller}Controller.{action}")
        return php_handler(named["uses"]) if "uses" in named else ""
    pair = items(written) if written.startswith("[") else []
    if len(pair) == 2:
        return handler_name(f"{php_handler(pair[0])}.{literal(pair[1]) or ''}".rstrip("."))
    text = literal(written)
    if text is None:
        before, joined, method = written.partition(" . ")
        text = before.removesuffix("::class") + ((literal(method) or "") if joined else "")
    return handler_name(_METHOD.sub(".", _GIVEN.sub("", text)))
