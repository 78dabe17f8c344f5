"""Forged and broken webhooks over real HTTP to the real function, on a cloud that takes no other: nothing changes."""

from __future__ import annotations

import copy
import gzip
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.e2e.webhook_cloud import World, webhook_cloud
from tests.events.deliveries import SECRET, delivery, hexadecimal, payload

pytestmark = [pytest.mark.local, pytest.mark.timeout(400)]

BODY = json.dumps(payload("github-push")[2]).encode()


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with webhook_cloud() as made:
        yield made


def _github(body: bytes = BODY, **headers: str) -> tuple[bytes, dict[str, str]]:
    """A signed push of GitHub; headers are exchanged, `_` for `-`, and one that is empty is left out."""
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    whole = {**delivery("github", "push", body, time.time()), **changed}
    return body, {name: value for name, value in whole.items() if value}


def _changed(name: str, path: str, value: Any) -> tuple[bytes, dict[str, str]]:
    """A payload with another value at a path, signed as its host signs it."""
    provider, event, body = payload(name)
    place = broken = copy.deepcopy(body)
    *folders, field = path.split(".")
    for folder in folders:
        place = place[folder]
    place[field] = value
    text = json.dumps(broken).encode()
    return text, dict(delivery(provider, event, text, time.time()))


def _plain(age: float = 0, body: bytes | None = None, **headers: str) -> tuple[bytes, dict[str, str]]:
    text = body or json.dumps(payload("plain-push")[2]).encode()
    signed = delivery("plain", "push", text, time.time() - age, delivery_id="an-id")
    return text, {**signed, **{name.replace("_", "-"): value for name, value in headers.items()}}


def _standard(age: float = 0, secret: str = SECRET, signature: str = "") -> tuple[bytes, dict[str, str]]:
    """GitLab with a signing token."""
    import base64
    import hashlib
    import hmac

    text = json.dumps(payload("gitlab-push")[2]).encode()
    stamp = str(int(time.time() - age))
    signed = hmac.digest(secret.encode(), b".".join((b"msg-1", stamp.encode(), text)), hashlib.sha256)
    return text, {
        "content-type": "application/json",
        "x-gitlab-event": "Push Hook",
        "x-gitlab-event-uuid": "u-1",
        "webhook-id": "msg-1",
        "webhook-timestamp": stamp,
        "webhook-signature": signature or f"v1,{base64.b64encode(signed).decode()}",
    }


