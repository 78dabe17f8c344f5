"""What a distribution answers: the declared behaviours, trusted keys and headers, over the pages of its origin."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
class ViewerRequest:
    """A GET of `base` + `path`; neither path nor query is decoded."""

    base: str
    path: str
    query: str = ""
    headers: Sequence[tuple[str, str]] = ()
    cookies: Mapping[str, str] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, str]:
        """The query's values, as CloudFront's functions see them."""
        return dict(part.partition("=")[::2] for part in self.query.split("&"))


@dataclass(frozen=True)
class CacheBehaviour:
    """How one path pattern is answered.

    `keys` are public keys, PEM, by id, and without any everybody reads. `function` answers instead of the pages.
    """

    pattern: str
    keys: Mapping[str, str]
    headers: Mapping[str, str]
    function: Callable[[ViewerRequest], HttpAnswer] | None = None


@dataclass(frozen=True)
class HttpAnswer:
    """An HTTP answer."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes = b""


@dataclass(frozen=True)
class Distribution:
    """Behaviours in the order in which their patterns are tried, and the origin: the page of a key, or None.

    `error_pages` are the paths of pages that are sent with a status in place of the origin's own.
    """

    behaviours: Sequence[CacheBehaviour]
    page: Callable[[str], ServedPage | None]
    error_pages: Mapping[int, str] = field(default_factory=dict)

    @property
    def private(self) -> bool:
        """Whether pages are for holders of signed cookies only."""
        return any(behaviour.keys for behaviour in self.behaviours)

    def answer(self, request: ViewerRequest) -> HttpAnswer:
        """The origin's answer, or the page for its status."""
        answer = self._answer(request)
        path = self.error_pages.get(answer.status)
        if path is None:
            return answer
        # CloudFront fetches the page by itself, with nothing of the viewer's.
        page = self._answer(ViewerRequest(request.base, path))
        return replace(page, status=answer.status) if page.status == 200 else page

    def _answer(self, request: ViewerRequest) -> HttpAnswer:
        behaviour = next(each for each in self.behaviours if fnmatchcase(request.path, each.pattern))
        headers = list(behaviour.headers.items())
        try:
            if behaviour.keys:
                url = f"{request.base}{request.path}"
                check_cookies(request.cookies, behaviour.keys, url, time.time(), _LOOPBACK)
            target = viewer_request(request.path, request.values)
        except (CookiesRefused, LinkRefused) as refused:
            return _refusal(str(refused) or "AccessDenied", headers)
        if isinstance(target, OpenedLink):
            return _to(target, request.base)
        if behaviour.function is not None:
            answer = behaviour.function(request)
            own = [(name, value) for name, value in answer.headers if name.lower() not in _lower(behaviour.headers)]
            return replace(answer, headers=[*own, *headers])
        page = self.page(unquote(target.removeprefix("/")))
        # A bucket that may not be listed answers so for a missing object, too.
        if page is None:
            return _refusal("AccessDenied", headers)
        cached = [("Content-Type", page.content_type), ("Cache-Control", page.cache_control)]
        return HttpAnswer(200, [*cached, *headers], page.body)


def _lower(headers: Mapping[str, str]) -> set[str]:
    return {name.lower() for name in headers}


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
