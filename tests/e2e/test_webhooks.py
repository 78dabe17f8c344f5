"""Webhooks over real HTTP to the real function: each commit that is pushed is documented once."""

from __future__ import annotations

import copy
import json
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from cli.session.redriving import redrive_dead_letters
from cli.stack.clients import stack_of
from tests.e2e.deployed_alarms import AlarmWatch
from tests.e2e.event_queue import EventReader
from tests.e2e.webhook_cloud import NIGHTLY, World, until, webhook_cloud
from tests.events.code_host import archive_of
from tests.events.deliveries import SECRET, delivery, payload

pytestmark = [pytest.mark.local, pytest.mark.timeout(400)]

BODY = json.dumps(payload("github-push")[2]).encode()


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with webhook_cloud() as made:
        yield made


@pytest.fixture(scope="module")
def reader(world: World) -> EventReader:
    """Another program, which hears of every session."""
    return EventReader(world.cloud)


def test_a_ping_is_answered(world: World) -> None:
    assert world.deliver("github", "ping", payload("github-ping")[2]) == 200


def _commit(name: str, place: str, commit: str) -> tuple[str, str, Any]:
    provider, event, body = payload(name)
    inner = body = copy.deepcopy(body)
    *folders, field = place.split(".")
    for folder in folders:
        inner = inner[int(folder)] if isinstance(inner, list) else inner[folder]
    inner[field] = commit
    return provider, event, body


@pytest.mark.parametrize(
    ("name", "place", "header", "value"),
    [
        ("github-push", "head_commit.id", "authorization", "Bearer token-of-github"),
        ("gitlab-push", "checkout_sha", "private-token", "token-of-gitlab"),
        ("gitea-push", "head_commit.id", "authorization", "token token-of-gitea"),
        ("bitbucket-push", "push.changes.0.new.target.hash", "authorization", "Bearer token-of-bitbucket"),
        ("plain-push", "commit", "authorization", "Bearer token-of-plain"),
    ],
)
def test_a_push_is_answered_at_once_and_its_commit_is_documented(
    world: World, reader: EventReader, name: str, place: str, header: str, value: str
) -> None:
    commit = name.encode().hex()[:40].ljust(40, "0")
    world.host.archives[commit] = archive_of({"a.py": f"def made_by_{name.replace('-', '_')}() -> None: ...\n"})
    provider, event, body = _commit(name, place, commit)
    if name == "bitbucket-push":
        del body["push"]["changes"][1]
    before = len(world.uploads())
    text = json.dumps(body).encode()
    headers = delivery(provider, event, text, time.time())

    status, _, seconds = world.post(text, headers)
    again = world.post(text, headers)[0]

    print(f"{name}: {status} in {seconds:.2f} s")  # noqa: T201  measured, and no promise on a loaded machine
    assert (status, again) == (202, 200)
    assert until(lambda: len(world.uploads()) > before), world.letters()
    fetched = next(request for request in world.host.requests if commit in request[1])
    assert fetched[2][header] == value
    assert until(lambda: world.is_quiet() and set(world.sessions().values()) == {"PUBLISHED"})
    key = next(key for key in world.uploads() if body_name(provider, body) in key)
    about = world.cloud.client("s3").head_object(Bucket=world.cloud.outputs["upload_bucket"], Key=key)["Metadata"]
    assert about["repository"] == world.full_name(body_name(provider, body))
    announced = reader.of(commit, "Session Published")
    assert [kind for kind, _ in announced] == ["Session Started", "Session Published"]
    assert {event.repository for _, event in announced} == {world.full_name(body_name(provider, body))}
    assert all(event.ref.startswith("refs/heads/") for _, event in announced)


def test_the_answer_does_not_wait_for_the_fetch(world: World) -> None:
    """The host gives the archive only after the webhook's sender has its answer: one that waited would never come."""
    commit = "e" * 40
    world.host.archives[commit] = archive_of({"later.py": "def later() -> None: ...\n"})
    world.host.waits[commit] = threading.Event()
    before = len(world.uploads())

    status = world.deliver("gitlab", "Push Hook", _commit("gitlab-push", "checkout_sha", commit)[2])

    assert (status, len(world.uploads())) == (202, before)
    world.host.waits[commit].set()
    assert until(lambda: len(world.uploads()) > before and world.is_quiet())


