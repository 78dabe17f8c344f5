"""A server on 127.0.0.1 that a person's browser may ask; it serves on a thread until it is closed."""

from __future__ import annotations

import threading
from contextlib import suppress
from http.server import ThreadingHTTPServer

from local.doors import BrowserDoor, GuardedHandler
from local.port import HOST


class BrowserServer:
    """Serves on a free port. With a secret every path begins with it; `address` is host, port and secret."""

    def __init__(self, handler: type[GuardedHandler], secret: str, name: str) -> None:
        """`handler` is a class of this server's own: its door is set here."""
        self._server = _ThreadingServer((HOST, 0), handler)
        port = self._server.server_address[1]
        handler.door = BrowserDoor(port, secret)
        self.address = f"{HOST}:{port}" + (f"/{secret}" if secret else "")
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name=name, daemon=True
        )

    def start(self) -> None:
        """Serve from now on."""
        self._thread.start()

    def close(self) -> None:
        """Serve nothing more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class AnsweringHandler(GuardedHandler):
    """One connection, whose answers are whole bodies."""

    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds that an idle connection stays open

    def answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Send an answer; to HEAD its head alone."""
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        with suppress(OSError):  # the browser has left
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the signature of http.server)
        """Nothing: the terminal is the command's."""


class _ThreadingServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a browser keeps connections open: nobody waits for them at the end
    request_queue_size = 128  # a burst of webhooks is queued, not refused
