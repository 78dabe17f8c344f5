"""HTML as authors write it in comments: elements that are known are blocks and marks, other text stays. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import unescape

from agents.codebase.structure.documentation.draft import code_block, entry
from agents.codebase.structure.documentation.raised import RAISED, with_sign
from agents.contracts.documentation import Admonition, Block, Definitions, Entry, Heading, Listing, Paragraph, Table
from agents.text import marked

INLINE = {
    "b": "strong", "strong": "strong", "i": "em", "em": "em", "cite": "em", "var": "em", "dfn": "em", "code": "code",
    "tt": "code", "kbd": "code", "samp": "code", "a": "link",
}  # fmt: skip
#: Elements whose tags say nothing to a reader.
SILENT = frozenset([
    "span", "font", "small", "big", "sub", "sup", "u", "s", "abbr", "q", "mark", "center", "p", "div", "section",
    "article", "details", "summary", "body", "ins", "del", "nobr",
])  # fmt: skip
_BLOCKS = frozenset([
    "p", "div", "ul", "ol", "li", "dl", "dt", "dd", "pre", "blockquote", "table", "thead", "tbody", "tfoot", "tr", "td",
    "th", "caption", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "center", "section", "article", "details", "summary",
])  # fmt: skip
KNOWN = _BLOCKS | SILENT | set(INLINE) | {"br", "img"}
_CLOSES = {
    "li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}, "tr": {"tr", "td", "th"}, "td": {"td", "th"},
    "th": {"td", "th"},
}  # fmt: skip
_TAG = re.compile(r"<!--(?:[^-]|-(?!->))*-->|</?([A-Za-z][A-Za-z0-9]*)((?:\s[^<>]{0,2000})?/?)>")
#: A style by which an author frames prose as code is framed.
_PROSE = re.compile(r"white-space\s*:\s*(?:normal|pre-line)\b")
_TYPE_BEFORE = re.compile(r"[\w?]$")
_ATTRIBUTE = r"\b{}\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))"
#: Addresses that may be links; the last three are the documentation's own.
_SCHEMES = frozenset({"http", "https", "mailto", "symbol", "label", "image"})
_DEEPEST = 40
_MOST_COMMENTS = 50

#: Turns text that stands between elements into inline text.
Inline = Callable[[str], str]


@dataclass(slots=True)
class Element:
    """An element, or text when it has no name."""

    name: str = ""
    text: str = ""
    attributes: str = ""
    children: list[Element] = field(default_factory=list)


def name_of(tag: str) -> str:
    """A tag's element in small letters."""
    match = re.match(r"</?([A-Za-z][A-Za-z0-9]*)", tag)
    return match.group(1).lower() if match else ""


def attribute(tag: str, name: str) -> str:
    """An attribute's value, empty without it."""
    match = re.search(_ATTRIBUTE.format(name), tag, re.IGNORECASE)
    return unescape(next((group for group in match.groups() if group is not None), "")) if match else ""


def is_safe(target: str) -> bool:
    """Whether an address may be a link."""
    scheme = re.match(r"\s*([A-Za-z][A-Za-z0-9+.-]*):(?!:)", target)
    return bool(target.strip()) and (scheme is None or scheme.group(1).lower() in _SCHEMES)


def pairs(tags: Sequence[str]) -> set[int]:
    """Which of a line's tags have a partner."""
    open_at: dict[str, list[int]] = {}
    paired: set[int] = set()
    for at, tag in enumerate(tags):
        name = name_of(tag)
        if tag.startswith("</"):
            if open_at.get(name):
                paired |= {at, open_at[name].pop()}
        elif not tag.endswith("/>"):
            open_at.setdefault(name, []).append(at)
    return paired


def blocks(text: str, inline: Inline | None = None, others: frozenset[str] = frozenset()) -> list[Block]:
    """HTML as blocks."""
    return content(tree(text, others), inline or _said)


def _said(text: str) -> str:
    return marked.escaped(unescape(text))


def tree(text: str, others: frozenset[str] = frozenset()) -> list[Element]:  # noqa: C901 (one branch for each kind)
    """HTML as elements; a tag that is not known, or follows a word as a type's parameter does, is text."""
    if text.count("<!--") > _MOST_COMMENTS:  # each that is not closed is looked for to the end
        text = text.replace("<!--", "&lt;!--")
    root = Element("root")
    stack = [root]
    at = 0
    for match in _TAG.finditer(text):
        name = (match.group(1) or "").lower()
        if name and name not in (others or KNOWN):
            continue
        raw = match.group(0)
        generic = name not in others and not raw.startswith("</") and name in INLINE | dict.fromkeys(SILENT, "")
        if generic and _TYPE_BEFORE.search(text[max(0, match.start() - 1) : match.start()]) and raw[1:-1].isupper():
            continue
        _add(stack[-1], text[at : match.start()])
        at = match.end()
        if not name:
            continue
        if raw.startswith("</"):
            if any(element.name == name for element in stack[1:][-_DEEPEST:]):
                while stack.pop().name != name:
                    pass
            continue
        while len(stack) > 1 and (
            stack[-1].name in _CLOSES.get(name, ()) or (stack[-1].name == "p" and name in _BLOCKS)
        ):
            stack.pop()
        element = Element(name, attributes=match.group(2))
        stack[-1].children.append(element)
        if not raw.endswith("/>") and name not in {"br", "hr", "img"} and len(stack) < _DEEPEST:
            stack.append(element)
    _add(stack[-1], text[at:])
    return root.children


