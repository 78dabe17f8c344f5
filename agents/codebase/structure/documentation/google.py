"""Google's docstring sections: a word and a colon, the content indented below."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from textwrap import dedent

from agents.codebase.structure.documentation.draft import ADMONITIONS, DocumentationDraft, entry
from agents.contracts.documentation import Block, Entry

_FIELDS = {
    "args": "parameters", "arguments": "parameters", "parameters": "parameters", "params": "parameters",
    "keyword args": "parameters", "keyword arguments": "parameters", "other parameters": "parameters",
    "receive": "parameters", "receives": "parameters", "attributes": "attributes", "attrs": "attributes",
    "raises": "raises", "raise": "raises", "except": "raises", "exceptions": "raises",
    "warns": "warns", "returns": "returns", "return": "returns", "yields": "yields", "yield": "yields",
    "examples": "examples", "example": "examples", "usage": "examples", "references": "", "methods": "attributes",
    "see also": "see_also", "type parameters": "type_parameters", "functions": "attributes",
}  # fmt: skip
SECTIONS = frozenset(_FIELDS) | frozenset(ADMONITIONS) | {"deprecated", "since", "version added"}
_ENTRY = re.compile(
    r"^(\*{0,2}[\w.\[\]`]{1,100}(?:\s*,\s*\*{0,2}[\w.]{1,100}){0,9})\s{0,3}(?:\(((?:[^()]|\([^()]*\)){0,300})\))?\s?:(?=\s|$)\s*(.*)$"
)
_TYPED = re.compile(
    r"^((?:[\w.`~]++|:\w+:`[^`]+`)(?:\[[^:\n]{0,500}\]|\([^:\n]{0,500}\))?"
    r"(?:\s*+(?:\||or|of|,)\s*+[\w.`\[\], ]++)*+)\s?:\s+(.*)$",
    re.DOTALL,
)
_DEFAULT = re.compile(r",?\s*(?<![\w'\"-])(?:defaults? (?:to|is|=)|default(?!\w|-)[:=]?)\s*([^\s)].*)$", re.IGNORECASE)
_OPTIONAL = re.compile(r",?\s*\boptional\s*$", re.IGNORECASE)
#: `int, optional (default=10)`: what says so may stand in brackets of its own.
_IN_BRACKETS = re.compile(
    r"[ \t]\(((?:optional\b[,;]?[ \t]?)?default[^()]*(?:\([^()]*\)[^()]*){0,5}|optional)\)$", re.IGNORECASE
)


class GoogleStyle:
    """How a section's end is found and its content read."""

    def end(self, lines: list[str], start: int) -> int:
        """The line after the section: the first that is not indented."""
        at = start
        while at < len(lines) and (not lines[at].strip() or lines[at][0].isspace()):
            at += 1
        return at

    def read(self, name: str, lines: list[str], draft: DocumentationDraft, body: Callable[[str], list[Block]]) -> None:
        """Put the section's content where it belongs."""
        text = dedent("\n".join(lines)).strip("\n")
        field = _FIELDS.get(name, "")
        if field in {"parameters", "attributes", "raises", "warns", "type_parameters"}:
            getattr(draft, field).extend(_entries(text, body, typed=field in {"raises", "warns"}))
        elif field in {"returns", "yields"}:
            getattr(draft, field).append(_value(text, body))
        elif field == "examples":
            draft.examples += body(text)
        elif field == "see_also":
            draft.see_also += _entries(text, body, typed=False)
        elif name == "deprecated":
            draft.deprecate(body(text))
        elif name in {"since", "version added"}:
            draft.since = " ".join(text.split())
        else:
            draft.admonition(name, body(text), "References" if name == "references" else "")


STYLE = GoogleStyle()


def typed(written: str) -> tuple[str, str, bool]:
    """A type as it stands in brackets: the type itself, the default, whether it is optional."""
    kind, optional = _IN_BRACKETS.sub(r", \1", written.strip(), count=1), False
    default = ""
    if match := _DEFAULT.search(kind):
        default, kind = match.group(1).strip().rstrip("."), kind[: match.start()]
    if (shorter := _OPTIONAL.sub("", kind.rstrip(" ,"))) != kind.rstrip(" ,"):
        kind, optional = shorter, True
    kind = re.sub(r":\w+:`~?([^`]+)`", r"\1", kind).strip(" ,`")
    return kind, default, optional or bool(default)


def _entries(text: str, body: Callable[[str], list[Block]], typed: bool) -> list[Entry]:
    """`name (type): text`, one each; what goes on is indented more."""
    result: list[Entry] = []
    if all(line.startswith((*"-* ",)) for line in text.split("\n") if line):  # a list of them
        text = "\n".join(line[2:] if line.startswith(("- ", "* ")) else line for line in text.split("\n"))
    for lines in _items(text):
        match = _ENTRY.match(lines[0])
        rest = dedent("\n".join(lines[1:]))
        if match is None:
            result.append(entry(blocks=body("\n".join(lines))))
            continue
        description = body(f"{match.group(3)}\n{rest}".strip("\n"))
        if typed:
            result.append(entry("", match.group(1).strip("`"), description))
        else:
            kind, default, optional = _typed(match.group(2) or "")
            result.append(entry(match.group(1).strip("`"), kind, description, default, optional))
    return result


_typed = typed


def _items(text: str) -> Iterator[list[str]]:
    item: list[str] = []
    for line in text.split("\n"):
        if line and not line[0].isspace() and item and (_ENTRY.match(line) or _ENTRY.match(item[0]) is not None):
            yield item
            item = []
        item.append(line)
    if any(line.strip() for line in item):
        yield item


def _value(text: str, body: Callable[[str], list[Block]]) -> Entry:
    """`type: text`, or text alone."""
    first, _, rest = text.partition("\n")
    match = _TYPED.match(first)
    if match is None or (" " in match.group(1) and not re.search(r"[\[|,]| or | of ", match.group(1))):
        bare = re.fullmatch(r"([\w.]+(?:\[[^\n]*\])?):\s*", first)
        if bare and rest.strip():
            return entry("", bare.group(1), body(dedent(rest)))
        return entry(blocks=body(text))
    return entry("", match.group(1).strip("`"), body(f"{match.group(2)}\n{dedent(rest)}".strip("\n")))
