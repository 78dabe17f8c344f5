"""What the critic takes for a diagram: all that the editor draws, and nothing that Mermaid would not draw."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.codebase.claims import mermaid
from agents.roles.editor.mermaid import classes, entities, flowchart

LABELS = st.dictionaries(st.text(max_size=5), st.text(min_size=1, max_size=50), min_size=1, max_size=5)


@given(labels=LABELS, data=st.data())
def test_what_the_editor_draws_has_no_problem(labels: dict[str, str], data: st.DataObject) -> None:
    key = st.sampled_from(sorted(labels))
    pairs = data.draw(st.lists(st.tuples(key, key), max_size=5))

    arrows = [(source, target, number) for number, (source, target) in enumerate(pairs)]
    drawn = [
        flowchart(labels, arrows, "LR"),
        classes(labels, pairs),
        entities(labels, [(source, target, labels[source]) for source, target in pairs]),
    ]

    assert [mermaid.problem_of_page(text) for text in drawn] == ["", "", ""]
    assert mermaid.problem(drawn[0]) == ""
    assert [mermaid.problem(text) for text in drawn[1:]] == [
        "a diagram starts with 'classDiagram'",
        "a diagram starts with 'erDiagram'",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("classDiagram\n  direction LR", "a diagram without nodes"),
        ('classDiagram\n  class c0["A"]', "a diagram starts with 'classDiagram'"),
        (
            'classDiagram\n  direction LR\n  class c0["A"]\n  c0 <|-- c1',
            "diagram line 4 has an arrow to the unknown node c1",
        ),
        (
            'classDiagram\n  direction LR\n  class c0["A"]\n  click c0 href "x"',
            "diagram line 4 is not a node or an arrow: 'click c0 href \"x\"'",
        ),
        ('erDiagram\n  t0["A"]\n  t0["B"]', "diagram line 3 repeats the node t0"),
        (
            'erDiagram\n  t0["A"]\n  t0 }o--|| t0 : "a<b"',
            "diagram line 3 is not a node or an arrow: 't0 }o--|| t0 : \"a<b\"'",
        ),
        ("pie\n  x", "a diagram starts with 'pie'"),
    ],
)
def test_what_mermaid_would_not_draw_is_named(text: str, problem: str) -> None:
    assert mermaid.problem_of_page(text) == problem
