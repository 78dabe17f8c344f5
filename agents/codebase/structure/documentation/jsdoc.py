"""JSDoc and TSDoc, and what is written like them: @tags over Markdown with {@link …}."""

from __future__ import annotations

import re

from agents.codebase.structure.documentation import markdown, tags
from agents.contracts.documentation import Block, Documentation
from agents.text import marked

_INLINE_TAG = re.compile(
    r"(`?)\{@(link|linkcode|linkplain|code|literal|inheritdoc|see|tutorial|label|include)\s*([^{}`]{0,400})\}(`?)",
    re.IGNORECASE,
)
_BRACKET_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\{@(?:link|tutorial)\s+([^{}\s|]{1,300})\}")
_INLINE_AT = re.compile(r"^(\S[^\n]*?\.)[ \t]+(@(?:param|returns?|throws|deprecated|see|since|type)\b[^\n]*)$")


def read(text: str) -> Documentation | None:
    """A JSDoc or TSDoc comment as a document."""
    one_line = _INLINE_AT.match(text)
    if one_line:
        text = f"{one_line.group(1)}\n{one_line.group(2)}"
    draft = tags.read(text, blocks, _split)
    if any(one.name in {"file", "module"} for one in draft.facts) and not draft.blocks:
        # `@file` says what the file is; one word is its name.
        for one in [one for one in draft.facts if one.name in {"file", "module"} and " " in one.text]:
            draft.facts.remove(one)
            draft.blocks += markdown.blocks(one.text) if not one.blocks else [*markdown.blocks(one.text), *one.blocks]
    return draft.finish()


def blocks(text: str) -> list[Block]:
    """Markdown with inline tags as blocks."""
    return markdown.blocks(links(text) if "{@" in text else text)


def links(text: str) -> str:
    """Inline tags as Markdown."""
    return _INLINE_TAG.sub(_as_markdown, _BRACKET_LINK.sub(lambda one: _link(one.group(2), one.group(1)), text))


def _as_markdown(found: re.Match[str]) -> str:
    name, inner = found.group(2).lower(), " ".join(found.group(3).split())
    outer = (found.group(1), found.group(4)) if not (found.group(1) and found.group(4)) else ("", "")
    if name in {"code", "literal"}:
        return f"{outer[0]}{marked.code(inner)}{outer[1]}"
    if name in {"inheritdoc", "label", "include"} or not inner:
        return inner
    target, bar, label = inner.partition("|") if "|" in inner else inner.partition(" ")
    return f"{outer[0]}{_link(target.strip(), label.strip() if bar else '')}{outer[1]}"


def _link(target: str, label: str) -> str:
    address = re.match(r"(?:https?:|mailto:|/|#|\.{1,2}/)", target)
    link_text = re.sub(r"([\[\]*`_\\])", r"\\\1", label) if label else target if address else f"`{target.lstrip('#')}`"
    safe = re.sub(r"[<>\s]", "", target)
    return f"[{link_text}](<{safe if address else marked.SYMBOL + safe}>)"


def _split(tag: str, text: str) -> tags.TagHead:
    one = tags.braced(tag, text)
    return one if tag not in {"template", "typeparam"} or one.name else tags.TagHead(one.type, words=one.words)
