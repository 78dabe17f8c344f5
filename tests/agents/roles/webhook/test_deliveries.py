"""A delivery is acted on once whatever its sender changes in what is not signed, and two events are two."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

import pytest

from agents import keys
from agents.contracts.http import HttpResponse
from agents.roles.webhook.core import WebhookRefused, parsed
from agents.roles.webhook.run import run
from agents.shells.http_events import http_request
from tests.agents.fakes import FakePorts, fake_ports, settings
from tests.events.deliveries import SECRET, delivery, payload

#: A lone half of a pair of surrogates, which JSON can write and UTF-8 cannot.
HALF = "\ud83d"


@pytest.fixture
def ports() -> FakePorts:
    world = fake_ports()
    world.webhooks.secrets = [SECRET]
    return world


def received(ports: FakePorts, body: bytes, headers: Mapping[str, str]) -> HttpResponse:
    """The answer to a POST, through the event in which Lambda brings it."""
    event = {
        "rawPath": "/",
        "headers": dict(headers),
        "requestContext": {"http": {"method": "POST"}},
        "body": body.decode("utf-8", "surrogatepass"),
    }
    hosts = "github=https://api.github.com,gitlab=https://gitlab.com,plain=https://archives.example"
    own = settings("ReceiveWebhook", webhook_repositories="*/*", webhook_hosts=hosts)
    return run(http_request(event), ports, own)


def sent(ports: FakePorts, name: str, **headers: str) -> int:
    """The status of a payload's delivery with these headers besides its own."""
    provider, event, body = payload(name)
    text = json.dumps(body).encode()
    own = delivery(provider, event, text, ports.clock.now(), delivery_id="an-id")
    return received(ports, text, {**own, **{key.replace("_", "-"): value for key, value in headers.items()}}).status


def changed(name: str, path: str, value: Any, now: float) -> tuple[bytes, Mapping[str, str]]:
    """A payload with another value at a path, and its signed headers."""
    provider, event, body = payload(name)
    place = broken = copy.deepcopy(body)
    *folders, field = path.split(".")
    for folder in folders:
        place = place[folder]
    place[field] = value
    text = json.dumps(broken).encode()
    return text, delivery(provider, event, text, now)


def test_a_replay_of_a_plain_delivery_under_an_id_that_nobody_signed_is_recognised(ports: FakePorts) -> None:
    answers = [sent(ports, "plain-push"), sent(ports, "plain-push", webhook_id="1"), sent(ports, "plain-push")]
    assert answers == [202, 200, 200]
    assert len(ports.webhooks.requests) == 1


def test_two_events_of_gitlab_that_one_webhook_caused_are_two(ports: FakePorts) -> None:
    # GitLab repeats the event id of a webhook in all that the webhook's receiver has GitLab do.
    assert sent(ports, "gitlab-push") == 202
    text, headers = changed("gitlab-push", "checkout_sha", "b" * 40, ports.clock.now())
    assert received(ports, text, {**headers, "x-gitlab-event-uuid": "an-id"}).status == 202
    assert received(ports, text, {**headers, "x-gitlab-event-uuid": "an-id"}).status == 200


def test_a_second_try_of_gitlab_is_recognised_by_its_idempotency_key(ports: FakePorts) -> None:
    first = sent(ports, "gitlab-push", idempotency_key="a-key", x_gitlab_event_uuid="first")
    again = sent(ports, "gitlab-push", idempotency_key="a-key", x_gitlab_event_uuid="second")
    assert (first, again) == (202, 200)


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("github-release", "release.tag_name", "v1\nforged line of a log"),
        ("github-release", "release.tag_name", "v1\x1b[31m"),
        ("github-release", "release.tag_name", "../v1"),
        ("github-release", "release.tag_name", "\U0001f98a" * 255),
        ("github-release", "release.tag_name", f"v1{HALF}"),
        ("github-push", "ref", "refs/heads/a b"),
        ("github-push", "repository.default_branch", HALF),
        ("github-push", "repository.default_branch", "x" * 500_000),
        ("gitlab-push", "project.default_branch", f"main{HALF}"),
        ("github-push", "repository.full_name", f"owner/{HALF}"),
    ],
)
def test_a_name_that_git_cannot_have_is_refused_before_anything_is_fetched(
    ports: FakePorts, name: str, path: str, value: str
) -> None:
    text, headers = changed(name, path, value, ports.clock.now())
    assert received(ports, text, headers).status == 400
    assert ports.webhooks.requests == []


@pytest.mark.parametrize("ref", ["fix/#12", "jörg/straße", "feature/\U0001f469\u200d\U0001f4bb", "x" * 255, "語" * 255])
def test_an_odd_name_that_git_takes_is_fetched_and_fits_into_a_key(ports: FakePorts, ref: str) -> None:
    text, headers = changed("github-release", "release.tag_name", ref, ports.clock.now())
    assert received(ports, text, headers).status == 202
    (asked,) = ports.webhooks.requests
    key = keys.fetched_item(asked.push.provider, asked.push.repository, f"{asked.push.kind}/{asked.push.ref}")
    assert len(key.sk.encode()) <= 1024


@pytest.mark.parametrize(
    ("header", "status"), [("x-gitlab-token", 401), ("content-type", 415), ("x-gitlab-event", 204), ("x-other", 202)]
)
def test_half_a_character_in_a_header_fails_nothing(ports: FakePorts, header: str, status: int) -> None:
    assert sent(ports, "gitlab-push", **{header: HALF}) == status


def test_half_a_character_in_a_body_is_no_utf8(ports: FakePorts) -> None:
    body = f'{{"ref": "{HALF}"}}'.encode("utf-8", "surrogatepass")
    assert received(ports, body, delivery("github", "push", body, 0)).status == 400


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity", "9" * 5000])
def test_a_number_beyond_every_number_is_no_json(number: str) -> None:
    with pytest.raises(WebhookRefused):
        parsed(f'{{"a": {number}}}'.encode())