def body_name(provider: str, body: Any) -> str:
    """The repository's name in a payload."""
    if provider == "gitlab":
        return str(body["project"]["path_with_namespace"])
    return str(body["repository"] if provider == "plain" else body["repository"]["full_name"])


def test_a_replay_under_another_id_is_known_by_its_signed_body(world: World) -> None:
    world.host.archives["a" * 40] = archive_of({"a.py": "x = 1\n"})
    uploads = len(world.uploads())
    body = _commit("github-push", "head_commit.id", "a" * 40)[2]

    assert world.deliver("github", "push", body, "first-id") == 202
    assert world.deliver("github", "push", body, "second-id") == 200
    # Another test's push to the same branch must not stop this one's run.
    assert until(lambda: len(world.uploads()) > uploads and world.is_quiet())


def _forget_secrets(world: World) -> None:
    """End the idle processes, which remember the secrets for a minute; a call must not meet one that is just dying."""
    idle = list(world.cloud._functions._idle)
    for worker in idle:
        worker.interrupt()
    assert until(lambda: not any(worker.usable for worker in idle))


def test_both_secrets_are_taken_during_a_rotation(world: World) -> None:
    secrets = world.cloud.client("secretsmanager")
    secrets.put_secret_value(SecretId="swarm-local-webhook", SecretString="the new secret")
    _forget_secrets(world)
    try:
        for secret in ("the new secret", SECRET):
            text = json.dumps(payload("github-ping")[2]).encode()
            assert world.post(text, delivery("github", "ping", text, 0, secret))[0] == 200
        assert world.post(BODY, delivery("github", "push", BODY, 0, "an old secret"))[0] == 401
    finally:
        secrets.put_secret_value(SecretId="swarm-local-webhook", SecretString=SECRET)
        _forget_secrets(world)


def test_a_fetch_that_fails_is_tried_again_then_a_dead_letter_and_redriven(world: World) -> None:
    before, watch = world.letters(), AlarmWatch(world.cloud)
    missing = "b" * 40
    body = _commit("gitea-push", "head_commit.id", missing)[2]

    assert world.deliver("gitea", "push", body) == 202
    assert until(lambda: world.letters() > before)
    assert sum(missing in request[1] for request in world.host.requests) == 3
    assert watch.raised() == {"dead-letters"}

    world.host.archives[missing] = archive_of({"late.py": "def late() -> None: ...\n"})
    uploads = len(world.uploads())
    alias = str(world.cloud.outputs["state_machine_alias_arn"])
    (letter,) = redrive_dead_letters(world.cloud, stack_of(world.cloud), alias)

    assert (letter.redriven, letter.what) == (True, "call of swarm-local-fetch-snapshot:live")
    assert until(lambda: len(world.uploads()) > uploads and world.is_quiet())
    assert world.letters() == 0
    assert watch.raised() == set()


def _is(wanted: int, count: Callable[[str], int], what: str) -> bool:
    return count(what) == wanted


def test_a_schedule_documents_a_branch_once_for_each_of_its_commits(world: World, reader: EventReader) -> None:
    commits = ["c" * 40, "d" * 40]
    world.host.archives |= {commit: archive_of({"n.py": f"x = '{commit}'\n"}) for commit in commits}

    def asked(what: str) -> int:
        return sum(what in request[1] and "team%2Fnightly" in request[1] for request in list(world.host.requests))

    for looks, commit in enumerate(commits):
        world.host.refs[NIGHTLY] = commit
        world.fire()
        assert reader.of(commit, "Session Published")[-1][1].ref == f"refs/heads/{NIGHTLY}"
        world.fire()
        assert until(partial(_is, 2 * (looks + 1), asked, f"commits/{NIGHTLY}"))
    assert until(world.is_quiet)
    assert [asked(f"sha={commit}") for commit in commits] == [1, 1]
    assert world.letters() == 0
