"""Events: each change of a session is announced at least once, and none that did not happen."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from agents import keys
from agents.contracts.events import DETAIL_TYPES, SessionEvent
from agents.contracts.reaping import ReapInput
from agents.contracts.session import Origin, Session, SessionStatus
from agents.contracts.states import CloseSessionInput, FailSessionInput, OpenSessionInput
from agents.errors import StoreThrottled
from agents.roles.closer import reap
from agents.roles.closer import run as closer
from agents.roles.intake import run as intake
from tests.agents.fakes import EXECUTION, SESSION_ID, FakePorts, MemoryStore, fake_ports, running_session, settings

KEY = "uploads/acme/engine/0123.tar.gz"
COMMIT = "a" * 40
ABOUT = {"repository": "acme/engine", "ref": "branch/release/%C3%BC", "commit": COMMIT}


@pytest.fixture
def ports() -> FakePorts:
    world = fake_ports()
    world.store.sessions[SESSION_ID] = running_session(origin=Origin(repository="acme/engine", commit=COMMIT))
    return world


def opened(ports: FakePorts, about: dict[str, str], execution: str = EXECUTION) -> list[SessionEvent]:
    ports.uploads.blobs[KEY] = b"archive"
    ports.uploads.described[KEY] = about
    uploaded = {"object": {"key": KEY, "size": 7, "version-id": "v1", "etag": "e"}, "bucket": {"name": "x"}}
    intake.run(
        OpenSessionInput.model_validate({"execution": execution, "detail": uploaded}), ports, settings("OpenSession")
    )
    return ports.events.sent


def closed(ports: FakePorts, status: SessionStatus) -> SessionEvent:
    execution = ports.store.session(SESSION_ID).execution
    request = CloseSessionInput(session_id=SESSION_ID, execution=execution, status=status)
    closer.run(request, ports, settings("CloseSession"))
    return ports.events.sent[-1]


def test_every_status_has_a_detail_type() -> None:
    assert set(DETAIL_TYPES) == set(SessionStatus)


def test_a_session_that_is_claimed_has_started_and_says_which_commit() -> None:
    (event,) = opened(fake_ports(), ABOUT)
    assert (event.detail_type, event.status) == ("Session Started", SessionStatus.RUNNING)
    assert (event.repository, event.ref, event.commit) == ("acme/engine", "refs/heads/release/ü", COMMIT)


@pytest.mark.parametrize(
    "about", [{}, {"ref": "branch/", "commit": "not a hash"}, {"ref": f"branch/{'x' * 1_400}", "commit": COMMIT}]
)
def test_an_upload_without_a_commit_starts_a_session_too(about: dict[str, str]) -> None:
    (event,) = opened(fake_ports(), about)
    assert (event.repository, event.ref, event.commit) == ("acme/engine", "", "")


def test_a_tag_is_named_as_git_names_it() -> None:
    (event,) = opened(fake_ports(), {**ABOUT, "ref": "tag/v1"})
    assert event.ref == "refs/tags/v1"


def test_a_duplicate_starts_nothing_and_a_retry_repeats_the_same_event() -> None:
    ports = fake_ports()
    ports.executions.running.add(EXECUTION)
    opened(ports, ABOUT)
    opened(ports, ABOUT, f"{EXECUTION}-2")
    assert len(ports.events.sent) == 1
    opened(ports, ABOUT)
    assert [event.event_id for event in ports.events.sent] == [ports.events.sent[0].event_id] * 2


@pytest.mark.parametrize("status", [SessionStatus.PUBLISHED, SessionStatus.PUBLISHED_WITH_FINDINGS])
def test_a_published_session_points_to_its_site(ports: FakePorts, status: SessionStatus) -> None:
    event = closed(ports, status)
    assert (event.detail_type, event.status, event.commit) == ("Session Published", status, COMMIT)
    pointers = event.pointers
    assert (pointers.bucket, pointers.site) == ("context-bucket", keys.site(SESSION_ID))
    assert pointers.record == keys.record(SESSION_ID)


def test_a_rejected_session_has_no_site(ports: FakePorts) -> None:
    event = closed(ports, SessionStatus.REJECTED)
    assert (event.detail_type, event.pointers.site) == ("Session Rejected", "")


def test_a_failed_session_names_the_error_and_not_its_cause(ports: FakePorts) -> None:
    request = FailSessionInput(
        session_id=SESSION_ID, execution=EXECUTION, error="TooManyGaps", cause="password=hunter2"
    )
    closer.run(request, ports, settings("CloseSession"))
    (event,) = ports.events.sent
    assert (event.detail_type, event.error) == ("Session Failed", "TooManyGaps")
    assert "hunter2" not in event.model_dump_json()


def test_a_session_that_reap_ends_is_announced_too(ports: FakePorts) -> None:
    reap.run(ReapInput(), ports, settings("Reap"))
    assert [(event.detail_type, event.error) for event in ports.events.sent] == [("Session Failed", "ExecutionLost")]


def test_a_bus_that_is_down_fails_no_session_and_reap_sends_what_it_missed(ports: FakePorts) -> None:
    ports.events.down = True
    closer.run(
        CloseSessionInput(session_id=SESSION_ID, execution=EXECUTION, status=SessionStatus.PUBLISHED),
        ports,
        settings("CloseSession"),
    )
    assert ports.store.session(SESSION_ID).status is SessionStatus.PUBLISHED
    assert ports.events.sent == []

    ports.events.down = False
    # Another execution has the session by now: what was certain stays certain.
    ports.store.sessions[SESSION_ID] = running_session(execution=f"{EXECUTION}-2")
    ports.executions.running.add(f"{EXECUTION}-2")
    reap.run(ReapInput(), ports, settings("Reap"))

    assert [event.detail_type for event in ports.events.sent] == ["Session Published"]
    assert ports.events.written == {}


@dataclass
class UnwritableStore(MemoryStore):
    """A store that takes no session's end."""

    def close(
        self, session: Session, status: SessionStatus, short_of_usd: float | None = None, left_gaps: bool = False
    ) -> None:
        raise StoreThrottled(f"{session.session_id} {status} {short_of_usd} {left_gaps}")


