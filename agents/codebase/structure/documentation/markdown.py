"""CommonMark with tables, by markdown-it-py: its tokens as blocks and inline text. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from agents.codebase.structure.documentation import html
from agents.codebase.structure.documentation.draft import code_block
from agents.codebase.structure.documentation.link_targets import SYMBOL_PATH, target_of
from agents.codebase.structure.documentation.plain import blocks as plain_blocks
from agents.codebase.structure.documentation.products import product
from agents.codebase.structure.documentation.quotes import quote
from agents.codebase.structure.documentation.raised import RAISED, with_sign
from agents.contracts.documentation import Block, Heading, Listing, Paragraph, Table
from agents.text import marked

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

#: The library takes a second for so much of the worst text; nobody writes a comment of this length by hand.
_LONGEST = 60_000
#: Each that is not closed is looked for to the end.
_MOST_COMMENTS = 50
_DEEPEST = re.compile(r"^[ \t]*(?:(?:>|[-*+]|\d+[.)])[ \t]*){12}|^[ \t]{100}", re.MULTILINE)
_PLAIN = re.compile(r"[\w\s,.;:'\"()/?-]*$")
_BLOCK = re.compile(r"\n[ \t]*\n|^(?:[ \t]{4}|[ \t]*(?:[-*+]|\d+[.)])[ \t]|[ \t]*[-=]+[ \t]*$)", re.MULTILINE)
_BADGE = re.compile(r"badge|shields\.io|travis-ci|codecov|circleci|/workflows/", re.IGNORECASE)
_SHORTCUT = re.compile(r"(?<![\]\\!])\[([^\[\]\n]{1,200})\](?![(\[:])")
_DEFINED = re.compile(r"^[ ]{0,3}\[([^\[\]\n]{1,200})\]:", re.MULTILINE)
_URL = re.compile(r"\bhttps?://[^\s<>`\"]*[^\s<>`\".,;:!?)\]}']")

#: Whether a label in brackets, with no address behind it, names a symbol.
IsSymbol = Callable[[str], bool]


def _nothing(_label: str) -> bool:
    return False


def names_symbol(label: str) -> bool:
    """Whether a label is a path as Rust, Kotlin, Swift and Java write it; a single lower-case word may be prose."""
    name = label.strip("`")
    if not SYMBOL_PATH.fullmatch(name) or name.isdigit() or name.startswith("!"):
        return False
    return label != name or not name.islower() or len(name) > 2


def blocks(text: str, is_symbol: IsSymbol = _nothing) -> list[Block]:
    """Markdown as blocks."""
    if not text.strip():
        return []
    if _PLAIN.match(text) and not _BLOCK.search(text.strip("\n")) and "://" not in text:
        return [Paragraph(text=" ".join(text.split()))]
    if len(text) > _LONGEST or text.count("<!--") > _MOST_COMMENTS or _DEEPEST.search(text):
        return plain_blocks(text)
    env: dict[str, Any] = {"references": {}}
    if is_symbol is not _nothing and "[" in text:
        defined = {_normal(match.group(1)) for match in _DEFINED.finditer(text)}
        for match in _SHORTCUT.finditer(text):
            if is_symbol(match.group(1)) and _normal(match.group(1)) not in defined:
                target = marked.SYMBOL + match.group(1).strip("`")
                env["references"].setdefault(_normal(match.group(1)), {"href": target, "title": "", "map": [0, 0]})
    labels = set(env["references"])
    tokens = _parser().parse(text, env)
    result = _Reader(tokens).read()
    return result + _unused(env["references"], labels, result, text)


def inline(text: str, is_symbol: IsSymbol = _nothing) -> str:
    """One paragraph of Markdown as inline text; whatever else it holds is flattened."""
    whole = blocks(text, is_symbol)
    return (
        whole[0].text if len(whole) == 1 and isinstance(whole[0], Paragraph) else marked.escaped(" ".join(text.split()))
    )


def _normal(label: str) -> str:
    return re.sub(r"\s+", " ", label.strip()).lower().upper()


@cache
def _parser() -> MarkdownIt:
    # 20 ms to import: whoever reads no Markdown does not pay.
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table")
    # Addresses stay as the author wrote them: whoever shows them escapes them.
    parser.normalizeLink = _as_written  # type: ignore[method-assign]  # markdown-it offers no other hook
    parser.normalizeLinkText = _as_written  # type: ignore[method-assign, assignment]  # as above
    parser.inline.ruler.before("emphasis", "product", product)
    return parser


def tokens(text: str) -> list[Token] | None:
    """The library's tokens of a text; None for one that would take it too long."""
    if len(text) > _LONGEST or text.count("<!--") > _MOST_COMMENTS or _DEEPEST.search(text):
        return None
    return _parser().parse(text)


def _as_written(url: str) -> str:
    return url


def _unused(references: dict[str, Any], labels: set[str], parsed: list[Block], text: str) -> list[Block]:
    """Web addresses that were defined and never used are listed at the end; what names a symbol leads nowhere there."""
    extra = [label for label in references if label not in labels]
    if not extra:
        return []
    used = repr(parsed)
    result: list[Block] = []
    for label in extra:
        target = target_of(str(references[label]["href"]))
        if "://" in target and marked.link("x", target)[4:-1] not in used:
            definition = re.search(rf"\[({re.escape(label)})\]:", text, re.IGNORECASE)
            result.append(
                Paragraph(text=marked.link(marked.escaped(definition.group(1) if definition else label), target))
            )
    return result


