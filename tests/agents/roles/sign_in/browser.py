"""A browser that signs in at the provider of the tests, and what its answers must be."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass, field, replace
from functools import cache
from urllib.parse import parse_qsl, urlsplit

from agents.contracts.http import HttpRequest, HttpResponse
from agents.ports import Ports
from agents.roles.sign_in.run import run
from agents.settings import AgentSettings
from agents.web import HttpsWeb
from cli.stack.site_key import new_key, public_half
from local.sites.signed_cookies import check_cookies
from tests.agents.fakes import FakeClock, fake_ports, settings
from tests.oidc_provider import CLIENT, SECRET, OidcProvider

HOST = "docs.example.com"
PAGE = "/sites/demo/latest/index.html"


@cache
def _private() -> str:
    return new_key()


@cache
def public_key() -> str:
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
        return redirect_of(begun.headers["location"])

    def sign_in(self, page: str = PAGE) -> HttpResponse:
        return self.get(self.at_provider(page))


def redirect_of(address: str) -> str:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        return str(connection.getresponse().headers["Location"])
    finally:
        connection.close()


def browser_at(provider: OidcProvider, secret: str = SECRET, **changes: object) -> Browser:
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


def assert_opens(browser: Browser, page: str) -> None:
    check_cookies(browser.cookies, {"K1": public_key()}, f"https://{HOST}{page}", time.time(), "127.0.0.1")


def assert_refused(answer: HttpResponse, *words: str) -> None:
    """A page for the reader, without a cookie that opens anything."""
    assert 400 <= answer.status < 500
    assert answer.status != 403  # the distribution answers 403 with the page that offers to sign in
    assert not any("CloudFront" in cookie for cookie in answer.cookies)
    assert all(word in answer.body for word in words), answer.body
