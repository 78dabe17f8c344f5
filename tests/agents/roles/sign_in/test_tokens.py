"""A token that says otherwise, or that the provider did not sign, opens nothing."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Mapping

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from tests.agents.roles.sign_in.browser import (
    Browser,
    MovedClock,
    assert_refused,
)
from tests.oidc_provider import CLIENT, SECRET, OidcProvider, SigningKey

LIES: Mapping[str, Mapping[str, object]] = {
    "another issuer": {"iss": "https://attacker.example"},
    "another audience": {"aud": "another-application"},
    "ours and another audience": {"aud": [CLIENT, "another-application"]},
    "made for another application": {"azp": "another-application"},
    "expired": {"exp": int(time.time()) - 3600},
    "made in the future": {"iat": int(time.time()) + 3600},
    "another nonce": {"nonce": "guessed"},
    "no nonce": {"nonce": None},
    "no end": {"exp": None},
    "no issuer": {"iss": None},
    "no audience": {"aud": None},
    "no subject": {"sub": None},
    "an address of others": {"email": "eve@attacker.example"},
    "an address that only ends like ours": {"email": "eve@notexample.com"},
    "an address below our domain": {"email": "eve@example.com.attacker.example"},
    "an address that nobody verified": {"email_verified": False},
    "an address that is verified in words": {"email_verified": "true"},
    "no word about the address": {"email_verified": None},
    "no address": {"email": None},
    "a domain for an address": {"email": "example.com"},
    "an address of nobody": {"email": "@example.com"},
    "an issuer that is a number": {"iss": 5},
    "an issuer that is a list": {"iss": ["https://attacker.example"]},
    "an end that is a list": {"exp": []},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_says_otherwise_opens_nothing(browser: Browser, provider: OidcProvider, lie: str) -> None:
    provider.claims = dict(LIES[lie])
    assert_refused(browser.sign_in())


def _public_pem(provider: OidcProvider) -> str:
    return (
        provider.key.private.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def _unsafe_hs256(provider: OidcProvider, claims: Mapping[str, object]) -> str:
    """Signed with the provider's public key as the shared secret, which PyJWT itself would not do."""
    import hashlib
    import hmac

    def part(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    head = part(json.dumps({"alg": "HS256", "kid": provider.key.name}).encode())
    body = part(json.dumps(claims).encode())
    signature = hmac.digest(_public_pem(provider).encode(), f"{head}.{body}".encode(), hashlib.sha256)
    return f"{head}.{body}.{part(signature)}"


def _tampered(provider: OidcProvider, claims: Mapping[str, object]) -> str:
    head, _, signature = provider.signed({**claims, "sub": "eve"}).split(".")
    return ".".join([head, provider.signed(claims).split(".")[1], signature])


FORGERIES: Mapping[str, Callable[[OidcProvider, Mapping[str, object]], str]] = {
    "another key under the same id": lambda p, c: jwt.encode(
        dict(c), SigningKey("x").private, "RS256", {"kid": p.key.name}
    ),
    "an unknown key": lambda _, c: jwt.encode(dict(c), SigningKey("x").private, "RS256", {"kid": "unknown"}),
    "no signature": lambda p, c: jwt.encode(dict(c), "", "none", {"kid": p.key.name}),
    "the public key as a shared secret": _unsafe_hs256,
    "the client secret as a shared secret": lambda p, c: jwt.encode(
        dict(c), SECRET.ljust(32), "HS256", {"kid": p.key.name}
    ),
    "another body": _tampered,
    "no token": lambda *_: "no token",
    "an empty token": lambda *_: "",
}


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_token_that_the_provider_did_not_sign_opens_nothing(
    browser: Browser, provider: OidcProvider, forgery: str
) -> None:
    provider.sign = lambda claims: FORGERIES[forgery](provider, claims)
    assert_refused(browser.sign_in())


def test_a_key_of_shared_secrets_among_the_published_ones_signs_nothing(
    browser: Browser, provider: OidcProvider
) -> None:
    shared = base64.urlsafe_b64encode(b"k" * 32).rstrip(b"=").decode()
    provider.published = [{"kty": "oct", "k": shared, "kid": "shared"}]
    provider.sign = lambda claims: jwt.encode(dict(claims), b"k" * 32, "HS256", {"kid": "shared"})
    assert_refused(browser.sign_in(), "does not publish")


def test_a_provider_may_change_its_key_between_two_sign_ins(browser: Browser, provider: OidcProvider) -> None:
    assert browser.sign_in().status == 302
    second = SigningKey("second")
    provider.published = [second.published]
    provider.sign = lambda claims: jwt.encode(dict(claims), second.private, "RS256", {"kid": "second"})
    clock = browser.ports.clock
    assert isinstance(clock, MovedClock)
    clock.moved = 11
    assert browser.sign_in().status == 302


def test_invented_keys_have_the_provider_asked_only_now_and_then(browser: Browser, provider: OidcProvider) -> None:
    provider.sign = lambda claims: jwt.encode(dict(claims), provider.key.private, "RS256", {"kid": "invented"})
    for _ in range(5):
        assert_refused(browser.sign_in(), "does not publish")
    assert provider.requests.count("/keys") == 1
