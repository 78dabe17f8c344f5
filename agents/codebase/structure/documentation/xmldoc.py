"""C#'s XML documentation comments (ECMA-334, annex D)."""

from __future__ import annotations

import re
from html import unescape

from agents.codebase.structure.documentation import html, markdown
from agents.codebase.structure.documentation.draft import DocumentationDraft, code_block, entry
from agents.codebase.structure.documentation.html import Element
from agents.codebase.structure.documentation.markdown import linked
from agents.contracts.documentation import Block, Definitions, Documentation, Entry, Listing, Paragraph
from agents.text import marked

_KNOWN = frozenset(
    [
        "summary",
        "remarks",
        "param",
        "typeparam",
        "returns",
        "value",
        "exception",
        "example",
        "code",
        "c",
        "see",
        "seealso",
        "paramref",
        "typeparamref",
        "list",
        "item",
        "listheader",
        "term",
        "description",
        "para",
        "inheritdoc",
        "include",
        "permission",
        "b",
        "i",
        "em",
        "strong",
        "br",
        "u",
        "tt",
        "a",
        "ul",
        "ol",
        "li",
        "p",
        "pre",
        "table",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "note",
        "h1",
        "h2",
        "h3",
        "h4",
        "completionlist",
    ]
)
_BLOCKS = frozenset(
    {"para", "code", "list", "note", "ul", "ol", "p", "pre", "table", "example", "h1", "h2", "h3", "h4"}
)


def read(text: str) -> Documentation | None:
    """An XML documentation comment as a document; one without elements is plain text."""
    if "<" not in text:
        return _plain(text)
    draft = DocumentationDraft()
    loose: list[Element] = []
    for element in html.tree(text, _KNOWN):
        if element.name in {"summary", "remarks", "value", "param", "typeparam", "returns", "exception", "example",
                        "seealso", "inheritdoc", "include", "permission", "completionlist"}:  # fmt: skip
            draft.blocks += _content(loose)
            loose = []
            _fill(draft, element)
        else:
            loose.append(element)
    draft.blocks += _content(loose)
    return draft.finish()


def _plain(text: str) -> Documentation | None:
    draft = DocumentationDraft()
    draft.blocks += markdown.blocks(text)
    return draft.finish()


def _fill(draft: DocumentationDraft, element: Element) -> None:
    inside = _content(element.children)
    name = html.attribute(element.attributes, "name")
    cref = _cref(element)
    if element.name in {"summary", "remarks"}:
        draft.blocks[
            len(draft.blocks) if element.name == "remarks" else 0 : len(draft.blocks)
            if element.name == "remarks"
            else 0
        ] = inside
    elif element.name == "param":
        draft.parameters.append(entry(name, blocks=inside))
    elif element.name == "typeparam":
        draft.type_parameters.append(entry(name, blocks=inside))
    elif element.name in {"returns", "value"}:
        draft.returns.append(entry(blocks=inside))
    elif element.name == "exception":
        draft.raises.append(entry("", cref, inside))
    elif element.name == "example":
        draft.examples += inside
    elif element.name == "seealso":
        draft.see_also.append(entry(blocks=inside) if inside else Entry(text=_reference(element)))
    elif element.name == "inheritdoc":
        draft.facts.append(Entry(name="inherits", text=_reference(element)))
    else:
        draft.facts.append(entry(element.name, blocks=inside))


def _content(children: list[Element]) -> list[Block]:
    result: list[Block] = []
    line: list[str] = []

    def end_paragraph() -> None:
        joined = re.sub(r"[ \t]*\n[ \t]*", "\n", re.sub(r"[^\S\n]+", " ", "".join(line))).strip()
        if joined:
            result.append(Paragraph(text=joined))
        line.clear()

    for child in children:
        if child.name in _BLOCKS:
            end_paragraph()
            result.extend(_block(child))
        elif not child.name:
            for number, part in enumerate(re.split(r"\n[ \t]*\n", child.text)):
                if number:
                    end_paragraph()
                line.append(linked(unescape(re.sub(r"\s+", " ", part))))
        else:
            line.append(_inline(child))
    end_paragraph()
    return result


def _block(element: Element) -> list[Block]:
    if element.name in {"code", "pre"}:
        language = html.attribute(element.attributes, "lang") or html.attribute(element.attributes, "language")
        return code_block(html.written(element), language)
    if element.name == "list":
        return _list(element)
    if element.name in {"para", "p", "example", "note"}:
        return _content(element.children)
    return html.content([element], lambda text: linked(unescape(text)))


def _list(element: Element) -> list[Block]:
    kind = html.attribute(element.attributes, "type").lower()
    items: list[tuple[Entry, list[Block]]] = []
    for item in element.children:
        if item.name not in {"item", "listheader"}:
            continue
        term = next((" ".join(html.written(part).split()) for part in item.children if part.name == "term"), "")
        description = [
            block for part in item.children if part.name == "description" for block in _content(part.children)
        ]
        description = description or _content([part for part in item.children if part.name != "term"])
        items.append((entry(term, blocks=description), description))
    if kind == "table" or any(term.name for term, _ in items):
        if all(term.name and not words for term, words in items):
            return [Listing(items=tuple((Paragraph(text=marked.escaped(term.name)),) for term, _ in items))]
        return [Definitions(entries=tuple(term for term, _ in items))] if items else []
    return [Listing(items=tuple(tuple(words) for _, words in items), ordered=kind == "number")] if items else []


def _inline(element: Element) -> str:
    if element.name in {"see", "seealso"}:
        return _reference(element)
    if element.name in {"paramref", "typeparamref"}:
        return marked.code(html.attribute(element.attributes, "name"))
    if element.name in {"c", "tt"}:
        return marked.code(html.written(element))
    if element.name == "br":
        return "\n"
    inner = "".join(
        _inline(child) if child.name else linked(unescape(re.sub(r"\s+", " ", child.text)))
        for child in element.children
    )
    if element.name in {"b", "strong"}:
        return marked.strong(inner)
    if element.name in {"i", "em"}:
        return marked.emphasis(inner)
    target = html.attribute(element.attributes, "href") if element.name == "a" else ""
    return marked.link(inner, target) if inner.strip() and html.is_safe(target) else inner


def _cref(element: Element) -> str:
    written = html.attribute(element.attributes, "cref")
    return re.sub(r"^[A-Z]:", "", written).replace("{", "<").replace("}", ">")


def _reference(element: Element) -> str:
    label = "".join(
        _inline(child) if child.name else marked.escaped(" ".join(unescape(child.text).split()))
        for child in element.children
    )
    word = html.attribute(element.attributes, "langword")
    href = html.attribute(element.attributes, "href")
    cref = _cref(element)
    if word:
        return marked.code(word)
    if href and html.is_safe(href):
        return marked.link(label or marked.escaped(href), href)
    return marked.link(label or marked.code(cref), marked.SYMBOL + cref) if cref else label
