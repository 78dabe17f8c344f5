"""How routes are put together, whatever the framework."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.file import ParsedCode, place
from agents.codebase.facts.route_words import joined_path
from agents.codebase.facts.written import Written, inside, literal, parts, read_call, texts_in
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol, SymbolKind

#: A name, or what a name holds: `settings.PREFIX`, `app.config["PREFIX"]`.
_NAMED_PATH = re.compile(r"""^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*|\[["'][\w-]+["']\])*$""")
_WRAPPERS = 5


def route_fact(path: str, methods: str, source: str, call: CodeCall | Symbol, **more: object) -> Fact:
    lines = call.lines if isinstance(call, Symbol) else place(call)
    return Fact.model_validate(
        {"kind": FactKind.ROUTE, "name": path, "type": methods, "source": source, "lines": lines, **more}
    )


def mount_fact(prefix: str, source: str, call: CodeCall, owner: str, target: str) -> Fact:
    return Fact(kind=FactKind.MOUNT, name=prefix, source=source, lines=place(call), owner=owner, target=target)


def methods_in(text: str) -> str:
    return ", ".join(value.upper() for value in texts_in(text)) or ", ".join(re.findall(r"[A-Z]{3,7}", text))


def routes_of_classes(
    file: ParsedCode, table: Mapping[str, str], owners: tuple[str, ...], source: str
) -> Iterator[Fact]:
    """Routes of methods with annotations, below the path of their class."""
    prefixes = {
        symbol.name: prefix
        for symbol, marked in file.decorated
        for item in marked
        if item.method in owners and (prefix := next(iter(_paths_of(item, file)), None)) is not None
    }
    for symbol, marked in file.decorated:
        if symbol.kind not in {SymbolKind.METHOD, SymbolKind.FUNCTION}:
            continue
        declared = next((item for item in marked if item.method in table), None)
        if declared is None:
            continue
        # JAX-RS and ASP.NET have the path in an annotation of its own.
        apart = next((item for item in marked if item.method in {"Path", "Route"}), Written(""))
        if any(_path_of(item) and not _paths_of(item, file) for item in (declared, apart)):
            continue  # an expression: the path is not known
        owner = symbol.name.rpartition(".")[0]
        methods = methods_in(declared.value(-1, "method", "methods")) or table[declared.method]
        plain = owner.rpartition(".")[2].removesuffix("Controller").lower()
        for own in _paths_of(declared, file) or _paths_of(apart, file) or [""]:
            path = own if own.startswith("/") and source == "ASP.NET" else joined_path(prefixes.get(owner, ""), own)
            path = path.replace("[controller]", plain).replace("[action]", symbol.name.rpartition(".")[2].lower())
            yield route_fact(path.lstrip("~"), methods, source, symbol, target=symbol.name, symbol=symbol.name)


def _paths_of(item: Written, file: ParsedCode) -> list[str]:
    written = _path_of(item)
    return texts_in(written) or [path for path in (shown_path(written, file),) if path]


def _path_of(item: Written) -> str:
    return item.value(0, "path", "value", "Template", "uri")


def shown_path(written: str, file: ParsedCode) -> str:
    """A path's text or its constant's; what only a running program knows stands there by its name, `${PREFIX}`."""
    pieces = [_shown_piece(piece, file) for piece in parts(written, "+")]
    return "".join(pieces) if all(pieces) else literal(written) or ""


def _shown_piece(written: str, file: ParsedCode) -> str:
    text = literal(written)
    if text is not None:
        return text
    return (file.constant(written) or f"${{{written}}}") if _NAMED_PATH.match(written) else ""


def handler_name(text: str) -> str:
    return text if re.fullmatch(r"[\w.$:\\]+", text.strip()) else ""


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
