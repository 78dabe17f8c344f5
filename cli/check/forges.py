"""Writes the comment to a pull request of GitHub, GitLab, Gitea or Bitbucket: the one that is there is updated."""

from __future__ import annotations

import http.client
import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from agents.web import NoRedirect
from cli.check.comment import MARK, MARK_WITHOUT_HTML
from cli.errors import BadInput, CommandError

_SECONDS = 20
_LARGEST_ANSWER = 20_000_000
_MOST_PAGES = 50
_PAGE = 100
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_PROJECT = re.compile(r"^[\w.-]+(?:/[\w.-]+)+$|^\d+$")


class CommentNotPosted(CommandError):
    """The host refused the comment, or could not be reached; `status` is what it answered, 0 without an answer."""

    def __init__(self, sentence: str, status: int = 0) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class PullRequest:
    """Where the comment goes: the host's kind and API, the project and the pull request's number."""

    forge: str
    api: str
    project: str
    number: int


@dataclass(frozen=True)
class Forge:
    """One kind of host: its addresses, its authorisation, and how its comments look."""

    api: str
    variables: tuple[str, ...]
    comments: Callable[[str, int], str]
    comment: Callable[[str, int, str], str]
    authorisation: Callable[[str], Mapping[str, str]]
    update: str = "PATCH"
    mark: str = MARK
    text_of: Callable[[Mapping[str, Any]], str] = lambda entry: str(entry.get("body") or "")
    body: Callable[[str], Mapping[str, Any]] = lambda text: {"body": text}


def _of_issue(project: str, number: int) -> str:
    return f"/repos/{project}/issues/{number}/comments"


def _of_issues(project: str, _: int, comment: str) -> str:
    return f"/repos/{project}/issues/comments/{comment}"


def _merge_request(project: str, number: int) -> str:
    return f"/projects/{quote(project, safe='')}/merge_requests/{number}/notes"


def _bitbucket(project: str, number: int) -> str:
    return f"/repositories/{project}/pullrequests/{number}/comments"


FORGES: Mapping[str, Forge] = {
    "github": Forge(
        "https://api.github.com",
        ("GITHUB_TOKEN", "GH_TOKEN"),
        _of_issue,
        _of_issues,
        lambda token: {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"},
    ),
    "gitlab": Forge(
        "https://gitlab.com/api/v4",
        ("GITLAB_TOKEN",),
        _merge_request,
        lambda project, number, comment: f"{_merge_request(project, number)}/{comment}",
        lambda token: {"PRIVATE-TOKEN": token},
        update="PUT",
    ),
    "gitea": Forge("", ("GITEA_TOKEN",), _of_issue, _of_issues, lambda token: {"Authorization": f"token {token}"}),
    "bitbucket": Forge(
        "https://api.bitbucket.org/2.0",
        ("BITBUCKET_TOKEN",),
        _bitbucket,
        lambda project, number, comment: f"{_bitbucket(project, number)}/{comment}",
        lambda token: {"Authorization": f"Bearer {token}"},
        update="PUT",
        mark=MARK_WITHOUT_HTML,
        text_of=lambda entry: str((entry.get("content") or {}).get("raw") or ""),
        body=lambda text: {"content": {"raw": text}},
    ),
}


def pull_request(forge: str, api: str, project: str, number: int) -> PullRequest:
    """The pull request, if these values can name one. Raises BadInput."""
    if forge not in FORGES:
        raise BadInput(f"--post {forge}: the hosts are {', '.join(FORGES)}")
    address = (api or FORGES[forge].api).rstrip("/")
    parts = urlsplit(address)
    if not address:
        raise BadInput(f"--post {forge} needs --api-url, such as https://git.example.org/api/v1")
    if (
        not parts.hostname
        or parts.username
        or not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL))
    ):
        raise BadInput("--api-url is the https:// address of the host's API, without a name or password in it")
    if not _PROJECT.match(project) or ".." in project.split("/") or number < 1:
        raise BadInput("--post needs --project OWNER/NAME and --pull-request NUMBER")
    return PullRequest(forge, address, project, number)


def post(request: PullRequest, text: str, token: str) -> str:
    """Create the comment, or update the one that an earlier run has made; which of the two, as a word.

    Raises CommentNotPosted.
    """
    forge = FORGES[request.forge]
    call = _Calls(request.api, forge.authorisation(token))
    comments = forge.comments(request.project, request.number)
    for entry in _entries(call, comments):
        if forge.text_of(entry).startswith(forge.mark) and not entry.get("deleted"):
            if forge.text_of(entry).strip() == text.strip():
                return "unchanged"
            address = forge.comment(request.project, request.number, str(int(entry["id"])))
            try:
                call(forge.update, address, forge.body(text))
            except CommentNotPosted as error:
                if error.status not in {403, 404}:
                    raise
                continue  # it begins with our mark, but is somebody else's
            return "updated"
    call("POST", comments, forge.body(text))
    return "created"


def _entries(call: _Calls, comments: str) -> Iterator[Mapping[str, Any]]:
    """Every comment of the pull request; a list by pages, or Bitbucket's object with its next page."""
    for page in range(1, _MOST_PAGES + 1):
        answer = call("GET", f"{comments}?per_page={_PAGE}&limit={_PAGE}&pagelen={_PAGE}&page={page}")
        entries = answer.get("values") if isinstance(answer, dict) else answer
        if not isinstance(entries, list):
            raise CommentNotPosted("The host's list of comments is not one: check --api-url")
        yield from (entry for entry in entries if isinstance(entry, dict) and str(entry.get("id", "")).isdigit())
        more = bool(answer.get("next")) if isinstance(answer, dict) else len(entries) > 0
        if not more:
            return


@dataclass(frozen=True)
class _Calls:
    api: str
    headers: Mapping[str, str]

    def __call__(self, method: str, address: str, body: Mapping[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "User-Agent": "swarm-check", **self.headers}
        request = urllib.request.Request(  # noqa: S310 (pull_request has checked the scheme)
            self.api + address, data, headers, method=method
        )
        host = urlsplit(self.api).hostname
        try:
            with urllib.request.build_opener(NoRedirect).open(request, timeout=_SECONDS) as answer:
                return json.loads(answer.read(_LARGEST_ANSWER) or b"null")
        except urllib.error.HTTPError as error:
            error.close()
            answered = f"{host} answered {error.code} to {method} {address.partition('?')[0]}"
            raise CommentNotPosted(f"{answered}: {_advice(error.code)}", error.code) from None
        except (OSError, http.client.HTTPException) as error:
            raise CommentNotPosted(f"{host} cannot be reached: {error}. Check --api-url and the network") from error
        except ValueError as error:
            raise CommentNotPosted(f"{host} did not answer with JSON: check --api-url") from error


def _advice(code: int) -> str:
    if code in {401, 403}:
        return "check that the token may write comments"
    if code == 404:
        return "check --project and --pull-request, and that the token may see them"
    return "try again"
