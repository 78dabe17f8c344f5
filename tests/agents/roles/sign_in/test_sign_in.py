"""A reader of a private site signs in at the company's provider; whoever cheats gets no cookie."""

from __future__ import annotations

import base64
import json
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from agents.contracts.http import HttpRequest
from agents.roles.sign_in.core import SignInRefused, target_of
from agents.roles.sign_in.run import run
from tests.agents.roles.sign_in.browser import (
    HOST,
    PAGE,
    Browser,
    MovedClock,
    assert_opens,
    assert_refused,
    browser_at,
    redirect_of,
)
from tests.oidc_provider import CLIENT, OidcProvider


def test_a_reader_signs_in_and_the_cookies_open_the_repository_and_no_other(browser: Browser) -> None:
    answer = browser.sign_in()
    assert (answer.status, answer.headers["location"]) == (302, PAGE)
    assert_opens(browser, "/sites/demo/v1/api/a.html")
    with pytest.raises(Exception, match="AccessDenied"):
        assert_opens(browser, "/sites/other/latest/index.html")
    opening = [cookie for cookie in answer.cookies if cookie.startswith("CloudFront-")]
    assert len(opening) == 3
    assert all(cookie.endswith("; Path=/sites/demo/; Secure; HttpOnly; SameSite=Lax") for cookie in opening)


def test_the_sign_in_under_way_is_in_a_cookie_that_no_script_reads_and_that_ends_with_it(browser: Browser) -> None:
    begun = browser.get(f"/sign-in?to={PAGE}")
    (cookie,) = begun.cookies
    assert cookie.startswith("__Host-swarm-sign-in=")
    assert cookie.endswith("; Path=/; Max-Age=600; Secure; HttpOnly; SameSite=Lax")
    browser.get(redirect_of(begun.headers["location"]))
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
    assert browser.get(redirect_of(begun.headers["location"])).headers["location"] == "/sites/demo/v1/a.html"


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
    assert_refused(run(request, browser.ports, browser.settings), "Open the page")


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
    assert_refused(browser.get("/sign-in", referrer=referrer))


def test_the_page_that_offers_to_sign_in_links_to_it_and_lets_the_browser_say_from_where(browser: Browser) -> None:
    answer = browser.get("/sign-in/needed")
    assert answer.status == 200  # CloudFront takes no page that says anything else, and sends it with 403
    assert '<a href="/sign-in">' in answer.body
    assert answer.headers["referrer-policy"] == "same-origin"
    assert browser.get("/sign-in/other").status == 404


def test_an_answer_without_the_cookie_of_its_sign_in_is_refused(browser: Browser) -> None:
    back = browser.at_provider()
    browser.cookies.clear()
    assert_refused(browser.get(back), "not begun in this browser")


def test_an_answer_without_a_state_or_with_another_is_refused(browser: Browser, provider: OidcProvider) -> None:
    back = browser.at_provider()
    query = dict(parse_qsl(urlsplit(back).query))
    assert_refused(browser.get(f"/sign-in/callback?code={query['code']}"), "another sign-in")
    assert_refused(browser.get(f"/sign-in/callback?code={query['code']}&state=guessed"), "another sign-in")
    assert_refused(browser.get(f"/sign-in/callback?code={query['code']}&state=%C3%A9"), "another sign-in")
    assert "/token" not in provider.requests


def test_a_state_is_good_once(browser: Browser) -> None:
    back = browser.at_provider()
    carried = dict(browser.cookies)
    assert browser.get(back).status == 302
    assert_refused(browser.get(back), "not begun in this browser")
    browser.cookies = carried  # who replays the cookie, too, meets the provider's own check
    assert_refused(browser.get(back), "does not accept its own code")


def test_a_sign_in_of_one_browser_is_of_no_use_in_another(browser: Browser, provider: OidcProvider) -> None:
    other = browser_at(provider)
    other.get(f"/sign-in?to={PAGE}")
    assert_refused(other.get(browser.at_provider()), "another sign-in")


def test_a_sign_in_ends_after_ten_minutes(browser: Browser) -> None:
    back = browser.at_provider()
    clock = browser.ports.clock
    assert isinstance(clock, MovedClock)
    clock.moved = 601
    assert_refused(browser.get(back), "took too long")


@pytest.mark.parametrize("forged", ["", ".", "x", "x.y", "e30.e30", "e30.é", "{}"])
def test_a_cookie_that_we_did_not_make_is_refused(browser: Browser, forged: str) -> None:
    back = browser.at_provider()
    browser.cookies["__Host-swarm-sign-in"] = forged
    assert_refused(browser.get(back), "not begun in this browser")


def test_a_cookie_of_ours_that_was_changed_is_refused(browser: Browser) -> None:
    back = browser.at_provider()
    body, _, signature = browser.cookies["__Host-swarm-sign-in"].partition(".")
    pending = json.loads(base64.urlsafe_b64decode(body + "=="))
    changed = base64.urlsafe_b64encode(json.dumps({**pending, "target": "/sites/other/x"}).encode()).decode()
    browser.cookies["__Host-swarm-sign-in"] = f"{changed.rstrip('=')}.{signature}"
    assert_refused(browser.get(back), "not begun in this browser")


def test_a_refusal_of_the_provider_reaches_the_reader_as_text(browser: Browser) -> None:
    state = parse_qs(urlsplit(browser.at_provider()).query)["state"][0]
    assert_refused(browser.get(f"/sign-in/callback?error=access_denied&state={state}"), "(access_denied)")
    answer = browser.get(f"/sign-in/callback?error=<script>&state={state}")
    assert_refused(answer, "without a reason")
    assert "<script>" not in answer.body


def test_an_answer_of_another_issuer_is_refused(browser: Browser) -> None:
    back = browser.at_provider()
    query = dict(parse_qsl(urlsplit(back).query))
    assert_refused(
        browser.get(f"/sign-in/callback?code={query['code']}&state={query['state']}&iss=https://attacker.example"),
        "another provider",
    )
