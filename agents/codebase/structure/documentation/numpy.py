"""NumPy's docstring sections: a word with a rule of dashes below it (numpydoc's format guide)."""

from __future__ import annotations

import re
from collections.abc import Callable
from textwrap import dedent

from agents.codebase.structure.documentation.draft import DocumentationDraft, entry
from agents.codebase.structure.documentation.google import typed
from agents.codebase.structure.documentation.rest_inline import inline
from agents.contracts.documentation import Block, Entry, Heading
from agents.text import marked

_FIELDS = {
    "parameters": "parameters", "other parameters": "parameters", "receives": "parameters", "arguments": "parameters",
    "returns": "returns", "return": "returns", "yields": "yields", "raises": "raises", "warns": "warns",
    "attributes": "attributes", "methods": "attributes", "see also": "see_also", "examples": "examples",
    "example": "examples", "params": "parameters", "args": "parameters",
}  # fmt: skip
SECTIONS = frozenset(_FIELDS) | {"notes", "note", "warnings", "warning", "references", "deprecated", "todo"}
_RULE = re.compile(r"\s*(-{3,}|={3,})\s*$")
#: The colon between a name and its type; those of a role, `:class:`Row``, are its own.
_BETWEEN = re.compile(r":(?!\w+:`|`)")
#: A role whose address begins with `~` is shown by its last part.
_SHORTENED = re.compile(r":\w+:`~(?:\w+\.)*(\w+)`")


class NumpyStyle:
    """How a section's end is found and its content read."""

    def end(self, lines: list[str], start: int) -> int:
        """The line of the next section's name."""
        at = start
        while at < len(lines):
            if at + 1 < len(lines) and lines[at].strip() and lines[at][0] != " " and _RULE.match(lines[at + 1]):
                break
            if re.match(r":(?:param|returns?|raises?|type|rtype)\b", lines[at]):
                break
            at += 1
        return at

    def read(self, name: str, lines: list[str], draft: DocumentationDraft, body: Callable[[str], list[Block]]) -> None:
        """Put the section's content where it belongs."""
        text = dedent("\n".join(lines)).strip("\n")
        field = _FIELDS.get(name, "")
        if field in {"parameters", "attributes", "raises", "warns", "returns", "yields"}:
            getattr(draft, field).extend(_entries(text, body, named=field in {"parameters", "attributes"}))
        elif field == "see_also":
            draft.see_also += _related(text)
        elif field == "examples":
            draft.examples += body(text)
        elif name == "deprecated":
            draft.deprecate(body(text))
        elif name in {"warnings", "warning", "todo"}:
            draft.admonition(name, body(text))
        else:
            draft.blocks += [Heading(text=name.capitalize(), level=2), *body(text)]


STYLE = NumpyStyle()


def _entries(text: str, body: Callable[[str], list[Block]], named: bool) -> list[Entry]:
    """`name : type` with the text indented below; a value without a colon is a type."""
    result: list[Entry] = []
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        head = lines[at]
        at += 1
        start = at
        while at < len(lines) and (not lines[at].strip() or lines[at][0].isspace()):
            at += 1
        if not head.strip():
            continue
        if head.startswith((".. ", "- ", "* ")):
            result.append(entry(blocks=body("\n".join(lines[start - 1 : at]))))
            continue
        between = None if head.startswith(":") else _BETWEEN.search(head)
        name, kind = (head[: between.start()].rstrip(), head[between.end() :].strip()) if between else (head, "")
        description = body(dedent("\n".join(lines[start:at])).strip("\n"))
        if not between and not named:
            result.append(entry("", marked.words(inline(head)), description))
        else:
            type_name, default, optional = typed(kind)
            result.append(entry(name.replace("`", ""), type_name, description, default, optional))
    return result


def _related(text: str) -> list[Entry]:
    """`name, name : text`, the text perhaps on the lines below."""
    result: list[Entry] = []
    for line in text.split("\n"):
        if not line.strip():
            continue
        if line[0].isspace() and result:
            last = result[-1]
            result[-1] = last.model_copy(update={"text": f"{last.text} {inline(line.strip())}".strip()})
            continue
        # The pattern matches every line.
        name, _, words = re.match(r"((?::\w+:`[^`]*`|[^:]|:(?!\s))*?)\s*(?:(:)\s+(.*))?$", line).groups("")  # type: ignore[union-attr]
        result.append(Entry(name=re.sub(r":\w+:`~?([^`]+)`", r"\1", _SHORTENED.sub(r"\1", name)), text=inline(words)))
    return result
