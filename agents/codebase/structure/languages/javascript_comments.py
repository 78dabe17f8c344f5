"""Types that JSDoc declares in comments alone: `@typedef` with its properties, and `@callback`."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.structure.documentation import tags
from agents.codebase.structure.documentation.comment_text import uncommented
from agents.codebase.structure.language import Found, Inside
from agents.codebase.structure.languages.comment_declarations import declared_in_comments
from agents.codebase.structure.source import Source, fold
from agents.contracts.structure import SymbolKind

_DECLARING = frozenset({"typedef", "callback"})
_MEMBER = frozenset({"property", "prop"})


def declared(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    """The types of one comment, each followed by its properties."""
    text = uncommented(source.text(node, 100_000))
    pieces = list(tags.parts(text))
    before = ""
    for at, (tag, content) in enumerate(pieces):
        if tag in _DECLARING:
            name, type_, words = _named(content)
            own = list(_until_next(pieces[at + 1 :]))
            described = next((body for head, body in own if head in {"description", "desc"}), "")
            rest = [f"@{head} {body}" for head, body in own if head not in _MEMBER | {"description", "desc", "type"}]
            type_ = type_ or next((tags.braced_type(body)[0] for head, body in own if head == "type"), "")
            if name:
                doc = "\n".join([words or described or before, *rest])
                signature = fold(f"@{tag} {{{type_}}} {name}" if type_ else f"@{tag} {name}")
                yield Found(
                    name, SymbolKind.TYPE, signature, public=True, target=fold(type_), doc=doc, inside=Inside.NOTHING
                )
                yield from (_property(name, body) for head, body in own if head in _MEMBER)
        elif not tag:
            before = content.strip()


def _until_next(pieces: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for tag, content in pieces:
        if tag in _DECLARING:
            return
        yield tag, content


def _named(content: str) -> tuple[str, str, str]:
    """The name, the type and the words of `{type} Name words`."""
    type_, rest = tags.braced_type(content)
    name, words = tags.word(rest)
    return re.sub(r"<.*", "", name), type_, re.sub(r"^\s*-+\s+", "", words).strip()


def _property(owner: str, content: str) -> Found:
    head = tags.braced("property", content)
    # `@property {number} Row.size` says once more whose it is.
    name = head.name.removeprefix(f"{owner}.")
    mark = "?" if head.optional else ""
    signature = f"{name}{mark}: {head.type}" if head.type else name
    signature += f" = {head.default}" if head.default else ""
    return Found(
        f"{owner}.{name}",
        SymbolKind.FIELD,
        fold(signature),
        public=True,
        type=fold(head.type),
        default=fold(head.default),
        doc=head.words.strip(),
    )


DECLARED_IN_COMMENTS = declared_in_comments(SymbolKind.TYPE, "@(typedef|callback)\\\\b", declared)
