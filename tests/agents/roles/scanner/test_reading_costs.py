"""An estimate counts the summaries that a question will show, and no others."""

from __future__ import annotations

from collections.abc import Iterable

from agents.contracts.structure import Structure
from agents.roles.scanner.plan import FileToPlan
from agents.roles.scanner.reading_costs import asking_order, read_file
from agents.roles.scanner.surroundings import NeighbourIndex
from tests.agents.fakes import settings

_PATHS = [f"package/module_{number:02d}.py" for number in range(30)]
_AROUND = NeighbourIndex(structures={path: Structure(language="python", line_count=1) for path in _PATHS})


def _characters(path: str, asked: Iterable[str], at_once: int = 4, inference: str = "realtime") -> int:
    chosen = settings(model="openai:stub", model_calls_at_once=at_once, analyst_concurrency=1, inference=inference)
    order = asking_order([FileToPlan(each, 100, "python") for each in asked], _AROUND, chosen)
    read = read_file(path, _AROUND, order)
    assert read is not None
    return read.characters


def test_the_first_questions_of_a_batch_show_no_answers() -> None:
    assert _characters(_PATHS[0], _PATHS) == 0
    assert _characters(_PATHS[-1], _PATHS) > 0


def test_no_question_shows_an_answer_where_all_of_a_batch_are_asked_together() -> None:
    assert {_characters(path, _PATHS, at_once=30) for path in _PATHS} == {0}


def test_a_file_that_changed_alone_is_asked_about_with_all_that_earlier_runs_wrote() -> None:
    first_run = _characters(_PATHS[0], _PATHS)

    assert _characters(_PATHS[0], _PATHS[:1]) > first_run


def test_a_job_of_batch_inference_shows_no_answer_of_its_own() -> None:
    assert _characters(_PATHS[-1], _PATHS, inference="batch") == 0
