"""HTTP routes of Ruby. Tables first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.route_facts import methods_in, route_fact
from agents.codebase.facts.route_words import ANY, VERBS, joined_path
from agents.contracts.facts import Fact


def ruby_routes(file: ParsedCode) -> Iterator[Fact]:
    rails = file.holds(b"routes.draw")
    if not rails and not file.holds(b"sinatra", b"Sinatra"):
        return
    for call in file.calls(*VERBS, "root", "resources", "resource", "match"):
        if call.receiver:
            continue
        outer = _rails_prefixes(call)
        rocket = re.match(r"""^(["'])(?P<path>[^"']+)\1\s*=>\s*(["'])(?P<to>[\w/#]+)\3$""", call.value(0))
        path = rocket["path"] if rocket else call.text(0)
        target = call.text(-1, "to") or (rocket["to"] if rocket else call.text(0) if call.method == "root" else "")
        controller, action = call.text(-1, "controller"), call.text(-1, "action")
        target = target or (f"{controller}#{action}" if controller and action else "")
        target = _rails_handler(target, call, path) if rails else target.replace("#", ".")
        via = methods_in(re.sub(r":(\w+)", r'"\1"', call.named.get("via", "")))
        methods = {"root": "GET", "match": via or ANY}.get(
            call.method, call.method if "resource" in call.method else call.method.upper()
        )
        if path or target:
            own = "" if call.method == "root" else path
            yield route_fact(
                joined_path(*reversed(outer), own), methods, "Rails" if rails else "Sinatra", call, target=target
            )


def _rails_handler(target: str, call: CodeCall, path: str) -> str:
    """The controller's class, and its method: `WikiPagesController.show` for `wiki_pages#show`."""
    controller, _, action = target.partition("#")
    if call.method == "resources" and not target:
        controller, action = call.text(-1, "controller") or path, ""
    elif not target and re.fullmatch(r"\w+", path):
        around = next((item for item in call.around() if item.method == "resources"), None)
        controller, action = (around.text(-1, "controller") or around.text(0), path) if around else ("", "")
    if not re.fullmatch(r"[a-z]\w*(?:/[a-z]\w*)*", controller) or (target and "#" not in target):
        return target.replace("#", ".")
    name = "".join(part.capitalize() for part in controller.rpartition("/")[2].split("_"))
    return f"{name}Controller" + (f".{action}" if action else "")


def _rails_prefixes(call: CodeCall) -> list[str]:
    """The paths of the blocks around a route, the innermost first; `member` and `collection` are of the innermost."""
    inner = call.text(-1, "on")
    prefixes = []
    for item in call.around():
        if item.method in {"member", "collection"}:
            inner = inner or item.method
        elif item.method in {"namespace", "scope", "resources", "resource"}:
            prefixes.append(_rails_prefix(item, inner))
            inner = ""
    return prefixes


def _rails_prefix(outer: CodeCall, inner: str) -> str:
    """The path that a block around a route gives it: one of many by its id, or all of them."""
    name = outer.text(-1, "path") or outer.text(0)
    if outer.method != "resources" or inner == "collection":
        return name
    if inner == "member":
        return f"{name}/:id"
    single = re.sub(r"(?<=ss|sh|ch)es$|(?<=x)es$|(?<!s)s$", "", re.sub(r"ies$", "y", name))
    return f"{name}/:{single}_id"
