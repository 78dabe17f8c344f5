"""HTTP routes of Go. Tables first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.calls import CodeCall, every_call
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.route_facts import (
    certain_path,
    handler_name,
    methods_in,
    mount_fact,
    route_fact,
    router_of,
)
from agents.codebase.facts.routes.route_words import ANY, VERBS, joined_path
from agents.codebase.facts.written import literal, read_call, texts_in
from agents.contracts.facts import Fact

#: Frameworks by the module that is imported; the first counts.
_GO = (
    (b"gin-gonic/gin", "gin"),
    (b"labstack/echo", "echo"),
    (b"go-chi/chi", "chi"),
    (b"gorilla/mux", "gorilla/mux"),
    (b"gofiber/fiber", "fiber"),
    (b"julienschmidt/httprouter", "httprouter"),
    (b"kataras/iris", "iris"),
    (b"beego/beego", "Beego"),
    (b"net/http", "net/http"),
)
_GO_PATTERN = re.compile(r"^(?:([A-Z]+)\s+)?([\w.-]*/.*|\$\{.*)$")
_VERBS = [name for verb in VERBS for name in (verb.upper(), verb.title())]
#: Methods whose first argument is an HTTP method, or a list of them.
_METHOD_FIRST = ("Handle", "Handler", "HandlerFunc", "Method", "MethodFunc", "Add", "Match")
_GROUPS = ("Group", "Party", "Mount", "PathPrefix")
_BLOCKS = frozenset({"Route", "Group", "Party", "PartyFunc"})
_ROUTER_TYPE = re.compile(
    r"\b(\w+) \*?(?:gin\.(?:Engine|RouterGroup|IRouter|IRoutes)|echo\.(?:Echo|Group)|fiber\.(?:App|Router|Group)"
    r"|chi\.(?:Router|Mux)|mux\.Router|http\.ServeMux|httprouter\.Router|iris\.(?:Party|Application))\b"
)
_MAKERS = ("Default", "New", "NewRouter", "NewServeMux", "Group", "Party", "Subrouter")
_SWITCHES = frozenset({"true", "false", "nil"})
_MADE = frozenset({"gin", "echo", "fiber", "chi", "mux", "http", "httprouter", "iris"})


def go_routes(file: ParsedCode) -> Iterator[Fact]:
    """Routes that a router's methods declare, its groups, and functions that are given a router or make one."""
    source = next((name for word, name in _GO if word in file.source), "")
    if not source:
        return
    for call in file.calls(*_METHOD_FIRST, *_GROUPS, *_VERBS, "HandleFunc", "Any", "All"):
        if call.method in _GROUPS:
            yield from _group(file, source, call)
        elif call.before is not None and call.method in {"Handler", "HandlerFunc"}:
            yield from _matched(file, source, call)
        else:
            yield from _declared(file, source, call)
    yield from _given(file, source)
    if source == "Beego":
        yield from _beego(file)


def _declared(file: ParsedCode, source: str, call: CodeCall) -> Iterator[Fact]:
    # Some take the method, or several, before the path.
    is_first = call.method in _METHOD_FIRST and len(call.positional) > 2
    is_first = is_first and all(text.isupper() for text in texts_in(call.value(0)))
    first = methods_in(call.value(0)) if is_first else ""
    if call.method in _METHOD_FIRST and not first and call.method != "Handle":
        return
    at = 1 if first else 0
    shape = _GO_PATTERN.match(certain_path(call.value(at), file))
    # A path that is no text of the file is not known; an empty one is that of the group around it.
    if (shape is None and literal(call.value(at)) != "") or len(call.positional) < at + 2:
        return
    blocks = _blocks(call)
    outer = [item.text(0) for item in blocks]
    own = shape[2] if shape else ""
    verb = first or (shape[1] if shape else "") or (call.method.upper() if call.method in _VERBS else "")
    later = next((item for item in call.after() if item.method == "Methods"), None)
    verb = ", ".join(filter(None, map(_method, later.positional))) if later else verb
    # Behind the handler echo has what it goes through, others have it before.
    handler = call.value(at + 1) if source == "echo" else call.positional[-1]
    # A pattern of net/http may begin with a host.
    yield route_fact(
        joined_path(*reversed(outer), own) if outer or own[:1] in {"", "/"} else own,
        verb or ANY,
        source,
        call,
        owner=_owner(file, call, blocks),
        target=_handler(handler),
    )


