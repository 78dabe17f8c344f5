"""A reader of a private site signs in at the company's provider; whoever cheats gets no cookie."""

from __future__ import annotations

import base64
import http.client
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from agents.contracts.http import HttpRequest, HttpResponse
from agents.errors import ProviderFailed
from agents.ports import Ports
from agents.roles.sign_in.core import SignInRefused, target_of
from agents.roles.sign_in.run import run
from agents.settings import AgentSettings
from agents.web import HttpsWeb
from cli.stack.site_key import new_key, public_half
from local.sites.signed_cookies import check_cookies
from tests.agents.fakes import FakeClock, fake_ports, settings
from tests.oidc_provider import CLIENT, EMAIL, SECRET, OidcProvider, SigningKey

HOST = "docs.example.com"
PAGE = "/sites/demo/latest/index.html"


@cache
def _private() -> str:
    return new_key()


@cache
def _public() -> str:
    return f"-----BEGIN PUBLIC KEY-----\n{public_half(_private())}\n-----END PUBLIC KEY-----\n"


class MovedClock(FakeClock):
    """The time, and how far a test has moved it."""

    def __init__(self) -> None:
        self.moved = 0.0

    def now(self) -> float:
        return time.time() + self.moved


@dataclass
class Browser:
    """Keeps cookies as a browser does, for one host."""

    ports: Ports
    settings: AgentSettings
    cookies: dict[str, str] = field(default_factory=dict)
    host: str = HOST

    def get(self, address: str, referrer: str = "") -> HttpResponse:
        parts = urlsplit(address)
        request = HttpRequest(
            method="GET",
            path=parts.path,
            query=dict(parse_qsl(parts.query)),
            headers={"x-viewer-host": self.host, **({"referer": referrer} if referrer else {})},
            cookies=dict(self.cookies),
        )
        answer = run(request, self.ports, self.settings)
        for cookie in answer.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
            if "Max-Age=0;" in cookie:
                del self.cookies[name]
        return answer

    def at_provider(self, page: str = PAGE) -> str:
        """Begins, signs in at the provider, and returns where it sends the browser back to."""
        begun = self.get(f"/sign-in?to={page}")
        assert begun.status == 302, begun.body
        return _redirect_of(begun.headers["location"])

    def sign_in(self, page: str = PAGE) -> HttpResponse:
        return self.get(self.at_provider(page))


def _redirect_of(address: str) -> str:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        return str(connection.getresponse().headers["Location"])
    finally:
        connection.close()


@pytest.fixture(scope="module")
def _serving() -> Iterator[OidcProvider]:
    with OidcProvider() as provider:
        yield provider


@pytest.fixture
def provider(_serving: OidcProvider) -> OidcProvider:
    """The provider, honest."""
    _serving.published = [_serving.key.published]
    _serving.claims, _serving.description, _serving.methods = {}, {}, ["client_secret_basic"]
    _serving.sign = _serving.signed
    _serving.requests.clear()
    return _serving


@pytest.fixture
def browser(provider: OidcProvider) -> Browser:
    return _browser(provider)


def _browser(provider: OidcProvider, secret: str = SECRET, **changes: object) -> Browser:
    fakes = fake_ports()
    fakes.secrets.secrets |= {"swarm-test-site-key": _private(), "swarm-test-site-sign-in": secret}
    own = settings(
        "SignIn",
        site_key_id="K1",
        site_sign_in_issuer=provider.issuer,
        site_sign_in_client_id=CLIENT,
        **{"site_sign_in_domains": "example.com", **changes},
    )
    return Browser(replace(fakes, web=HttpsWeb(), clock=MovedClock()), own)


def _opens(browser: Browser, page: str) -> None:
    check_cookies(browser.cookies, {"K1": _public()}, f"https://{HOST}{page}", time.time(), "127.0.0.1")


def _refused(answer: HttpResponse, *words: str) -> None:
    """A page for the reader, without a cookie that opens anything."""
    assert 400 <= answer.status < 500
    assert answer.status != 403  # the distribution answers 403 with the page that offers to sign in
    assert not any("CloudFront" in cookie for cookie in answer.cookies)
    assert all(word in answer.body for word in words), answer.body


def test_a_reader_signs_in_and_the_cookies_open_the_repository_and_no_other(browser: Browser) -> None:
    answer = browser.sign_in()
    assert (answer.status, answer.headers["location"]) == (302, PAGE)
    _opens(browser, "/sites/demo/v1/api/a.html")
    with pytest.raises(Exception, match="AccessDenied"):
        _opens(browser, "/sites/other/latest/index.html")
    opening = [cookie for cookie in answer.cookies if cookie.startswith("CloudFront-")]
    assert len(opening) == 3
    assert all(cookie.endswith("; Path=/sites/demo/; Secure; HttpOnly; SameSite=Lax") for cookie in opening)


