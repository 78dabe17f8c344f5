"""Emits the Mermaid diagrams that we draw: boxes and weighted arrows, tables with references, types. Pure."""

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


def entities(labels: Mapping[str, str], relations: Iterable[tuple[str, str, str]]) -> str:
    """An entity diagram: tables (key -> label), and their references as (from, to, field)."""
    ids = {key: f"t{number}" for number, key in enumerate(labels)}
    lines = ["erDiagram"]
    lines += [f'  {identifier}["{label(labels[key])}"]' for key, identifier in ids.items()]
    lines += [
        f'  {ids[source]} }}o--|| {ids[target]} : "{label(field)}"'
        for source, target, field in dict.fromkeys(relations)
    ]
    return "\n".join(lines)


def classes(labels: Mapping[str, str], bases: Iterable[tuple[str, str]]) -> str:
    """A class diagram: types (key -> label), and what each extends or implements as (type, base)."""
    ids = {key: f"c{number}" for number, key in enumerate(labels)}
    lines = ["classDiagram", "  direction LR"]
    lines += [f'  class {identifier}["{label(labels[key])}"]' for key, identifier in ids.items()]
    lines += [f"  {ids[base]} <|-- {ids[derived]}" for derived, base in dict.fromkeys(bases)]
    return "\n".join(lines)
