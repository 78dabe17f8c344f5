"""Decides about a sign-in: where it may lead, what the browser carries meanwhile, who may read. Pure.

The authorization code flow of OpenID Connect with PKCE: https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth
and https://www.rfc-editor.org/rfc/rfc7636. Nothing is stored: what the second request must know of the first travels in
a cookie that only this function can have made.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

START, CALLBACK, NEEDED = "/sign-in", "/sign-in/callback", "/sign-in/needed"
#: Seconds that a person has at the provider.
PENDING_SECONDS = 600
#: The pages that a sign-in may lead to, as components/site_viewer.js has them; the group is the repository's folder.
_TARGET = re.compile(r"(/sites/[A-Za-z0-9._-]+/)[A-Za-z0-9._/-]*")
_PURPOSE = b"serverless-swarm: a sign-in that is under way"


class SignInRefused(Exception):
    """The person is not signed in: the HTTP status and, as the message, a sentence for them.

    The status is never 403, which the distribution answers with the page that offers to sign in.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class PendingSignIn:
    """What the callback must know; `verifier` is PKCE's, `ends_at` seconds since 1970."""

    state: str
    nonce: str
    verifier: str
    target: str
    ends_at: int


def address_of(host: str) -> str:
    """Scheme and host of a site: HTTPS, but on a laptop, whose cloud has no certificate."""
    return f"http://{host}" if host.startswith("127.0.0.1:") else f"https://{host}"


def target_of(wanted: str, referrer: str, base: str) -> str:
    """The page to return to: the one that is asked for, else the one whose link was followed.

    Raises SignInRefused for everything that is no page of this site, so that no link leads through us elsewhere.
    """
    if not wanted:
        # No urlsplit: it fails over what a browser would never send, and anybody may send it.
        wanted = referrer.removeprefix(base).partition("?")[0].partition("#")[0] if referrer.startswith(base) else ""
    if _TARGET.fullmatch(wanted) is None:
        raise SignInRefused(400, "Open the page that you want to read, and sign in from there.")
    return wanted


def folder_of(target: str) -> str:
    """The folder of the repository that a page belongs to: `/sites/NAME/`."""
    match = _TARGET.fullmatch(target)
    assert match is not None  # noqa: S101  target_of has refused all others
    return match[1]


def sealed(pending: PendingSignIn, secret: str) -> str:
    """The cookie's value: the sign-in that is under way, and a signature of it by `secret`."""
    body = _text(json.dumps(asdict(pending), separators=(",", ":")).encode())
    return f"{body}.{_text(_signature(body, secret))}"


def opened(value: str, secret: str, now: float) -> PendingSignIn:
    """What a cookie says. Raises SignInRefused unless `secret` signed it and its time is not over."""
    body, _, signature = value.partition(".")
    try:
        given = base64.urlsafe_b64decode(signature + "==")
    except (binascii.Error, ValueError):
        given = b""
    if not hmac.compare_digest(given, _signature(body, secret)):
        raise SignInRefused(400, "This sign-in was not begun in this browser, or its cookie is blocked. Sign in again.")
    pending = PendingSignIn(**json.loads(base64.urlsafe_b64decode(body + "==")))
    if now >= pending.ends_at:
        raise SignInRefused(400, "The sign-in took too long. Sign in again.")
    return pending


def _signature(body: str, secret: str) -> bytes:
    # A key of its own: what signs cookies of CloudFront must sign nothing that a browser can influence.
    key = hmac.digest(secret.encode(), _PURPOSE, hashlib.sha256)
    return hmac.digest(key, body.encode(), hashlib.sha256)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def authorization_url(endpoint: str, client: str, callback: str, pending: PendingSignIn) -> str:
    """Where the browser goes to sign in."""
    values = {
        "response_type": "code",
        "client_id": client,
        "redirect_uri": callback,
        "scope": "openid email",
        "state": pending.state,
        "nonce": pending.nonce,
        "code_challenge": _text(hashlib.sha256(pending.verifier.encode()).digest()),
        "code_challenge_method": "S256",
    }
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(values)}"


def code_of(query: Mapping[str, str], pending: PendingSignIn, issuer: str) -> str:
    """The code that the provider sends back. Raises SignInRefused unless it answers this sign-in."""
    if not hmac.compare_digest(query.get("state", "").encode(), pending.state.encode()):
        raise SignInRefused(400, "The answer belongs to another sign-in. Sign in again.")
    if query.get("iss", issuer) != issuer:  # https://www.rfc-editor.org/rfc/rfc9207
        raise SignInRefused(400, "The answer comes from another provider. Sign in again.")
    code = query.get("code", "")
    if not code:
        raise SignInRefused(401, f"The provider did not sign you in ({_word(query.get('error', ''))}).")
    return code


def _word(error: str) -> str:
    return error if re.fullmatch(r"[a-z_]{1,60}", error) else "without a reason"


def admit(claims: Mapping[str, Any], domains: Sequence[str]) -> None:
    """Raises SignInRefused unless the e-mail address is of one of the domains; without domains everybody is admitted.

    An address that the provider has not verified may be anybody's: it counts for nothing.
    """
    if not domains:
        return
    name, _, domain = str(claims.get("email", "")).rpartition("@")
    if claims.get("email_verified") is not True:
        raise SignInRefused(401, "The provider does not confirm your e-mail address, so you may not read this site.")
    if not name or domain.lower() not in domains:
        raise SignInRefused(401, "Your e-mail address is of no domain that may read this site.")
