"""Near the cap: cheaper before larger before none, the least valuable first, no further than the budget asks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.contracts.ladder import Rung
from agents.costs.degradation import TOGETHER_FILES, Choice, shared, step_down
from agents.costs.facts import FileCosts, RoleModel
from agents.costs.session import descend
from agents.costs.value import little_value, worth
from agents.models.prices import TokenPrice
from tests.agents.fakes import settings

DEAR = RoleModel("openai:dear", TokenPrice(3.0, 15.0, 3.0, 3.0))
CHEAP = RoleModel("openai:cheap", TokenPrice(0.3, 1.5, 0.3, 0.3))
CODE = [FileCosts(f"pkg/code{number}.py", "python", 6_000, 180) for number in range(6)]
TESTS = [FileCosts(f"tests/test_{number}.py", "python", 6_000, 180) for number in range(6)]
SMALL = [FileCosts(f"pkg/small{number}.py", "python", 900, 30) for number in range(4)]


def rungs(budget: float, economy: RoleModel | None = CHEAP) -> list[Rung]:
    return [step.rung for step in step_down([*CODE, *TESTS, *SMALL], budget, DEAR, economy).steps]


def test_what_fits_is_left_alone() -> None:
    assert step_down([*CODE, *TESTS], 100.0, DEAR, CHEAP).choices == {}


def test_the_steps_come_in_their_order() -> None:
    assert rungs(0.19) == [Rung.ECONOMY_MODEL]
    assert rungs(0.02) == [Rung.ECONOMY_MODEL, Rung.LARGER_QUESTIONS, Rung.EXTRACTIVE]
    assert rungs(0.02, None) == [Rung.LARGER_QUESTIONS, Rung.EXTRACTIVE]


def test_an_economy_model_that_is_dearer_is_not_asked() -> None:
    assert Rung.ECONOMY_MODEL not in rungs(0.02, RoleModel("openai:dearer", TokenPrice(9.0, 45.0, 9.0, 9.0)))


def test_tests_give_way_before_code_and_what_nobody_imports_before_the_rest() -> None:
    used = FileCosts("pkg/used.py", "python", 6_000, 180, imported_by=7)
    left = step_down([used, *CODE, *TESTS], 0.03, DEAR).choices
    assert all(left[file.path].model == "extractive" for file in TESTS)
    assert "a test" in left[TESTS[0].path].reason
    assert used.path not in left


def test_with_no_money_at_all_every_file_is_extractive() -> None:
    descent = step_down([*CODE, *TESTS], -1.0, DEAR)
    assert {choice.model for choice in descent.choices.values()} == {"extractive"}
    assert len(descent.choices) == 12


def test_files_with_a_stored_analysis_are_not_touched() -> None:
    kept = FileCosts("pkg/kept.py", "python", 6_000, 180, fresh=False)
    assert kept.path not in step_down([kept, *CODE], -1.0, DEAR).choices


@given(st.floats(-0.1, 0.6), st.lists(st.sampled_from([*CODE, *TESTS, *SMALL]), unique=True, max_size=16))
def test_more_money_never_describes_fewer_files(budget: float, files: list[FileCosts]) -> None:
    def unpaid(usd: float) -> int:
        return sum(one.model == "extractive" for one in step_down(files, usd, DEAR, CHEAP).choices.values())

    assert unpaid(budget + 0.05) <= unpaid(budget)


def test_a_shared_question_holds_a_few_small_files_of_one_model() -> None:
    paths = [(f"s{number}.py", 900) for number in range(TOGETHER_FILES + 2)]
    choices = {path: Choice(together=True) for path, _ in paths} | {"x.py": Choice(model="extractive", together=True)}
    words = shared([*paths, ("x.py", 10), ("alone.py", 10)], choices)
    assert sorted(list(words.values()).count(word) for word in set(words.values())) == [2, TOGETHER_FILES]
    assert "x.py" not in words
    assert shared([paths[0]], choices) == {}


@pytest.mark.parametrize(
    ("path", "language", "why"),
    [
        ("tests/a.py", "python", "a test"),
        ("src/a_test.go", "go", "a test"),
        ("examples/run.py", "python", "an example"),
        ("app/migrations/0001.py", "python", "written by a program, by its name"),
        ("config/a.yaml", "yaml", "configuration or data"),
        ("src/a.py", "python", ""),
    ],
)
def test_what_is_of_little_value_says_why(path: str, language: str, why: str) -> None:
    assert little_value(FileCosts(path, language, 5_000, 100)) == why


def test_tiny_files_are_of_little_value_and_imported_ones_of_more() -> None:
    assert little_value(FileCosts("a.py", "python", 50, 2)) == "a tiny file"
    assert worth(FileCosts("a.py", "python", 5_000, 9, imported_by=1)) > worth(FileCosts("b.py", "python", 9_000, 9))


def test_a_session_plans_with_what_it_has_not_spent_yet() -> None:
    configured = settings(model="openai:gpt-5", cap_usd=1.0)
    files = [*CODE, *TESTS]
    assert descend(files, configured, 0.0).steps == ()
    assert descend(files, configured, 0.99).steps != ()


def test_nothing_is_planned_with_a_price_that_nobody_knows_or_for_a_model_that_is_free() -> None:
    assert descend(CODE, settings(model="openai:unheard-of", cap_usd=0.0), 0.0).steps == ()
    assert descend(CODE, settings(cap_usd=0.0), 0.0).steps == ()
