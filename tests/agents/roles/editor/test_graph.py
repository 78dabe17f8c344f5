"""The module graph is folded, layered and its cycles are named."""

from __future__ import annotations

from itertools import pairwise

from agents.codebase.claims.mermaid import problem
from agents.roles.editor.graph import cycles, drawing, layers
from agents.roles.editor.mermaid import flowchart


def test_layers_import_only_from_below() -> None:
    assert layers("abcd", [("a", "b"), ("b", "c"), ("a", "c")]) == [["c", "d"], ["b"], ["a"]]


def test_a_cycle_is_named_and_shares_a_layer() -> None:
    arrows = [("a", "b"), ("b", "a"), ("b", "c")]
    assert cycles("abc", arrows) == [["a", "b"]]
    assert layers("abc", arrows) == [["c"], ["a", "b"]]


def test_a_very_deep_chain_needs_no_recursion() -> None:
    names = [f"m{number:05}" for number in range(5_000)]
    assert len(layers(names, list(pairwise(names)))) == 5_000


def test_a_large_graph_is_folded_by_folder_tests_first() -> None:
    names = [f"tests/t{n}" for n in range(30)] + [f"src/s{n}" for n in range(5)]
    drawn = drawing(names, {(f"tests/t{n}", f"src/s{n % 5}"): 1 for n in range(30)})
    assert drawn.nodes == {"tests": 30, **{f"src/s{n}": 1 for n in range(5)}}
    assert drawn.folded == 30
    assert drawn.arrows[0] == ("tests", "src/s0", 6)


def test_modules_of_one_folder_are_drawn_by_weight_rather_than_folded_into_one_box() -> None:
    names = [f"src/app/m{number:02}" for number in range(40)]
    weights = {(one, other): number for number, (one, other) in enumerate(pairwise(names), 1)}
    drawn = drawing(names, weights, most=10)
    assert 6 <= len(drawn.nodes) <= 10
    assert ("src/app/m37", "src/app/m38", 38) in drawn.arrows
    assert drawn.dropped == 39 - len(drawn.arrows)


def test_a_diagram_of_odd_names_is_one_that_mermaid_takes() -> None:
    odd = ['a"b', "end", "<script>", "x]-->y", "`tick`", "#35;", "emoji 🎉", "very/long/" * 9, "a\nb", "%% c"]
    assert problem(flowchart({name: name for name in odd}, [(odd[0], odd[1], 3), (odd[2], odd[3], 1)])) == ""
