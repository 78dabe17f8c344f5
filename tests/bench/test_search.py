"""`swarm ask` without a model, as the search benchmark counts its answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.search import is_answered
from tests.cli.site.samples import write_site


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("how do I set a timeout", "README.md"),
        ("say hello to a person", "demo/greet.py#greet"),
        ("where is hello", "demo/greet.py#hello"),
    ],
)
def test_a_newcomers_question_is_answered_by_the_cited_place(tmp_path: Path, question: str, place: str) -> None:
    assert is_answered(write_site(tmp_path / "out"), question, [place])


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("how do I set a timeout", "demo/greet.py#greet"),
        ("say hello to a person", "demo/greet.py#hello_all"),
        ("deploy to kubernetes", "README.md"),
    ],
)
def test_another_place_is_no_answer(tmp_path: Path, question: str, place: str) -> None:
    assert not is_answered(write_site(tmp_path / "out"), question, [place])
