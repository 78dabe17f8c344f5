"""Rules for files without a syntax tree."""

from __future__ import annotations

import pytest

from tests.agents.codebase.structure.evidence.reading import evidence, rules

PINNED = "FROM python:3.11@sha256:0\n"
TARGET = (
    "on: pull_request_target\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          "
)
CASES = {
    ("dockerfile", "root-container"): (PINNED + "USER app\nUSER root", PINNED + "USER root\nRUN x\nUSER app"),
    ("dockerfile", "floating-base-image"): (
        "FROM python:latest\nUSER a",
        "FROM python:3.11 AS build\nFROM build\nUSER a",
    ),
    ("dockerfile", "pipe-to-shell"): (PINNED + "RUN curl -s https://a.b | sh", PINNED + "# curl https://a.b | sh"),
    ("dockerfile", "remote-add"): (PINNED + "ADD https://a.b/c /c", PINNED + "ADD c /c"),
    ("dockerfile", "tls-verification-off"): (PINNED + "RUN curl -s -k https://a.b", PINNED + "RUN curl -s https://a.b"),
    ("dockerfile", "world-writable"): (PINNED + "RUN chmod -R 777 /a", PINNED + "RUN chmod -R 755 /a"),
    ("github-actions", "pipe-to-shell"): ("- run: curl https://a.b | bash", "- run: curl https://a.b | jq ."),
    ("github-actions", "broad-permissions"): ("permissions: write-all", "permissions:\n  contents: read"),
    ("github-actions", "unpinned-action"): (
        "- uses: someone/thing@v1",
        "- uses: actions/checkout@v4\n- uses: a/b@" + "0a" * 20,
    ),
    ("github-actions", "workflow-injection"): (
        "- run: |\n    echo ${{ github.event.issue.title }}",
        "- env:\n    TITLE: ${{ github.event.issue.title }}\n  run: echo $TITLE",
    ),
    ("github-actions", "untrusted-checkout"): (
        TARGET + "ref: ${{ github.event.pull_request.head.sha }}",
        TARGET.replace("_target", "") + "ref: ${{ github.event.pull_request.head.sha }}",
    ),
    ("gitlab-ci", "pipe-to-shell"): ("  - wget -qO- https://a.b | sh", "  - wget https://a.b"),
    ("yaml", "privileged-container"): ("    privileged: true", "    privileged: false"),
    ("yaml", "docker-socket"): ("  - /var/run/docker.sock:/var/run/docker.sock", "  - ./data:/data"),
}


@pytest.mark.parametrize(("language", "rule"), sorted(CASES))
def test_should_find_the_setting_and_leave_its_harmless_neighbour(language: str, rule: str) -> None:
    shape, harmless = CASES[language, rule]

    assert rule in rules(language, shape)
    assert rule not in rules(language, harmless)


def test_should_cite_the_last_stage_when_no_user_is_set() -> None:
    found = evidence("dockerfile", "FROM a:1 AS build\nUSER x\nFROM b:2\nRUN y\n")

    assert [(one.rule, one.lines.start) for one in found] == [("root-container", 3)]
