"""HTML of a guide as blocks: an allow list leaves no script, handler, frame, style or unsafe address. Pure."""

from __future__ import annotations

import html as html_text
import re
from collections.abc import Iterable, Sequence

import nh3

from agents.codebase.structure.documentation import html
from agents.codebase.structure.documentation.html import Element
from agents.contracts.documentation import Admonition, Block, Code, Listing, Paragraph
from agents.text import marked

#: The scheme of an image's address in inline text.
IMAGE = "image:"
#: The scheme of a label that reStructuredText defines somewhere in the repository.
LABEL = "label:"

_TAGS = {
    "a", "abbr", "article", "aside", "b", "blockquote", "br", "center", "cite", "code", "dd", "del", "details", "dfn",
    "div", "dl", "dt", "em", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i",
    "img", "ins", "kbd", "li", "main", "mark", "nav", "ol", "p", "picture", "pre", "q", "s", "samp", "section", "small",
    "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt",
    "u", "ul", "var",
}  # fmt: skip
_GONE = {"script", "style", "iframe", "object", "embed", "svg", "math", "noscript", "template", "title", "head",
         "textarea", "select", "button", "form", "video", "audio", "canvas", "applet", "frameset"}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href"}, "img": {"src", "alt"}, "code": {"class"}, "pre": {"class"}, "div": {"class"}, "aside": {"class"},
    "p": {"class"}, "ol": {"start"}, "span": {"class"},
}  # fmt: skip
_SCHEMES = {"http", "https", "mailto", "symbol", "label"}
#: Elements that only part what they hold from its neighbours.
_CONTAINERS = {"aside", "article", "center", "details", "div", "figure", "figcaption", "footer", "header", "main",
               "nav", "picture", "section", "summary"}  # fmt: skip
_LANGUAGE = re.compile(r"\b(?:language-|lang-|code )([\w+#-]{1,20})")
_ALERT = re.compile(r"^\\\[!(\w+)\\\]\s*")
_NOTES = {"caution": "warning", "attention": "warning", "danger": "danger", "error": "danger", "hint": "tip",
          "seealso": "info", "important": "info", "todo": "info"}  # fmt: skip
_DEEPEST_TREE = 30


def blocks(source: str) -> list[Block]:
    """HTML as blocks. What the allow list does not name is left out; its text stays, unless it is code or style."""
    clean = nh3.clean(
        source, tags=_TAGS, clean_content_tags=_GONE, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None
    )
    return _blocks(html.tree(clean, others=frozenset(_TAGS)))


def escaped(text: str) -> str:
    """Text as HTML."""
    return html_text.escape(text)


def _blocks(elements: Sequence[Element], depth: int = 0) -> list[Block]:
    result: list[Block] = []
    plain: list[Element] = []

    def end_plain() -> None:
        if plain:
            result.extend(_alerts(html.content([_inline(element) for element in plain], _said)))
            plain.clear()

    for element in elements:
        if depth > _DEEPEST_TREE or not (
            element.name in _CONTAINERS or element.name in {"pre", "ul", "ol", "dl", "li"}
        ):
            plain.append(element)
            continue
        end_plain()
        result += _structured(element, depth)
    end_plain()
    return result


def _structured(element: Element, depth: int) -> list[Block]:
    if element.name == "pre":
        return _code(element)
    if element.name in {"ul", "ol"}:
        items = [tuple(_blocks(child.children, depth + 1)) for child in element.children if child.name == "li"]
        start = html.attribute(element.attributes, "start")
        return _listing([item for item in items if item], element.name == "ol", int(start) if start.isdigit() else 1)
    if element.name == "dl":
        return _definitions(element, depth)
    classes = html.attribute(element.attributes, "class").split()
    if "admonition" in classes:
        return _admonition(element, [name for name in classes if name != "admonition"], depth)
    return _blocks(element.children, depth + 1)


def _listing(items: Iterable[tuple[Block, ...]], ordered: bool, start: int = 1) -> list[Block]:
    entries = tuple(items)
    return [Listing(items=entries, ordered=ordered, start=min(start, 1_000_000))] if entries else []


def _definitions(element: Element, depth: int) -> list[Block]:
    """Terms and what they mean as a list: a guide's terms are words, no names of code."""
    items: list[list[Block]] = []
    for child in element.children:
        inside = _blocks(child.children, depth + 1)
        if child.name == "dt":
            first = inside[0] if inside else None
            term = marked.strong(first.text) if isinstance(first, Paragraph) else ""
            items.append([Paragraph(text=term), *inside[1:]] if term else inside)
        elif items:
            items[-1] += inside
        elif inside:
            items.append(inside)
    return _listing((tuple(item) for item in items if item), ordered=False)


def call_out(label: str, title: str, inner: str) -> str:
    """A call-out as the HTML that `blocks` reads; `label` is a word, `inner` HTML."""
    return f'<div class="admonition {label}"><p class="admonition-title">{escaped(title)}</p>{inner}</div>'


def _admonition(element: Element, classes: Sequence[str], depth: int) -> list[Block]:
    title = next((child for child in element.children if "admonition-title" in child.attributes), None)
    title_text = html.written(title).strip() if title else ""
    inside = _blocks([child for child in element.children if child is not title], depth + 1)
    label = next((name for name in classes if name.isalpha()), "note").lower()
    own = marked.escaped(title_text) if title_text.lower() != label else ""
    if not inside:  # a box with nothing in it, as `versionadded` often is, says no more than its title
        return [Paragraph(text=marked.emphasis(own))] if own else []
    return [Admonition(label=_NOTES.get(label, label), title=own, blocks=tuple(inside))]


def _code(element: Element) -> list[Block]:
    text = html.written(element)
    named = _LANGUAGE.search(element.attributes) or next(
        (match for child in element.children if (match := _LANGUAGE.search(child.attributes))), None
    )
    return (
        [Code(text=text.strip("\n").rstrip(), language=named.group(1).lower() if named else "")] if text.strip() else []
    )


def _alerts(all_blocks: Iterable[Block]) -> list[Block]:
    """Quotations that GitHub shows as call-outs."""
    result: list[Block] = []
    for block in all_blocks:
        first = block.blocks[0] if isinstance(block, Admonition) and block.blocks else None
        if isinstance(block, Admonition) and isinstance(first, Paragraph) and (alert := _ALERT.match(first.text)):
            rest = first.text[alert.end() :]
            first_blocks = [Paragraph(text=rest)] if rest.strip() else []
            label = alert.group(1).lower()
            if inside := (*first_blocks, *block.blocks[1:]):
                result.append(Admonition(label=_NOTES.get(label, label), blocks=inside))
        else:
            result.append(block)
    return result


def _inline(element: Element) -> Element:
    """Images become links that say so; what surrounds an image leads nowhere, as a link holds no link."""
    if element.name == "img":
        alt, address = html.attribute(element.attributes, "alt"), html.attribute(element.attributes, "src")
        target = html_text.escape(IMAGE + address)
        return Element("a", attributes=f' href="{target}"', children=[Element(text=html_text.escape(alt or "image"))])
    children = [_inline(child) for child in element.children]
    if element.name == "a" and any(_has_image(child) for child in element.children):
        return Element("span", children=children)
    # docutils writes code inside a line as a span.
    literal = element.name == "span" and "literal" in html.attribute(element.attributes, "class").split()
    return Element("code" if literal else element.name, element.text, element.attributes, children)


def _has_image(element: Element) -> bool:
    return element.name == "img" or any(_has_image(child) for child in element.children)


def _said(text: str) -> str:
    return marked.escaped(html_text.unescape(text))