def test_the_sign_in_under_way_is_in_a_cookie_that_no_script_reads_and_that_ends_with_it(browser: Browser) -> None:
    begun = browser.get(f"/sign-in?to={PAGE}")
    (cookie,) = begun.cookies
    assert cookie.startswith("__Host-swarm-sign-in=")
    assert cookie.endswith("; Path=/; Max-Age=600; Secure; HttpOnly; SameSite=Lax")
    browser.get(_redirect_of(begun.headers["location"]))
    assert set(browser.cookies) == {"CloudFront-Policy", "CloudFront-Signature", "CloudFront-Key-Pair-Id"}


def test_the_request_to_the_provider_has_a_challenge_and_fresh_values(browser: Browser, provider: OidcProvider) -> None:
    asked = [parse_qs(urlsplit(browser.get(f"/sign-in?to={PAGE}").headers["location"]).query) for _ in range(2)]
    assert asked[0]["redirect_uri"] == [f"https://{HOST}/sign-in/callback"]
    assert asked[0]["code_challenge_method"] == ["S256"]
    assert asked[0]["client_id"] == [CLIENT]
    assert all(asked[0][name] != asked[1][name] for name in ("state", "nonce", "code_challenge"))
    assert provider.requests == ["/.well-known/openid-configuration"]  # once for both


def test_the_page_whose_link_was_followed_is_where_the_sign_in_leads(browser: Browser) -> None:
    begun = browser.get("/sign-in", referrer=f"https://{HOST}/sites/demo/v1/a.html?q=1")
    assert browser.get(_redirect_of(begun.headers["location"])).headers["location"] == "/sites/demo/v1/a.html"


ELSEWHERE = [
    "https://attacker.example/sites/demo/",
    "//attacker.example/sites/demo/",
    "/\\attacker.example",
    "\\\\attacker.example",
    "/sites/demo/..//@attacker.example:80",
    "/sites/demo/%0d%0aLocation:x",
    "/sites/demo/\nx",
    "/sites/demo",
    "/sites//latest/",
    "/open?to=/sites/demo/",
    "/sign-in",
    "javascript:alert(1)",
    " /sites/demo/",
    "/sites/demo/ ",
    "/sites/demo/\n",
    "",
]


@pytest.mark.parametrize("asked", ELSEWHERE)
def test_a_sign_in_leads_to_pages_of_this_site_only(browser: Browser, asked: str) -> None:
    with pytest.raises(SignInRefused):
        target_of(asked, "", f"https://{HOST}")
    request = HttpRequest(method="GET", path="/sign-in", query={"to": asked}, headers={"x-viewer-host": HOST})
    _refused(run(request, browser.ports, browser.settings), "Open the page")


@pytest.mark.parametrize(
    "referrer",
    [
        "https://attacker.example/sites/demo/",
        "http://docs.example.com/sites/demo/",
        f"https://{HOST}@evil/sites/demo/",
        f"https://{HOST}:444/sites/demo/",
        f"https://{HOST}.attacker.example/sites/demo/",
        "https://[",
        f"https://{HOST}\u2100/sites/demo/",
        "//[/sites/demo/",
        "",
    ],
)
def test_a_link_from_another_site_begins_no_sign_in(browser: Browser, referrer: str) -> None:
    _refused(browser.get("/sign-in", referrer=referrer))


def test_the_page_that_offers_to_sign_in_links_to_it_and_lets_the_browser_say_from_where(browser: Browser) -> None:
    answer = browser.get("/sign-in/needed")
    assert answer.status == 200  # CloudFront takes no page that says anything else, and sends it with 403
    assert '<a href="/sign-in">' in answer.body
    assert answer.headers["referrer-policy"] == "same-origin"
    assert browser.get("/sign-in/other").status == 404


# --- what the browser brings back -------------------------------------------------------------------------------------


def test_an_answer_without_the_cookie_of_its_sign_in_is_refused(browser: Browser) -> None:
    back = browser.at_provider()
    browser.cookies.clear()
    _refused(browser.get(back), "not begun in this browser")


def test_an_answer_without_a_state_or_with_another_is_refused(browser: Browser, provider: OidcProvider) -> None:
    back = browser.at_provider()
    query = dict(parse_qsl(urlsplit(back).query))
    _refused(browser.get(f"/sign-in/callback?code={query['code']}"), "another sign-in")
    _refused(browser.get(f"/sign-in/callback?code={query['code']}&state=guessed"), "another sign-in")
    _refused(browser.get(f"/sign-in/callback?code={query['code']}&state=%C3%A9"), "another sign-in")
    assert "/token" not in provider.requests


