"""A small code host on 127.0.0.1: archives by commit, in the addresses of GitHub, GitLab, Gitea and plain files."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit


def archive_of(files: Mapping[str, str], folder: str = "owner-name-0123456") -> bytes:
    """A tar.gz as code hosts make them: one folder around everything, the same bytes every time."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, text in files.items():
            info = tarfile.TarInfo(f"{folder}/{name}")
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
    return gzip.compress(packed.getvalue(), mtime=0)


@dataclass
class CodeHost:
    """Serves until it is closed. `answers` overrides an address: status, headers, body.

    An address that holds a text of `waits` is answered once its event is set.
    """

    archives: dict[str, bytes] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    waits: dict[str, threading.Event] = field(default_factory=dict)
    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        host = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                host.requests.append((self.command, self.path, headers, body))
                for event in [event for text, event in host.waits.items() if text in self.path]:
                    event.wait()
                status, more, answer = host.answer_to(self.path)
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_POST = do_GET  # noqa: N815 (likewise)

            def log_message(self, *_: object) -> None:
                """Tests read `requests`."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def answer_to(self, target: str) -> tuple[int, dict[str, str], bytes]:
        """What an address answers: an override, an archive whose commit it names, or what a ref points to."""
        path = urlsplit(target).path
        if path in self.answers:
            return self.answers[path]
        commit = next((commit for commit in self.archives if commit in target), "")
        if commit and "/commits/" not in path:
            return 200, {"Content-Type": "application/gzip"}, self.archives[commit]
        ref = unquote(path.rpartition("/")[2])
        if ref in self.refs:
            return 200, {}, json.dumps({"sha": self.refs[ref], "id": self.refs[ref], "hash": self.refs[ref]}).encode()
        return 404, {}, b"{}"

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
