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
    for one in html.tree(text, _KNOWN):
        if one.name in {"summary", "remarks", "value", "param", "typeparam", "returns", "exception", "example",
                        "seealso", "inheritdoc", "include", "permission", "completionlist"}:  # fmt: skip
            draft.blocks += _content(loose)
            loose = []
            _fill(draft, one)
        else:
            loose.append(one)
    draft.blocks += _content(loose)
    return draft.finish()


def _plain(text: str) -> Documentation | None:
    draft = DocumentationDraft()
    draft.blocks += markdown.blocks(text)
    return draft.finish()


def _fill(draft: DocumentationDraft, one: Element) -> None:
    inside = _content(one.children)
    name = html.attribute(one.attributes, "name")
    cref = _cref(one)
    if one.name in {"summary", "remarks"}:
        draft.blocks[
            len(draft.blocks) if one.name == "remarks" else 0 : len(draft.blocks) if one.name == "remarks" else 0
        ] = inside
    elif one.name == "param":
        draft.parameters.append(entry(name, blocks=inside))
    elif one.name == "typeparam":
        draft.type_parameters.append(entry(name, blocks=inside))
    elif one.name in {"returns", "value"}:
        draft.returns.append(entry(blocks=inside))
    elif one.name == "exception":
        draft.raises.append(entry("", cref, inside))
    elif one.name == "example":
        draft.examples += inside
    elif one.name == "seealso":
        draft.see_also.append(entry(blocks=inside) if inside else Entry(text=_reference(one)))
    elif one.name == "inheritdoc":
        draft.facts.append(Entry(name="inherits", text=_reference(one)))
    else:
        draft.facts.append(entry(one.name, blocks=inside))


def _content(children: list[Element]) -> list[Block]:
    result: list[Block] = []
    line: list[str] = []

    def end_paragraph() -> None:
        joined = re.sub(r"[ \t]*\n[ \t]*", "\n", re.sub(r"[^\S\n]+", " ", "".join(line))).strip()
        if joined:
            result.append(Paragraph(text=joined))
        line.clear()

    for one in children:
        if one.name in _BLOCKS:
            end_paragraph()
            result.extend(_block(one))
        elif not one.name:
            for number, part in enumerate(re.split(r"\n[ \t]*\n", one.text)):
                if number:
                    end_paragraph()
                line.append(linked(unescape(re.sub(r"\s+", " ", part))))
        else:
            line.append(_inline(one))
    end_paragraph()
    return result


def _block(one: Element) -> list[Block]:
    if one.name in {"code", "pre"}:
        language = html.attribute(one.attributes, "lang") or html.attribute(one.attributes, "language")
        return code_block(html.written(one), language)
    if one.name == "list":
        return _list(one)
    if one.name in {"para", "p", "example", "note"}:
        return _content(one.children)
    return html.content([one], lambda text: linked(unescape(text)))


def _list(one: Element) -> list[Block]:
    kind = html.attribute(one.attributes, "type").lower()
    items: list[tuple[Entry, list[Block]]] = []
    for item in one.children:
        if item.name not in {"item", "listheader"}:
            continue
        term = next((" ".join(html.written(part).split()) for part in item.children if part.name == "term"), "")
        said = [block for part in item.children if part.name == "description" for block in _content(part.children)]
        said = said or _content([part for part in item.children if part.name != "term"])
        items.append((entry(term, blocks=said), said))
    if kind == "table" or any(one.name for one, _ in items):
        if all(one.name and not said for one, said in items):
            return [Listing(items=tuple((Paragraph(text=marked.escaped(one.name)),) for one, _ in items))]
        return [Definitions(entries=tuple(one for one, _ in items))] if items else []
    return [Listing(items=tuple(tuple(said) for _, said in items), ordered=kind == "number")] if items else []


def _inline(one: Element) -> str:
    if one.name in {"see", "seealso"}:
        return _reference(one)
    if one.name in {"paramref", "typeparamref"}:
        return marked.code(html.attribute(one.attributes, "name"))
    if one.name in {"c", "tt"}:
        return marked.code(html.written(one))
    if one.name == "br":
        return "\n"
    inner = "".join(
        _inline(child) if child.name else linked(unescape(re.sub(r"\s+", " ", child.text))) for child in one.children
    )
    if one.name in {"b", "strong"}:
        return marked.strong(inner)
    if one.name in {"i", "em"}:
        return marked.emphasis(inner)
    target = html.attribute(one.attributes, "href") if one.name == "a" else ""
    return marked.link(inner, target) if inner.strip() and html.is_safe(target) else inner


def _cref(one: Element) -> str:
    written = html.attribute(one.attributes, "cref")
    return re.sub(r"^[A-Z]:", "", written).replace("{", "<").replace("}", ">")


def _reference(one: Element) -> str:
    label = "".join(
        _inline(child) if child.name else marked.escaped(" ".join(unescape(child.text).split()))
        for child in one.children
    )
    word = html.attribute(one.attributes, "langword")
    href = html.attribute(one.attributes, "href")
    cref = _cref(one)
    if word:
        return marked.code(word)
    if href and html.is_safe(href):
        return marked.link(label or marked.escaped(href), href)
    return marked.link(label or marked.code(cref), marked.SYMBOL + cref) if cref else label
