"""CloudFront's rules on a laptop: signed cookies, headers, and a browser that other pages cannot use against us."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.signers import CloudFrontSigner
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from cli.stack.site_key import new_key, public_half, signed_link
from local.sites.distribution import CacheBehaviour, Distribution, ServedPage
from local.sites.server import SiteServer
from local.sites.signed_cookies import KEY, POLICY, SIGNATURE, CookiesRefused, check_cookies

pytestmark = pytest.mark.local

URL = "https://docs.example.com/sites/demo/v1/index.html"
RESOURCE = "https://docs.example.com/sites/demo/*"
SOON = datetime.now(UTC) + timedelta(hours=1)
PAGES = {"sites/demo/v1/index.html": b"<p>demo</p>", "sites/other/v1/index.html": b"<p>other</p>"}


@cache
def _private() -> str:
    return new_key()


@cache
def _public() -> str:
    return f"-----BEGIN PUBLIC KEY-----\n{public_half(_private())}\n-----END PUBLIC KEY-----\n"


def _signed(policy: str, private: str = "") -> dict[str, str]:
    """Cookies as botocore, which is not ours, signs a policy."""
    key: Any = load_pem_private_key((private or _private()).encode(), None)
    signer = CloudFrontSigner("K1", lambda text: key.sign(text, padding.PKCS1v15(), hashes.SHA1()))  # noqa: S303 (CloudFront takes no other)
    query = parse_qs(urlsplit(signer.generate_presigned_url("https://x.example/", policy=policy)).query)
    return {POLICY: query["Policy"][0], SIGNATURE: query["Signature"][0], KEY: query["Key-Pair-Id"][0]}


def _policy(resource: str = RESOURCE, until: datetime = SOON, **conditions: Any) -> str:
    condition = {"DateLessThan": {"AWS:EpochTime": int(until.timestamp())}, **conditions}
    return json.dumps({"Statement": [{"Resource": resource, "Condition": condition}]}, separators=(",", ":"))


def _check(cookies: Mapping[str, str], url: str = URL) -> None:
    check_cookies(cookies, {"K1": _public()}, url, time.time(), "127.0.0.1")


@pytest.mark.parametrize("resource", [RESOURCE, URL, "https://docs.example.com/sites/????/v?/*", "*"])
def test_cookies_open_what_their_policy_names_until_it_ends(resource: str) -> None:
    _check(_signed(_policy(resource)))
    _check(_signed(_policy(resource, IpAddress={"AWS:SourceIp": "127.0.0.0/8"})))


CHANGES: dict[str, Callable[[], dict[str, str]]] = {
    "no cookie": dict,
    "another page": lambda: _signed(_policy("https://docs.example.com/sites/other/*")),
    "another host": lambda: _signed(_policy("https://attacker.example/sites/demo/*")),
    "in clear": lambda: _signed(_policy("http://docs.example.com/sites/demo/*")),
    "a dot is a dot": lambda: _signed(_policy("https://docs.example.com/sites/demo/v1/indexxhtml")),
    "expired": lambda: _signed(_policy(until=datetime.now(UTC) - timedelta(seconds=2))),
    "not yet": lambda: _signed(_policy(DateGreaterThan={"AWS:EpochTime": int(time.time()) + 600})),
    "another address": lambda: _signed(_policy(IpAddress={"AWS:SourceIp": "10.0.0.0/8"})),
    "another key": lambda: _signed(_policy(), new_key()),
    "an unknown key's name": lambda: {**_signed(_policy()), KEY: "K2"},
    "another policy under the same signature": lambda: {
        **_signed(_policy()),
        POLICY: _signed(_policy("*"))[POLICY],
    },
    "a policy without an end": lambda: _signed('{"Statement":[{"Resource":"*","Condition":{}}]}'),
    "two statements": lambda: _signed('{"Statement":[{"Resource":"*"},{"Resource":"*"}]}'),
    "no JSON": lambda: _signed("everything"),
    "no base64": lambda: {**_signed(_policy()), POLICY: "%%%"},
    "no policy": lambda: {name: value for name, value in _signed(_policy()).items() if name != POLICY},
    "no signature": lambda: {name: value for name, value in _signed(_policy()).items() if name != SIGNATURE},
}


@pytest.mark.parametrize("change", CHANGES)
def test_everything_else_is_refused(change: str) -> None:
    with pytest.raises(CookiesRefused):
        _check(CHANGES[change]())


def _distribution(*, private: bool) -> Distribution:
    keys = {"K1": _public()} if private else {}
    headers = {"X-Content-Type-Options": "nosniff"}

    def page(key: str) -> ServedPage | None:
        return ServedPage(PAGES[key], "text/html", "max-age=3600") if key in PAGES else None

    return Distribution([CacheBehaviour("/open", {}, headers), CacheBehaviour("*", keys, headers)], page)


@pytest.fixture
def private() -> Iterator[SiteServer]:
    server = SiteServer(_distribution(private=True))
    yield server
    server.close()


@pytest.fixture
def public() -> Iterator[SiteServer]:
    server = SiteServer(_distribution(private=False))
    yield server
    server.close()


def _get(
    server: SiteServer, path: str, headers: Mapping[str, str] | None = None, verb: str = "GET"
) -> tuple[int, bytes, list[tuple[str, str]]]:
    host = server.domain.partition("/")[0]
    connection = http.client.HTTPConnection(host, timeout=30)
    try:
        connection.request(verb, path, headers=dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.getheaders()
    finally:
        connection.close()


def _followed(server: SiteServer, until: datetime = SOON, folder: str = "sites/demo/") -> dict[str, str]:
    """The headers with the cookies that a link gives a browser."""
    base = f"http://{server.domain}"
    link = signed_link(base, folder, "K1", _private(), f"{folder}v1/", until)
    status, _, headers = _get(server, link.removeprefix(base))
    assert status == 302
    assert ("Location", f"/{folder}v1/") in headers
    given = [value for name, value in headers if name == "Set-Cookie"]
    assert all(f"Path=/{folder}; HttpOnly; SameSite=Lax" in value for value in given)
    return {"Cookie": "; ".join(value.partition(";")[0] for value in given)}


def test_a_link_opens_its_repository_and_no_other(private: SiteServer) -> None:
    cookies = _followed(private)
    status, body, headers = _get(private, "/sites/demo/v1/", cookies)
    assert (status, body) == (200, b"<p>demo</p>")
    assert {("Cache-Control", "max-age=3600"), ("X-Content-Type-Options", "nosniff")} <= set(headers)
    assert _get(private, "/sites/other/v1/", cookies)[0] == 403
    assert _get(private, "/sites/demo/v1/")[0] == 403


def test_an_expired_link_and_a_changed_one_open_nothing(private: SiteServer) -> None:
    expired = _followed(private, datetime.now(UTC) - timedelta(seconds=5))
    changed = {"Cookie": _followed(private)["Cookie"].replace("CloudFront-Signature=", "CloudFront-Signature=A")}
    assert _get(private, "/sites/demo/v1/", expired)[0] == 403
    assert _get(private, "/sites/demo/v1/", changed)[0] == 403


def test_a_missing_page_is_refused_as_one_that_may_not_be_read(private: SiteServer) -> None:
    assert _get(private, "/sites/demo/v2/", _followed(private))[0] == 403


def test_an_open_site_on_a_laptop_is_behind_a_secret(public: SiteServer) -> None:
    secret = public.domain.partition("/")[2]
    assert len(secret) == 64
    assert _get(public, f"/{secret}/sites/demo/v1/")[:2] == (200, b"<p>demo</p>")
    assert _get(public, "/sites/demo/v1/")[0] == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "attacker.example"},
        {"Origin": "http://attacker.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
    ],
)
def test_no_page_from_elsewhere_reads_a_site_with_the_readers_cookies(
    private: SiteServer, headers: dict[str, str]
) -> None:
    assert _get(private, "/sites/demo/v1/", {**_followed(private), **headers})[0] == 403


@pytest.mark.parametrize(
    ("site", "mode", "destination"),
    [("none", "navigate", "document"), ("same-origin", "cors", "empty"), ("cross-site", "navigate", "document")],
)
def test_the_sites_own_pages_and_a_link_to_them_are_answered(
    private: SiteServer, site: str, mode: str, destination: str
) -> None:
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": destination}
    assert _get(private, "/sites/demo/v1/", {**_followed(private), **headers})[0] == 200


@pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_but_reading_is_answered(private: SiteServer, verb: str) -> None:
    assert _get(private, "/sites/demo/v1/", _followed(private), verb)[0] == 501
