"""Rustdoc: Markdown whose headings name sections, with links to items and hidden lines in examples."""

from __future__ import annotations

import re
from collections.abc import Iterable

from agents.codebase.structure.documentation import markdown
from agents.codebase.structure.documentation.draft import DocumentationDraft, entry
from agents.contracts.documentation import Block, Code, Documentation, Heading, Listing

_SECTIONS = {"example": "examples", "examples": "examples", "errors": "raises", "error": "raises",
             "panics": "raises", "panic": "raises"}  # fmt: skip
_HIDDEN = re.compile(r"^[ \t]*#(?:[ \t].*)?$\n?", re.MULTILINE)
_FENCED = re.compile(r"(^[ \t]*```.*?^[ \t]*```[ \t]*$)", re.MULTILINE | re.DOTALL)
_TO_ITEM = re.compile(r"(?<![\w`\]])\[(`[^`]+`|[^\[\]`]+)\]\[`?((?:\w+::)*\w+(?:\(\)|!)?)`?\]")
_KINDS = (
    "fn|struct|enum|trait|union|type|macro|mod|constant|static|attr|derive|primitive"
    "|method|tymethod|variant|structfield"
)
#: The page of an item, its place on that page, and the part of an item's page that a link by its name names.
_PAGE = re.compile(
    rf"(?P<before>\]\(<?|^[ ]{{0,3}}\[[^\]\n]+\]:[ ]<?|\bhref=\")"
    rf"(?:(?:[\w./-]*/)?(?:{_KINDS})\.(?P<item>\w+)\.html(?:#(?:{_KINDS}|associated\w+)\.(?P<member>\w+))?"
    rf"|#(?:{_KINDS}|associated\w+)\.(?P<here>\w+)|(?P<path>(?:\w+::)*[A-Z]\w*)#[\w-]+)(?=[)>\s\"]|$)",
    re.MULTILINE,
)
_FLAGS = {"no_run", "ignore", "should_panic", "compile_fail", "rust", "edition2015", "edition2018", "edition2021",
          "edition2024", "test_harness", "standalone", "standalone_crate", "norun"}  # fmt: skip
#: An error that an example must cause, and targets on which it is not tried.
_FLAG = re.compile(r"E\d{4}|ignore-[\w-]+", re.IGNORECASE)


def read(text: str) -> Documentation | None:
    """A doc comment of Rust as a document."""
    return sectioned(_without_hidden_lines(block) for block in _blocks(text))


def read_of_others(text: str) -> Documentation | None:
    """A doc comment of a language that has Rust's sections and links, and none of its hidden lines."""
    return sectioned(_blocks(text))


def sectioned(blocks: Iterable[Block]) -> Documentation | None:
    """Blocks as a document whose headings say what stands below them."""
    draft = DocumentationDraft()
    target: list[Block] = draft.blocks
    section: list[Block] = []
    title = ""
    for block in blocks:
        if isinstance(block, Heading) and block.level <= 2:
            _end(draft, title, section)
            field = _SECTIONS.get(block.text.strip(" :").lower())
            title, section = (block.text, []) if field == "raises" else ("", [])
            target = section if field == "raises" else draft.examples if field == "examples" else draft.blocks
            if field:
                continue
        target.append(block)
    _end(draft, title, section)
    return draft.finish()


def _blocks(text: str) -> list[Block]:
    return markdown.blocks(_with_targets(text), markdown.names_symbol)


def _with_targets(text: str) -> str:
    """`[label][Type::item]` as `[label](Type::item)`: rustdoc links to an item that no line defines."""
    if "](" not in text and "]:" not in text and "][" not in text and "href" not in text:
        return text
    pieces = _FENCED.split(text)
    pieces[::2] = [_PAGE.sub(_of_page, piece) for piece in pieces[::2]]
    pieces[::2] = [
        _TO_ITEM.sub(lambda link: link.group() if f"[{link[2]}]:" in text else f"[{link[1]}]({link[2]})", piece)
        for piece in pieces[::2]
    ]
    return "".join(pieces)


def _of_page(link: re.Match[str]) -> str:
    """A link to a page that rustdoc writes as a link to the item."""
    if link["item"]:
        return link["before"] + "::".join(name for name in (link["item"], link["member"]) if name)
    return link["before"] + (link["here"] or link["path"])


def _end(draft: DocumentationDraft, title: str, section: list[Block]) -> None:
    if title:
        draft.raises.append(entry("", title.strip(" :") if title.lower().startswith("panic") else "", section))


def _without_hidden_lines(block: Block) -> Block:
    """A code block as rustdoc shows it: no hidden lines, the language without the test's flags."""
    if isinstance(block, Listing):
        items = tuple(tuple(_without_hidden_lines(inner) for inner in item) for item in block.items)
        return block.model_copy(update={"items": items})
    if not isinstance(block, Code):
        return block
    flags = re.split(r"[,\s]+", block.language)
    names = [flag for flag in flags if flag and flag not in _FLAGS and not _FLAG.fullmatch(flag)]
    if names and names != ["rust"]:
        return block
    text = re.sub(r"^(\s*)##", r"\1#", _HIDDEN.sub("", block.text), flags=re.MULTILINE)
    return Code(text=text.strip("\n") or block.text, language="rust")
