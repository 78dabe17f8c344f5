"""What a distribution answers: the declared behaviours, trusted keys and headers, over the pages of its origin."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import unquote

from local.sites.signed_cookies import CookiesRefused, check_cookies
from local.sites.viewer import LinkRefused, OpenedLink, viewer_request

_LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class ServedPage:
    """An object of the origin."""

    body: bytes
    content_type: str
    cache_control: str = "no-cache"


@dataclass(frozen=True)
class CacheBehaviour:
    """How one path pattern is answered; `keys` are public keys, PEM, by id, and without any everybody reads."""

    pattern: str
    keys: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True)
class HttpAnswer:
    """An HTTP answer."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes = b""


@dataclass(frozen=True)
class Distribution:
    """Behaviours in the order in which their patterns are tried, and the origin: the page of a key, or None."""

    behaviours: Sequence[CacheBehaviour]
    page: Callable[[str], ServedPage | None]

    @property
    def private(self) -> bool:
        """Whether pages are for holders of signed cookies only."""
        return any(behaviour.keys for behaviour in self.behaviours)

    def answer(self, base: str, path: str, query: Mapping[str, str], cookies: Mapping[str, str]) -> HttpAnswer:
        """HttpAnswer a GET of `base` + `path`, nothing of which is decoded."""
        behaviour = next(behaviour for behaviour in self.behaviours if fnmatchcase(path, behaviour.pattern))
        headers = list(behaviour.headers.items())
        try:
            if behaviour.keys:
                check_cookies(cookies, behaviour.keys, f"{base}{path}", time.time(), _LOOPBACK)
            rewritten = viewer_request(path, query)
        except (CookiesRefused, LinkRefused) as refused:
            return _refusal(str(refused) or "AccessDenied", headers)
        if isinstance(rewritten, OpenedLink):
            return _to(rewritten, base)
        page = self.page(unquote(rewritten.removeprefix("/")))
        # A bucket that may not be listed answers so for a missing object, too.
        if page is None:
            return _refusal("AccessDenied", headers)
        page_headers = [("Content-Type", page.content_type), ("Cache-Control", page.cache_control)]
        return HttpAnswer(200, [*page_headers, *headers], page.body)


def _to(opened: OpenedLink, base: str) -> HttpAnswer:
    # A browser sends a Secure cookie over TLS alone, which is what this server has not.
    plain = base.startswith("http://")
    cookies = [
        ("Set-Cookie", f"{name}={value}; {attributes.replace('Secure; ', '') if plain else attributes}")
        for name, (value, attributes) in opened.cookies.items()
    ]
    return HttpAnswer(302, [("Location", opened.location), ("Cache-Control", "no-store"), *cookies])


def _refusal(code: str, headers: Sequence[tuple[str, str]]) -> HttpAnswer:
    body = f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>Access denied</Message></Error>'
    return HttpAnswer(403, [("Content-Type", "text/xml"), ("Cache-Control", "no-store"), *headers], body.encode())
