"""How routes are put together, whatever the framework."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.file import ParsedCode, place
from agents.codebase.facts.route_words import joined_path
from agents.codebase.facts.written import Written, texts_in
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol, SymbolKind


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
        if item.method in owners and (prefix := next(iter(_paths_of(item)), None)) is not None
    }
    for symbol, marked in file.decorated:
        if symbol.kind not in {SymbolKind.METHOD, SymbolKind.FUNCTION}:
            continue
        declared = next((item for item in marked if item.method in table), None)
        if declared is None:
            continue
        # JAX-RS and ASP.NET have the path in an annotation of its own.
        apart = next((item for item in marked if item.method in {"Path", "Route"}), Written(""))
        if any(item.positional and not _paths_of(item) for item in (declared, apart)):
            continue  # a constant of the code: the path is not known
        owner = symbol.name.rpartition(".")[0]
        methods = methods_in(declared.value(-1, "method", "methods")) or table[declared.method]
        plain = owner.rpartition(".")[2].removesuffix("Controller").lower()
        for own in _paths_of(declared) or _paths_of(apart) or [""]:
            path = own if own.startswith("/") and source == "ASP.NET" else joined_path(prefixes.get(owner, ""), own)
            path = path.replace("[controller]", plain).replace("[action]", symbol.name.rpartition(".")[2].lower())
            yield route_fact(path.lstrip("~"), methods, source, symbol, target=symbol.name, symbol=symbol.name)


def _paths_of(item: Written) -> list[str]:
    return texts_in(item.value(0, "path", "value", "Template", "uri"))


def handler_name(text: str) -> str:
    return text if re.fullmatch(r"[\w.$:\\]+", text.strip()) else ""
