"""OpenSession: one snapshot is one session, whoever asks how often."""

from __future__ import annotations

import pytest

from agents.contracts.session import SessionStatus
from agents.contracts.snapshot import Route
from agents.contracts.states import Opening, OpenSessionInput, OpenSessionOutput
from agents.errors import ArchiveCorrupt, ArchiveUnsupported
from agents.roles.intake.core import repository_name
from agents.roles.intake.run import run
from tests.agents.fakes import EXECUTION, FakePorts, fake_ports, settings

KEY = "uploads/demo/0123.tar.gz"
OTHER = f"{EXECUTION}-2"


@pytest.fixture
def ports() -> FakePorts:
    world = fake_ports()
    world.uploads.blobs[KEY] = b"archive"
    return world


def opened(
    ports: FakePorts, execution: str = EXECUTION, key: str = KEY, size: int = 7, version: str = "v1", **changes: object
) -> OpenSessionOutput:
    event = {"object": {"key": key, "size": size, "version-id": version, "etag": "ignored"}, "bucket": {"name": "x"}}
    request = OpenSessionInput.model_validate({"execution": execution, "detail": event})
    return run(request, ports, settings("OpenSession", **changes))


def test_a_new_snapshot_opens_a_session_with_all_that_the_scan_needs(ports: FakePorts) -> None:
    output = opened(ports)
    session = ports.store.session(output.session_id)
    assert output.opening is Opening.OPENED
    assert (session.repository, session.archive_key, session.archive_version) == ("demo", KEY, "v1")
    assert (session.execution, session.opened_at, session.archive_bytes) == (EXECUTION, 1_800_000_000, 7)


def test_the_same_bytes_are_the_same_session_under_any_key(ports: FakePorts) -> None:
    ports.uploads.blobs["uploads/demo/again.zip"] = b"archive"
    assert opened(ports).session_id == opened(ports, key="uploads/demo/again.zip").session_id


def test_other_bytes_or_another_model_are_another_session(ports: FakePorts) -> None:
    first = opened(ports).session_id
    ports.uploads.blobs["uploads/demo/new.zip"] = b"changed"
    assert opened(ports, key="uploads/demo/new.zip").session_id != first
    assert opened(ports, model="openai:another").session_id != first


def test_another_release_makes_the_pages_of_the_same_bytes_anew(ports: FakePorts) -> None:
    first = opened(ports, release="a1").session_id
    ports.store.close(ports.store.session(first), SessionStatus.PUBLISHED)
    assert opened(ports, OTHER, release="a1").opening is Opening.DUPLICATE
    assert opened(ports, OTHER, release="b2").opening is Opening.OPENED


def test_a_session_that_was_published_with_gaps_goes_on_when_the_same_bytes_are_uploaded_again(
    ports: FakePorts,
) -> None:
    first = opened(ports).session_id
    ports.store.close(ports.store.session(first), SessionStatus.PUBLISHED, left_gaps=True)
    assert opened(ports, OTHER).opening is Opening.DUPLICATE, "S3 and EventBridge may deliver an event twice"
    again = opened(ports, OTHER, version="v2")
    assert (again.session_id, again.opening) == (first, Opening.OPENED)
    ports.store.close(ports.store.session(first), SessionStatus.PUBLISHED)
    assert opened(ports, f"{EXECUTION}-3", version="v3").opening is Opening.DUPLICATE


def test_a_repeated_event_is_a_duplicate_while_the_first_runs(ports: FakePorts) -> None:
    ports.executions.running.add(EXECUTION)
    opened(ports)
    assert opened(ports, OTHER).opening is Opening.DUPLICATE


def test_a_retry_of_the_same_execution_is_no_duplicate(ports: FakePorts) -> None:
    opened(ports)
    assert opened(ports).opening is Opening.OPENED


def test_a_session_whose_execution_died_is_taken_over(ports: FakePorts) -> None:
    session_id = opened(ports).session_id
    assert opened(ports, OTHER).opening is Opening.OPENED
    assert ports.store.session(session_id).execution == OTHER


@pytest.mark.parametrize(
    "status", [SessionStatus.PUBLISHED, SessionStatus.PUBLISHED_WITH_FINDINGS, SessionStatus.REJECTED]
)
def test_a_documented_snapshot_is_a_duplicate(ports: FakePorts, status: SessionStatus) -> None:
    ports.store.close(ports.store.session(opened(ports).session_id), status)
    assert opened(ports, OTHER).opening is Opening.DUPLICATE


def test_a_failed_session_may_try_again(ports: FakePorts) -> None:
    ports.store.close(ports.store.session(opened(ports).session_id), SessionStatus.FAILED)
    assert opened(ports, OTHER).opening is Opening.OPENED


def test_a_large_archive_is_scanned_on_fargate(ports: FakePorts) -> None:
    assert opened(ports, size=1_000_001, scan_lambda_megabytes=1).scan_route is Route.FARGATE
    assert opened(ports, size=1_000_000, scan_lambda_megabytes=1).scan_route is Route.LAMBDA


def test_settings_that_steer_the_state_machine_are_handed_on(ports: FakePorts) -> None:
    output = opened(ports, analyst_concurrency=3, heartbeat_seconds=19, on_revision_limit="fail")
    assert (output.analyst_concurrency, output.heartbeat_seconds, output.on_revision_limit) == (3, 19, "fail")


@pytest.mark.parametrize("key", ["uploads/demo/readme.txt", "uploads/demo/x.tar", "uploads/demo/x.7z", "x"])
def test_what_is_no_archive_is_unsupported_and_says_what_to_do(ports: FakePorts, key: str) -> None:
    with pytest.raises(ArchiveUnsupported, match=r"\.zip, \.tar\.gz or \.tgz: pack the repository"):
        opened(ports, key=key)


def test_an_upload_that_has_gone_is_named(ports: FakePorts) -> None:
    with pytest.raises(ArchiveCorrupt, match=r"gone\.zip is no longer"):
        opened(ports, key="uploads/demo/gone.zip")


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("uploads/demo/0a.tar.gz", "demo"),
        ("uploads/team/demo/0a.zip", "team/demo"),
        ("uploads/a/../b/demo/0a.zip", "a/../b/demo"),
        ("uploads/flask-3.0.tgz", "flask-3.0"),
        ("My Repo.ZIP", "My Repo"),
        ("uploads/\x1b[31mred/0a.zip", "red"),
        (".zip", "repository"),
    ],
)
def test_a_repository_is_named_after_its_folder_or_its_file(key: str, name: str) -> None:
    assert repository_name(key) == name
