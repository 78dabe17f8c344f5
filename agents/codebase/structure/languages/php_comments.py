"""Members that PHPDoc declares in a class's comment: `@property`, `@property-read`, `@property-write`, `@method`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.structure.documentation import phpdoc, tags
from agents.codebase.structure.documentation.comment_text import uncommented
from agents.codebase.structure.language import Found, Inside
from agents.codebase.structure.parameters import ParameterStyle, parameters
from agents.codebase.structure.source import fold
from agents.contracts.structure import SymbolKind

_METHOD = re.compile(
    r"((?:(?:static|public|abstract)\s+)*(?:([^\s(]+)\s+)?([\w]+)\s*\((?:[^()]|\([^()]*\))*\))\s*(.*)", re.DOTALL
)
_ACCESSORS = {"property": ("get", "set"), "property-read": ("get",), "property-write": ("set",)}


def members(owner: str, comment: str) -> Iterator[Found]:
    """The members, each with the words that follow it."""
    for tag, content in tags.parts(uncommented(comment)):
        if tag in _ACCESSORS:
            head = phpdoc.split("property", content)
            if head.name:
                signature = fold(f"{head.type} {head.name}".strip())
                yield Found(
                    f"{owner}.{head.name}",
                    SymbolKind.PROPERTY,
                    signature,
                    type=fold(head.type),
                    accessors=_ACCESSORS[tag],
                    doc=head.words.strip(),
                )
        elif tag == "method" and (match := _METHOD.match(content)):
            signature, type_, name, words = match.groups()
            name = f"{owner}.{name}"
            type_ = "" if type_ == "static" else type_ or ""
            listed = signature[signature.index("(") + 1 : signature.rindex(")")]
            taken = parameters(listed, ParameterStyle.TYPE_FIRST)
            yield Found(
                name,
                SymbolKind.METHOD,
                fold(signature),
                type=type_,
                doc=words,
                parameters=taken,
                inside=Inside.NOTHING,
            )
