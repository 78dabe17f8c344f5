"""Strongly connected components of a graph of files or modules. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping


def strongly_connected(nodes: Iterable[str], targets: Mapping[str, Collection[str]]) -> list[list[str]]:
    """The strongly connected components, each sorted; a component comes after all that it leads to.

    Tarjan's algorithm without recursion: imports may be chained deeper than Python recurses.
    """
    out = {node: sorted(targets.get(node, ())) for node in sorted(nodes)}
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    open_nodes: dict[str, None] = {}
    components: list[list[str]] = []

    def enter(node: str) -> tuple[str, Iterator[str]]:
        order[node] = low[node] = len(order)
        open_nodes[node] = None
        return node, iter(out[node])

    for root in out:
        work = [] if root in order else [enter(root)]
        while work:
            node, ahead = work[-1]
            step = next(ahead, None)
            if step is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    component = [open_nodes.popitem()[0]]
                    while component[-1] != node:
                        component.append(open_nodes.popitem()[0])
                    components.append(sorted(component))
            elif step not in order:
                work.append(enter(step))
            elif step in open_nodes:
                low[node] = min(low[node], order[step])
    return components
