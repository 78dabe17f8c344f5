"""Serves a distribution on 127.0.0.1, to a person's browser."""

from __future__ import annotations

import threading
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from http.server import ThreadingHTTPServer

from local.doors import BrowserDoor, GuardedHandler, new_secret
from local.port import HOST
from local.sites.distribution import Distribution, HttpAnswer

_IDLE_SECONDS = 30


class SiteServer:
    """Serves until it is closed. Without signed cookies every path begins with a secret, which `domain` has."""

    def __init__(self, distribution: Distribution) -> None:
        secret = "" if distribution.private else new_secret()

        class HandlerOfSite(_SiteHandler):
            served = distribution

        self._server = _Server((HOST, 0), HandlerOfSite)
        port = self._server.server_address[1]
        HandlerOfSite.door = BrowserDoor(port, secret)
        self.domain = f"{HOST}:{port}" + (f"/{secret}" if secret else "")
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="site", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Serve nothing more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A browser keeps connections open: nobody waits for them at the end.
    block_on_close = False


class _SiteHandler(GuardedHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    served: Distribution

    def do_GET(self) -> None:  # noqa: N802 (the name that http.server calls)
        """HttpAnswer with the page."""
        path, _, query = self.path.partition("?")
        # As CloudFront's functions see them: nothing is decoded.
        values = dict(part.partition("=")[::2] for part in query.split("&"))
        self._send(self.served.answer(f"http://{self.headers['Host']}", path, values, self._cookies()))

    do_HEAD = do_GET  # noqa: N815 (likewise)

    def _cookies(self) -> dict[str, str]:
        try:
            return {name: morsel.value for name, morsel in SimpleCookie(self.headers.get("Cookie", "")).items()}
        except CookieError:
            return {}

    def _send(self, answer: HttpAnswer) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        with suppress(OSError):  # the browser has left
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the signature of http.server)
        """Nothing: the terminal is the command's."""
