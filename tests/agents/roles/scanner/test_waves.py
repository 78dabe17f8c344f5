"""Waves: every file once, what is imported never after what imports it, the same files in the same waves."""

from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from agents.roles.scanner.waves import MOST_WAVES, levels, waves

Graph = dict[str, list[str]]
NAMES = [f"f{number:02d}.py" for number in range(30)]
GRAPHS = st.dictionaries(
    st.sampled_from(NAMES), st.lists(st.sampled_from([*NAMES, "elsewhere.py"]), max_size=4), max_size=30
)


def reaches(graph: Graph, start: str) -> set[str]:
    seen: set[str] = set()
    todo = [start]
    while todo:
        for target in graph.get(todo.pop(), []):
            if target in graph and target not in seen:
                seen.add(target)
                todo.append(target)
    return seen


def test_a_chain_has_a_level_a_file() -> None:
    assert levels(["a", "b", "c"], {"a": ["b"], "b": ["c"]}) == {"c": 0, "b": 1, "a": 2}


def test_a_cycle_is_one_level_below_what_imports_it() -> None:
    found = levels(["a", "b", "c", "d"], {"a": ["b"], "b": ["c"], "c": ["b", "d"]})
    assert found == {"d": 0, "b": 1, "c": 1, "a": 2}


def test_a_chain_deeper_than_python_recurses_has_its_levels() -> None:
    names = [f"{number:05d}" for number in range(5_000)]
    found = levels(names, {name: [after] for name, after in pairwise(names)})
    assert (found["04999"], found["00000"]) == (0, 4_999)


@given(GRAPHS)
def test_an_import_is_below_its_importer_unless_both_are_in_one_cycle(graph: Graph) -> None:
    found = levels(graph, graph)
    assert set(found) == set(graph)
    for path, targets in graph.items():
        for target in set(targets) & set(graph) - {path}:
            assert found[target] < found[path] or (found[target] == found[path] and path in reaches(graph, target))


@given(GRAPHS, st.integers(1, 6), st.integers(1, 8))
def test_every_file_is_in_one_of_a_few_waves_and_no_import_in_a_later_one(
    graph: Graph, most: int, smallest: int
) -> None:
    wave_of = waves(levels(graph, graph), most, smallest)
    assert set(wave_of) == set(graph)
    used = sorted(set(wave_of.values()))
    assert used == list(range(len(used)))
    assert len(used) <= max(1, min(most, len(graph) // smallest))
    for path, targets in graph.items():
        assert all(wave_of[target] <= wave_of[path] for target in set(targets) & set(graph))


@given(GRAPHS, st.randoms(use_true_random=False))
def test_the_order_of_files_and_imports_changes_nothing(graph: Graph, chance: random.Random) -> None:
    shuffled = list(graph)
    chance.shuffle(shuffled)
    turned = {path: list(reversed(graph[path])) for path in shuffled}
    assert waves(levels(shuffled, turned), smallest=2) == waves(levels(graph, graph), smallest=2)


def test_few_files_are_one_wave_however_deep_they_import() -> None:
    assert set(waves(levels(NAMES, {name: [after] for name, after in pairwise(NAMES)})).values()) == {0}


def test_many_files_are_waves_of_about_the_same_size() -> None:
    graph = {f"l{level}-{at:03d}": [f"l{level - 1}-{at:03d}"] for level in range(10) for at in range(40)}
    wave_of = waves(levels(graph, graph))
    sizes = [list(wave_of.values()).count(wave) for wave in range(MOST_WAVES)]
    assert sum(sizes) == 400
    assert min(sizes) >= 80
