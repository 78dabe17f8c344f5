"""What to answer to a webhook: every check that needs nothing but the request and the settings. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from hashlib import sha256
from typing import Any

from agents.contracts.http import HttpRequest
from agents.contracts.webhook import HostKind, Push, RefKind
from agents.roles.webhook.signatures import SignedDelivery, sender_of

LARGEST_BODY_BYTES = 1024 * 1024
#: Deeper than any host's payload, and far from where a reader of JSON would fail by itself.
DEEPEST = 40
_PINGS = frozenset({"ping", "diagnostics:ping"})


class WebhookRefused(Exception):
    """The request is answered with this status; the message is for our log, the sender gets the status alone."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def screened(request: HttpRequest) -> SignedDelivery:
    """Who sent the request, as its headers claim. Raises WebhookRefused."""
    if request.method != "POST":
        raise WebhookRefused(405, f"the method is {request.method}, and a webhook is a POST")
    if len(request.body) > LARGEST_BODY_BYTES:
        raise WebhookRefused(413, f"the body has {len(request.body)} bytes, more than {LARGEST_BODY_BYTES}")
    kind, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    charset = parameters.strip().removeprefix("charset=").strip('"')
    if kind.strip() != "application/json" or charset not in {"", "utf-8"}:
        raise WebhookRefused(415, f"the content type is {kind!r}; choose application/json in the webhook's settings")
    if request.headers.get("content-encoding", "identity") != "identity":
        raise WebhookRefused(415, "the body is compressed")
    sender = sender_of(request.headers)
    if sender is None:
        raise WebhookRefused(400, "the headers are those of no code host, or they name no delivery")
    if not sender.delivery.isascii() or len(sender.delivery) > 200:
        raise WebhookRefused(400, "the delivery's id is no id")
    return sender


def parsed(body: bytes) -> Any:
    """The body as JSON in which every key is unique and every number finite. Raises WebhookRefused."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise WebhookRefused(400, "the body is not UTF-8") from None
    if _depth(text) > DEEPEST:
        raise WebhookRefused(400, f"the body is nested deeper than {DEEPEST}")
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite)
    except ValueError as error:
        raise WebhookRefused(400, f"the body is no JSON: {error}"[:200]) from None


def is_ping(event: str) -> bool:
    """Whether a host only tries the address."""
    return event in _PINGS


def documented(pushes: Sequence[Push], repositories: str, branches: str, hosts: Mapping[str, str]) -> list[Push]:
    """Those of the pushes that the stack documents. Raises WebhookRefused for a repository that it does not know."""
    for push in pushes:
        if not _matches_any(push.repository.lower(), repositories.lower()):
            raise WebhookRefused(403, f"{push.repository} is not in webhookRepositories")
        if push.provider not in hosts:
            raise WebhookRefused(403, f"webhookHosts names no host of {push.provider}")
    return [push for push in pushes if _is_wanted(push, branches)]


def remembered_as(sender: SignedDelivery, headers: Mapping[str, str], body: bytes) -> str:
    """By what a delivery is known again.

    Where the signature covers the id, or the sender gives the secret itself, it is the id. The other hosts sign the
    body alone, so that a replay could come under another id: there it is the body.
    """
    content = sha256(body).hexdigest()
    if sender.provider is HostKind.PLAIN:
        return f"{sender.provider}#{sender.delivery}"
    if sender.provider is HostKind.GITLAB:
        # GitLab's event id is that of the event which caused this one, if a webhook did: two events may have it.
        own_id = headers.get("webhook-id") or headers.get("idempotency-key") or f"{sender.delivery}#{content}"
        return f"{sender.provider}#{own_id}"
    return f"{sender.provider}#{content}"


def _is_wanted(push: Push, branches: str) -> bool:
    if push.kind is RefKind.TAG:
        return True
    if branches:
        return _matches_any(push.ref, branches)
    # Where a payload does not name the default branch, one of the two usual names is taken for it.
    return push.ref == push.default_branch if push.default_branch else push.ref in {"main", "master"}


def _matches_any(name: str, patterns: str) -> bool:
    return any(_matches(name, pattern.strip()) for pattern in patterns.split(",") if pattern.strip())


def _matches(name: str, pattern: str) -> bool:
    """Part by part, so that `*` stands for one part of `owner/name` and never for several."""
    parts, wanted = name.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))


def _depth(text: str) -> int:
    """How deep brackets are nested at most, outside of strings."""
    depth = deepest = 0
    in_string = escaped = False
    for character in text:
        if in_string:
            in_string, escaped = escaped or character != '"', character == "\\" and not escaped
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest


def _unique(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for name, value in pairs:
        if name in read:
            raise ValueError(f"the key {name[:50]!r} comes twice")
        read[name] = value
    return read


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:50]} is beyond every number")
    return number


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")