class _Reader:
    """Reads a list of tokens once, from left to right."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def read(self, close: str = "") -> list[Block]:
        result: list[Block] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            if token.type == close:
                break
            result += self._block(token)
        return result

    def _block(self, token: Token) -> list[Block]:
        if token.type == "paragraph_open":
            return self._paragraph()
        if token.type == "heading_open":
            text = inline_text(self._tokens[self._at].children or [])
            self._at += 2
            return [Heading(text=text, level=int(token.tag[1]))] if text else []
        if token.type == "fence":
            return code_block(token.content, token.info.strip().split(" ")[0]) or []
        if token.type == "code_block":
            return code_block(token.content)
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            return self._list(token)
        if token.type == "blockquote_open":
            return quote(self.read("blockquote_close"))
        if token.type == "table_open":
            return self._table()
        return html.blocks(token.content) if token.type == "html_block" else []

    def _paragraph(self) -> list[Block]:
        children = self._tokens[self._at].children or []
        self._at += 2
        if children and all(child.type in {"image", "softbreak", "link_open", "link_close"} for child in children):
            images = [child for child in children if child.type == "image"]
            if images and all(_BADGE.search(str(image.attrs.get("src", ""))) for image in images):
                return []
        text = inline_text(children)
        return [Paragraph(text=text)] if text.strip() else []

    def _list(self, token: Token) -> list[Block]:
        ordered = token.type == "ordered_list_open"
        items: list[tuple[Block, ...]] = []
        while self._at < len(self._tokens):
            inner = self._tokens[self._at]
            self._at += 1
            if inner.type.endswith("_list_close"):
                break
            items.append(tuple(self.read("list_item_close")))
        start = min(int(token.attrs.get("start", 1)), 1_000_000) if ordered else 1
        return [Listing(items=tuple(items), ordered=ordered, start=start)]

    def _table(self) -> list[Block]:
        rows: list[list[str]] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            if token.type == "table_close":
                break
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(inline_text(token.children or []))
        return table(rows)


def table(rows: list[list[str]]) -> list[Block]:
    """Rows as a table, the first as its header; short rows are filled."""
    if not rows:
        return []
    width = max(len(row) for row in rows)
    even = [(*row, *[""] * (width - len(row))) for row in rows]
    return [Table(header=even[0], rows=tuple(even[1:]))]


def linked(text: str) -> str:
    """Plain text as inline text in which addresses are links."""
    if "://" not in text:
        return marked.escaped(text)
    parts: list[str] = []
    at = 0
    for match in _URL.finditer(text):
        parts += [marked.escaped(text[at : match.start()]), marked.link(marked.escaped(match.group()), match.group())]
        at = match.end()
    return "".join([*parts, marked.escaped(text[at:])])


def inline_text(children: list[Token]) -> str:  # noqa: C901 (one branch for each kind)
    """Inline tokens as inline text."""
    stack: list[tuple[str, str, list[str]]] = [("", "", [])]
    paired = html.pairs([child.content for child in children if child.type == "html_inline"])
    tag = 0
    for child in children:
        out = stack[-1][2]
        if child.type == "text":
            # Inside a link an address is the label.
            out.append(marked.escaped(child.content) if any(s[0] == "link" for s in stack) else linked(child.content))
        elif child.type == "code_inline":
            out.append(marked.code(child.content))
        elif child.type == "softbreak":
            out.append(" ")
        elif child.type == "hardbreak":
            out.append("\n")
        elif child.type == "image":
            out.append(
                marked.link(marked.escaped(child.content) or "image", target_of(str(child.attrs.get("src", ""))))
            )
        elif child.type == "html_inline":
            _html_inline(stack, child.content, tag in paired)
            tag += 1
        elif child.type.endswith("_open"):
            stack.append((child.type[:-5], str(child.attrs.get("href", "")), []))
        elif child.type.endswith("_close"):
            _close(stack, child.type[:-6])
    while len(stack) > 1:
        _close(stack, stack[-1][0])
    return "".join(stack[0][2]).strip()


def _close(stack: list[tuple[str, str, list[str]]], kind: str) -> None:
    """Close what was opened last of this kind, with what was left open inside it."""
    if not any(opened[0] == kind for opened in stack[1:]):
        return
    while True:
        opened, target, parts = stack.pop()
        inner = "".join(parts)
        if opened == "em":
            inner = marked.emphasis(inner)
        elif opened == "strong":
            inner = marked.strong(inner)
        elif opened in RAISED:
            inner = with_sign(opened, inner)
        elif opened == "code":
            inner = marked.code(marked.words(inner))
        elif opened == "link":
            inner = marked.link(inner, target_of(target)) if html.is_safe(target) else inner
        stack[-1][2].append(inner)
        if opened == kind:
            return


def _html_inline(stack: list[tuple[str, str, list[str]]], written: str, paired: bool) -> None:
    name = html.name_of(written)
    kind = html.INLINE.get(name, "")
    if name == "br":
        stack[-1][2].append("\n")
    elif written.startswith("<!--"):
        return
    elif not paired and name in html.KNOWN and (written.startswith("</") or "=" in written):
        return  # its partner stands in another block; `<T>` of a type neither ends nor has attributes
    elif not paired or (not kind and name not in html.SILENT):
        stack[-1][2].append(marked.escaped(written))
    elif not kind and name not in RAISED:
        return
    elif written.startswith("</"):
        _close(stack, kind or name)
    else:
        stack.append((kind or name, html.attribute(written, "href"), []))