DEEP = b'{"ref":' + b"[" * 2000 + b"]" * 2000 + b"}"
TWICE = BODY[:-1] + b', "ref": "refs/heads/other"}'
#: A call is signed when it is sent: the suite collects its tests minutes before it runs them.
REFUSED: dict[str, tuple[int, Callable[[], tuple[bytes, dict[str, str]]]]] = {
    "wrong secret": (401, lambda: _github(x_hub_signature_256=f"sha256={hexadecimal(BODY, 'another')}")),
    "empty secret": (401, lambda: _github(x_hub_signature_256=f"sha256={hexadecimal(BODY, '')}")),
    "no signature": (401, lambda: _github(x_hub_signature_256="")),
    "a signature of SHA-1 alone": (401, lambda: _github(x_hub_signature_256="", x_hub_signature="sha1=" + "0" * 40)),
    "an empty signature": (401, lambda: _github(x_hub_signature_256="sha256=")),
    "a signature that is cut": (401, lambda: _github(x_hub_signature_256=f"sha256={hexadecimal(BODY)[:-2]}")),
    "a signature in upper case letters": (
        401,
        lambda: _github(x_hub_signature_256=f"sha256={hexadecimal(BODY).upper()}"),
    ),
    "a signature of another body": (401, lambda: _github(x_hub_signature_256=f"sha256={hexadecimal(BODY + b' ')}")),
    "a signature under another algorithm": (401, lambda: _github(x_hub_signature_256=f"md5={hexadecimal(BODY)}")),
    "a body changed after signing": (401, lambda: (BODY.replace(b"master", b"mastre"), _github()[1])),
    "gitlab: wrong token": (401, lambda: (BODY, {**delivery("gitlab", "push hook", BODY, 0), "x-gitlab-token": "x"})),
    "gitlab: no token": (401, lambda: (BODY, {**delivery("gitlab", "push hook", BODY, 0), "x-gitlab-token": ""})),
    "gitlab: stale signing time": (401, lambda: _standard(age=301)),
    "gitlab: signing time of the future": (401, lambda: _standard(age=-400)),
    "gitlab: wrong signing token": (401, lambda: _standard(secret="another")),
    "gitlab: signature of another version": (401, lambda: _standard(signature="v2,AAAA")),
    "bitbucket: wrong secret": (401, lambda: (BODY, dict(delivery("bitbucket", "repo:push", BODY, 0, "another")))),
    "bitbucket: not signed": (
        401,
        lambda: (BODY, {**delivery("bitbucket", "repo:push", BODY, 0), "x-hub-signature": ""}),
    ),
    "gitea: wrong secret": (401, lambda: (BODY, dict(delivery("gitea", "push", BODY, 0, "another")))),
    "plain: wrong secret": (401, lambda: (BODY, dict(delivery("plain", "push", BODY, time.time(), "another")))),
    "plain: stale": (401, lambda: _plain(age=301)),
    "plain: of the future": (401, lambda: _plain(age=-400)),
    "plain: another id": (401, lambda: _plain(x_swarm_delivery="another-id")),
    "plain: another time": (401, lambda: _plain(x_swarm_signature=f"t={int(time.time()) - 5},v1={'0' * 64}")),
    "plain: no time": (401, lambda: _plain(x_swarm_signature=f"v1={'0' * 64}")),
    "oversize": (413, lambda: _github(b'{"a":"' + b"x" * 1_100_000 + b'"}')),
    "beyond Lambda's own limit": (413, lambda: _github(b"x" * (6 * 1024 * 1024 + 1))),
    "form encoding": (415, lambda: _github(b"payload=%7B%7D", content_type="application/x-www-form-urlencoded")),
    "plain text": (415, lambda: _github(content_type="text/plain")),
    "no content type": (415, lambda: _github(content_type="")),
    "another charset": (415, lambda: _github(content_type="application/json; charset=utf-16")),
    "compressed": (415, lambda: _github(gzip.compress(BODY), content_encoding="gzip")),
    "no event": (400, lambda: _github(x_github_event="")),
    "no delivery id": (400, lambda: _github(x_github_delivery="")),
    "an id that is too long": (400, lambda: _github(x_github_delivery="x" * 201)),
    "headers of nobody": (400, lambda: (BODY, {"content-type": "application/json"})),
    "no JSON": (400, lambda: _github(b"{")),
    "an empty body": (400, lambda: _github(b" ")),
    "not UTF-8": (400, lambda: _github(b'{"ref": "\xff\xfe"}')),
    "UTF-16": (400, lambda: _github(BODY.decode().encode("utf-16"))),
    "a list": (400, lambda: _github(b"[1]")),
    "NaN": (400, lambda: _github(b'{"ref": NaN}')),
    "too deep": (400, lambda: _github(DEEP)),
    "a key that comes twice": (400, lambda: _github(TWICE)),
    "a field is missing": (400, lambda: _github(b'{"ref": "refs/heads/master"}')),
    "a field of another type": (400, lambda: _changed("github-push", "repository", "Codertocat/Hello-World")),
    "a shortened commit": (400, lambda: _changed("github-push", "head_commit.id", "6113728f")),
    "a commit that is a command": (400, lambda: _changed("gitlab-push", "checkout_sha", "--upload-pack=/bin/sh")),
    "a name that climbs": (400, lambda: _changed("github-push", "repository.full_name", "../../Codertocat/x")),
    "a name with a climbing part": (400, lambda: _changed("github-push", "repository.full_name", "Codertocat/..")),
    "a name with a backslash": (400, lambda: _changed("github-push", "repository.full_name", "Codertocat\\x/y")),
    "a name that is decoded twice": (400, lambda: _changed("github-push", "repository.full_name", "Codertocat/%2e%2e")),
    "a name with a zero byte": (400, lambda: _changed("github-push", "repository.full_name", "Codertocat/a\0b")),
    "a name that is an address": (400, lambda: _changed("plain-push", "repository", "http://169.254.169.254/latest")),
    "unknown repository": (403, lambda: _changed("github-push", "repository.full_name", "stranger/Hello-World")),
    "a repository below an allowed one": (
        403,
        lambda: _changed("gitlab-push", "project.path_with_namespace", "mike/diaspora/x"),
    ),
    "a name that begins like an allowed one": (
        403,
        lambda: _changed("github-push", "repository.full_name", "Codertocat2/x"),
    ),
}
SILENT: dict[str, Callable[[], tuple[bytes, dict[str, str]]]] = {
    "another branch": lambda: _changed("github-push", "ref", "refs/heads/feature"),
    "a note": lambda: _changed("github-push", "ref", "refs/notes/commits"),
    "an unknown event": lambda: (BODY, dict(delivery("github", "star", BODY, 0))),
    "a deleted branch": lambda: _changed("github-push", "deleted", True),
    "a release that is changed": lambda: _changed("github-release", "action", "edited"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_forged_or_broken_call_gets_its_status_and_changes_nothing(world: World, name: str) -> None:
    status, call = REFUSED[name]
    body, headers = call()
    before = (world.remembered(), world.uploads(), len(world.host.requests), len(world.executions()))

    answered, text, _ = world.post(body, headers)

    assert answered == status
    assert SECRET.encode() not in text
    assert (world.remembered(), world.uploads(), len(world.host.requests), len(world.executions())) == before


@pytest.mark.parametrize("name", SILENT)
def test_an_event_that_documents_nothing_is_taken_silently(world: World, name: str) -> None:
    body, headers = SILENT[name]()
    before = (world.remembered(), world.uploads())

    assert world.post(body, headers)[0] == 204
    assert (world.remembered(), world.uploads()) == before


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS", "HEAD"])
def test_every_method_but_post_is_refused(world: World, method: str) -> None:
    assert world.post(b"", {}, method=method)[0] == 405
