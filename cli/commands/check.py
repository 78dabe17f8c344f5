"""`swarm check`: which documented statements a change touches, without a model and without AWS."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from cli.check.checking import check as checked
from cli.check.comment import comment
from cli.check.forges import FORGES, PullRequest, post, pull_request
from cli.check.git import GitRepository
from cli.check.report import as_data, lines_of
from cli.check.versions import Version, version_of
from cli.disk_errors import explained
from cli.errors import BadInput, ExitCode, printable
from cli.site.finished import finished_site

FAILURES = ("statements", "undocumented", "removed")
_ANY = "any"


@dataclass(frozen=True)
class CheckRequest:
    """The arguments of `swarm check`; `other` is empty for a range of commits."""

    span: str
    other: str = ""
    folder: Path = Path()
    site: Path | None = None
    fail_on: tuple[str, ...] = ()
    json: bool = False
    comment_file: Path | None = None
    post: PullRequest | None = None


def fail_on_from(words: str) -> tuple[str, ...]:
    """The kinds in `statements,removed`, or all of them for `any`. Raises BadInput."""
    wanted = [word.strip() for word in words.split(",") if word.strip()]
    unknown = [word for word in wanted if word not in {*FAILURES, _ANY}]
    if unknown:
        raise BadInput(f"--fail-on {unknown[0]}: it takes {', '.join(FAILURES)} or {_ANY}")
    return FAILURES if _ANY in wanted else tuple(wanted)


def target_from(forge: str, api: str, project: str, number: int, variables: Mapping[str, str]) -> PullRequest:
    """The pull request of the options, completed from the variables that the host's CI sets. Raises BadInput."""
    if forge == "github":
        api, project = api or variables.get("GITHUB_API_URL", ""), project or variables.get("GITHUB_REPOSITORY", "")
    elif forge == "gitlab":
        api, project = api or variables.get("CI_API_V4_URL", ""), project or variables.get("CI_PROJECT_ID", "")
        number = number or _number(variables.get("CI_MERGE_REQUEST_IID", ""))
    elif forge == "bitbucket":
        project = project or variables.get("BITBUCKET_REPO_FULL_NAME", "")
        number = number or _number(variables.get("BITBUCKET_PR_ID", ""))
    return pull_request(forge, api, project, number)


def number_from(text: str | None) -> int:
    """A pull request's number, 0 where none is given. Raises BadInput."""
    if text is None:
        return 0
    if not _number(text):
        raise BadInput(f"--pull-request {text}: it is a whole number above 0")
    return _number(text)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 0


def check(request: CheckRequest, messages: Console, answers: Console) -> ExitCode:
    """Print what the change touches. Exit code 1: something that --fail-on names."""
    token = _token(request.post, os.environ) if request.post else ""
    older, newer = _versions(request)
    site = finished_site(request.site) if request.site else None
    result = checked(older, newer, site)
    failed = any(result.counts[kind] for kind in request.fail_on)
    if request.json:
        names = (getattr(older, "name", request.span), getattr(newer, "name", request.other))
        # Escaped, because names of files may be no Unicode.
        answers.file.write(json.dumps(as_data(result, *names, failed)) + os.linesep)
    else:
        for line in lines_of(result):
            answers.print(printable(line), markup=False, highlight=False, soft_wrap=True)
    if request.comment_file:
        with explained(f"The comment cannot be written: {request.comment_file}"):
            request.comment_file.expanduser().write_text(comment(result), encoding="utf-8")
    if request.post:
        done = post(request.post, comment(result, FORGES[request.post.forge].mark), token)
        messages.print(f"The comment on pull request {request.post.number} is {done}.", markup=False, soft_wrap=True)
    return ExitCode.SESSION_FAILED if failed else ExitCode.DONE


def _token(target: PullRequest, variables: Mapping[str, str]) -> str:
    names = ("SWARM_COMMENT_TOKEN", *FORGES[target.forge].variables)
    token = next((variables[name] for name in names if variables.get(name, "").strip()), "").strip()
    if not token or not token.isascii() or not token.isprintable():
        raise BadInput(f"--post needs a token that may write comments, in the variable {' or '.join(names)}")
    return token


def _versions(request: CheckRequest) -> tuple[Version, Version]:
    if request.other:
        return version_of(Path(request.span)), version_of(Path(request.other))
    return GitRepository(request.folder.expanduser()).versions(request.span)