def test_an_end_that_could_not_be_written_is_never_announced(ports: FakePorts) -> None:
    working = ports.store
    broken = UnwritableStore(sessions=working.sessions)
    object.__setattr__(ports, "store", broken)
    with pytest.raises(StoreThrottled):
        closed(ports, SessionStatus.PUBLISHED)
    object.__setattr__(ports, "store", working)
    ports.executions.running.add(EXECUTION)

    reap.run(ReapInput(), ports, settings("Reap"))
    assert ports.events.sent == []
    assert len(ports.events.written) == 1, "it may still come true: the state is tried again"

    ports.clock.seconds += 4_000
    reap.run(ReapInput(), ports, settings("Reap"))
    assert ports.events.sent == []
    assert ports.events.written == {}


def test_an_end_whose_process_died_before_it_could_announce_it_is_announced_by_reap(ports: FakePorts) -> None:
    event = closed(ports, SessionStatus.PUBLISHED)
    ports.events.sent.clear()
    ports.events.prepare(event)

    reap.run(ReapInput(), ports, settings("Reap"))
    assert ports.events.sent == [event]


def test_an_event_is_far_smaller_than_eventbridge_takes(ports: FakePorts) -> None:
    origin = Origin(repository="r" * 255, ref="refs/heads/" + "ü" * 255, commit="a" * 64)
    session = running_session(repository="n" * 1024, execution="arn:" + "x" * 300, origin=origin)
    ports.store.sessions[SESSION_ID] = session
    assert len(closed(ports, SessionStatus.PUBLISHED).model_dump_json().encode()) < 8 * 1024
