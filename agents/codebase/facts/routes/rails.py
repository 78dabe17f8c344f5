"""HTTP routes of Rails: resources with their actions, namespaces with their controllers, concerns. Tables first."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeAlias

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.resource_actions import chosen_actions
from agents.codebase.facts.routes.route_facts import handler_name, route_fact
from agents.codebase.facts.routes.route_words import ANY, VERBS, joined_path
from agents.codebase.facts.written import literal
from agents.contracts.facts import Fact

#: Routes of a file by its concerns.
_MOST = 400
_RESOURCES = frozenset({"resources", "resource"})
_OUTER = frozenset({"namespace", "scope", "resources", "resource"})
_ROCKET = re.compile(r"""^(["'])(?P<path>[^"']+)\1\s*=>\s*(["'])(?P<to>[\w/#]+)\3$""")
_MOUNTED = re.compile(r"""^([\w:.]+)\s*=>\s*["']([^"']+)["']$""")
_WORDS = re.compile(r"\w+[?!]?")
_CONTROLLER = re.compile(r"^[a-z]\w*(?:/[a-z]\w*)*$")
_OPTIONS = frozenset(
    {"to", "as", "via", "on", "controller", "action", "constraints", "defaults", "format", "module", "only", "except"}
    | {"path", "anchor", "concerns", "param", "shallow", "at"}
)


#: A call, and those in whose blocks it stands.
_Placed: TypeAlias = tuple[CodeCall, list[CodeCall]]


def rails_routes(file: ParsedCode) -> Iterator[Fact]:
    """The routes that a file of routes draws."""
    concerns: dict[str, list[_Placed]] = defaultdict(list)
    declared: list[_Placed] = []
    for call in file.calls(*VERBS, "root", "resources", "resource", "match", "mount", "concerns"):
        outer = list(call.around())
        at = next((at for at, item in enumerate(outer) if item.method == "concern"), None)
        if not call.receiver and at is None:
            declared.append((call, outer))
        elif not call.receiver and at is not None:
            concerns[outer[at].text(0)].append((call, outer[:at]))
    for call, outer in declared:
        yield from _declared(call, outer)
    yield from islice(_concerned(declared, concerns), _MOST)


def _concerned(
    declared: Sequence[tuple[CodeCall, list[CodeCall]]],
    concerns: Mapping[str, Sequence[tuple[CodeCall, list[CodeCall]]]],
) -> Iterator[Fact]:
    """What a concern declares stands in every resource that has it."""
    for call, outer in declared if concerns else ():
        above = [call, *outer] if call.method in _RESOURCES else outer
        for name in _words(call.named.get("concerns", "") if call.method != "concerns" else call.value(0)):
            for inner, inside in concerns.get(name, ()):
                yield from _declared(inner, [*inside, *above])


def _declared(call: CodeCall, outer: Sequence[CodeCall]) -> Iterator[Fact]:
    prefixes = _prefixes(call, outer)
    if call.method in _RESOURCES:
        for name in filter(None, map(literal, call.positional)):
            yield from _resource(call, name, outer, prefixes)
    elif call.method == "mount":
        mounted = _MOUNTED.match(call.value(0))
        path, target = (mounted[2], mounted[1]) if mounted else (call.text(-1, "at"), call.value(0))
        if path:
            target = handler_name(target)
            yield route_fact(joined_path(*reversed(prefixes), path), ANY, "Rails", call, target=target)
    elif call.method != "concerns":
        yield from _route(call, outer, prefixes)


def _route(call: CodeCall, outer: Sequence[CodeCall], prefixes: list[str]) -> Iterator[Fact]:
    """`get "/a", to: "users#show"`, `get "a" => "users#show"`, `get :a` in a resource, `root "home#index"`."""
    rocket = _ROCKET.match(call.value(0))
    keyed = next(((name, text) for name, text in call.named.items() if name not in _OPTIONS), None)
    path, target = call.text(0), call.text(-1, "to")
    if rocket:
        path, target = rocket["path"], rocket["to"]
    elif keyed and not call.positional:
        path, target = keyed[0], literal(keyed[1]) or ""
    elif call.method == "root":
        path, target = "", target or path
    if not path and call.method != "root":
        return
    via = ", ".join(word.upper() for word in _words(call.named.get("via", "")))
    methods = {"root": "GET", "match": ANY if via in {"", "ALL"} else via}.get(call.method, call.method.upper())
    written = call.named.get("to", "")
    handler = (
        _handler(call, outer, path, target) if not written or literal(written) is not None else handler_name(written)
    )
    yield route_fact(joined_path(*reversed(prefixes), path), methods, "Rails", call, target=handler)


def _resource(call: CodeCall, name: str, outer: Sequence[CodeCall], prefixes: list[str]) -> Iterator[Fact]:
    """One row for a whole resource, one for each action where not all are declared."""
    single = call.method == "resource"
    path = joined_path(*reversed(prefixes), call.text(-1, "path") or name)
    plain = call.text(-1, "controller") or (_plural(name) if single else name)
    controller = _class(plain, [call, *outer] if call.text(-1, "module") else outer)
    only, hidden = (_words(call.named.get(word, "")) for word in ("only", "except"))
    if not only and not hidden and "only" not in call.named:
        yield route_fact(path, call.method, "Rails", call, target=controller)
        return
    parameter = call.text(-1, "param") or "id"
    for action, methods, end in (
        chosen_actions(only, hidden, single=single, parameter=parameter) if only or hidden else ()
    ):
        target = f"{controller}.{action}" if controller else ""
        yield route_fact(path + end, methods, "Rails", call, target=target)


def _words(text: str) -> list[str]:
    """`[:index, :show]`, `%i[index show]`, `:index` as names."""
    flat = re.sub(r"^%[iIwW]", "", text.strip())
    return _WORDS.findall(flat) if re.match(r"""^[\[({:"']""", flat) else []


def _handler(call: CodeCall, outer: Sequence[CodeCall], path: str, target: str) -> str:
    """The controller's class, and its method: `Wiki::PagesController.show` for `wiki/pages#show`."""
    controller, sign, action = target.partition("#")
    if not sign:
        around = next((item for item in outer if item.method in {*_RESOURCES, "controller"}), None)
        scoped = next((text for item in outer if item.method == "scope" and (text := item.text(-1, "controller"))), "")
        own = call.text(-1, "controller")
        action = call.text(-1, "action") or target
        if own or scoped:
            controller, action = own or scoped, action or path
        elif around is not None and re.fullmatch(r"\w+", action or path):
            name = around.text(-1, "controller") or around.text(0)
            controller, action = _plural(name) if around.method == "resource" else name, action or path
        elif not target and (implied := re.fullmatch(r"/?(\w+)/(\w+)", path)):
            controller, action = implied[1], implied[2]
        else:
            return handler_name(target)
    owner = _class(controller, outer)
    return f"{owner}.{action}" if owner and action else owner


def _class(controller: str, outer: Sequence[CodeCall]) -> str:
    """The class of a controller in the modules of the blocks around it; empty for what is no controller's name."""
    modules = [
        module
        for item in reversed(outer)
        if (module := item.text(-1, "module") or (item.text(0) if item.method == "namespace" else ""))
        and item.method in _OUTER
    ]
    if not _CONTROLLER.match(controller):
        return ""
    names = [part for module in (*modules, controller) for part in module.split("/") if part]
    return "::".join("".join(word.capitalize() for word in name.split("_")) for name in names) + "Controller"


def _prefixes(call: CodeCall, outer: Sequence[CodeCall]) -> list[str]:
    """The paths of the blocks around a route, the innermost first; `member` and `collection` are of the innermost."""
    inner = call.text(-1, "on")
    prefixes = []
    for item in outer:
        if item.method in {"member", "collection"}:
            inner = inner or item.method
        elif item.method in _OUTER:
            prefixes.append(_prefix(item, inner))
            inner = ""
    return prefixes


def _prefix(outer: CodeCall, inner: str) -> str:
    """The path that a block around a route gives it: one of many by its id, or all of them."""
    name = outer.text(-1, "path") or outer.text(0)
    if outer.method != "resources" or inner == "collection":
        return name
    parameter = outer.text(-1, "param") or "id"
    return f"{name}/:{parameter}" if inner == "member" else f"{name}/:{_singular(name)}_{parameter}"


def _singular(name: str) -> str:
    return re.sub(r"(?<=ss|sh|ch)es$|(?<=x)es$|(?<!s)s$", "", re.sub(r"ies$", "y", name.rpartition("/")[2]))


def _plural(name: str) -> str:
    if re.search(r"[^aeiou]y$", name):
        return f"{name[:-1]}ies"
    return name if name.endswith("s") else f"{name}es" if re.search(r"(?:x|sh|ch)$", name) else f"{name}s"
