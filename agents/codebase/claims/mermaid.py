"""A strict parser of the diagrams that a page may hold: what it takes, Mermaid draws. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_SIGN = r'(?:[^"#<>&`\n]|#\d{1,7};)'
_LABEL = rf'\["({_SIGN}+)"\]'


class _Kind(NamedTuple):
    """A kind of diagram: its first lines, and what a node and what an arrow between two of them look like."""

    head: re.Pattern[str]
    node: re.Pattern[str]
    arrow: re.Pattern[str]


_FLOWCHART = _Kind(
    re.compile(r"flowchart (TB|LR)\n"),
    re.compile(rf"^  (n\d+){_LABEL}$"),
    re.compile(r"^  (n\d+) -->(?:\|\d+\|)? (n\d+)$"),
)
_ENTITIES = _Kind(
    re.compile(r"erDiagram\n"),
    re.compile(rf"^  (t\d+){_LABEL}$"),
    re.compile(rf'^  (t\d+) \}}o--\|\| (t\d+) : "{_SIGN}*"$'),
)
_CLASSES = _Kind(
    re.compile(r"classDiagram\n  direction LR\n"),
    re.compile(rf"^  class (c\d+){_LABEL}$"),
    re.compile(r"^  (c\d+) <\|-- (c\d+)$"),
)


_ENTITY = re.compile(r"#(\d{1,7});")


def labels(text: str) -> list[str]:
    """What the nodes of a flowchart without problems say."""
    texts = (node.group(2) for line in text.split("\n") if (node := _FLOWCHART.node.match(line)))
    return [_ENTITY.sub(_character, label) for label in texts]


def _character(entity: re.Match[str]) -> str:
    code = int(entity[1])
    return chr(code) if code < 0x110000 else ""


def problem(text: str) -> str:
    """Why Mermaid would not draw this flowchart; empty when it would."""
    return _problem(text.rstrip() + "\n", (_FLOWCHART,))


def problem_of_page(text: str) -> str:
    """The same of any diagram that the editor draws: a flowchart, tables with their references, or types."""
    return _problem(text.rstrip() + "\n", (_FLOWCHART, _ENTITIES, _CLASSES))


def _problem(text: str, kinds: Sequence[_Kind]) -> str:
    begun = next(((kind, head) for kind in kinds if (head := kind.head.match(text))), None)
    if begun is None:
        first, _, _ = text.partition("\n")
        return f"a diagram starts with {first[:40]!r}"
    kind, head = begun
    rest = text[head.end() :].removesuffix("\n")
    nodes: set[str] = set()
    for number, line in enumerate(rest.split("\n") if rest else (), start=1 + head[0].count("\n")):
        node, arrow = kind.node.match(line), kind.arrow.match(line)
        if node:
            if node.group(1) in nodes:
                return f"diagram line {number} repeats the node {node.group(1)}"
            nodes.add(node.group(1))
        elif arrow:
            missing = {arrow.group(1), arrow.group(2)} - nodes
            if missing:
                return f"diagram line {number} has an arrow to the unknown node {min(missing)}"
        else:
            return f"diagram line {number} is not a node or an arrow: {line.strip()[:40]!r}"
    return "" if nodes else "a diagram without nodes"
