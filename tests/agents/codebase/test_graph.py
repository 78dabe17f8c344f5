"""Strongly connected components, against networkx' definition: two nodes share one if each reaches the other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agents.codebase.graph import strongly_connected

NODES = [f"n{number}" for number in range(8)]
GRAPHS = st.dictionaries(st.sampled_from(NODES), st.sets(st.sampled_from(NODES)))


def reachable(start: str, targets: dict[str, set[str]]) -> set[str]:
    found, ahead = {start}, [start]
    while ahead:
        for target in targets.get(ahead.pop(), ()):
            if target not in found:
                found.add(target)
                ahead.append(target)
    return found


@given(GRAPHS)
def test_nodes_share_a_component_if_each_reaches_the_other(targets: dict[str, set[str]]) -> None:
    components = strongly_connected(NODES, targets)
    home = {node: number for number, component in enumerate(components) for node in component}
    assert sorted(home) == NODES
    for one in NODES:
        for other in NODES:
            together = other in reachable(one, targets) and one in reachable(other, targets)
            assert (home[one] == home[other]) == together


@given(GRAPHS)
def test_a_component_comes_after_all_that_it_leads_to(targets: dict[str, set[str]]) -> None:
    home = {node: number for number, part in enumerate(strongly_connected(NODES, targets)) for node in part}
    assert all(home[target] <= home[source] for source, own in targets.items() for target in own)


def test_a_chain_deeper_than_pythons_recursion_is_walked() -> None:
    chain = {f"m{number:05}": {f"m{number + 1:05}"} for number in range(5_000)}
    components = strongly_connected([*chain, "m05000"], chain)
    assert (len(components), components[0]) == (5_001, ["m05000"])
