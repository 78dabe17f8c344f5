"""Javadoc: HTML with inline tags in braces, block tags below; Java 23's `///` comments are Markdown."""

from __future__ import annotations

import re
from html import unescape

from agents.codebase.structure.documentation import html, markdown, tags
from agents.codebase.structure.documentation.markdown import linked
from agents.contracts.documentation import Block, Documentation
from agents.text import marked

_OPEN = re.compile(r"\{@(\w+)\s?")
_PLACEHOLDER_FORMAT = "\ue000{}\ue001"
_PLACEHOLDER = re.compile("\ue000(\\d+)\ue001")
_REFERENCE = re.compile(r"([\w.$/]*(?:#[\w<>]+)?(?:\([^()]*\))?)\s*(.*)", re.DOTALL)


def read(text: str) -> Documentation | None:
    """A Javadoc comment as a document."""
    return tags.read(text, blocks, _split).finish()


def read_markdown(text: str) -> Documentation | None:
    """A `///` comment of Java 23 as a document."""
    from agents.codebase.structure.documentation import jsdoc

    return tags.read(
        text, lambda content: markdown.blocks(jsdoc.links(content), markdown.names_symbol), _split
    ).finish()


def blocks(text: str) -> list[Block]:
    """HTML with inline tags as blocks."""
    if not any(sign in text for sign in "<{&\n`") and "://" not in text:
        return html.blocks(text, linked)
    placed_tags: list[tuple[str, str]] = []
    plain = _with_placeholders(text.translate({0xE000: None, 0xE001: None}), placed_tags)
    elements = html.tree(plain)
    _restore(elements, placed_tags)
    return html.content(elements, lambda content: _inline(content, placed_tags))


def _with_placeholders(text: str, placed_tags: list[tuple[str, str]]) -> str:
    """Inline tags put aside, so that nothing inside them is taken for HTML; braces are matched in one pass."""
    parts: list[str] = []
    at = 0
    closed = _closings(text) if "{@" in text else {}
    while match := _OPEN.search(text, at):
        end = closed.get(match.start())
        parts.append(text[at : match.start()])
        if end is None:
            parts.append(match.group())
            at = match.end()
            continue
        parts.append(_PLACEHOLDER_FORMAT.format(len(placed_tags)))
        placed_tags.append((match.group(1).lower(), text[match.end() : end]))
        at = end + 1
    return "".join([*parts, text[at:]])


def _closings(text: str) -> dict[int, int]:
    open_at: list[int] = []
    closed: dict[int, int] = {}
    for match in re.finditer(r"[{}]", text):
        if match.group() == "{":
            open_at.append(match.start())
        elif open_at:
            closed[open_at.pop()] = match.start()
    return closed


def _restore(elements: list[html.Element], placed_tags: list[tuple[str, str]]) -> None:
    """Inside <pre> and <code> a tag is its text."""
    pending = [(element, False) for element in elements]
    while pending:
        element, verbatim = pending.pop()
        verbatim = verbatim or element.name in {"pre", "code", "tt", "kbd", "samp"}
        if verbatim and not element.name and "\ue000" in element.text:
            plain = _PLACEHOLDER.sub(
                lambda match: "\ue002" + placed_tags[int(match.group(1))][1] + "\ue002", element.text
            )
            # What a tag holds is written as it stands, what is HTML has entities.
            pieces = plain.split("\ue002")
            element.text = "".join(
                piece.replace("&", "&amp;") if number % 2 else piece for number, piece in enumerate(pieces)
            )
        pending += [(child, verbatim) for child in element.children]


def _inline(text: str, placed_tags: list[tuple[str, str]]) -> str:
    parts = _PLACEHOLDER.split(text)
    return "".join(_tag(*placed_tags[int(part)]) if number % 2 else _words(part) for number, part in enumerate(parts))


def _words(text: str) -> str:
    """Text between tags; authors write backticks too."""
    pieces = re.split(r"`([^`\n]{1,200})`", unescape(text))
    return "".join(marked.code(piece) if number % 2 else linked(piece) for number, piece in enumerate(pieces))


def _tag(name: str, text: str) -> str:
    if name in {"code", "literal"}:
        return marked.code(text) if name == "code" else marked.escaped(" ".join(text.split()))
    if name in {"link", "linkplain", "value", "see"}:
        match = _REFERENCE.match(text.strip())
        target, label = match.groups() if match else ("", text)
        name_of = target.lstrip("#").replace("#", ".")
        link_text = _words(label.strip()) or marked.code(name_of)
        return marked.link(link_text, marked.SYMBOL + target) if target else link_text
    if name in {"inheritdoc", "docroot"}:
        return ""
    if name == "return":
        return "Returns " + _words(text)
    placed_tags: list[tuple[str, str]] = []
    return (
        _inline(_with_placeholders(text, placed_tags), placed_tags)
        if "{@" in text and len(text) < 2_000
        else _words(text)
    )


def _split(tag: str, text: str) -> tags.TagHead:
    tag_parts = tags.named(tag, text)
    generic = re.fullmatch(r"<(\w+)>", tag_parts.name)
    return tags.TagHead(f"<{generic.group(1)}>", words=tag_parts.words) if generic else tag_parts
