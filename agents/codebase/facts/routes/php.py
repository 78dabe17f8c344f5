"""HTTP routes of PHP: Symfony's attributes and comments, Laravel's routes with their groups."""

from __future__ import annotations

from collections.abc import Iterator

from agents.codebase.facts.calls import CodeCall, options
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.classes import Annotated, marks_of, paths_of, routes_of_classes
from agents.codebase.facts.routes.php_collectors import collected_routes, php_handler
from agents.codebase.facts.routes.route_facts import handler_name, methods_in, mount_fact, route_fact
from agents.codebase.facts.routes.route_words import ANY, SYMFONY, VERBS, joined_path
from agents.codebase.facts.routes.symfony import symfony_routes
from agents.codebase.facts.written import literal
from agents.contracts.facts import Fact
from agents.contracts.structure import SymbolKind

_SYMFONY = Annotated(
    SYMFONY,
    {"Route": ANY} | {verb.title(): verb.upper() for verb in VERBS},
    ("Route", "RouteResource", "Prefix"),
    is_documented=True,
)
_LARAVEL = {verb: verb.upper() for verb in VERBS} | {
    **dict.fromkeys(("resource", "apiResource", "singleton", "apiSingleton"), "resource"),
    **dict.fromkeys(("any", "match", "redirect", "permanentRedirect"), ANY),
    "view": "GET",
}
_HOLDERS = frozenset({"redirect", "permanentRedirect", "view"})


def php_routes(file: ParsedCode) -> Iterator[Fact]:
    """Routes of decorated or documented classes, of Laravel's `Route`, and of objects that collect routes."""
    if file.holds(b"Attribute\\Route", b"Annotation\\Route", b"Controller\\Annotations"):
        yield from routes_of_classes(file, _SYMFONY)
        yield from _invoked(file)
    yield from collected_routes(file)
    yield from symfony_routes(file)
    if file.holds(b"Route::"):
        yield from _laravel(file)
    for call in file.calls("withRouting"):
        if prefix := literal(call.named.get("apiPrefix", "")):
            yield mount_fact(prefix, "Laravel", call, "", "routes/api.php")


def _invoked(file: ParsedCode) -> Iterator[Fact]:
    """A class with a route of its own whose `__invoke` has none."""
    plain = {symbol.name for symbol in file.symbols if not symbol.decorators and symbol.name.endswith(".__invoke")}
    for symbol in file.symbols:
        if symbol.kind is not SymbolKind.CLASS or f"{symbol.name}.__invoke" not in plain:
            continue
        for mark in marks_of(symbol, is_documented=True):
            for path in (paths_of(mark, file) or ()) if mark.method == "Route" else ():
                methods = methods_in(mark.named.get("methods", "")) or ANY
                yield route_fact(joined_path(path), methods, SYMFONY, symbol, target=symbol.name, symbol=symbol.name)


def _laravel(file: ParsedCode) -> Iterator[Fact]:
    for call in file.calls(*_LARAVEL, "resources", "apiResources", "group"):
        if call.first.receiver.rpartition(".")[2] != "Route":
            continue
        groups = [outer for outer in call.around() if outer.method == "group"]
        outer = [path for group in groups for path in (_prefix(group),) if path]
        own = [item.text(0) for item in call.chain() if item.method == "prefix"]
        if call.method == "group":
            yield from _file_of_routes(call, joined_path(*reversed(outer), _prefix(call)))
            continue
        before = (*reversed(outer), *reversed(own))
        if call.method in {"resources", "apiResources"}:
            for name, controller in options(call.value(0)).items():
                path = joined_path(*before, name)
                yield route_fact(path, "resource", "Laravel", call, target=php_handler(controller))
            continue
        at = 1 if call.method == "match" else 0
        written = literal(call.value(at))
        if written is None or len(call.positional) < at + 2:
            continue
        methods = (methods_in(call.value(0)) if at else "") or _LARAVEL[call.method]
        target = "" if call.method in _HOLDERS else _handler(call, call.value(at + 1), groups)
        yield route_fact(joined_path(*before, written), methods, "Laravel", call, target=target)


def _prefix(group: CodeCall) -> str:
    """What stands before the paths of a group, in the calls before it or in its first argument."""
    chained = [item.text(0) for item in group.chain() if item.method == "prefix"]
    return joined_path(*reversed(chained), literal(options(group.value(0)).get("prefix", "")) or "").strip("/")


def _file_of_routes(call: CodeCall, prefix: str) -> Iterator[Fact]:
    """`Route::prefix("api")->group(base_path("routes/api.php"))`."""
    written = call.positional[-1] if call.positional else ""
    name = next((part for part in written.replace('"', "'").split("'") if part.endswith(".php")), "").lstrip("./")
    if name and "function" not in written and "fn" not in written:
        yield mount_fact(prefix.strip("/"), "Laravel", call, "", name)


def _handler(call: CodeCall, written: str, groups: list[CodeCall]) -> str:
    """A route's handler; one that is only a method is of the controller that a group names."""
    handler = php_handler(written)
    chains = [*call.chain(), *(item for group in groups for item in group.chain())]
    controller = next((item.value(0) for item in chains if item.method == "controller"), "")
    is_method = "." not in handler and literal(written) is not None
    return handler_name(f"{php_handler(controller)}.{handler}") if controller and is_method else handler
