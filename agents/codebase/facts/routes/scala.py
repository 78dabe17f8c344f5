"""HTTP routes of Scala: patterns of http4s, directives of Akka HTTP and Pekko HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import tree_sitter

from agents.codebase.facts.calls import CodeCall, every_call
from agents.codebase.facts.file import ParsedCode, place_at
from agents.codebase.facts.routes.route_facts import methods_in, mount_fact, route_fact
from agents.codebase.facts.routes.route_words import ANY, VERBS, joined_path
from agents.codebase.facts.written import Written, inside, literal, parts, read_call
from agents.codebase.structure.deadline import in_order
from agents.codebase.structure.grammars import query
from agents.contracts.facts import Fact, FactKind

_CASES = "(case_clause pattern: (_) @pattern)"
_ALIAS = re.compile(r"^\w+\s*@\s*")
_BOUND = re.compile(r"^(\w+)\((\w+)\)$")
_MOUNTED = re.compile(r"^(\"[^\"]*\")\s*->\s*([\w.]+)$")
_PATHS = frozenset({"path", "pathPrefix", "rawPathPrefix"})
_ENDS = frozenset({"pathEnd", "pathEndOrSingleSlash", "pathSingleSlash"})
_DECLARING = frozenset({"val_definition", "function_definition", "var_definition"})
#: Levels of a tree between a pattern and the value that holds it.
_FAR = 40


def scala_routes(file: ParsedCode) -> Iterator[Fact]:
    """`case GET -> Root / "a" =>` and `path("a") { get { … } }`."""
    if file.holds(b"http4s"):
        yield from _http4s(file)
    for word, source in ((b"akka.http", "Akka HTTP"), (b"pekko.http", "Pekko HTTP")):
        if file.holds(word):
            yield from _directives(file, source)


def _http4s(file: ParsedCode) -> Iterator[Fact]:
    for node in in_order(query("scala", _CASES), file.root, "pattern"):
        written = _ALIAS.sub("", file.text(node))
        methods, arrow, path = written.partition("->")
        names = methods_in(methods.strip().strip("()"))
        flat = path.partition(":?")[0].partition(" as ")[0].strip()
        if not arrow or not names or not re.match(r"Root\b|\"|/", flat):
            continue
        segments = [_segment(part) for part in parts(flat, "/") if part != "Root"]
        yield Fact(
            kind=FactKind.ROUTE,
            name=joined_path(*segments),
            type=names,
            source="http4s",
            lines=place_at(node),
            owner=_value_around(file, node),
        )
    for call in file.calls("Router"):
        owner = _value_around(file, call.node) if call.node is not None else ""
        for mounted in filter(None, map(_MOUNTED.match, call.positional)):
            yield mount_fact(literal(mounted[1]) or "", "http4s", call, owner, mounted[2])


def _segment(written: str) -> str:
    """A text as it is, a name in braces: `IntVar(id)` and `id` are both `{id}`."""
    text = literal(written)
    bound = _BOUND.match(written)
    return text if text is not None else f"{{{bound[2] if bound else written.strip('_')}}}"


def _value_around(file: ParsedCode, node: tree_sitter.Node) -> str:
    """The value or the function whose routes a pattern is one of."""
    above = node.parent
    for _ in range(_FAR):
        if above is None:
            return ""
        if above.type in _DECLARING:
            name = above.child_by_field_name("pattern") or above.child_by_field_name("name")
            return file.text(name) if name is not None else ""
        above = above.parent
    return ""


def _directives(file: ParsedCode, source: str) -> Iterator[Fact]:
    """The innermost directives that show a path or a method, with those around them."""
    listed = [(call, _directives_of(call)) for call in every_call("scala", file.root, file.source)]
    directives = {call.node.id: (call, own) for call, own in listed if own and call.node is not None}
    chains = {place: list(_above(call, directives)) for place, (call, _) in directives.items()}
    holders = {place for chain in chains.values() for place in chain}
    for place in directives.keys() - holders:
        call, own = directives[place]
        chain = [*own, *(item for outer in chains[place] for item in reversed(directives[outer][1]))]
        verb = next((item.name.upper() for item in chain if item.name in VERBS), ANY)
        segments = [[_segment(part) for part in parts(item.positional[0], "/")] for item in chain if item.positional]
        path = joined_path(*(segment for group in reversed(segments) for segment in group))
        if segments or verb != ANY:
            yield route_fact(path, verb, source, call)


def _above(call: CodeCall, directives: Mapping[int, object]) -> Iterator[int]:
    """The directives around a call, the innermost first."""
    above = call.node.parent if call.node is not None else None
    for _ in range(_FAR * 3):
        if above is None:
            return
        if above.id in directives:
            yield above.id
        above = above.parent


def _directives_of(call: CodeCall) -> list[Written]:
    """The directives with a block that a call is: `get`, `path("a" / Segment)`, both joined by `&`."""
    if call.positional or call.named or call.before is not None:
        return []
    name = call.name
    written = [read_call(part) for part in parts(inside(name) if name.startswith("(") else name, "&")]
    return [
        item
        for item in written
        if (item.name in VERBS and not item.positional)
        or (item.name in _PATHS and item.positional)
        or item.name in _ENDS
    ]
