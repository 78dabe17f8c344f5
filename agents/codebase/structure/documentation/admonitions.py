"""Notes and tabs as MkDocs writes them in docstrings: `!!! note "Title"`, `??? tip`, `=== "Tab"`. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from textwrap import dedent

from agents.codebase.structure.documentation.draft import ADMONITIONS
from agents.contracts.documentation import Admonition, Block, Heading
from agents.text import marked

_HEAD = re.compile(r"^(!!!|\?\?\?\+?|===)[ \t]+([\w-]*)(?:[ \t]+[\w-]+)*[ \t]*(?:\"([^\"\n]*)\")?[ \t]*$")
_ANY = re.compile(r"^(?:!!!|\?\?\?|===) ?", re.MULTILINE)


def blocks(text: str, body: Callable[[str], list[Block]]) -> list[Block]:
    """The text as `body` reads it, and its notes and tabs with what is indented below them."""
    if not _ANY.search(text):
        return body(text)
    result: list[Block] = []
    plain: list[str] = []
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        head = _HEAD.match(lines[at])
        inside: list[str] = []
        at += 1
        while head and at < len(lines) and (not lines[at].strip() or lines[at].startswith("    ")):
            inside.append(lines[at])
            at += 1
        if head is None or not any(inside):
            plain += [lines[at - 1 - len(inside)], *inside]
            continue
        result += body("\n".join(plain).strip("\n"))
        plain.clear()
        title = marked.escaped(head.group(3) or "")
        within = blocks(dedent("\n".join(inside)).strip("\n"), body)
        if head.group(1) == "===":
            result += [Heading(text=title, level=4), *within]
        else:
            label = ADMONITIONS.get(head.group(2).lower(), "note")
            result.append(Admonition(label=label, title=title, blocks=tuple(within)))
    return result + body("\n".join(plain).strip("\n"))
