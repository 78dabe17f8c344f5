"""Shell scripts: sections as Google's style guide writes them, and shdoc's @tags."""

from __future__ import annotations

import re
from textwrap import dedent

from agents.codebase.structure.documentation import plaintext, tags
from agents.codebase.structure.documentation.draft import DocumentationDraft, code_block, entry
from agents.codebase.structure.documentation.plain import blocks
from agents.contracts.documentation import Block, Documentation, Heading, Listing, Paragraph
from agents.text import marked

_SECTION = re.compile(r"^(Globals|Arguments|Options|Outputs|Returns|Environment|Usage|Examples?):[ \t]*$", re.MULTILINE)
_ITEM = re.compile(
    r"^(\$?[\w@*#-]+(?:,[ \t]*-{1,2}[\w-]+)*(?:[ \t]+[A-Z<][\w>]*)?)[ \t]*(?::|[-–—]|[ \t]{2,})[ \t]+(.*)$", re.DOTALL
)
_ARGUMENT = re.compile(r"(\S+)\s+(?:(string|integer|int|number|bool|boolean|array|path|any)\s+)?(.*)$", re.DOTALL)
_OPTION = re.compile(r"(-{1,2}[\w-]+(?:\s*\|\s*-{1,2}[\w-]+)*(?:\s+<[^<>]*>)?)\s*(.*)$", re.DOTALL)
_TAGGED = re.compile(r"^@(?:arg|option|exitcode|stdout|stderr|set|description)\b", re.MULTILINE)


def read(text: str) -> Documentation | None:
    """A comment of a shell script as a document."""
    draft = DocumentationDraft()
    if _TAGGED.search(text):
        for tag, content in tags.parts(text):
            _tag(draft, tag, content)
        return draft.finish()
    heads = list(_SECTION.finditer(text))
    if not heads:
        return plaintext.read(text)
    draft.blocks += blocks(text[: heads[0].start()])
    for at, head in enumerate(heads):
        end = heads[at + 1].start() if at + 1 < len(heads) else len(text)
        _section(draft, head.group(1), dedent(text[head.end() : end].strip("\n")).rstrip())
    return draft.finish()


def _section(draft: DocumentationDraft, name: str, content: str) -> None:
    items = [item for item in re.split(r"\n(?=\S)", content) if item.strip()]
    if name in {"Arguments", "Options"}:
        for item in items:
            match = _ITEM.match(item)
            own, words = match.groups() if match else ("", item)
            draft.parameters.append(entry(own.strip(), blocks=blocks(dedent(words))))
    elif name == "Returns":
        draft.returns.append(entry(blocks=blocks(content)))
    elif name in {"Usage", "Example", "Examples"}:
        draft.examples += code_block(content, "bash")
    elif content:
        listed = tuple((Paragraph(text=marked.escaped(" ".join(item.split()))),) for item in items)
        inside: list[Block] = [Listing(items=listed)] if len(listed) > 1 else list(listed[0])
        draft.blocks += [Heading(text=name, level=4), *inside]


def _tag(draft: DocumentationDraft, tag: str, content: str) -> None:
    pattern = {"arg": _ARGUMENT, "option": _OPTION}.get(tag)
    match = pattern.match(content) if pattern is not None else None
    if match is not None:
        name, *kind, words = match.groups()
        draft.parameters.append(entry(name, (kind[0] or "") if kind else "", blocks(words), optional=tag == "option"))
    elif tag == "exitcode":
        code, words = tags.word(content)
        draft.returns.append(entry(code, blocks=blocks(words)))
    elif tag:
        tags.fill(draft, tag, content, blocks, tags.named)
    else:
        draft.blocks += blocks(content)
