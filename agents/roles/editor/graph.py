"""The module graph as people read it: folded, layered, its cycles named. Pure."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agents.codebase.graph import strongly_connected
from agents.codebase.paths import is_product

#: Above these a drawing is a knot.
MANY_NODES = 18
MANY_ARROWS = 45
#: With fewer boxes than this a drawing tells nothing: rather the weightiest modules than everything in one folder.
_FEW_NODES = 6

#: Boxes side by side that a page takes without shrinking them; layers below which across is shorter.
_WIDE = 4
_DEEP = 3

Arrow = tuple[str, str]


@dataclass(frozen=True)
class Drawing:
    """What is drawn, and what was left out to keep it readable."""

    nodes: dict[str, int]
    arrows: list[tuple[str, str, int]]
    folded: int
    dropped: int


def drawing(modules: Sequence[str], weights: Mapping[Arrow, int], most: int = MANY_NODES) -> Drawing:
    """Connected modules, folded into the folders above them until `most` are left, and the heaviest arrows."""
    connected = sorted({end for arrow in weights for end in arrow})
    homes = _folded(connected, most)
    nodes = Counter(homes.values())
    merged: Counter[Arrow] = Counter()
    for (source, target), weight in weights.items():
        if homes[source] != homes[target]:
            merged[homes[source], homes[target]] += weight
    drawn = _weightiest(merged, most)
    ranked = sorted(drawn.items(), key=lambda item: (-item[1], item[0]))
    heaviest = ranked[:MANY_ARROWS]
    ends = {end for arrow, _ in heaviest for end in arrow}
    return Drawing(
        nodes={name: count for name, count in sorted(nodes.items()) if name in ends},
        arrows=sorted((source, target, weight) for (source, target), weight in heaviest),
        folded=len(modules) and sum(1 for name in connected if homes[name] != name),
        dropped=len(merged) - len(heaviest),
    )


def direction(drawn: Drawing) -> str:
    """Across for a graph with a wide layer, down for a deep one: a page scrolls down, and cuts what is too wide."""
    by_height = layers(drawn.nodes, [(source, target) for source, target, _ in drawn.arrows])
    return "LR" if max((len(layer) for layer in by_height), default=0) > _WIDE or len(by_height) < _DEEP else "TB"


def _folded(names: Sequence[str], most: int) -> dict[str, str]:
    """Each name's home: the name itself, or a folder above it.

    One folder at a time gives its parts up: tests before code, the deepest before the rest, small before large.
    """
    homes = {name: name for name in names}
    while len(set(homes.values())) > most:
        parents = Counter(posixpath.dirname(home) for home in set(homes.values()) if "/" in home)
        if not parents:
            break
        parent = min(
            parents, key=lambda folder: (is_product(f"{folder}/"), -folder.count("/"), parents[folder], folder)
        )
        folded = {name: parent if home.startswith(parent + "/") else home for name, home in homes.items()}
        if len(set(folded.values())) < _FEW_NODES:
            break
        homes = folded
    return homes


def _weightiest(merged: Mapping[Arrow, int], most: int) -> dict[Arrow, int]:
    """The arrows between the `most` boxes that carry most imports."""
    carried: Counter[str] = Counter()
    for arrow, weight in merged.items():
        carried.update(dict.fromkeys(arrow, weight))
    chosen = {name for name, _ in sorted(carried.items(), key=lambda item: (-item[1], item[0]))[:most]}
    return {arrow: weight for arrow, weight in merged.items() if chosen.issuperset(arrow)}


def components(names: Iterable[str], arrows: Iterable[Arrow]) -> list[list[str]]:
    """Strongly connected components, dependencies first."""
    targets: dict[str, set[str]] = {}
    for source, target in arrows:
        targets.setdefault(source, set()).add(target)
    return strongly_connected(names, targets)


def layers(names: Iterable[str], arrows: Iterable[Arrow]) -> list[list[str]]:
    """Modules by how high they stand: the first layer imports no other, each next one only layers below it.

    A cycle's modules stand together.
    """
    pairs = list(arrows)
    groups = components(names, pairs)
    home = {name: number for number, group in enumerate(groups) for name in group}
    height = [0] * len(groups)
    below: dict[int, set[int]] = {number: set() for number in range(len(groups))}
    for source, target in pairs:
        if home[source] != home[target]:
            below[home[source]].add(home[target])
    for number in range(len(groups)):
        height[number] = 1 + max((height[other] for other in below[number]), default=-1)
    result: list[list[str]] = [[] for _ in range(max(height, default=-1) + 1)]
    for number, group in enumerate(groups):
        result[height[number]] += group
    return [sorted(layer) for layer in result]


def cycles(names: Iterable[str], arrows: Iterable[Arrow]) -> list[list[str]]:
    """Groups of modules that import each other in a circle, largest first."""
    return sorted((group for group in components(names, arrows) if len(group) > 1), key=lambda g: (-len(g), g))
