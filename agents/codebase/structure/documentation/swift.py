"""Swift's markup: Markdown in which list items called Parameter, Returns, Throws or Note are fields."""

from __future__ import annotations

import re
from textwrap import dedent

from agents.codebase.structure.documentation import markdown
from agents.codebase.structure.documentation.draft import ADMONITIONS, DocumentationDraft, entry
from agents.contracts.documentation import Documentation

_ITEM = re.compile(r"^[ ]{0,3}[-*+]\s+([A-Za-z]+)(?:\s+([\w.]+))?\s?:(?:\s+(.*)|$)", re.IGNORECASE)
_INNER = re.compile(r"^\s*[-*+]\s+`?([\w.]+)`?\s?:\s*(.*)$")
_FIELDS = frozenset({"parameter", "parameters", "returns", "return", "throws", "since", "version", "author", "authors",
                     "copyright", "date", "seealso", "example", "tag", "localizationkey"})  # fmt: skip
_LINK = re.compile(r"(?<!`)``([\w/().:_-]{1,200})``(?!`)")


def read(text: str) -> Documentation | None:
    """A doc comment of Swift as a document."""
    draft = DocumentationDraft()
    plain: list[str] = []
    lines = _LINK.sub(r"[`\1`](<symbol:\1>)", text).split("\n")
    at = 0
    fenced = False
    while at < len(lines):
        fenced ^= lines[at].lstrip().startswith("```")
        item = None if fenced else _ITEM.match(lines[at])
        if item is None or item.group(1).lower() not in _FIELDS | set(ADMONITIONS):
            plain.append(lines[at])
            at += 1
            continue
        margin = len(lines[at]) - len(lines[at].lstrip())
        end = at + 1
        while end < len(lines) and (
            lines[end][margin : margin + 1].isspace()
            or (not lines[end].strip() and lines[end + 1 : end + 2] and lines[end + 1][margin : margin + 1].isspace())
        ):
            end += 1
        draft.blocks += markdown.blocks("\n".join(plain), markdown.names_symbol)
        plain = []
        _fill(draft, item, lines[at + 1 : end])
        at = end
    draft.blocks += markdown.blocks("\n".join(plain), markdown.names_symbol)
    return draft.finish()


def _fill(draft: DocumentationDraft, match: re.Match[str], below: list[str]) -> None:  # noqa: C901 (one branch for each kind)
    name, subject = match.group(1).lower(), match.group(2) or ""
    rest = dedent("\n".join(below))
    content = markdown.blocks(f"{match.group(3) or ''}\n{rest}".strip("\n"))
    if name == "parameters":
        item: list[str] = []
        for line in [*rest.split("\n"), "- :"]:
            if not line[:1].isspace() and line.startswith(("-", "*", "+")) and item:
                _parameter(draft, item)
                item = []
            item.append(line)
    elif name == "parameter":
        draft.parameters.append(entry(subject, blocks=content))
    elif name.startswith("return"):
        draft.returns.append(entry(blocks=content))
    elif name == "throws":
        draft.raises.append(entry(blocks=content))
    elif name == "seealso":
        draft.see_also.append(entry(blocks=content))
    elif name == "since":
        draft.since = markdown.inline(match.group(3) or "")
        draft.blocks += markdown.blocks(rest)
    elif name == "example":
        draft.examples += content
    elif name in ADMONITIONS:
        draft.admonition(name, content, subject or ("Complexity" if name == "complexity" else ""))
    else:
        draft.facts.append(entry(name, blocks=content))


def _parameter(draft: DocumentationDraft, item: list[str]) -> None:
    match = _INNER.match(item[0])
    rest = dedent("\n".join(item[1:]))
    if match:
        draft.parameters.append(entry(match.group(1), blocks=markdown.blocks(f"{match.group(2)}\n{rest}".strip("\n"))))
    elif "".join(item).strip("-*+: \n"):
        draft.parameters.append(entry(blocks=markdown.blocks("\n".join(item))))
