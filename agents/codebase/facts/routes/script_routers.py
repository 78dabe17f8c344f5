"""Routes that methods of a router declare: Express and what is like it. Tables first."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from agents.codebase.facts.calls import CodeCall, items, options
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.name_origins import NameOrigin, origins, required
from agents.codebase.facts.routes.route_facts import certain_path, handler_name, methods_in, mount_fact, route_fact
from agents.codebase.facts.routes.route_words import ANY, VERBS, joined_path
from agents.codebase.facts.written import literal, read_call, texts_in
from agents.contracts.facts import Fact

_NAMES = re.compile(r"^(?:\w*[rR]outers?|\w*[aA]pp|\w+[rR]outes?|server|fastify|routes?|api|v\d+)$")
#: What makes a router; its own name is the receiver of a chain that begins with it.
_MAKERS = frozenset(
    {"Router", "KoaRouter", "Hono", "Elysia", "OpenAPIHono", "express", "fastify", "Fastify", "AutoRouter"}
    | {"IttyRouter", "createRouter", "createApp"}
)
#: A client has the same methods as a router.
_CLIENTS = re.compile(r"\b(\w+)\s*=\s*(?:await\s+)?(?:axios|got|ky|supertest|request|superagent|new\s+\w*Client)\b")
_METHODS = {"all": ANY, "del": "DELETE", "ws": "WEBSOCKET"}
_MOUNTED = re.compile(r"^([\w.$]+?)(?:\.(?:routes|middleware)\(\))?$")
_TYPED = re.compile(
    r"\b(\w+)\s?:\s?(?:FastifyInstance|(?:express\.)?(?:Express|Application|Router|IRouter)|(?:Open[Aa]pi)?Hono)\b"
)
#: A plugin of Fastify is given what it adds its routes to.
_PLUGIN = re.compile(
    r"(?:export default|module\.exports ?=) ?(?:fp\()?(?:async )?(?:function ?\w{0,40} ?)?\( ?(\w{1,40})"
)
_BLOCKS = frozenset({"use", "route", "group", "register"})


@dataclass(frozen=True)
class _Scripted:
    """A file with what its names stand for."""

    file: ParsedCode
    source: str
    routers: frozenset[str]
    clients: frozenset[str]
    imported: dict[str, NameOrigin]


def routes_of_script_routers(file: ParsedCode, source: str) -> Iterator[Fact]:
    """Routes and mounted routers of Express and what is like it."""
    text = file.whole_text
    made = {call.assigned.rpartition(".")[2] for call in file.calls(*_MAKERS)}
    given = _PLUGIN.findall(text) if source == "Fastify" else []
    routers = frozenset({*made, *_TYPED.findall(text), *given} - {""})
    scripted = _Scripted(file, source, routers, frozenset(_CLIENTS.findall(text)), origins(file))
    for call in file.calls(
        *VERBS, *_METHODS, *_MAKERS, "use", "route", "register", "on", "basePath", "prefix", "createRoute"
    ):
        if call.method in _MAKERS or call.method in {"basePath", "prefix"}:
            yield from _prefix(call, source)
        elif call.method == "createRoute":
            yield from _openapi_of_hono(call, scripted)
        elif (owner := _owner(call, scripted)) is not None:
            yield from _declared(call, owner, scripted)


def _owner(call: CodeCall, scripted: _Scripted) -> str | None:
    """The router that a call is of; None where it is of something else."""
    base = call.first
    receiver = base.receiver.rpartition(".")[2]
    is_made = base is not call and base.method in _MAKERS
    blocks = [item for item in call.around() if item.method in _BLOCKS]
    is_inside = scripted.source == "Fastify" and any(item.method == "register" for item in blocks)
    is_known = bool(_NAMES.match(receiver)) or receiver in scripted.routers or (is_inside and bool(receiver))
    awaited = call.node is not None and call.node.parent is not None and call.node.parent.type == "await_expression"
    if receiver in scripted.clients or not (is_known or is_made) or (awaited and call.method != "register"):
        return None
    if blocks and _outer(call):
        base, is_made = blocks[-1].first, blocks[-1].first.method in _MAKERS
    return base.assigned if is_made else base.receiver


def _outer(call: CodeCall) -> list[str]:
    """The paths of the calls in whose arguments a route is declared, the outermost first."""
    blocks = [item for item in call.around() if item.method in _BLOCKS]
    outer = []
    for item in blocks:
        given = options(item.value(1)).get("prefix", "") if item.method == "register" else item.value(0)
        outer.append(literal(given) or "")
    made = (blocks[-1] if blocks else call).first
    own = literal(options(made.value(0)).get("prefix", "")) if made.method in _MAKERS and not made.assigned else ""
    return [path for path in (own or "", *reversed(outer)) if path.startswith("/")]


def _prefix(call: CodeCall, source: str) -> Iterator[Fact]:
    """`new Router({ prefix: "/api" })` of Koa, `app.basePath("/v1")` of Hono, `{ base: "/api" }` of itty-router."""
    given = options(call.value(0))
    named = literal(given.get("prefix", given.get("base", ""))) or ""
    prefix = call.text(0) if call.method in {"basePath", "prefix"} else named
    target = call.receiver if call.method == "prefix" and _NAMES.match(call.receiver) else call.assigned
    if prefix.startswith("/") and target:
        yield mount_fact(prefix, source, call, "", target)


def _declared(call: CodeCall, owner: str, scripted: _Scripted) -> Iterator[Fact]:
    source, last = scripted.source, call.positional[-1] if call.positional else ""
    if call.method in {"use", "register"} or (call.method == "route" and source == "Hono"):
        yield from _mounts(call, owner, scripted)
    elif call.method == "route":
        given = options(call.value(0))
        if (path := literal(given.get("url", ""))) is not None:
            methods = methods_in(given.get("method", "")) or ANY
            target = _handler(given.get("handler", ""))
            yield route_fact(joined_path(*_outer(call), path), methods, source, call, owner=owner, target=target)
    elif call.method == "on":
        # Events have a name where Hono has methods.
        verbs = ", ".join(method.upper() for method in texts_in(call.value(0)))
        paths = [path for path in texts_in(call.value(1)) if path.startswith("/")]
        for path in paths if source == "Hono" and verbs and len(call.positional) > 2 else ():
            yield route_fact(path, verbs, source, call, owner=owner, target=_handler(last))
    else:
        yield from _answered(call, owner, scripted)


def _answered(call: CodeCall, owner: str, scripted: _Scripted) -> Iterator[Fact]:
    """`app.get("/a", h)`, several paths in a list, and `router.route("/a").get(h)`."""
    first = next((base for base in call.chain() if base.method == "route" and base.positional), None)
    written, handlers = call.value(0), call.positional[1:]
    if first is not None:
        written, handlers = first.value(0), call.positional
    elif scripted.source == "Koa" and call.text(1).startswith("/"):  # a route with a name
        written, handlers = call.value(1), call.positional[2:]
    # What every method of one path goes through is no answer.
    is_passed = first is not None and call.method == "all" and next(call.after(), None) is not None
    if not handlers or is_passed:
        return
    # Elysia has options behind the handler, Fastify the handler in them.
    last = handlers[0] if scripted.source == "Elysia" else handlers[-1]
    if last.startswith("{") and scripted.source == "Fastify":
        last = options(last).get("handler", "")
    if not last or (last.startswith(("{", "'", '"')) and call.method != "ws"):
        return
    methods = _METHODS.get(call.method, call.method.upper())
    for path in (certain_path(text, scripted.file) for text in items(written) or [written]):
        if path[:1] in {"/", "*"} or path.startswith("${"):
            outer = _outer(call)
            whole = joined_path(*outer, path) if outer else path
            yield route_fact(whole, methods, scripted.source, call, owner=owner, target=_handler(last))


def _mounts(call: CodeCall, owner: str, scripted: _Scripted) -> Iterator[Fact]:
    """`app.use("/api", auth, users)`, `app.use(users)`, `app.register(users, { prefix: "/api" })`."""
    below = options(call.value(1)).get("prefix", "") if call.method == "register" else ""
    paths = [literal(below) or ""] if below else texts_in(call.value(0))
    given = [call.value(0)] if call.method == "register" or not paths else list(call.positional[1:])
    mounted = next((pair for text in reversed(given) for pair in (_mounted(text, scripted),) if pair), None)
    if mounted is None:
        return
    target, module = mounted
    is_router = bool(_NAMES.match(target.rpartition(".")[2])) or target in scripted.routers or bool(module)
    for path in paths or ([""] if is_router else []):
        if path.startswith("/") or not path:
            yield mount_fact(path, scripted.source, call, owner, target, module)


def _mounted(text: str, scripted: _Scripted) -> tuple[str, str] | None:
    """A mounted router's name and the module it is from."""
    if module := required(text):
        stem = posixpath.splitext(module.rstrip("/"))[0]
        name = posixpath.basename(stem.removesuffix("/index"))
        return (name, module) if name.strip(".") else None
    matched = _MOUNTED.match(text)
    if matched is None:
        return None
    origin = scripted.imported.get(matched[1].partition(".")[0])
    if origin is None or not origin.module.startswith("."):
        return (matched[1], "") if origin is None or not matched[1].startswith("express") else None
    return (origin.name if origin.name and "." not in matched[1] else matched[1]), origin.module


def _openapi_of_hono(call: CodeCall, scripted: _Scripted) -> Iterator[Fact]:
    """`createRoute({ method: "get", path: "/a" })`, which an application answers by `openapi`."""
    given = options(call.value(0))
    path, method = literal(given.get("path", "")), literal(given.get("method", ""))
    if scripted.source == "Hono" and path and method:
        answer = next((item for item in scripted.file.calls("openapi") if item.value(0) == call.assigned), None)
        owner = answer.first.receiver if answer is not None else ""
        target = _handler(answer.value(1)) if answer is not None else ""
        yield route_fact(path, method.upper(), "Hono", call, owner=owner, target=target)


def _handler(text: str) -> str:
    """The function that answers, without what wraps it: `wrap(users.create)`, `users.get.bind(users)`."""
    flat = text.strip()
    if name := handler_name(flat):
        return name
    call = read_call(flat)
    if not call.name or call.name in {"async", "function"} or "=>" in flat[: len(call.name) + 3]:
        return ""
    if call.method == "bind":
        return handler_name(call.receiver)
    names = [name for item in call.positional if (name := handler_name(item))]
    return names[-1] if names else handler_name(call.name) if not call.positional else ""
