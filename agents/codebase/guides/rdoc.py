"""Guides in Ruby's RDoc, written again as Markdown, whose reader knows links, lists and code. Linear. Pure."""

from __future__ import annotations

import re

from agents.codebase.guides import markdown
from agents.codebase.guides.source import Repository
from agents.contracts.documentation import Block

_HEADING = re.compile(r"^(={1,6})\s*(?=[^\s=])(.*?)=*$")
_ITEM = re.compile(r"^\s*(?:[*-]|\d{1,3}\.|[a-zA-Z]\.)\s+\S")
_LABELLED = re.compile(r"^(\s*)(?:\[([^\]\n]{1,80})\](?!\[|\()|([\w`<>/. -]{1,60})::)\s+(?=\S)")
_CODE = re.compile(r"<(tt|code)>([^<\n]{1,200})</\1>|(?<![\w+])\+([\w:.#?!/-]{1,120})\+(?![\w+])")
_BOLD = re.compile(r"(?<![\w*`])\*(\w[\w-]{0,80})\*(?![\w*])")
_LINK = re.compile(
    r"(?:\{([^{}\n]{1,200})\}|(?<![\w`])([\w.-]{1,80}))\[((?:https?|mailto|link|rdoc-ref):[^\]\s]{1,300})\]"
)


def blocks(text: str, path: str, repository: Repository) -> list[Block]:
    """The document as blocks."""
    return markdown.blocks(as_markdown(text), path, repository)


def as_markdown(text: str) -> str:
    """The same document in Markdown: headings, code, links, labelled lists; the numbers of lines stay."""
    written: list[str] = []
    is_listed = False
    for line in text.expandtabs(4).split("\n"):
        heading = _HEADING.match(line)
        if heading:
            is_listed = False
            written.append(f"{'#' * len(heading[1])} {_inline(heading[2].strip())}")
        elif _ITEM.match(line):
            is_listed = True
            written.append(_inline(line))
        elif labelled := _LABELLED.match(line):
            is_listed = True
            written.append(f"{labelled[1]}- **{labelled[2] or labelled[3]}** {_inline(line[labelled.end() :])}")
        elif line.startswith("  ") and not is_listed:
            written.append(f"    {line}")
        else:
            is_listed = is_listed and (not line.strip() or line.startswith(" "))
            written.append(_inline(line))
    return "\n".join(written)


def _inline(line: str) -> str:
    line = _CODE.sub(lambda match: f"`{match[2] or match[3]}`", line)
    line = _BOLD.sub(r"**\1**", line)
    return _LINK.sub(lambda match: f"[{match[1] or match[2]}]({re.sub('^(?:link|rdoc-ref):', '', match[3])})", line)
