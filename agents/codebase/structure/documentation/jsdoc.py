"""JSDoc and TSDoc, and what is written like them: @tags over Markdown with {@link …}."""

from __future__ import annotations

import re

from agents.codebase.structure.documentation import markdown, tags
from agents.codebase.structure.documentation.draft import DocumentationDraft
from agents.contracts.documentation import Block, Documentation, Entry
from agents.text import marked

_INLINE_TAG = re.compile(
    r"(`?)\{@(link|linkcode|linkplain|code|literal|inheritdoc|see|tutorial|label|include)\s*((?:[^{}`]|`[^{}`]{0,200}`){0,400})\}(`?)",
    re.IGNORECASE,
)
_BRACKET_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\{@(?:link|tutorial)\s+([^{}\s|]{1,300})\}")
#: Tags that say without words what stands in the code below them, or what every symbol on a page is.
_SAID_BY_CODE = frozenset({"public", "publicapi", "function", "func", "method", "memberof", "static", "async"})
_TYPES = frozenset({"type", "const", "constant", "enum", "member", "var"})
_INLINE_AT = re.compile(
    r"^(\S[^\n]*?\.)[ \t]+"
    r"(@(?:param|returns?|throws|deprecated|see|since|type|default(?:Value)?|internal|public|alpha|beta)\b[^\n]*)$"
)
#: `@public` on a line of its own has no words: those below it are the comment's.
_MODIFIER = re.compile(
    r"\A\s*(@(?:public|alpha|beta|experimental|internal|override|readonly|sealed|virtual))[ \t]*\n"
    r"\s*([^@\s](?:[^@]|@(?!\w))*?)"
    r"(?=\n\s*@\w|\s*\Z)"
)


#: `{@inheritDoc Row.size}` in place of a description.
_INHERITS = re.compile(r"\A\s*\{@inherit[dD]oc\s*([^{}\n]{0,300})\}", re.IGNORECASE)


def read(text: str) -> Documentation | None:
    """A JSDoc or TSDoc comment as a document."""
    if inherits := _INHERITS.match(text):
        of = inherits.group(1).strip()
        text = f"{text[inherits.end() :]}\n@inheritDoc {f'{{@link {of}}}' if of else ''}"
    one_line = _INLINE_AT.match(text)
    if one_line:
        text = f"{one_line.group(1)}\n{one_line.group(2)}"
    draft = tags.read(_MODIFIER.sub(r"\2\n\n\1\n", text) if "@" in text else text, blocks, _split)
    if any(fact.name in {"file", "module"} for fact in draft.facts) and not draft.blocks:
        # `@file` says what the file is; one word is its name.
        for fact in [fact for fact in draft.facts if fact.name in {"file", "module"} and " " in fact.text]:
            draft.facts.remove(fact)
            draft.blocks += (
                markdown.blocks(fact.text) if not fact.blocks else [*markdown.blocks(fact.text), *fact.blocks]
            )
    draft.facts[:] = [_typed(fact, draft) for fact in draft.facts if not _is_said_by_code(fact)]
    return draft.finish()


def _is_said_by_code(fact: Entry) -> bool:
    return fact.name.lower() in _SAID_BY_CODE and (fact.name.lower() == "memberof" or fact == Entry(name=fact.name))


def _typed(fact: Entry, draft: DocumentationDraft) -> Entry:
    """`@type {T} words`: the type, and the words as what the comment says."""
    if fact.name not in _TYPES or not fact.text.startswith("{"):
        return fact
    type_, words = tags.braced_type(marked.plain(fact.text))
    draft.blocks += markdown.blocks(words)
    return Entry(name="enum" if fact.name == "enum" else "type", type=type_)


def blocks(text: str) -> list[Block]:
    """Markdown with inline tags as blocks."""
    return markdown.blocks(links(text) if "{@" in text else text)


def links(text: str) -> str:
    """Inline tags as Markdown."""
    return _INLINE_TAG.sub(_as_markdown, _BRACKET_LINK.sub(lambda match: _link(match.group(2), match.group(1)), text))


def _as_markdown(match: re.Match[str]) -> str:
    name, inner = match.group(2).lower(), " ".join(match.group(3).split())
    outer = (match.group(1), match.group(4)) if not (match.group(1) and match.group(4)) else ("", "")
    if name in {"code", "literal"}:
        return f"{outer[0]}{marked.code(inner)}{outer[1]}"
    if name in {"inheritdoc", "label", "include"} or not inner:
        return inner
    target, bar, label = inner.partition("|") if "|" in inner else inner.partition(" ")
    return f"{outer[0]}{_link(target.strip(), label.strip() if bar else '')}{outer[1]}"


def _link(target: str, label: str) -> str:
    address = re.match(r"(?:https?:|mailto:|/|#|\.{1,2}/)", target)
    link_text = _escaped(label) if label else target if address else f"`{target.lstrip('#')}`"
    safe = re.sub(r"[<>\s]", "", target)
    return f"[{link_text}](<{safe if address else marked.SYMBOL + safe}>)"


def _escaped(label: str) -> str:
    """A label as Markdown; what it writes as code stays code."""
    pieces = re.split(r"(`[^`]*`)", label)
    pieces[::2] = [re.sub(r"([\[\]*`_\\])", r"\\\1", piece) for piece in pieces[::2]]
    return "".join(pieces)


def _split(tag: str, text: str) -> tags.TagHead:
    tag_parts = tags.braced(tag, text)
    return (
        tag_parts
        if tag not in {"template", "typeparam"} or tag_parts.name
        else tags.TagHead(tag_parts.type, words=tag_parts.words)
    )
