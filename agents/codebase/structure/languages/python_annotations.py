"""What annotations of Python say in words: `size: Annotated[int, Doc("How many.")]` is an `int` with a description."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import tree_sitter

from agents.codebase.structure.documentation import NOTHING, Doc, docstrings, document, words
from agents.codebase.structure.language import Definition, Found, head_end
from agents.codebase.structure.parameters import ParameterStyle, parameters
from agents.codebase.structure.source import Source, fold, nth
from agents.contracts.documentation import Documentation, Entry
from agents.contracts.structure import SymbolKind

_ANNOTATED = (b"Annotated[", b"typing.Annotated[", b"t.Annotated[", b"typing_extensions.Annotated[", b"te.Annotated[")
#: Arguments of a call that say what the annotated thing is.
_DESCRIPTIONS = frozenset({"description", "help_text", "doc", "help"})
#: One of these stands in a function's head that says something of a parameter.
_TELLING = (b"Annotated[", *(f"{name}=".encode() for name in sorted(_DESCRIPTIONS)))
_PARAMETERS = frozenset({"typed_parameter", "default_parameter", "typed_default_parameter"})
_MOST_CHAINED = 10
_FUNCTION = Definition(SymbolKind.FUNCTION)


def function(node: tree_sitter.Node, source: Source) -> tuple[Found, ...]:
    """A function; what its annotations say in words stands in its documentation and not in its signature."""
    described = _FUNCTION.descriptions(node, source)
    end = head_end(node)
    if b"Doc(" not in source.data[node.start_byte : end]:
        return described
    cuts = [cut for part in _described(node) if (hint := _hint(part)) is not None for cut in _cuts(hint, source)]
    listed, returned = node.child_by_field_name("parameters"), node.child_by_field_name("return_type")
    if not cuts or listed is None:
        return described
    signature = fold(_without(cuts, node.start_byte, end, source).rstrip(" \t\r\n:"))
    inside = fold(_without(cuts, listed.start_byte + 1, listed.end_byte - 1, source))
    given = parameters(inside, ParameterStyle.PYTHON)
    type_ = hint_of(returned, source)
    return tuple(replace(symbol, signature=signature, type=type_, parameters=given) for symbol in described)


def hint_of(hint: tree_sitter.Node | None, source: Source) -> str:
    """A type as its author wrote it, without what it says in words."""
    if hint is None or not source.data.startswith(_ANNOTATED, hint.start_byte):
        return source.written(hint)
    return fold(_without(_cuts(hint, source), hint.start_byte, hint.end_byte, source))


def with_parameters(doc: Doc, node: tree_sitter.Node, source: Source) -> Doc:
    """A function's documentation, and what its head says of parameters and results that it does not describe."""
    if not any(word in source.data[node.start_byte : head_end(node)] for word in _TELLING):
        return doc
    texts = [(_name(part, source), text) for part in _described(node) if (text := _text_of(part, source)).says]
    own = doc.document or Documentation(summary=doc.text)
    names = {entry.name for entry in own.parameters}
    more = tuple(_entry(name, text) for name, text in texts if name and name not in names)
    returned = tuple(_entry("", text) for name, text in texts if not name and not own.returns)
    if not more and not returned:
        return doc
    whole = own.with_changes(parameters=(*own.parameters, *more), returns=(*own.returns, *returned))
    return Doc(words.text_of(whole), whole)


def words_of(hint: tree_sitter.Node | None, value: tree_sitter.Node | None, source: Source) -> tree_sitter.Node | None:
    """The text that describes what has a type and a value: `Annotated[int, Doc("…")]`, `= Field(description="…")`."""
    calls = [value] if value is not None else []
    if hint is not None and source.data.startswith(_ANNOTATED, hint.start_byte):
        calls += _inside(hint)
    return next((text for call in calls if (text := _said_by(call, source)) is not None), None)


def _said_by(call: tree_sitter.Node, source: Source) -> tree_sitter.Node | None:
    """The text of a call, or of one that it is called on, that describes something."""
    for _ in range(_MOST_CHAINED):
        arguments = call.child_by_field_name("arguments") if call.type == "call" else None
        given = arguments.named_children if arguments is not None else []
        if _is_doc(call, source) and given:
            return given[0]
        for part in given:
            if part.type == "keyword_argument" and source.name(part.child_by_field_name("name")) in _DESCRIPTIONS:
                return part.child_by_field_name("value")
        called = call.child_by_field_name("function")
        inner = called.child_by_field_name("object") if called is not None else None
        if inner is None:
            return None
        call = inner
    return None


def _is_doc(call: tree_sitter.Node, source: Source) -> bool:
    return call.type == "call" and source.name(call.child_by_field_name("function")).rpartition(".")[2] == "Doc"


def _described(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    """The parameters of a function that have a type or a value, then its result's annotation."""
    listed = node.child_by_field_name("parameters")
    yield from (part for part in (listed.named_children if listed is not None else ()) if part.type in _PARAMETERS)
    if (returned := node.child_by_field_name("return_type")) is not None:
        yield returned


def _hint(part: tree_sitter.Node) -> tree_sitter.Node | None:
    return part.child_by_field_name("type") if part.type in _PARAMETERS else part


def _name(part: tree_sitter.Node, source: Source) -> str:
    """A parameter's name; empty for the result."""
    if part.type not in _PARAMETERS:
        return ""
    return source.name(part.child_by_field_name("name") or nth(part, 0)).lstrip("*")


def _text_of(part: tree_sitter.Node, source: Source) -> Doc:
    value = part.child_by_field_name("value") if part.type in _PARAMETERS else None
    node = words_of(_hint(part), value, source)
    written = docstrings.text_of(node, source) if node is not None else ""
    return document(written, "python") if written else NOTHING


def _entry(name: str, doc: Doc) -> Entry:
    own = doc.document or Documentation(summary=doc.text)
    return Entry(name=name, text=own.summary, blocks=own.blocks)


def _inside(hint: tree_sitter.Node) -> list[tree_sitter.Node]:
    """What stands between the brackets of an annotation: first the type, then what is said of it."""
    subscript = nth(hint, 0)
    if subscript is None:
        return []
    holder = nth(subscript, -1) if subscript.type == "generic_type" else subscript
    parts = holder.named_children if holder is not None else []
    named = parts[1:] if holder == subscript else parts
    return [(nth(part, 0) or part) if part.type == "type" else part for part in named if part.type != "comment"]


def _cuts(hint: tree_sitter.Node, source: Source) -> list[tuple[int, int]]:
    """The bytes of an annotation that are words: each `Doc(…)`, and `Annotated[…]` where it holds nothing else."""
    parts = _inside(hint) if source.data.startswith(_ANNOTATED, hint.start_byte) else []
    words_at = [at for at, part in enumerate(parts) if at and _is_doc(part, source)]
    if words_at and len(words_at) == len(parts) - 1:
        return [(hint.start_byte, parts[0].start_byte), (parts[0].end_byte, hint.end_byte)]
    return [(parts[at - 1].end_byte, parts[at].end_byte) for at in words_at]


def _without(cuts: list[tuple[int, int]], start: int, end: int, source: Source) -> str:
    """The code between two byte offsets without some of its parts."""
    pieces = []
    for first, last in sorted(cuts):
        if start <= first and last <= end:
            pieces.append(source.code(start, first))
            start = last
    return "".join([*pieces, source.code(start, end)])
