"""Who may speak to a server on this machine: no page in a browser, no name but its own, nobody without its secret.

127.0.0.1 is no border. A page of the web that is open in a browser here may send requests to it, from its own origin
or, with a name that it makes point here, under that name; and so may every other user of the machine. Each server of
ours answers through GuardedHandler, before it looks at the verb, the path or the body.
"""

from __future__ import annotations

import secrets
import socket
from contextlib import suppress
from email.message import Message
from hmac import compare_digest
from http.server import BaseHTTPRequestHandler
from typing import Final

from local.heads import ordinary_head

#: What of a refused request's body is read, so that its sender reads the answer before the connection ends.
_DRAINED_BYTES: Final = 16 * 1024 * 1024
_DRAIN_SECONDS: Final = 1.0


def new_secret() -> str:
    """256 random bits, in letters that fit into a path, a header and a variable."""
    return secrets.token_hex(32)


class Door:
    """The check of one server.

    With a `secret`, every path begins with it; where `bearer` is set, a request may also carry it as its bearer token,
    as clients of OpenAI's API send their key.
    """

    def __init__(self, port: int, secret: str = "", *, bearer: bool = False) -> None:
        self._hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
        self._prefix = f"/{secret}" if secret else ""
        self._token = f"Bearer {secret}" if bearer and secret else ""

    def refusal(self, headers: Message, path: str) -> str:
        """Why a request is not answered; empty for one that is."""
        hosts = headers.get_all("Host") or []
        if len(hosts) != 1 or hosts[0].strip().lower() not in self._hosts:
            return "the Host header names another server"
        if self._is_of_a_page(headers):
            return "requests of pages in a browser are not answered"
        if not path.startswith("/"):
            return "the request's target is not a path"
        if not self._begins_with_secret(path) and not self._carries_token(headers):
            return "the path does not begin with this server's secret"
        return ""

    def inner(self, path: str) -> str:
        """The path without the secret."""
        return path[len(self._prefix) :] if self._begins_with_secret(path) else path

    def _is_of_a_page(self, headers: Message) -> bool:
        """Whether a page in a browser has sent the request."""
        return "Origin" in headers or any(name.lower().startswith("sec-fetch-") for name in headers)

    def _begins_with_secret(self, path: str) -> bool:
        length = len(self._prefix)
        return _equal(path[:length], self._prefix) and path[length : length + 1] == "/"

    def _carries_token(self, headers: Message) -> bool:
        return bool(self._token) and _equal(headers.get("Authorization", ""), self._token)


class BrowserDoor(Door):
    """The check of a server whose pages a person reads: they alone may ask it for anything; a link may lead to it."""

    def _is_of_a_page(self, headers: Message) -> bool:
        """Whether a page from elsewhere has sent the request, or shows ours inside itself."""
        origin, site = headers.get("Origin"), headers.get("Sec-Fetch-Site", "none")
        leads_here = (headers.get("Sec-Fetch-Mode"), headers.get("Sec-Fetch-Dest")) == ("navigate", "document")
        foreign = site not in {"none", "same-origin"} and not leads_here
        return foreign or (origin is not None and origin.removeprefix("http://") not in self._hosts)


def _equal(given: str, wanted: str) -> bool:
    """In a time that says nothing of where they differ."""
    return compare_digest(given.encode("utf-8", "replace"), wanted.encode())


class GuardedHandler(BaseHTTPRequestHandler):
    """Handles requests that pass the `door`; the others get 403, whatever their verb."""

    door: Door
    raw_requestline: bytes

    def parse_request(self) -> bool:
        """Read the request's head; False when it has been answered already."""
        if not self._read_head():
            return False
        refusal = self.door.refusal(self.headers, self.path)
        if not refusal:
            self.path = self.door.inner(self.path)
            return True
        self.close_connection = True
        self._refuse(refusal)
        return False

    def _read_head(self) -> bool:
        head = ordinary_head(self.raw_requestline, self.rfile) if self.protocol_version == "HTTP/1.1" else None
        if head is None:
            return super().parse_request()
        self.command, self.path, self.headers = head
        self.request_version = "HTTP/1.1"
        self.requestline = f"{self.command} {self.path} {self.request_version}"
        self.close_connection = self.headers.get("Connection", "").lower() == "close"
        return self.headers.get("Expect", "").lower() != "100-continue" or self.handle_expect_100()

    def refusal_answer(self, reason: str) -> tuple[str, bytes]:
        """Content type and body of a refusal."""
        return "text/plain; charset=utf-8", f"403: {reason}\n".encode()

    def _refuse(self, reason: str) -> None:
        kind, body = self.refusal_answer(reason)
        self.send_response_only(403)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), ("Connection", "close")):
            self.send_header(name, value)
        with suppress(OSError, ValueError):  # the sender is gone, or its Content-Length is no number
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_WR)
            self._drain(min(int(self.headers.get("Content-Length") or 0), _DRAINED_BYTES))

    def _drain(self, length: int) -> None:
        self.connection.settimeout(_DRAIN_SECONDS)
        while length > 0 and (read := len(self.rfile.read1(min(length, 1 << 16)))):
            length -= read
