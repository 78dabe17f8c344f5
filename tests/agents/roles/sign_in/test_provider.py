"""A provider that is not as its setting says fails the call for the operator, and opens nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from agents.errors import ProviderFailed
from agents.web import HttpsWeb
from tests.agents.roles.sign_in.browser import (
    PAGE,
    Browser,
    assert_refused,
    browser_at,
)
from tests.oidc_provider import EMAIL, OidcProvider


def test_without_domains_everybody_may_read_whom_the_provider_signs_in(provider: OidcProvider) -> None:
    provider.claims = {"email": None, "email_verified": None}
    assert browser_at(provider, site_sign_in_domains="").sign_in().status == 302


def test_case_is_no_part_of_a_domain(provider: OidcProvider) -> None:
    provider.claims = {"email": EMAIL.upper()}
    assert browser_at(provider, site_sign_in_domains="attacker.example,example.com").sign_in().status == 302


def test_a_provider_that_wants_the_secret_in_the_form_gets_it_there(browser: Browser, provider: OidcProvider) -> None:
    provider.methods = ["client_secret_post"]
    assert browser.sign_in().status == 302


def test_on_a_laptop_cookies_come_without_tls(browser: Browser) -> None:
    browser.host = "127.0.0.1:8080"
    answer = browser.sign_in()
    assert answer.status == 302
    assert not any("Secure" in cookie for cookie in answer.cookies)


@pytest.mark.parametrize(
    ("described", "sentence"),
    [
        ({"issuer": "https://attacker.example"}, "calls itself"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "no authorization_endpoint"),
        ({"authorization_endpoint": None}, "no authorization_endpoint"),
    ],
)
def test_a_provider_that_is_not_as_its_setting_says_fails_the_call_for_the_operator(
    browser: Browser, provider: OidcProvider, described: Mapping[str, object], sentence: str
) -> None:
    provider.description = dict(described)
    with pytest.raises(ProviderFailed, match=sentence):
        browser.get(f"/sign-in?to={PAGE}")


@pytest.mark.parametrize("claims", [b"[]", b"5", b"[" * 50_000, b'{"a":' * 50_000, b"\xff", b'{"iss": Infinity}'])
def test_signed_claims_that_are_no_object_open_nothing(browser: Browser, provider: OidcProvider, claims: bytes) -> None:
    provider.sign = lambda _: provider.signed_text(claims)
    assert_refused(browser.sign_in(), "not valid")


class LyingWeb(HttpsWeb):
    """Answers for one path of the provider with these bytes."""

    def __init__(self, path: str, body: bytes) -> None:
        self._path, self._body = path, body

    def fetch(
        self, url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        return (200, self._body) if url.endswith(self._path) else super().fetch(url, form, headers)


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token"])
@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b"[]", b"\xff", b"<html>"], ids=lambda b: b[:6])
def test_a_provider_that_answers_no_object_fails_the_call_for_the_operator(
    browser: Browser, path: str, body: bytes
) -> None:
    back = browser.at_provider()
    browser.ports = replace(browser.ports, web=LyingWeb(path, body))
    with pytest.raises(ProviderFailed):
        browser.get(back)


@pytest.mark.parametrize(
    "address", ["https://[", "https://docs.example.com\r\nset-cookie: x", "http://a b/", "http://\u2100/", None, 5]
)
def test_an_address_of_the_provider_that_is_none_fails_the_call_for_the_operator(
    browser: Browser, provider: OidcProvider, address: object
) -> None:
    provider.description = {"authorization_endpoint": address}
    with pytest.raises(ProviderFailed, match="has no authorization_endpoint"):
        browser.get(f"/sign-in?to={PAGE}")


@pytest.mark.parametrize(
    "key", [{"kty": "RSA", "alg": {"a": 1}, "n": "AQAB", "e": "AQAB"}, {"kty": []}, {"kty": "EC", "crv": 5}, {}, None]
)
def test_a_published_key_that_is_none_leaves_the_others_good(
    browser: Browser, provider: OidcProvider, key: dict[str, object]
) -> None:
    provider.published = [key, provider.key.published]
    assert browser.sign_in().status == 302


@pytest.mark.parametrize("keys", [5, {"a": 1}, "abc", None])
def test_keys_that_are_no_list_open_nothing(browser: Browser, keys: object) -> None:
    back = browser.at_provider()
    browser.ports = replace(browser.ports, web=LyingWeb("/keys", json.dumps({"keys": keys}).encode()))
    assert_refused(browser.get(back), "does not publish")


@pytest.mark.parametrize("methods", [5, "client_secret_basic", {"client_secret_post": 1}])
def test_methods_that_are_no_list_are_not_looked_at(browser: Browser, provider: OidcProvider, methods: object) -> None:
    provider.description = {"token_endpoint_auth_methods_supported": methods}
    assert browser.sign_in().status == 302


def test_a_wrong_client_secret_fails_the_call_for_the_operator(provider: OidcProvider) -> None:
    browser = browser_at(provider, secret="an old one")
    back = browser.at_provider()
    with pytest.raises(ProviderFailed, match="invalid_client"):
        browser.get(back)
