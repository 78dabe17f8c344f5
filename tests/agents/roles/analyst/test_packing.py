"""What lies around a file is packed by relevance into a budget, and what has no room is counted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agents.contracts.context import ImportedFile, Neighbour, Relation
from agents.questions.tokens import BYTES_PER_TOKEN
from agents.roles.analyst.packing import packed


def neighbour(path: str, *names: str) -> Neighbour:
    return Neighbour(path=path, analysis_key="0" * 64, signatures=tuple(f"{name}: def {name}()" for name in names))


NEIGHBOURS = {one.path: one for one in (neighbour("a.py", "other", "wanted"), neighbour("b.py"), neighbour("c.py"))}
IMPORTS = (ImportedFile(path="a.py", names=("wanted",)), ImportedFile(path="b.py"))


def test_what_is_imported_by_name_comes_before_what_else_there_is() -> None:
    (first, *_), left = packed(IMPORTS, (), NEIGHBOURS, {})
    assert (first.path, first.relation) == ("a.py", Relation.IMPORTED)
    assert first.signatures == ("wanted: def wanted()", "other: def other()")
    assert left == 0


def test_summaries_of_imports_come_before_those_of_siblings() -> None:
    found = packed(IMPORTS, ("c.py",), NEIGHBOURS, {"c.py": "Sees.", "b.py": "Bees."}).around
    assert [(one.path, one.relation, one.summary) for one in found[1:]] == [
        ("b.py", Relation.IMPORTED, "Bees."),
        ("c.py", Relation.SIBLING, "Sees."),
    ]


def test_what_nobody_has_written_about_is_left_out() -> None:
    assert packed((), ("c.py",), NEIGHBOURS, {}).around == ()


def test_with_little_room_the_most_telling_stays_and_the_rest_is_counted() -> None:
    found = packed(IMPORTS, ("c.py",), NEIGHBOURS, {"b.py": "b" * 300, "c.py": "c" * 300}, budget_tokens=12)
    assert [one.signatures for one in found.around] == [("wanted: def wanted()",)]
    assert found.left_out == 3


@given(
    st.lists(st.integers(0, 30), max_size=8),
    st.lists(st.text(alphabet="ab é€", max_size=60), max_size=8),
    st.integers(0, 200),
)
def test_the_budget_is_respected_and_nothing_is_lost_uncounted(
    counts: list[int], texts: list[str], budget: int
) -> None:
    known = {f"{at}.py": neighbour(f"{at}.py", *(f"n{number}" for number in range(n))) for at, n in enumerate(counts)}
    summaries = {f"{at}.py": text for at, text in enumerate(texts)}
    imports = tuple(ImportedFile(path=path) for path in known)
    found = packed(imports, (), known, summaries, budget)
    size = sum(len("".join(one.signatures) + one.summary + one.path) for one in found.around)
    assert size <= budget * BYTES_PER_TOKEN
    kept = sum(len(one.signatures) + bool(one.summary) for one in found.around)
    described = sum(1 for path in known if summaries.get(path))
    assert kept + found.left_out == sum(counts) + described
