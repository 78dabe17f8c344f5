"""Javadoc: HTML with inline tags in braces, block tags below; Java 23's `///` comments are Markdown."""

from __future__ import annotations

import re
from html import unescape

from agents.codebase.structure.documentation import html, markdown, tags
from agents.codebase.structure.documentation.markdown import linked
from agents.codebase.structure.documentation.reference_links import with_symbols
from agents.contracts.documentation import Block, Documentation
from agents.text import marked

_OPEN = re.compile(r"\{@(\w+)\s?")
_PLACEHOLDER_FORMAT = "\ue000{}\ue001"
_PLACEHOLDER = re.compile("\ue000(\\d+)\ue001")
_LINKS = frozenset({"link", "linkplain", "value", "see"})
_REFERENCE = re.compile(r"([\w.$/]*(?:#[\w<>]+)?(?:\([^()]*\))?)\s*(.*)", re.DOTALL)


def read(text: str) -> Documentation | None:
    """A Javadoc comment as a document."""
    return tags.read(_with_links(_spelled(text)), blocks, tags.named).finish()


def read_markdown(text: str) -> Documentation | None:
    """A `///` comment of Java 23 as a document."""
    from agents.codebase.structure.documentation import jsdoc

    return tags.read(
        _with_links(with_symbols(_spelled(text))),
        lambda content: markdown.blocks(jsdoc.links(content), markdown.names_symbol),
        tags.named,
    ).finish()


def _spelled(text: str) -> str:
    """The text with the signs that `\\u0967` stands for; what a reader cannot see, or has a meaning, stays spelled."""
    return _UNICODE.sub(_sign, text) if "\\u" in text else text


_UNICODE = re.compile(r"(?<!\\)\\u+([0-9A-Fa-f]{4})")


def _sign(spelled: re.Match[str]) -> str:
    sign = chr(int(spelled.group(1), 16))
    return sign if sign.isprintable() and (sign.isalnum() or not sign.isascii()) else spelled.group()


def _with_links(text: str) -> str:
    """`@see Type#method(int) label` as the link that it is."""
    return _SEE.sub(lambda match: f"{match.group(1)}{{@link {' '.join(match.group(2).split())}}}", text)


#: A name below `@see`, which quotes and HTML are not.
_SEE = re.compile(
    r"^([ \t]*@see[ \t]+)((?:[\w$]+[./])*[\w$]*(?:#[\w$]+)?(?:\([^()\n]*\))?(?:[ \t]+[^{}\n]*)?)$", re.MULTILINE
)


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
    closed = tags.closings(text) if "{@" in text else {}
    while match := _OPEN.search(text, at):
        end = closed.get(match.start())
        parts.append(text[at : match.start()])
        if end is None:
            parts.append(match.group())
            at = match.end()
            continue
        name, inner = match.group(1).lower(), text[match.end() : end]
        place = _PLACEHOLDER_FORMAT.format(len(placed_tags))
        if name == "snippet":
            name, inner, place = "code", _snippet(inner), f"<pre>{place}</pre>"
        parts.append(place)
        placed_tags.append((name, inner))
        at = end + 1
    return "".join([*parts, text[at:]])


def _snippet(text: str) -> str:
    """The code of `{@snippet lang="java" : …}` without its comments to the tool, or the name of its file."""
    head = _ATTRIBUTES.match(text)
    if head is None or not head.group().endswith(":"):
        return " ".join(re.findall(r"[\"']([^\"']+)[\"']", text))
    return _OF_TOOL.sub("", text[head.end() :])


#: The attributes before a snippet's colon, and what a comment in it says to javadoc.
_ATTRIBUTES = re.compile(r"\s*+(?:\w++\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s:]++)\s*+)*+(?::|\Z)")
_OF_TOOL = re.compile(r"[ \t]*//[ \t]*@(?:highlight|replace|link|start|end)\b[^\n]*")


def _restore(elements: list[html.Element], placed_tags: list[tuple[str, str]]) -> None:
    """Inside <pre> and <code> a tag is its text."""
    pending = [(element, False) for element in elements]
    while pending:
        element, verbatim = pending.pop()
        verbatim = verbatim or element.name in {"pre", "code", "tt", "kbd", "samp"}
        if verbatim and not element.name and "\ue000" in element.text:
            plain = _PLACEHOLDER.sub(
                lambda match: "\ue002" + _as_code(*placed_tags[int(match.group(1))]) + "\ue002", element.text
            )
            # What a tag holds is written as it stands, what is HTML has entities.
            pieces = plain.split("\ue002")
            element.text = "".join(
                piece.replace("&", "&amp;") if number % 2 else piece for number, piece in enumerate(pieces)
            )
        pending += [(child, verbatim) for child in element.children]


def _as_code(name: str, inner: str) -> str:
    """What a tag shows inside code: of a link its label, else the name that it leads to."""
    link = _REFERENCE.fullmatch(inner.strip()) if name in _LINKS else None
    return (link.group(2) or link.group(1).lstrip("#").replace("#", ".")) if link is not None else inner


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
    if name in _LINKS:
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
