"""Serves functions at addresses of 127.0.0.1, as Lambda serves them at their function URLs.

An address of AWS is open to everybody and hard to guess; here the path begins with a secret, and the door of
local/doors.py refuses the pages of other sites.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

from local.doors import new_secret
from local.function_urls.events import LARGEST_BODY_BYTES, UrlAnswer, UrlRequest, answer_of, event_of, too_large
from local.guarded_server import AnsweringHandler, BrowserServer

#: Calls a function with an event; its result and whether it failed, or an answer of Lambda's own.
Call = Callable[[dict[str, object]], tuple[bytes, bool] | UrlAnswer]


class FunctionUrlServer(BrowserServer):
    """Serves one function until it is closed; `url` ends with a slash, as Lambda's do."""

    def __init__(self, call: Call) -> None:
        class HandlerOfFunction(_FunctionHandler):
            called = staticmethod(call)

        super().__init__(HandlerOfFunction, new_secret(), "function-url")
        HandlerOfFunction.host = self.address
        self.url = f"http://{self.address}/"
        self.start()


class _FunctionHandler(AnsweringHandler):
    """One connection."""

    called: Call
    host: str

    def do_GET(self) -> None:  # noqa: N802 (the name that http.server calls)
        """Answer with what the function answers."""
        outcome = self._outcome()
        self.answer(outcome.status, list(outcome.headers), outcome.body)

    do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_GET  # noqa: N815 (likewise)

    def _outcome(self) -> UrlAnswer:
        try:
            length = int(self.headers.get("Content-Length") or 0)
        except ValueError:
            length = -1
        if length < 0 or self.headers.get("Transfer-Encoding"):
            self.close_connection = True
            return UrlAnswer(400, [], b"")
        if length > LARGEST_BODY_BYTES:
            self.close_connection = True
            self._drain(length)
            return too_large()
        body, headers = self.rfile.read(length), list(self.headers.items())
        request = UrlRequest(self.command, self.path, headers, body, self.host, self.client_address[0])
        called = self.called(event_of(request, str(uuid.uuid4()), time.time()))
        return called if isinstance(called, UrlAnswer) else answer_of(called[0], failed=called[1])
