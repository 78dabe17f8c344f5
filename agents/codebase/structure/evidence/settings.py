"""Rules for files without a syntax tree: Dockerfiles, workflows, compose and Kubernetes files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agents.codebase.structure.evidence.rules import LineRule
from agents.codebase.structure.evidence.scripting import PIPE_TO_SHELL
from agents.contracts.structure import Topic

#: A longer line was not written by hand, and reading all of it could take long.
LINE_LIMIT = 2000

_EVENT = (
    r"\$\{\{\s{0,9}(?:github\.head_ref|github\.event\.(?:issue|pull_request|comment|review|discussion|head_commit)"
    r"\.(?:title|body|head\.ref|head\.label|message|author\.(?:name|email)))\s{0,9}\}\}"
)
_EVENT_PATTERN = re.compile(_EVENT)
_USES = re.compile(r"^\s{0,40}-?\s{0,9}uses:\s{1,9}[\"']?([\w.-]{1,100})/[\w./-]{1,200}@([\w./-]{1,100})")
_OWN_ACTIONS = frozenset({"actions", "github"})
_RUN = re.compile(r"^(\s{0,60})(?:-\s{1,9})?run:")
_FROM = re.compile(
    r"^\s{0,9}FROM\s{1,9}(?:--platform=\S{1,60}\s{1,9})?(\S{1,300})(?:\s{1,9}AS\s{1,9}(\S{1,100}))?", re.IGNORECASE
)
_USER = re.compile(r"^\s{0,9}USER\s{1,9}(\S{1,100})", re.IGNORECASE)

DOCKERFILE = (
    LineRule("pipe-to-shell", Topic.SECURITY, PIPE_TO_SHELL),
    LineRule("remote-add", Topic.SECURITY, re.compile(r"^\s{0,9}ADD\s{1,9}https?://", re.IGNORECASE)),
    LineRule(
        "tls-verification-off",
        Topic.SECURITY,
        re.compile(r"\bcurl\s[^|;&]{0,200}(?:\s-k\s|--insecure)|--no-check-certificate"),
    ),
    LineRule("world-writable", Topic.SECURITY, re.compile(r"\bchmod\s{1,9}(?:-R\s{1,9})?0?777\b")),
)
WORKFLOW = (
    LineRule("pipe-to-shell", Topic.SECURITY, PIPE_TO_SHELL),
    LineRule("broad-permissions", Topic.SECURITY, re.compile(r"^\s{0,20}permissions:\s{1,9}write-all\b")),
)
MANIFEST = (
    LineRule("privileged-container", Topic.SECURITY, re.compile(r"^\s{0,60}-?\s{0,9}privileged:\s{1,9}true\b")),
    LineRule("docker-socket", Topic.SECURITY, re.compile(r"^\s{0,60}-\s{1,9}[\"']?/var/run/docker\.sock:")),
)
_TABLES = {"dockerfile": DOCKERFILE, "github-actions": WORKFLOW, "gitlab-ci": WORKFLOW[:1], "yaml": MANIFEST}


def find(language: str, lines: Sequence[str]) -> Iterator[tuple[Topic, str, int]]:
    """Topic, rule and line number (from 1) of everything found; comment lines are passed over."""
    table = _TABLES.get(language, ())
    lines = [line[:LINE_LIMIT] for line in lines]
    for number, line in enumerate(lines, 1) if table else ():
        if line.lstrip().startswith("#"):
            continue
        for rule in table:
            if rule.pattern.search(line):
                yield rule.topic, rule.name, number
    if language == "dockerfile":
        yield from ((Topic.SECURITY, name, number) for name, number in _dockerfile(lines))
    if language == "github-actions":
        yield from ((Topic.SECURITY, name, number) for name, number in _workflow(lines))


def _dockerfile(lines: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The image's base and user: the last stage's USER decides, an earlier stage is thrown away."""
    stages: set[str] = set()
    user, base = ("", 0), 0
    for number, line in enumerate(lines, 1):
        if start := _FROM.match(line):
            image, stage = start[1], start[2]
            user, base = ("", 0), number
            floating = image.endswith(":latest") or (":" not in image.rsplit("/", 1)[-1] and "@" not in image)
            if floating and image.lower() not in stages | {"scratch"} and "$" not in image:
                yield "floating-base-image", number
            stages.add((stage or "").lower())
        elif named := _USER.match(line):
            user = (named[1].split(":")[0], number)
    if user[0] in {"root", "0"}:
        yield "root-container", user[1]
    elif not user[0] and base:
        yield "root-container", base


def _workflow(lines: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Third-party actions by a movable name, event text in commands, and checkouts of strangers' code with secrets."""
    run_indent: int | None = None
    target = next((n for n, line in enumerate(lines, 1) if re.match(r"[^#]{0,80}\bpull_request_target\b", line)), 0)
    for number, line in enumerate(lines, 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        indent = len(line) - len(line.lstrip())
        if opened := _RUN.match(line):
            run_indent = len(opened[1])
        elif run_indent is not None and indent <= run_indent:
            run_indent = None
        if run_indent is not None and _EVENT_PATTERN.search(line):
            yield "workflow-injection", number
        used = _USES.match(line)
        if used and used[1] not in _OWN_ACTIONS and not re.fullmatch(r"[0-9a-f]{40}", used[2]):
            yield "unpinned-action", number
        if target and re.search(r"\bref:\s{1,9}\S{0,9}\s?github\.(?:event\.pull_request\.head|head_ref)", line):
            yield "untrusted-checkout", number
