"""Routes of methods with annotations or attributes, below the paths of their classes, whatever the framework."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agents.codebase.facts.calls import options
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.route_facts import methods_in, route_fact, shown_path
from agents.codebase.facts.routes.route_words import ANY, joined_path
from agents.codebase.facts.written import Written, inside, literal, parts, read_call, texts_in
from agents.contracts.facts import Fact
from agents.contracts.structure import Symbol, SymbolKind

_METHODS = frozenset({SymbolKind.METHOD, SymbolKind.FUNCTION})
_DOCUMENTED = re.compile(r"@(?:[A-Za-z_]{1,60}\\)?[A-Z][a-zA-Z]{0,60}\(")
_KEY = re.compile(r"""^["'][^"']*["']\s*=>""")


@dataclass(frozen=True)
class Annotated:
    """How a framework writes routes at classes and methods.

    `verbs` are annotations of a method with what they answer to, `owners` those that give a class its path, `apart`
    those that give a method its path beside its verb (where it is `alone`, it answers to every verb), `clients` those
    of a class whose methods ask and do not answer. Where `is_documented`, comments hold annotations as well.
    """

    source: str
    verbs: Mapping[str, str]
    owners: tuple[str, ...]
    apart: tuple[str, ...] = ()
    clients: frozenset[str] = frozenset()
    alone: bool = False
    is_documented: bool = False


@dataclass(frozen=True)
class _Owner:
    """What a class gives its methods: paths, the words that stand in them, a version."""

    paths: tuple[str, ...] = ("",)
    area: str = ""
    version: str = ""


def routes_of_classes(file: ParsedCode, style: Annotated) -> Iterator[Fact]:
    """The routes of a file's annotated methods; none where an expression is the path."""
    marked = [
        (symbol, marks) for symbol in file.symbols for marks in (list(marks_of(symbol, style.is_documented)),) if marks
    ]
    owners = {symbol.name: _owner(marks, style, file) for symbol, marks in marked if symbol.kind not in _METHODS}
    for symbol, marks in marked:
        owner = owners.get(symbol.name.rpartition(".")[0], _Owner())
        if symbol.kind not in _METHODS or owner is None:
            continue
        version = _version(marks) or owner.version
        for methods, path in _declared(marks, style, file):
            for prefix in owner.paths:
                yield route_fact(
                    _with_words(_below(prefix, path, style), symbol, owner, marks),
                    methods,
                    style.source,
                    symbol,
                    target=symbol.name,
                    symbol=symbol.name,
                    marks=tuple(f"version {item}" for item in version.split(", ") if item),
                )


def marks_of(symbol: Symbol, is_documented: bool = False) -> Iterator[Written]:
    """A symbol's annotations as calls; brackets of C# and PHP may hold several, comments of PHP too."""
    for text in symbol.decorators:
        flat = text.strip().removeprefix("#")
        yield from map(read_call, parts(inside(flat)) if flat.startswith("[") else [flat])
    if is_documented and "@" in symbol.doc:
        yield from (read_call(symbol.doc[match.start() :]) for match in _DOCUMENTED.finditer(symbol.doc))


def paths_of(mark: Written, file: ParsedCode) -> list[str] | None:
    """The paths that an annotation gives: none where it gives none, None where it is an expression."""
    written = mark.value(0, "path", "value", "Template", "uri", "uris")
    if written.startswith("{") and (given := options(written)):  # NestJS: an object with the path in it
        # Where the object is of languages, its values are the paths.
        languages = "" if given.keys() & {"version", "host", "scope"} else f"[{', '.join(given.values())}]"
        written = given.get("path", languages)
    if not written:
        return []
    # A path for each language: `['en' => '/about', 'nl' => '/over']`.
    keyed = [_KEY.sub("", part) for part in parts(inside(written))] if written[0] in "[{" else []
    paths = [text for part in keyed if (text := literal(part)) is not None] or texts_in(written)
    listed = [shown_path(part, file) for part in keyed] or [shown_path(written, file)]
    return paths if len(paths) >= len(keyed) and paths else listed if all(listed) else None


def _owner(marks: Sequence[Written], style: Annotated, file: ParsedCode) -> _Owner | None:
    """What a class gives; None where its path is an expression or its methods are a client's."""
    if any(mark.method in style.clients for mark in marks):
        return None
    paths: list[str] = []
    for mark in marks:
        given = paths_of(mark, file) if mark.method in style.owners else []
        if given is None:
            return None
        paths += given
    area = next((mark.text(0) for mark in marks if mark.method == "Area"), "")
    controller = next((mark for mark in marks if mark.method in style.owners), Written(""))
    version = ", ".join(texts_in(options(controller.value(0)).get("version", ""))) or _version(marks)
    return _Owner(tuple(paths) or ("",), area, version)


def _version(marks: Sequence[Written]) -> str:
    """The version of NestJS at a class or a method."""
    return next((", ".join(texts_in(mark.value(0))) for mark in marks if mark.method == "Version"), "")


def _declared(marks: Sequence[Written], style: Annotated, file: ParsedCode) -> Iterator[tuple[str, str]]:
    """What a method answers to: HTTP methods and path of each of its annotations."""
    verbs = [mark for mark in marks if mark.method in style.verbs]
    apart = [mark for mark in marks if mark.method in style.apart]
    beside = [paths_of(mark, file) for mark in apart]
    if any(paths is None for paths in beside):
        return
    shared = [path for paths in beside for path in paths or ()]
    if style.alone and not verbs:
        yield from ((ANY, path) for path in shared)
    beyond = next((methods_in(mark.value(0)) for mark in marks if mark.method == "Method"), "")
    for mark in verbs:
        methods = methods_in(mark.value(-1, "method", "methods")) or beyond or style.verbs[mark.method]
        if mark.method == "AcceptVerbs":
            methods = ", ".join(filter(None, map(methods_in, mark.positional))) or ANY
            own = texts_in(mark.value(-1, "Route"))
        else:
            given = paths_of(mark, file)
            if given is None:
                continue
            own = given
        yield from ((methods, path) for path in own or shared or [""])


def _below(prefix: str, path: str, style: Annotated) -> str:
    """The path below its class's; one of ASP.NET that begins with a slash stands for itself."""
    is_whole = style.source == "ASP.NET" and path.startswith(("/", "~/"))
    return "/" + path.lstrip("~/") if is_whole else joined_path(prefix, path)


def _with_words(path: str, symbol: Symbol, owner: _Owner, marks: Sequence[Written]) -> str:
    """The path with the names that stand for ASP.NET's words in brackets."""
    if "[" not in path:
        return path
    controller, _, action = symbol.name.rpartition(".")
    named = next((mark.text(0) for mark in marks if mark.method == "ActionName"), "") or action.removesuffix("Async")
    plain = controller.rpartition(".")[2].removesuffix("Controller")
    for word, value in (("controller", plain), ("action", named), ("area", owner.area)):
        path = path.replace(f"[{word}]", value.lower())
    return path
