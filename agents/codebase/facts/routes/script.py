"""HTTP routes of JavaScript and TypeScript: which reader is for which framework. Tables first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.calls import options
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.adonis import adonis_routes
from agents.codebase.facts.routes.classes import Annotated, routes_of_classes
from agents.codebase.facts.routes.objects import object_routes
from agents.codebase.facts.routes.route_facts import mount_fact, route_fact
from agents.codebase.facts.routes.route_words import ANY, EVERY, VERBS, VERSIONED, joined_path
from agents.codebase.facts.routes.script_routers import routes_of_script_routers
from agents.codebase.facts.routes.trpc import trpc_routes
from agents.codebase.facts.written import literal
from agents.contracts.facts import Fact

_NEST = Annotated(
    "NestJS", {verb.title(): verb.upper() for verb in VERBS} | {"All": ANY, "Sse": "GET"}, ("Controller",)
)
#: Frameworks by the word that stands in a file which uses one; the first counts.
_WORDS = (
    (re.compile(rb"fastify", re.IGNORECASE), "Fastify"),
    (re.compile(rb"(?<!\w)koa(?!\w)", re.IGNORECASE), "Koa"),
    (re.compile(rb"(?<!\w)(?:Open[aA][pP][iI])?[hH]ono(?!\w)"), "Hono"),
    (re.compile(rb"(?<!\w)[eE]lysia(?!\w)"), "Elysia"),
    (re.compile(rb"""["']itty-router["']"""), "itty-router"),
    (re.compile(rb"""["'](?:h3|nitropack/runtime)["']"""), "h3"),
    (re.compile(rb"(?<!\w)express(?!\w)|(?<!\w)Express(?!\w)"), "Express"),
    (re.compile(rb"(?<!\w)restify(?!\w)"), "restify"),
)
#: A file that is given the application, as files of Express are: `module.exports = (app) => {`.
_GIVEN = re.compile(
    rb"(?:module\.exports|exports\.\w{1,40})\s?=\s?(?:async )?(?:function\s?\w{0,40}\s?)?\(?\s?(?:app|router)\b"
)
_ANSWERS = re.compile(rb"\breq\w{0,10},\s?res\w{0,10}\b|\.route\(")


def script_routes(file: ParsedCode) -> Iterator[Fact]:
    """Routes of decorated classes, of routers' methods, of objects, and procedures of tRPC."""
    if file.holds(b"@nestjs"):
        yield from routes_of_classes(file, _NEST)
    if file.holds(b"setGlobalPrefix", b"enableVersioning"):
        yield from _nest_prefixes(file)
    if file.holds(b"@react-router/") and file.holds(b"/routes"):
        yield from _react_router(file)
    yield from object_routes(file)
    if file.holds(b"trpc", b"tRPC", b"TRPC"):
        yield from trpc_routes(file)
    if file.holds(b"@adonisjs/core", b"@ioc:Adonis"):
        yield from adonis_routes(file)
        return
    source = next((name for word, name in _WORDS if word.search(file.source)), "")
    if not source and _GIVEN.search(file.source) and _ANSWERS.search(file.source):
        source = "Express"
    if source:
        yield from routes_of_script_routers(file, source)


def _react_router(file: ParsedCode) -> Iterator[Fact]:
    """`route("about", "./about.tsx")` and `index("./home.tsx")`, in routes and prefixes."""
    for call in file.calls("route", "index"):
        if call.receiver or not call.text(1 if call.method == "route" else 0):
            continue
        outer = [item.text(0) for item in call.around() if item.method in {"route", "prefix"} and not item.receiver]
        own = call.text(0) if call.method == "route" else ""
        yield route_fact(joined_path(*reversed(outer), own), "GET", "React Router", call)


def _nest_prefixes(file: ParsedCode) -> Iterator[Fact]:
    """What stands before every path of an application of NestJS: a prefix, and the version where it is in the path."""
    for call in file.calls("setGlobalPrefix"):
        if call.text(0):
            yield mount_fact(call.text(0), "NestJS", call, "", EVERY)
    for call in file.calls("enableVersioning"):
        given = options(call.value(0))
        if given.get("type", "URI").endswith("URI"):
            yield mount_fact(literal(given.get("prefix", "'v'")) or "", "NestJS", call, "", VERSIONED)
