"""Go's doc comments: headings, lists, code by indentation, [links] (go.dev/doc/comment)."""

from __future__ import annotations

import re

from agents.codebase.structure.documentation.draft import DocumentationDraft, code_block
from agents.codebase.structure.documentation.markdown import linked
from agents.contracts.documentation import Block, Documentation, Heading, Listing, Paragraph
from agents.text import marked

_TARGET = re.compile(r"^\[([^\[\]]{1,200})\]:\s+(\S+)\s*$")
_ITEM = re.compile(r"^\s*(?:([-*+•])|(\d+)[.)])\s+(?=\S)")
_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]")
_NAME = re.compile(r"\*?[A-Za-z_][\w./]*$")
_OLD_HEADING = re.compile(r"^[A-Z][^.,;:!?()]{2,60}$")


def read(text: str) -> Documentation | None:
    """A doc comment of Go as a document."""
    draft = DocumentationDraft()
    lines = text.split("\n")
    targets = {match.group(1): match.group(2) for line in lines if (match := _TARGET.match(line))}
    text_lines = [line for line in lines if not _TARGET.match(line)]
    deprecated = False
    for block in _blocks(text_lines, targets):
        if isinstance(block, Paragraph) and block.text.startswith("Deprecated:"):
            deprecated = True
            draft.deprecate([Paragraph(text=block.text.removeprefix("Deprecated:").strip() or "…")])
        elif deprecated and isinstance(block, Paragraph):
            deprecated = False
            draft.blocks.append(block)
        else:
            draft.blocks.append(block)
    return draft.finish()


def _blocks(lines: list[str], targets: dict[str, str]) -> list[Block]:
    result: list[Block] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            at += 1
        elif line[0] in " \t" or _ITEM.match(line):
            end = at + 1
            while end < len(lines) and (
                not lines[end].strip() or lines[end][0] in " \t" or (_ITEM.match(lines[end]) and line[0] not in " \t")
            ):
                if _ITEM.match(line) and lines[end].startswith("\t") and not lines[end - 1].strip():
                    break  # code that follows a list
                end += 1
            block = lines[at:end]
            result += _list(block, targets) if _ITEM.match(line) else code_block("\n".join(block))
            at = end
        else:
            end = at + 1
            while end < len(lines) and lines[end].strip() and lines[end][0] not in " \t":
                end += 1
            result.append(_paragraph(lines, at, end, targets))
            at = end
    return result


def _paragraph(lines: list[str], at: int, end: int, targets: dict[str, str]) -> Block:
    line = lines[at]
    alone = end - at == 1
    if alone and line.startswith("# "):
        return Heading(text=_inline(line[2:].strip(), targets))
    around = at > 1 and not lines[at - 1].strip() and end + 1 < len(lines) and lines[end + 1 : end + 2] != [""]
    if alone and around and _OLD_HEADING.match(line) and lines[end + 1][:1].isupper():
        return Heading(text=_inline(line, targets))
    return Paragraph(text=_inline(" ".join(part.strip() for part in lines[at:end]), targets))


def _list(lines: list[str], targets: dict[str, str]) -> list[Block]:
    items: list[list[str]] = []
    ordered = False
    start = 1
    for number, line in enumerate(lines):
        match = _ITEM.match(line)
        if match:
            if items and ordered != bool(match.group(2)):  # the other kind of marker begins another list
                return [*_list(lines[:number], targets), *_list(lines[number:], targets)]
            if not items:
                ordered, start = match.group(2) is not None, int(match.group(2) or 1)
            items.append([line[match.end() :]])
        elif line.strip():
            items[-1].append(line.strip())
        elif items[-1][-1]:
            items[-1].append("")
    listed = []
    for item in items:
        texts = "\n".join(item).strip().split("\n\n")
        listed.append(tuple(Paragraph(text=_inline(" ".join(text.split()), targets)) for text in texts))
    return [Listing(items=tuple(listed), ordered=ordered, start=min(start, 1_000_000))]


def _inline(text: str, targets: dict[str, str]) -> str:
    parts: list[str] = []
    at = 0
    for match in _LINK.finditer(text):
        label = match.group(1)
        target = targets.get(label) or (marked.SYMBOL + label.lstrip("*") if _NAME.match(label) else "")
        after = text[match.end() : match.end() + 1]
        before = text[match.start() - 1 : match.start()] if match.start() else ""
        if not target or before.isalnum() or after.isalnum() or after in {"(", "["}:
            continue
        parts += [_words(text[at : match.start()]), marked.link(_label(label, targets), target)]
        at = match.end()
    return "".join([*parts, _words(text[at:])])


def _label(label: str, targets: dict[str, str]) -> str:
    return marked.escaped(label) if label in targets else marked.code(label)


def _words(text: str) -> str:
    pieces = re.split(r"`([^`\n]{1,200})`", text)
    return "".join(marked.code(piece) if number % 2 else linked(piece) for number, piece in enumerate(pieces))
