"""How routes are put together, whatever the framework."""

from __future__ import annotations

import re

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.file import ParsedCode, place
from agents.codebase.facts.routes.route_words import VERBS
from agents.codebase.facts.written import inside, literal, parts, read_call
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol

#: A name, or what a name holds: `settings.PREFIX`, `app.config["PREFIX"]`.
_NAMED_PATH = re.compile(r"""^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*|\[["'][\w-]+["']\])*$""")
#: `/${version}/users`, and what Python and C# have for it.
_TEMPLATE = re.compile(r"""^(?:`([^`]*)`|(?:[fF]|\$)(["'])([^"'\n]*)\2)$""")
_HELD = re.compile(r"\$?\{([^{}]*)\}")
_VARIABLE = re.compile(r"^\$\{[^{}]*\}$")
_CONSTANT = re.compile(r"(?:^\$\{|[.'\"])[A-Z][A-Z0-9_]*[.\]}'\"]|\{(?:[a-z]*[rR]outes?|[a-z]*[pP]aths?|\w*[uU]rls?)\.")
_METHOD_NAMES = "|".join(name for verb in (*VERBS, "trace") for name in (verb.upper(), verb.title()))
_METHOD = re.compile(rf"(?:\b(?:METHOD_|METH_)?(?=[A-Z]{{3}})|Methods?\.?)({_METHOD_NAMES})\b")
_WRAPPERS = 5


def route_fact(path: str, methods: str, source: str, call: CodeCall | Symbol, **more: object) -> Fact:
    lines = call.lines if isinstance(call, Symbol) else place(call)
    return Fact.model_validate(
        {"kind": FactKind.ROUTE, "name": path, "type": methods, "source": source, "lines": lines, **more}
    )


def mount_fact(prefix: str, source: str, call: CodeCall, owner: str, target: str, module: str = "") -> Fact:
    """A mounted router; `module` is where its name is imported from, as it is written there."""
    return Fact(
        kind=FactKind.MOUNT, name=prefix, source=source, lines=place(call), owner=owner, target=target, type=module
    )


def methods_in(text: str) -> str:
    """The HTTP methods that an argument names: texts, `RequestMethod.GET`, `Request::METHOD_GET`, `http.MethodGet`."""
    methods: list[str] = []
    for part in parts(inside(text)) if text[:1] in {"[", "{", "("} else [text]:
        value = literal(part)
        methods += _METHOD.findall(part) if value is None else [value] if value else []
    return ", ".join(dict.fromkeys(method.upper() for method in methods or _METHOD.findall(text)))


def router_of(file: ParsedCode, receiver: str, line: int) -> str:
    """What a router is called outside: by the function that it is given to, or that returns it."""
    symbol = file.symbol_around(line)
    if symbol is None or not receiver:
        return receiver
    name = re.escape(receiver)
    if re.search(rf"[(,\s]{name}\b", symbol.signature.partition(symbol.name.rpartition(".")[2])[2]):
        return symbol.name
    is_returned = file.holds(f"return {receiver}".encode()) and re.search(
        rf"\breturn {name}[ \t]*(?:[;}}\n]|$)", file.written(symbol.lines)
    )
    return symbol.name if is_returned else receiver


def shown_path(written: str, file: ParsedCode) -> str:
    """A path's text or its constant's; what only a running program knows stands there by its name, `${PREFIX}`."""
    pieces = [_shown_piece(piece, file) for piece in parts(written, "+")]
    return "".join(pieces) if all(pieces) else literal(written) or ""


def certain_path(written: str, file: ParsedCode) -> str:
    """The same, but nothing for a variable: a name alone must be a constant's, as `ROUTES.USERS`."""
    path = shown_path(written, file)
    return path if not _VARIABLE.match(path) or _CONSTANT.search(path) else ""


def _shown_piece(written: str, file: ParsedCode) -> str:
    text = literal(written)
    if text is not None:
        return text
    if template := _TEMPLATE.match(written):
        return _shown_template(template, file)
    return (file.constant(written) or f"${{{written}}}") if _NAMED_PATH.match(written) else ""


def _shown_template(template: re.Match[str], file: ParsedCode) -> str:
    """A text with names in it; empty where it holds other expressions."""
    body = template[3] if template[2] else template[1]
    doubled = body.replace("{{", "\0").replace("}}", "\1") if template[2] else body
    names = _HELD.findall(doubled)
    if not all(_NAMED_PATH.match(name) for name in names):
        return ""
    filled = _HELD.sub(lambda name: file.constant(name[1]) or f"${{{name[1]}}}", doubled)
    return filled.replace("\0", "{").replace("\1", "}")


def handler_name(text: str) -> str:
    return text if re.fullmatch(r"[\w.$:\\]+", text.strip()) else ""


def method_reference(text: str) -> str:
    """The method that `Users::create` or `this::create` of Java and Kotlin names; empty for a block of code."""
    return handler_name(text.removeprefix("this::").replace("::", "."))


def wrapped_handler(text: str) -> str:
    """The view that a route's second argument names, without what wraps it: `login_required(views.A.as_view())`."""
    flat = "".join(text.split())
    for _ in range(_WRAPPERS):
        call = read_call(flat)
        if call.method == "as_view":
            return call.receiver
        bracket = flat.find("(")
        later = flat[bracket + len(inside(flat[bracket:])) + 2 :] if bracket >= 0 else ""
        # `cache_page(60)(views.a)`: what the first call makes is called with the view.
        given = read_call(f"x{later}").positional if later.startswith("(") else call.positional
        inner = next((item for item in given if handler_name(read_call(item).name)), "")
        if not inner:
            return call.name or flat
        flat = inner
    return flat
