"""DecideCanary does what was decided, in an order that a cut-short call leaves whole, and keeps the decision."""

from __future__ import annotations

import pytest

from agents.contracts.trail import DecideCanaryInput, SessionFigures, TrailEntry
from agents.roles.canary.run import run
from tests.agents.fakes import FakePorts, fake_ports, settings

CALL = DecideCanaryInput()
SETTINGS = settings("DecideCanary", canary_percent=10, canary_minutes=60, canary_minimum_sessions=3)


@pytest.fixture
def ports() -> FakePorts:
    """Version 1 has all sessions, and version 2 was just deployed."""
    world = fake_ports()
    world.rollout.newest = 2
    for number in range(5):
        document(world, 1, number)
    return world


def document(ports: FakePorts, version: int, number: int, score: int = 90) -> None:
    ports.figures.save(
        SessionFigures(
            session_id=f"s{version}{number:019d}", version=version, opened_at=number, files_analysed=4, score=score
        )
    )


def decided(ports: FakePorts, minutes: float = 0) -> str:
    """The decision so many minutes later."""
    ports.rollout.since = ports.clock.seconds
    ports.clock.seconds += minutes * 60
    return run(CALL, ports, SETTINGS).action


def last(ports: FakePorts) -> TrailEntry:
    return ports.rollout.trail[-1]


def test_a_good_version_gets_a_share_and_then_every_session_and_the_functions_follow(ports: FakePorts) -> None:
    assert decided(ports) == "begin"
    assert ports.rollout.weights == {1: 90, 2: 10}
    assert ports.rollout.moved == []

    assert decided(ports, 120) == "wait"  # nobody documented anything with it
    for number in range(3):
        document(ports, 2, number)
    assert decided(ports, 59) == "wait"
    assert decided(ports, 60) == "roll out"

    assert ports.rollout.weights == {2: 100}
    assert ports.rollout.moved == ["release-2"]
    assert [entry.event for entry in ports.rollout.trail] == ["canary-began", "rolled-out"]
    assert (last(ports).release, last(ports).before) == ("release-2", "release-1")
    assert decided(ports) == "nothing"


def test_a_worse_version_goes_back_before_its_time_and_no_canary_of_it_begins_again(ports: FakePorts) -> None:
    decided(ports)
    for number in range(3):
        document(ports, 2, number, score=60)

    assert decided(ports, 5) == "go back"

    assert ports.rollout.weights == {1: 100}
    assert ports.rollout.moved == []
    entry = last(ports)
    assert (entry.event, entry.release, entry.before, entry.version) == ("went-back", "release-1", "release-2", 2)
    assert entry.canary is not None
    assert entry.canary.alarms == ("critic's score: 60, of the former version 90",)
    assert (entry.canary.former.sessions, entry.canary.new.sessions) == (5, 3)
    assert decided(ports, 600) == "nothing"


def test_each_decision_is_an_event_with_both_versions_figures(ports: FakePorts) -> None:
    decided(ports)
    for number in range(3):
        document(ports, 2, number, score=60)
    decided(ports, 5)

    began, back = ports.events.releases
    assert (began.decision, began.release, began.before) == ("canary-began", "release-2", "release-1")
    assert (back.decision, back.release, back.before) == ("went-back", "release-1", "release-2")
    assert back.canary == last(ports).canary
    assert began.event_id != back.event_id


def test_a_version_that_is_rolled_out_is_an_event(ports: FakePorts) -> None:
    decided(ports)
    for number in range(3):
        document(ports, 2, number)
    decided(ports, 60)
    assert [(event.decision, event.release) for event in ports.events.releases][1:] == [("rolled-out", "release-2")]


def test_a_bus_that_takes_nothing_stops_no_decision(ports: FakePorts) -> None:
    ports.events.down = True
    decided(ports)
    for number in range(3):
        document(ports, 2, number, score=60)
    assert decided(ports, 5) == "go back"
    assert ports.rollout.weights == {1: 100}
    assert [entry.event for entry in ports.rollout.trail] == ["canary-began", "went-back"]


def test_a_version_whose_executions_never_reach_a_session_goes_back(ports: FakePorts) -> None:
    decided(ports)
    ports.rollout.failed[2] = 3
    assert decided(ports, 5) == "go back"


def test_a_third_version_takes_the_place_of_a_canary_and_its_time_begins_anew(ports: FakePorts) -> None:
    decided(ports)
    ports.rollout.newest = 3
    assert decided(ports, 30) == "begin"
    assert ports.rollout.weights == {1: 90, 3: 10}
    assert last(ports).before == "release-1"


def test_a_call_that_was_cut_short_before_it_moved_the_alias_is_made_good(ports: FakePorts) -> None:
    decided(ports)
    for number in range(3):
        document(ports, 2, number, score=60)
    decided(ports, 5)
    ports.rollout.weights = {1: 90, 2: 10}

    assert decided(ports, 5) == "go back"
    assert ports.rollout.weights == {1: 100}
