"""Whose webhook a request is, and whether its signature holds. Pure.

Each host's own page on securing webhooks is the source: GitHub "Validating webhook deliveries", GitLab "Webhooks"
(secret token; signing token as in the Standard Webhooks specification), Bitbucket "Manage webhooks", Gitea "Webhooks".
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.contracts.webhook import HostKind

#: A signed time may differ from ours by so many seconds.
WINDOW_SECONDS = 300
PLAIN_SIGNATURE, PLAIN_DELIVERY = "x-swarm-signature", "x-swarm-delivery"
_STANDARD_ID, _STANDARD_TIME, _STANDARD_SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
_STANDARD_SECRET = "whsec_"  # noqa: S105  the prefix of a signing token


class SignatureRefused(Exception):
    """The signature is missing, wrong or too old; the message is for our log, never for the sender."""


@dataclass(frozen=True)
class SignedDelivery:
    """Who sent a request, by its headers: the event's name and the delivery's id are not trusted yet."""

    provider: HostKind
    event: str
    delivery: str


def sender_of(headers: Mapping[str, str]) -> SignedDelivery | None:
    """Who sent a request with these headers, in lower case; None for no host that we know.

    Gitea and Forgejo send GitHub's headers beside their own, so theirs are looked at first.
    """
    for provider, event, delivery in (
        (HostKind.GITEA, "x-gitea-event", "x-gitea-delivery"),
        (HostKind.GITEA, "x-forgejo-event", "x-forgejo-delivery"),
        (HostKind.GITHUB, "x-github-event", "x-github-delivery"),
        (HostKind.GITLAB, "x-gitlab-event", "x-gitlab-event-uuid"),
        (HostKind.BITBUCKET, "x-event-key", "x-request-uuid"),
        # Bitbucket Data Center names its request otherwise.
        (HostKind.BITBUCKET, "x-event-key", "x-request-id"),
        (HostKind.PLAIN, PLAIN_SIGNATURE, PLAIN_DELIVERY),
    ):
        if headers.get(event) and headers.get(delivery):
            name = "push" if provider is HostKind.PLAIN else headers[event].strip().lower()
            return SignedDelivery(provider, name, headers[delivery].strip())
    return None


def check_signature(
    provider: HostKind, headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: float
) -> None:
    """Check a request against each live secret, in constant time. Raises SignatureRefused."""
    live = [secret for secret in secrets if secret]
    if not live:
        raise SignatureRefused("the stack has no webhook secret")
    if provider is HostKind.GITLAB:
        holds = _gitlab_holds(headers, body, live, now)
    elif provider is HostKind.PLAIN:
        holds = _plain_holds(headers, body, live, now)
    else:
        given = _hub_signature(provider, headers)
        # Every secret is tried, so that the time tells nothing of which one matched.
        holds = True in [hmac.compare_digest(given, _hex_digest(secret, body)) for secret in live]
    if not holds:
        raise SignatureRefused("no live secret made this signature")


def _hub_signature(provider: HostKind, headers: Mapping[str, str]) -> str:
    if provider is HostKind.GITEA:
        own = headers.get("x-gitea-signature") or headers.get("x-forgejo-signature", "")
        return _ascii(own)
    given = headers.get("x-hub-signature-256" if provider is HostKind.GITHUB else "x-hub-signature", "")
    kind, separator, digest = given.partition("=")
    if not separator or kind != "sha256":
        raise SignatureRefused("the signature is missing, or is not sha256")
    return _ascii(digest)


def _gitlab_holds(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: float) -> bool:
    if _STANDARD_SIGNATURE in headers:
        stamp = headers.get(_STANDARD_TIME, "")
        _check_time(stamp, now)
        signed = b".".join((headers.get(_STANDARD_ID, "").encode(), stamp.encode(), body))
        given = [_ascii(part.partition(",")[2]) for part in headers[_STANDARD_SIGNATURE].split() if part[:3] == "v1,"]
        wanted = [
            base64.b64encode(hmac.digest(_standard_key(secret), signed, hashlib.sha256)).decode() for secret in secrets
        ]
        return True in [hmac.compare_digest(mine, theirs) for mine in wanted for theirs in given]
    token = headers.get("x-gitlab-token", "").encode()
    return True in [hmac.compare_digest(token, secret.encode()) for secret in secrets]


def _standard_key(secret: str) -> bytes:
    """The bytes of a signing token; any other secret is its own key."""
    if secret.startswith(_STANDARD_SECRET):
        try:
            return base64.b64decode(secret.removeprefix(_STANDARD_SECRET), validate=True)
        except binascii.Error:
            return secret.encode()
    return secret.encode()


def _plain_holds(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: float) -> bool:
    """`t=SECONDS,v1=HEX`, where HEX signs `SECONDS.DELIVERY.BODY`: neither the time nor the id can be exchanged."""
    parts = dict(part.strip().partition("=")[::2] for part in headers.get(PLAIN_SIGNATURE, "").split(","))
    stamp = parts.get("t", "")
    _check_time(stamp, now)
    signed = b".".join((stamp.encode(), headers.get(PLAIN_DELIVERY, "").strip().encode(), body))
    given = _ascii(parts.get("v1", ""))
    return True in [hmac.compare_digest(given, _hex_digest(secret, signed)) for secret in secrets]


def _check_time(stamp: str, now: float) -> None:
    if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
        raise SignatureRefused("the signed time is no number of seconds")
    if abs(now - int(stamp)) > WINDOW_SECONDS:
        raise SignatureRefused("the signed time is too far from now")


def _hex_digest(secret: str, body: bytes) -> str:
    return hmac.digest(secret.encode(), body, hashlib.sha256).hex()


def _ascii(text: str) -> str:
    """compare_digest takes no other text."""
    return text if text.isascii() else ""