def _add(element: Element, text: str) -> None:
    if text:
        element.children.append(Element(text=text))


def content(elements: Sequence[Element], inline: Inline) -> list[Block]:
    """Elements as blocks; an empty line parts paragraphs as <p> does."""
    result: list[Block] = []
    line: list[str] = []

    def end_paragraph() -> None:
        joined = re.sub(r"[ \t]*\n[ \t]*", "\n", re.sub(r"[^\S\n]+", " ", "".join(line))).strip()
        if joined:
            result.append(Paragraph(text=joined))
        line.clear()

    for element in elements:
        if element.name in _BLOCKS:
            end_paragraph()
            result += _block(element, inline)
        elif not element.name and re.search(r"\n[ \t]*\n", element.text):
            for number, part in enumerate(re.split(r"\n[ \t]*\n", element.text)):
                if number:
                    end_paragraph()
                line.append(inline(_flat(part)))
        else:
            line.append(within(element, inline))
    end_paragraph()
    return result


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def within(element: Element, inline: Inline) -> str:
    """One element as inline text."""
    if not element.name:
        return inline(_flat(element.text))
    if element.name == "br":
        return "\n"
    if element.name == "img":
        return marked.escaped(attribute(element.attributes, "alt"))
    kind = INLINE.get(element.name, "")
    if kind == "code":
        return marked.code(written(element))
    inner = "".join(within(child, inline) for child in element.children)
    lead, tail = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
    if kind == "strong":
        return f"{lead}{marked.strong(inner)}{tail}"
    if kind == "em":
        return f"{lead}{marked.emphasis(inner)}{tail}"
    if element.name in RAISED:
        return f"{lead}{with_sign(element.name, inner.strip())}{tail}"
    target = attribute(element.attributes, "href") if kind == "link" else ""
    return f"{lead}{marked.link(inner, target)}{tail}" if inner.strip() and is_safe(target) else inner


def written(element: Element) -> str:
    """An element's text, as code shows it."""
    text = unescape(element.text) if not element.name else ""
    return text + ("\n" if element.name == "br" else "") + "".join(written(child) for child in element.children)


def _block(element: Element, inline: Inline) -> list[Block]:
    name = element.name
    if name == "pre" and not _PROSE.search(element.attributes):
        return code_block(written(element))
    if name in {"ul", "ol"}:
        items = [tuple(content(child.children, inline)) for child in element.children if child.name == "li"]
        loose = content([child for child in element.children if child.name != "li"], inline)
        return [*loose, *([Listing(items=tuple(items), ordered=name == "ol")] if items else [])]
    if name == "dl":
        return _terms(element, inline)
    if name == "table":
        return _table(element, inline)
    if name == "blockquote":
        inside = tuple(content(element.children, inline))
        return [Admonition(label="quote", blocks=inside)] if inside else []
    if name[0] == "h" and name[1:].isdigit():
        text = "".join(within(child, inline) for child in element.children).strip()
        return [Heading(text=text, level=int(name[1]))] if text else []
    return content(element.children, inline)


def _terms(element: Element, inline: Inline) -> list[Block]:
    entries: list[Entry] = []
    for child in element.children:
        if child.name == "dt":
            entries.append(Entry(name=" ".join(marked.words(within(child, inline)).split())))
        elif child.name == "dd":
            last = entries.pop() if entries and not entries[-1].text and not entries[-1].blocks else Entry()
            entries.append(entry(last.name, blocks=content(child.children, inline)))
        elif written(child).strip():
            entries.append(entry(blocks=content([child], inline)))
    return [Definitions(entries=tuple(entries))] if entries else []


def _table(element: Element, inline: Inline) -> list[Block]:
    rows: list[tuple[str, ...]] = []
    before: list[Block] = []
    pending = list(element.children)
    while pending:
        child = pending.pop(0)
        if child.name in {"thead", "tbody", "tfoot"}:
            pending = [*child.children, *pending]
        elif child.name == "tr":
            cells = [part for part in child.children if part.name in {"td", "th"}]
            rows.append(tuple("".join(_cell(inner, inline) for inner in cell.children).strip() for cell in cells))
        else:
            before += content([child], inline)
    width = max((len(row) for row in rows), default=0)
    even = [(*row, *[""] * (width - len(row))) for row in rows]
    return [*before, *([Table(header=even[0], rows=tuple(even[1:]))] if width else [])]


def _cell(element: Element, inline: Inline) -> str:
    if element.name in _BLOCKS:
        return " " + " ".join(_cell(child, inline) for child in element.children) + " "
    return within(element, inline)
