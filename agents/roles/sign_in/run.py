"""Answers `/sign-in` and what lies below it: the page that offers it, the way to the provider, and the way back."""

from __future__ import annotations

import html
import secrets
from weakref import WeakKeyDictionary

from agents import keys
from agents.contracts.http import HttpRequest, HttpResponse
from agents.ports import Ports, Web
from agents.roles.sign_in.cookies import reader_cookies
from agents.roles.sign_in.core import (
    CALLBACK,
    NEEDED,
    PENDING_SECONDS,
    START,
    PendingSignIn,
    SignInRefused,
    address_of,
    admit,
    authorization_url,
    code_of,
    folder_of,
    opened,
    sealed,
    target_of,
)
from agents.roles.sign_in.id_token import Expected, verified_claims
from agents.roles.sign_in.provider import Provider
from agents.settings import AgentSettings

#: Set by components/site_viewer.js, whatever the browser sends: the name under which CloudFront was reached.
HOST_HEADER = "x-viewer-host"
#: Seconds for which a sign-in opens a repository's pages.
READING_SECONDS = 12 * 3600
#: One a process, so that the provider's keys are remembered from call to call.
_PROVIDERS: WeakKeyDictionary[Web, Provider] = WeakKeyDictionary()
_NO_STORE = {"cache-control": "no-store"}
#: The page that offers to sign in stands at the address of another, which the link must tell.
_PAGE_HEADERS = {**_NO_STORE, "referrer-policy": "same-origin"}


def run(request: HttpRequest, ports: Ports, settings: AgentSettings) -> HttpResponse:
    """The answer to one request. Raises ProviderFailed, SecretUnreadable: both are for the operator, not the reader."""
    base = address_of(request.headers.get(HOST_HEADER, ""))
    try:
        if request.path == NEEDED:
            return _page(200, "This page is for readers who have signed in.", offer=True)
        if request.path == START:
            return _begin(request, ports, settings, base)
        if request.path == CALLBACK:
            return _finish(request, ports, settings, base)
    except SignInRefused as refused:
        return _page(refused.status, str(refused))
    return _page(404, "There is no such page.")


def _begin(request: HttpRequest, ports: Ports, settings: AgentSettings, base: str) -> HttpResponse:
    """To the provider, with a cookie that lets only this browser come back."""
    target = target_of(request.query.get("to", ""), request.headers.get("referer", ""), base)
    ends_at = int(ports.clock.now()) + PENDING_SECONDS
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    pending = PendingSignIn(state, nonce, verifier, target, ends_at)
    endpoint = _provider(settings.site_sign_in_issuer, ports).endpoint("authorization_endpoint")
    location = authorization_url(endpoint, settings.site_sign_in_client_id, base + CALLBACK, pending)
    value = sealed(pending, ports.secrets.read(keys.site_key_secret(settings.environment)))
    return HttpResponse(
        status=302, headers={"location": location, **_NO_STORE}, cookies=(_cookie(base, value, PENDING_SECONDS),)
    )


def _finish(request: HttpRequest, ports: Ports, settings: AgentSettings, base: str) -> HttpResponse:
    """From the provider, to the page, with the cookies that open it."""
    now, issuer, client = ports.clock.now(), settings.site_sign_in_issuer, settings.site_sign_in_client_id
    private_key = ports.secrets.read(keys.site_key_secret(settings.environment))
    pending = opened(request.cookies.get(_cookie_name(base), ""), private_key, now)
    code = code_of(request.query, pending, issuer)
    provider = _provider(issuer, ports)
    secret = ports.secrets.read(keys.sign_in_secret(settings.environment))
    token = provider.id_token(code, pending.verifier, base + CALLBACK, client, secret)
    admit(verified_claims(token, provider.key, Expected(issuer, client, pending.nonce)), settings.sign_in_domains)
    folder = folder_of(pending.target)
    given = reader_cookies(f"{base}{folder}*", settings.site_key_id, private_key, int(now) + READING_SECONDS)
    secure = "Secure; " if base.startswith("https:") else ""
    opening = (f"{name}={value}; Path={folder}; {secure}HttpOnly; SameSite=Lax" for name, value in given.items())
    return HttpResponse(
        status=302, headers={"location": pending.target, **_NO_STORE}, cookies=(*opening, _cookie(base, "", 0))
    )


def _provider(issuer: str, ports: Ports) -> Provider:
    return _PROVIDERS.setdefault(ports.web, Provider(issuer, ports.web, ports.clock))


def _cookie_name(base: str) -> str:
    # With this prefix a browser takes the cookie from this host alone, and from no neighbour in its domain.
    return "__Host-swarm-sign-in" if base.startswith("https:") else "swarm-sign-in"


def _cookie(base: str, value: str, seconds: int) -> str:
    secure = "Secure; " if base.startswith("https:") else ""
    return f"{_cookie_name(base)}={value}; Path=/; Max-Age={seconds}; {secure}HttpOnly; SameSite=Lax"


def _page(status: int, sentence: str, *, offer: bool = False) -> HttpResponse:
    link = f'<p><a href="{START}">Sign in</a></p><p>If you have signed in, there is no such page.</p>' if offer else ""
    body = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign in</title>'
        '<meta name="viewport" content="width=device-width"><style>body{font:1rem/1.5 system-ui;margin:4rem auto;'
        f"max-width:40rem;padding:0 1rem}}</style></head><body><main><h1>Sign in</h1><p>{html.escape(sentence)}</p>"
        f"{link}</main></body></html>"
    )
    return HttpResponse(status=status, body=body, content_type="text/html; charset=utf-8", headers=_PAGE_HEADERS)
