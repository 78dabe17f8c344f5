"""A fetched commit is stored like an upload by hand, with what is known of the push."""

from __future__ import annotations

import hashlib

import pytest

from agents.contracts.webhook import FetchSnapshotInput, HostKind, Push, RefKind
from agents.errors import CodeHostRefused
from agents.roles.fetcher.run import run
from tests.agents.fakes import fake_ports, settings

COMMIT = "d" * 40
BODY = b"the archive"
HOSTS = "gitea=https://git.example.com:3000"
SHA256 = hashlib.sha256(BODY).hexdigest()


def _request(commit: str | None = COMMIT, ref: str = "feature/ä") -> FetchSnapshotInput:
    push = Push(
        provider=HostKind.GITEA, repository="team/name", kind=RefKind.BRANCH, ref=ref, commit=commit, pushed_at=7
    )
    return FetchSnapshotInput(push=push, arrival=9)


def test_the_archive_lies_under_its_digest_with_what_is_known_of_the_push() -> None:
    ports = fake_ports()
    ports.hosts.archives[COMMIT] = BODY

    stored = run(_request(), ports, settings("FetchSnapshot", webhook_hosts=HOSTS))

    assert (stored.key, stored.commit, stored.size) == (
        f"uploads/git.example.com:3000/team/name/{SHA256}.tar.gz",
        COMMIT,
        len(BODY),
    )
    assert ports.uploads.blobs == {stored.key: BODY}
    assert ports.uploads.described[stored.key] == {
        "repository": "git.example.com:3000/team/name",
        "ref": "branch/feature/%C3%A4",
        "commit": COMMIT,
        "pushed-at": "7",
        "arrival": "9",
    }


def test_a_release_is_fetched_at_the_commit_of_its_tag() -> None:
    ports = fake_ports()
    ports.hosts.archives[COMMIT] = BODY
    ports.hosts.refs["v1"] = COMMIT

    assert run(_request(None, "v1"), ports, settings("FetchSnapshot", webhook_hosts=HOSTS)).commit == COMMIT


@pytest.mark.parametrize("answer", ["", "HEAD", "../x"])
def test_a_host_that_names_no_commit_is_refused(answer: str) -> None:
    ports = fake_ports()
    ports.hosts.refs["v1"] = answer
    with pytest.raises(CodeHostRefused, match="v1"):
        run(_request(None, "v1"), ports, settings("FetchSnapshot", webhook_hosts=HOSTS))
    assert not ports.uploads.blobs


def _scheduled() -> FetchSnapshotInput:
    return FetchSnapshotInput(push=_request(None, "main").push, only_changed=True)


def test_a_schedule_fetches_a_branch_whose_commit_has_changed_and_no_other() -> None:
    ports = fake_ports()
    ports.hosts.archives = {COMMIT: BODY, "e" * 40: b"newer"}
    ports.hosts.refs["main"] = COMMIT
    first = run(_scheduled(), ports, settings("FetchSnapshot", webhook_hosts=HOSTS))
    ports.uploads.writes.clear()

    unchanged = run(_scheduled(), ports, settings("FetchSnapshot", webhook_hosts=HOSTS))
    assert (unchanged.key, unchanged.commit, ports.uploads.writes) == ("", COMMIT, [])

    ports.hosts.refs["main"] = "e" * 40
    changed = run(_scheduled(), ports, settings("FetchSnapshot", webhook_hosts=HOSTS))
    assert ports.uploads.writes == [changed.key] != [first.key]


def test_a_schedule_fetches_nothing_that_a_push_has_brought() -> None:
    ports = fake_ports()
    ports.hosts.archives[COMMIT] = BODY
    ports.hosts.refs["main"] = COMMIT
    run(_request(ref="main"), ports, settings("FetchSnapshot", webhook_hosts=HOSTS))
    assert run(_scheduled(), ports, settings("FetchSnapshot", webhook_hosts=HOSTS)).key == ""


def test_a_push_is_fetched_however_often_its_commit_was() -> None:
    ports = fake_ports()
    ports.hosts.archives[COMMIT] = BODY
    assert [run(_request(), ports, settings("FetchSnapshot", webhook_hosts=HOSTS)).key for _ in range(2)] == [
        f"uploads/git.example.com:3000/team/name/{SHA256}.tar.gz"
    ] * 2


def test_a_fetch_that_fails_is_not_remembered() -> None:
    ports = fake_ports()
    ports.hosts.refs["main"] = COMMIT
    with pytest.raises(KeyError):  # the fake's word for a host that has no such archive
        run(_scheduled(), ports, settings("FetchSnapshot", webhook_hosts=HOSTS))
    ports.hosts.archives[COMMIT] = BODY
    assert run(_scheduled(), ports, settings("FetchSnapshot", webhook_hosts=HOSTS)).size == len(BODY)


def test_a_scheduled_fetch_has_arrived_when_it_began() -> None:
    ports = fake_ports()
    ports.hosts.archives[COMMIT] = BODY
    ports.hosts.refs["main"] = COMMIT
    stored = run(_scheduled(), ports, settings("FetchSnapshot", webhook_hosts=HOSTS))
    assert ports.uploads.described[stored.key]["arrival"] == str(int(ports.clock.now() * 1_000_000_000))


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://api.github.com", "github.com/team/name"),
        ("https://git.example.com/api/v3", "git.example.com/team/name"),
        ("https://example.com/gitea", "example.com/gitea/team/name"),
    ],
)
def test_a_repository_is_named_with_its_host(address: str, name: str) -> None:
    assert settings(webhook_hosts=f"gitea={address}").full_name(HostKind.GITEA, "team/name") == name


def test_a_ref_that_is_too_long_for_metadata_is_cut_and_stays_unique() -> None:
    ports = fake_ports()
    ports.hosts.archives[COMMIT] = BODY
    refs = set()
    for end in "ab":
        key = run(_request(ref="ü" * 254 + end), ports, settings("FetchSnapshot", webhook_hosts=HOSTS)).key
        assert sum(map(len, ports.uploads.described[key].values())) < 2_000
        refs.add(ports.uploads.described[key]["ref"])
    assert len(refs) == 2
