"""The laptop's engine does what each case of tests/corpus/executions says, and the cases leave out nothing of ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from local.moto.repairs import replacements, without
from tests.corpus.cases import BASES, FOLDER, STATES, TEST_STATE, Case, cases
from tests.corpus.compared import differences
from tests.corpus.engine import answer_of, engine
from tests.local.still import still_needs
from workflow import definition

CASES = list(cases())
BY_NAME = {case.name: case for case in CASES}


@pytest.fixture(scope="module", autouse=True)
def repaired() -> Iterator[None]:
    with engine():
        yield


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_engine_does_what_the_case_says(case: Case) -> None:
    seen = answer_of(case)
    if case.laptop is None:
        assert differences(case.expected, seen) == [], case.promise
        return
    assert differences(case.laptop, seen) == [], case.difference
    assert differences(case.expected, seen) != [], f"the laptop does as AWS does now: remove {case.name}'s `laptop`"


def test_every_case_has_a_name_of_its_own() -> None:
    assert [name for name, number in Counter(case.name for case in CASES).items() if number > 1] == []


def test_there_are_more_than_two_hundred_cases() -> None:
    assert len(CASES) >= 200
    assert sum(case.aws == TEST_STATE for case in CASES) >= 200


def missing(chosen: list[Case], machine: definition.JsonObject) -> set[str]:
    """Every retrier, catcher, choice rule, default, ErrorEquals's last rule of the state machine without a case."""
    needed, covered = set(), set()
    for state in definition.states(machine):
        for kind, rules in (("retrier", "Retry"), ("catcher", "Catch"), ("rule", "Choices")):
            needed |= {f"{state.path} {kind} {index}" for index in range(len(state.body.get(rules, [])))}
        needed |= {f"{state.path} default"} if "Default" in state.body else set()
        needed.add(f"{state.path} itself")
    for case in chosen:
        if not case.state:
            continue
        covered.add(f"{case.state} itself")
        expected = case.expected
        for kind, index in (("retrier", expected.retrier), ("catcher", expected.catcher)):
            if index is not None:
                covered.add(f"{case.state} {kind} {index}")
        body = STATES.get(case.state, {})
        if body.get("Type") == "Choice" and expected.next:
            taken = case.name.split(", ")[1]
            covered.add(f"{case.state} {taken}")
    return needed - covered


def test_every_retrier_catcher_and_choice_of_the_state_machine_has_a_case() -> None:
    assert missing(CASES, definition.load()) == set()


def test_a_rule_without_a_case_is_noticed() -> None:
    machine = definition.load()
    states = machine["States"]
    states["Scan"]["Retry"].append({"ErrorEquals": ["New"]})
    states["Edit"]["Catch"].append({"ErrorEquals": ["New"], "Next": "Failed"})
    states["ChooseWork"]["Choices"].append({"Variable": "$.plan.batches", "IsNull": True, "Next": "Failed"})
    states["Newcomer"] = {"Type": "Pass", "End": True}
    assert missing(CASES, machine) == {
        "Scan retrier 3",
        "Edit catcher 2",
        "ChooseWork rule 1",
        "Newcomer itself",
    }


@pytest.mark.parametrize("case", [case for case in CASES if ", rule " in case.name], ids=lambda case: case.name)
def test_a_choice_case_is_about_the_rule_that_it_names(case: Case) -> None:
    """Without that rule, or with the Default in its place, the way is another one."""
    index = int(case.name.split(", rule ")[1].split(",")[0])
    body = {**case.body, "Choices": [rule for number, rule in enumerate(case.body["Choices"]) if number != index]}
    if not body["Choices"]:
        body["Choices"] = [{"Variable": "$.never", "IsPresent": True, "Next": body["Default"]}]
    other = case.model_copy(update={"state": "", "own": body})
    assert differences(case.expected, answer_of(other)) != []


def test_every_state_is_entered_by_some_whole_run() -> None:
    entered = {state for case in CASES if not case.state and case.own is None for state in case.expected.path}
    own = set(definition.load()["States"])
    assert own - entered == set()


def test_the_state_machine_uses_nothing_that_the_laptop_cannot_do() -> None:
    """JSONata and ItemBatcher are in the corpus, with what the laptop does instead."""
    text = definition.DEFINITION_FILE.read_text(encoding="utf-8")
    assert [name for name in ("JSONata", '"Assign"', '"QueryLanguage"', "ItemBatcher") if name in text] == []


def test_the_bases_of_the_cases_are_used() -> None:
    assert {case.base for case in CASES} - {""} == set(BASES)


def test_every_difference_of_the_laptop_is_documented() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    listed = {line[2:] for line in page.splitlines() if line.startswith("- ")}
    assert listed == {case.difference for case in CASES if case.difference}


@still_needs("ExecutionState._from_error", "StateTaskServiceDynamoDB._from_error")
@pytest.mark.parametrize(
    ("name", "repair"),
    [
        ("Task, a missing path in ResultSelector, with a catcher", "ExecutionState._from_error"),
        ("Task, DynamoDB without the item", "StateTaskServiceDynamoDB._from_error"),
    ],
)
def test_moto_still_catches_a_path_that_leads_nowhere(name: str, repair: str) -> None:
    case = BY_NAME[name]
    with without(repair):
        assert answer_of(case).status == "CAUGHT_ERROR"


@still_needs("Result._eval_body", "ResultPath._eval_body", "ItemsPath._eval_body", "SecondsPath._get_wait_seconds")
@still_needs("CustomErrorName", "extract_json", "FailureEventException.get_execution_failed_event_details")
@pytest.mark.parametrize(
    ("name", "repair"),
    [
        ("Pass, Result null", "Result._eval_body"),
        ("Pass, ResultPath into a number", "ResultPath._eval_body"),
        ("Map, items that are null are not caught", "ItemsPath._eval_body"),
        ("Wait, SecondsPath to a text", "SecondsPath._get_wait_seconds"),
        ("Map, an item runs out of time", "iteration_worker.CustomErrorName"),
        ("Parallel, a branch runs out of time", "branches_decl.CustomErrorName"),
        (
            "Parallel, a token fails without a name",
            "FailureEventException.get_execution_failed_event_details",
        ),
        ("Pass, a path with an index in its middle", "string_expression.extract_json"),
    ],
)
def test_moto_still_answers_otherwise(name: str, repair: str) -> None:
    case = BY_NAME[name]
    (full_name,) = (each.name for each in replacements() if each.name.endswith(repair))
    assert differences(case.expected, answer_of(case)) == []
    with without(full_name):
        assert differences(case.expected, answer_of(case)) != []