def test_a_state_is_good_once(browser: Browser) -> None:
    back = browser.at_provider()
    carried = dict(browser.cookies)
    assert browser.get(back).status == 302
    _refused(browser.get(back), "not begun in this browser")
    browser.cookies = carried  # who replays the cookie, too, meets the provider's own check
    _refused(browser.get(back), "does not accept its own code")


def test_a_sign_in_of_one_browser_is_of_no_use_in_another(browser: Browser, provider: OidcProvider) -> None:
    other = _browser(provider)
    other.get(f"/sign-in?to={PAGE}")
    _refused(other.get(browser.at_provider()), "another sign-in")


def test_a_sign_in_ends_after_ten_minutes(browser: Browser) -> None:
    back = browser.at_provider()
    clock = browser.ports.clock
    assert isinstance(clock, MovedClock)
    clock.moved = 601
    _refused(browser.get(back), "took too long")


@pytest.mark.parametrize("forged", ["", ".", "x", "x.y", "e30.e30", "e30.é", "{}"])
def test_a_cookie_that_we_did_not_make_is_refused(browser: Browser, forged: str) -> None:
    back = browser.at_provider()
    browser.cookies["__Host-swarm-sign-in"] = forged
    _refused(browser.get(back), "not begun in this browser")


def test_a_cookie_of_ours_that_was_changed_is_refused(browser: Browser) -> None:
    back = browser.at_provider()
    body, _, signature = browser.cookies["__Host-swarm-sign-in"].partition(".")
    pending = json.loads(base64.urlsafe_b64decode(body + "=="))
    changed = base64.urlsafe_b64encode(json.dumps({**pending, "target": "/sites/other/x"}).encode()).decode()
    browser.cookies["__Host-swarm-sign-in"] = f"{changed.rstrip('=')}.{signature}"
    _refused(browser.get(back), "not begun in this browser")


def test_a_refusal_of_the_provider_reaches_the_reader_as_text(browser: Browser) -> None:
    state = parse_qs(urlsplit(browser.at_provider()).query)["state"][0]
    _refused(browser.get(f"/sign-in/callback?error=access_denied&state={state}"), "(access_denied)")
    answer = browser.get(f"/sign-in/callback?error=<script>&state={state}")
    _refused(answer, "without a reason")
    assert "<script>" not in answer.body


def test_an_answer_of_another_issuer_is_refused(browser: Browser) -> None:
    back = browser.at_provider()
    query = dict(parse_qsl(urlsplit(back).query))
    _refused(
        browser.get(f"/sign-in/callback?code={query['code']}&state={query['state']}&iss=https://attacker.example"),
        "another provider",
    )


# --- what the token says ----------------------------------------------------------------------------------------------

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
    _refused(browser.sign_in())


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
    _refused(browser.sign_in())


def test_a_key_of_shared_secrets_among_the_published_ones_signs_nothing(
    browser: Browser, provider: OidcProvider
) -> None:
    shared = base64.urlsafe_b64encode(b"k" * 32).rstrip(b"=").decode()
    provider.published = [{"kty": "oct", "k": shared, "kid": "shared"}]
    provider.sign = lambda claims: jwt.encode(dict(claims), b"k" * 32, "HS256", {"kid": "shared"})
    _refused(browser.sign_in(), "does not publish")


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
        _refused(browser.sign_in(), "does not publish")
    assert provider.requests.count("/keys") == 1


# --- settings and the provider itself ---------------------------------------------------------------------------------


def test_without_domains_everybody_may_read_whom_the_provider_signs_in(provider: OidcProvider) -> None:
    provider.claims = {"email": None, "email_verified": None}
    assert _browser(provider, site_sign_in_domains="").sign_in().status == 302


def test_case_is_no_part_of_a_domain(provider: OidcProvider) -> None:
    provider.claims = {"email": EMAIL.upper()}
    assert _browser(provider, site_sign_in_domains="attacker.example,example.com").sign_in().status == 302


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
    _refused(browser.sign_in(), "not valid")


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
    _refused(browser.get(back), "does not publish")


@pytest.mark.parametrize("methods", [5, "client_secret_basic", {"client_secret_post": 1}])
def test_methods_that_are_no_list_are_not_looked_at(browser: Browser, provider: OidcProvider, methods: object) -> None:
    provider.description = {"token_endpoint_auth_methods_supported": methods}
    assert browser.sign_in().status == 302


def test_a_wrong_client_secret_fails_the_call_for_the_operator(provider: OidcProvider) -> None:
    browser = _browser(provider, secret="an old one")
    back = browser.at_provider()
    with pytest.raises(ProviderFailed, match="invalid_client"):
        browser.get(back)
