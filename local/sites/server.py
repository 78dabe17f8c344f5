"""Serves a distribution on 127.0.0.1, to a person's browser."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie

from local.doors import new_secret
from local.guarded_server import AnsweringHandler, BrowserServer
from local.sites.distribution import Distribution, ViewerRequest


class SiteServer(BrowserServer):
    """Serves until it is closed. Without signed cookies every path begins with a secret, which `domain` has."""

    def __init__(self, distribution: Distribution) -> None:
        class HandlerOfSite(_SiteHandler):
            served = distribution

        super().__init__(HandlerOfSite, "" if distribution.private else new_secret(), "site")
        self.domain = self.address
        self.start()


class _SiteHandler(AnsweringHandler):
    """One connection."""

    served: Distribution

    def do_GET(self) -> None:  # noqa: N802 (the name that http.server calls)
        """Answer with the page."""
        path, _, query = self.path.partition("?")
        base = f"http://{self.headers['Host']}"
        page = self.served.answer(ViewerRequest(base, path, query, list(self.headers.items()), self._cookies()))
        self.answer(page.status, list(page.headers), page.body)

    do_HEAD = do_GET  # noqa: N815 (likewise)

    def _cookies(self) -> dict[str, str]:
        try:
            return {name: morsel.value for name, morsel in SimpleCookie(self.headers.get("Cookie", "")).items()}
        except CookieError:
            return {}
