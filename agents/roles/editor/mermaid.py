"""Emits the one kind of Mermaid diagram we draw: a flowchart of boxes and weighted arrows. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

#: Mermaid reads `#name;` as an entity inside a quoted label; everything that could end or style the label becomes one.
_UNSAFE = re.compile(r"[^\w \-./:@+,()~]")
_LONGEST = 42


def flowchart(labels: Mapping[str, str], arrows: Iterable[tuple[str, str, int]], direction: str = "TB") -> str:
    """A flowchart of nodes (name -> label) and arrows (from, to, weight); names become safe ids."""
    ids = {name: f"n{number}" for number, name in enumerate(labels)}
    lines = [f"flowchart {direction}"]
    lines += [f'  {ids[name]}["{label(text)}"]' for name, text in labels.items()]
    for source, target, weight in arrows:
        arrow = f"-->|{weight}|" if weight > 1 else "-->"
        lines.append(f"  {ids[source]} {arrow} {ids[target]}")
    return "\n".join(lines)


def label(text: str) -> str:
    """A label's text, cut at its start (a path's end tells more) and escaped."""
    short = text if len(text) <= _LONGEST else "…" + text[-_LONGEST:]
    return "".join(f"#{ord(c)};" if _UNSAFE.match(c) and c != "…" else c for c in short)
