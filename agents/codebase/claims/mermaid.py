"""A strict parser of the flowcharts that a page may hold: what it takes, Mermaid draws. Pure."""

from __future__ import annotations

import re

_HEAD = re.compile(r"^flowchart (TB|LR)$")
_NODE = re.compile(r'^  (n\d+)\["((?:[^"#<>&`\n]|#\d{1,7};)+)"\]$')
_ARROW = re.compile(r"^  (n\d+) -->(?:\|(\d+)\|)? (n\d+)$")


_ENTITY = re.compile(r"#(\d{1,7});")


def labels(text: str) -> list[str]:
    """What the nodes of a flowchart without problems say."""
    texts = (node.group(2) for line in text.split("\n") if (node := _NODE.match(line)))
    return [_ENTITY.sub(_character, label) for label in texts]


def _character(entity: re.Match[str]) -> str:
    code = int(entity[1])
    return chr(code) if code < 0x110000 else ""


def problem(text: str) -> str:
    """Why Mermaid would not draw this flowchart; empty when it would."""
    lines = text.rstrip().split("\n")
    if not _HEAD.match(lines[0]):
        return f"a diagram starts with {lines[0][:40]!r}"
    nodes: set[str] = set()
    for number, line in enumerate(lines[1:], start=2):
        node, arrow = _NODE.match(line), _ARROW.match(line)
        if node:
            if node.group(1) in nodes:
                return f"diagram line {number} repeats the node {node.group(1)}"
            nodes.add(node.group(1))
        elif arrow:
            missing = {arrow.group(1), arrow.group(3)} - nodes
            if missing:
                return f"diagram line {number} has an arrow to the unknown node {min(missing)}"
        else:
            return f"diagram line {number} is not a node or an arrow: {line.strip()[:40]!r}"
    return "" if nodes else "a diagram without nodes"
