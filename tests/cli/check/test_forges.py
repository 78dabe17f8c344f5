"""Each host's API, as a small server with its shapes: one comment, created once and updated afterwards."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from cli.check.forges import FORGES, CommentNotPosted, PullRequest, post, pull_request
from cli.errors import BadInput

TOKEN = "token-of-a-test"
_PATHS = {
    "github": ("/repos/o/r/issues/7/comments", "/repos/o/r/issues/comments/"),
    "gitea": ("/repos/o/r/issues/7/comments", "/repos/o/r/issues/comments/"),
    "gitlab": ("/projects/g/s/r/merge_requests/7/notes", "/projects/g/s/r/merge_requests/7/notes/"),
    "bitbucket": ("/repositories/o/r/pullrequests/7/comments", "/repositories/o/r/pullrequests/7/comments/"),
}
_HEADERS = {
    "github": ("Authorization", f"Bearer {TOKEN}"),
    "gitea": ("Authorization", f"token {TOKEN}"),
    "gitlab": ("PRIVATE-TOKEN", TOKEN),
    "bitbucket": ("Authorization", f"Bearer {TOKEN}"),
}
_UPDATE = {"github": "PATCH", "gitea": "PATCH", "gitlab": "PUT", "bitbucket": "PUT"}


class Host(ThreadingHTTPServer):
    """A host with one pull request; `comments` by id, `refused` are ids that the token may not change."""

    def __init__(self, forge: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.forge = forge
        self.comments: dict[int, dict[str, Any]] = {}
        self.refused: set[int] = set()
        self.status = 0
        self.location = ""
        self.calls: list[str] = []
        #: Gitea gives every comment at once, whatever page is asked for, as its API of issues does.
        self.page = 2

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/api"

    def add(self, text: str) -> int:
        number = 1_000_000_000 + len(self.comments)
        entry: dict[str, Any] = {"id": number, "created_at": "2026-11-28T08:00:00Z"}
        body = (
            {"content": {"raw": text, "markup": "markdown", "html": ""}}
            if self.forge == "bitbucket"
            else {"body": text}
        )
        self.comments[number] = entry | body
        return number

    def text(self, number: int) -> str:
        entry = self.comments[number]
        return str(entry["content"]["raw"] if self.forge == "bitbucket" else entry["body"])


class _Handler(BaseHTTPRequestHandler):
    server: Host

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def _answer(self) -> None:
        host, forge = self.server, self.server.forge
        address = urlsplit(self.path)
        path = unquote(address.path).removeprefix("/api")
        host.calls.append(f"{self.command} {path}")
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"null")
        listing, single = _PATHS[forge]
        name, value = _HEADERS[forge]
        if host.status:
            self._send(host.status, {"message": "no"})
        elif self.headers.get(name) != value:
            self._send(401, {"message": "401 Unauthorized"})
        elif path == listing and self.command == "GET":
            self._send(200, self._page(int(parse_qs(address.query)["page"][0])))
        elif path == listing and self.command == "POST":
            self._send(201, host.comments[host.add(self._text(body))])
        elif path.startswith(single) and self.command == _UPDATE[forge]:
            number = int(path.removeprefix(single))
            if number in host.refused:
                self._send(403, {"message": "Must have admin rights to Repository."})
            else:
                host.comments[number].update(body)
                self._send(200, host.comments[number])
        else:
            self._send(404, {"message": "Not Found"})

    do_GET = do_POST = do_PUT = do_PATCH = _answer  # noqa: N815 (the names that http.server calls)

    def _text(self, body: dict[str, Any]) -> str:
        return str(body["content"]["raw"] if self.server.forge == "bitbucket" else body["body"])

    def _page(self, number: int) -> Any:
        host = self.server
        entries = list(host.comments.values())
        part = entries[(number - 1) * host.page : number * host.page]
        if host.forge != "bitbucket":
            return part
        more = {"next": f"{host.api}?page={number + 1}"} if number * host.page < len(entries) else {}
        return {"pagelen": host.page, "page": number, "size": len(entries), "values": part, **more}

    def _send(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@pytest.fixture(params=sorted(FORGES))
def host(request: pytest.FixtureRequest) -> Iterator[Host]:
    server = Host(request.param)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def target(host: Host) -> PullRequest:
    return pull_request(host.forge, host.api, "g/s/r" if host.forge == "gitlab" else "o/r", 7)


def test_the_first_run_creates_the_comment_and_the_next_ones_update_it(host: Host) -> None:
    mark = FORGES[host.forge].mark
    for number in range(5):
        host.add(f"Looks good {number}. {mark}")
    assert post(target(host), f"{mark}\none", TOKEN) == "created"
    assert post(target(host), f"{mark}\ntwo", TOKEN) == "updated"
    assert post(target(host), f"{mark}\ntwo", TOKEN) == "unchanged"
    assert len(host.comments) == 6
    assert host.text(max(host.comments)) == f"{mark}\ntwo"


def test_a_comment_of_somebody_else_that_begins_like_ours_is_left_alone(host: Host) -> None:
    mark = FORGES[host.forge].mark
    host.refused.add(host.add(f"{mark}\nnot ours"))
    assert post(target(host), f"{mark}\none", TOKEN) == "created"
    assert [host.text(number) for number in sorted(host.comments)] == [f"{mark}\nnot ours", f"{mark}\none"]


def test_a_refused_token_is_a_sentence_without_the_token(host: Host) -> None:
    with pytest.raises(CommentNotPosted, match=r"answered 401 to GET .*check that the token may write") as refused:
        post(target(host), "text", "secret-of-nobody")
    assert "secret-of-nobody" not in str(refused.value)


@pytest.mark.parametrize("status", [404, 500, 503])
def test_a_failing_host_is_a_sentence(host: Host, status: int) -> None:
    host.status = status
    with pytest.raises(CommentNotPosted, match=f"answered {status}"):
        post(target(host), "text", TOKEN)


def test_a_redirect_is_not_followed_with_the_token(host: Host) -> None:
    host.status, host.location = 302, f"{host.api}/elsewhere"
    with pytest.raises(CommentNotPosted, match="answered 302"):
        post(target(host), "text", TOKEN)
    assert len(host.calls) == 1


def test_a_host_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(CommentNotPosted, match="cannot be reached"):
        post(pull_request("github", "http://127.0.0.1:9", "o/r", 7), "text", TOKEN)


@pytest.mark.parametrize(
    ("forge", "api", "project", "number", "reason"),
    [
        ("svn", "", "o/r", 7, "the hosts are github, gitlab, gitea, bitbucket"),
        ("gitea", "", "o/r", 7, "needs --api-url"),
        ("github", "http://git.example.org", "o/r", 7, "is the https:// address"),
        ("github", "file:///etc", "o/r", 7, "is the https:// address"),
        ("github", "https://me:secret@git.example.org", "o/r", 7, "without a name or password"),
        ("github", "", "o/../r", 7, "needs --project"),
        ("github", "", "o", 7, "needs --project"),
        ("github", "", "o/r?x=1", 7, "needs --project"),
        ("github", "", "o/r", 0, "needs --project"),
    ],
)
def test_what_names_no_pull_request_is_refused(forge: str, api: str, project: str, number: int, reason: str) -> None:
    with pytest.raises(BadInput, match=reason) as refused:
        pull_request(forge, api, project, number)
    assert "secret" not in str(refused.value)
