"""A scan whose work does not fit under the cap plans less, says why for each file, and records each step."""

from __future__ import annotations

import pytest

from agents import keys
from agents.contracts.ladder import Rung
from agents.contracts.snapshot import Sources
from agents.contracts.usage import Spending, Usage
from agents.questions.instructions import PLAIN
from agents.roles.scanner.core import examine
from agents.roles.scanner.fresh import facts_of, wanted_keys
from agents.roles.scanner.surroundings import NeighbourIndex
from tests.agents.fakes import SESSION_ID, FakePorts, fake_ports, running_session, settings
from tests.agents.roles.scanner.archives import tar_gz
from tests.agents.roles.scanner.test_run import entries, scanned

ARCHIVE = tar_gz(
    {f"demo/code{number}.py": b"x = 1\n" * 900 for number in range(4)}
    | {f"demo/tests/test_{number}.py": b"y = 1\n" * 900 for number in range(4)}
    | {f"demo/small{number}.py": b"z = 1\n" * 60 for number in range(4)}
)
#: Dollars: everything, and about half of the work.
PLENTY, TIGHT = 50.0, 0.125


@pytest.fixture
def ports() -> FakePorts:
    world = fake_ports()
    world.store.sessions[SESSION_ID] = running_session()
    return world


def scan(ports: FakePorts, cap_usd: float, **changes: object) -> None:
    scanned(ports, ARCHIVE, model="openai:gpt-5", cap_usd=cap_usd, **changes)


def test_with_enough_money_nothing_is_saved(ports: FakePorts) -> None:
    scan(ports, PLENTY)
    assert ports.store.steps(SESSION_ID) == []
    assert {entry.answered_by for entry in entries(ports).values()} == {""}


def test_tests_are_described_without_a_model_first_and_every_entry_says_why(ports: FakePorts) -> None:
    scan(ports, TIGHT)
    found = entries(ports)
    without = {path for path, entry in found.items() if entry.answered_by == "extractive"}
    assert {f"tests/test_{number}.py" for number in range(4)} <= without < set(found)
    assert found["tests/test_0.py"].stepped_down == "the budget: a test"
    assert all(found[path].analysis_key == found[path].extractive_key for path in without)
    assert all(found[path].analysis_key != found[path].extractive_key for path in set(found) - without)


def test_each_step_is_recorded_with_its_files(ports: FakePorts) -> None:
    scan(ports, TIGHT)
    steps = ports.store.steps(SESSION_ID)
    assert [step.rung for step in steps] == [Rung.LARGER_QUESTIONS, Rung.EXTRACTIVE]
    assert all(step.planned and step.role == "analyst" and step.answers for step in steps)


def test_the_economy_model_comes_first(ports: FakePorts) -> None:
    scan(ports, TIGHT * 1.1, economy_model="openai:gpt-5-nano")
    assert ports.store.steps(SESSION_ID)[0].rung is Rung.ECONOMY_MODEL
    assert "openai:gpt-5-nano" in {entry.answered_by for entry in entries(ports).values()}


def test_the_analyst_learns_who_describes_each_file_and_which_share_a_question(ports: FakePorts) -> None:
    scan(ports, TIGHT)
    sources = Sources.model_validate_json(ports.blobs.blobs[keys.sources(SESSION_ID, "b00000")])
    by_path = {file.path: file for file in sources.files}
    assert by_path["tests/test_0.py"].model == "extractive"
    asked = [file for path, file in by_path.items() if path.startswith("small") and not file.model]
    assert len({file.together for file in asked}) == 1


def test_what_the_session_has_spent_already_counts(ports: FakePorts) -> None:
    ports.store.spendings[SESSION_ID] = Spending(settled=Usage(usd=PLENTY - TIGHT))
    scan(ports, PLENTY)
    assert ports.store.steps(SESSION_ID) != []


def test_a_second_scan_forgets_the_steps_of_the_first(ports: FakePorts) -> None:
    scan(ports, TIGHT)
    scan(ports, PLENTY)
    assert ports.store.steps(SESSION_ID) == []


def test_a_persons_note_costs_no_question_whatever_the_budget_and_other_documents_do(ports: FakePorts) -> None:
    note, other = "docs/notes/code.py/run.md", "docs/notes/release-1.2.md"
    archive = tar_gz({f"demo/{path}": b"We run it twice.\n" * 40 for path in ("code.py", note, other)})
    for cap_usd in (PLENTY, TIGHT):
        scanned(ports, archive, model="openai:gpt-5", cap_usd=cap_usd)
        found = entries(ports)
        assert {path: entry.answered_by for path, entry in found.items()} == {
            "code.py": "",
            note: "extractive",
            other: "",
        }
        assert found[note].stepped_down == ""
        assert found[note].analysis_key == found[note].extractive_key
        sources = Sources.model_validate_json(ports.blobs.blobs[keys.sources(SESSION_ID, "b00000")])
        assert {file.path: file.model for file in sources.files}[note] == "extractive"
    assert ports.store.steps(SESSION_ID) == []


def test_an_estimate_counts_no_question_for_a_persons_note() -> None:
    texts = {"code.py": b"x = 1\n", "docs/notes/code.py.md": b"Ask Ada.\n"}
    examined = [examine(path, [text], 1_000) for path, text in texts.items()]
    around = NeighbourIndex("none")

    facts = facts_of(examined, around, wanted_keys(examined, around, "openai:gpt-5", PLAIN), (), settings())

    assert {file.path: file.has_question for file in facts} == {"code.py": True, "docs/notes/code.py.md": False}
