"""Routes of Symfony that PHP configures: `$routes->add(…)` of a configurator, and of a collection of routes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from agents.codebase.facts.calls import CodeCall, options
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.php_collectors import php_handler
from agents.codebase.facts.routes.route_facts import methods_in, mount_fact, route_fact
from agents.codebase.facts.routes.route_words import ANY, RESOURCE, SYMFONY, joined_path, short_controller
from agents.codebase.facts.written import Written, literal, read_call
from agents.contracts.facts import Fact

_METHODS_OF_ROUTE = 6


def symfony_routes(file: ParsedCode) -> Iterator[Fact]:
    """The routes that a file adds, and the files and folders whose routes it imports."""
    if not file.holds(b"Symfony\\Component\\Routing"):
        return
    for call in file.calls("add", "import"):
        after = list(takewhile(lambda item: item.method not in {"add", "import"}, call.after()))
        given = {item.method: item for item in reversed(after)}
        resource = call.text(0) or literal(options(call.value(0)).get("path", "")) or ""
        if call.method == "import" and RESOURCE.search(resource) and "import" not in given:
            prefix = given["prefix"].text(0) if "prefix" in given else ""
            yield mount_fact(prefix, SYMFONY, call, "", resource)
        elif call.method == "add" and call.text(0):
            yield from _added(call, given)


def _added(call: CodeCall, given: dict[str, CodeCall]) -> Iterator[Fact]:
    value = read_call(call.value(1))
    path = literal(value.value(0, "path")) if value.method == "Route" else literal(call.value(1, "path"))
    if path is None or (value.method != "Route" and path[:1] != "/"):
        return
    route = value if value.method == "Route" else Written("")
    defaults = options(route.value(1, "defaults"))
    controller = given["controller"].value(0) if "controller" in given else defaults.get("_controller", "")
    methods = given["methods"].value(0) if "methods" in given else route.value(_METHODS_OF_ROUTE, "methods")
    prefixes = [item.text(0) for item in call.chain() if item.method == "prefix"]
    yield route_fact(
        joined_path(*reversed(prefixes), path),
        methods_in(methods) or ANY,
        SYMFONY,
        call,
        target=short_controller(php_handler(controller)),
    )