def _matched(file: ParsedCode, source: str, call: CodeCall) -> Iterator[Fact]:
    """`r.Methods("GET").Path("/a").HandlerFunc(a)` of gorilla/mux."""
    chain = list(call.chain())
    path = next((item.text(0) for item in chain if item.method in {"Path", "PathPrefix"}), "")
    methods = next((item.positional for item in chain if item.method == "Methods"), ())
    if path.startswith("/") and call.positional:
        verb = ", ".join(filter(None, map(_method, methods))) or ANY
        owner = router_of(file, call.first.receiver, call.line)
        yield route_fact(path, verb, source, call, owner=owner, target=_handler(call.value(0)))


def _group(file: ParsedCode, source: str, call: CodeCall) -> Iterator[Fact]:
    """`v1 := r.Group("/v1")` and `r.Mount("/admin", adminRouter())`."""
    target = call.assigned
    if call.method == "Mount":
        target = re.sub(r"\{[^{}]*\}", "", call.value(1).partition("(")[0]).lstrip("&*")
    if not target or not call.text(0):
        return
    blocks = _blocks(call)
    path = joined_path(*reversed([item.text(0) for item in blocks]), call.text(0))
    yield mount_fact(path, source, call, _owner(file, call, blocks), target)


def _given(file: ParsedCode, source: str) -> Iterator[Fact]:
    """Functions that get a router: `users.Register(v1)`, `items.Routes(r.Group("/items"))`, muxes below prefixes."""
    made = {call.assigned for call in file.calls(*_MAKERS) if call.before or call.receiver in _MADE or call.text(0)}
    for symbol in file.symbols:
        made |= set(_ROUTER_TYPE.findall(symbol.signature))
    made.discard("")
    for call in every_call("go", file.root, file.source) if made else ():
        if call.name == "http.StripPrefix":
            outer = next(call.around(), None)
            if call.value(1) in made and outer is not None and call.text(0):
                yield mount_fact(call.text(0), source, call, router_of(file, outer.receiver, call.line), call.value(1))
            continue
        if call.receiver in made or call.receiver == "http" or not handler_name(call.name):
            continue
        for argument in call.positional:
            group = read_call(argument)
            is_group = group.method in {"Group", "Party", "PathPrefix"} and bool(group.text(0))
            router = group.receiver if is_group else argument
            if router in made:
                owner = router_of(file, router, call.line)
                yield mount_fact(group.text(0) if is_group else "", source, call, owner, call.name)
                break


def _beego(file: ParsedCode) -> Iterator[Fact]:
    """`web.Router("/a", &Users{}, "get:All;post:Make")`, in namespaces or not."""
    for call in file.calls("Router", "NSRouter"):
        if not call.text(0).startswith("/") or len(call.positional) < 2:
            continue
        outer = [item.text(0) for item in call.around() if item.method in {"NewNamespace", "NSNamespace"}]
        controller = handler_name(re.sub(r"\{[^{}]*\}", "", call.value(1)).lstrip("&"))
        path = joined_path(*reversed(outer), call.text(0))
        listed = [part.partition(":") for part in call.text(2).split(";") if ":" in part]
        for methods, _, name in listed or [("*", "", "")]:
            verb = ANY if methods == "*" else ", ".join(item.strip().upper() for item in methods.split(","))
            yield route_fact(path, verb, "Beego", call, target=f"{controller}.{name}" if name else controller)


def _blocks(call: CodeCall) -> list[CodeCall]:
    """The calls whose functions declare a route below their path, the innermost first."""
    return [item for item in call.around() if item.method in _BLOCKS and item.text(0)]


def _owner(file: ParsedCode, call: CodeCall, blocks: list[CodeCall]) -> str:
    """The router of a call; of one in a block, the router that the outermost block is of."""
    return router_of(file, (blocks[-1] if blocks else call).first.receiver, call.line)


def _method(text: str) -> str:
    """The HTTP method of `"GET"` or `http.MethodGet`."""
    return literal(text) or methods_in(text)


def _handler(text: str) -> str:
    """The function that answers, without what wraps it: `auth(h.List)`, `http.HandlerFunc(list)`.

    What is given a switch, as `StaticDirectoryHandler(files, false)`, wraps nothing: it makes the function.
    """
    call = read_call(text)
    if call.name == "func":
        return ""
    is_wrapper = not _SWITCHES.intersection(call.positional)
    names = [name for item in call.positional if is_wrapper and (name := handler_name(item))]
    return names[-1] if names else handler_name(text.partition("(")[0])
