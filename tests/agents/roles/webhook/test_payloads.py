"""A payload of each host is read as the commits that it announces, and a broken one is refused by its field."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from agents.contracts.webhook import HostKind, RefKind
from agents.roles.webhook.payloads import PayloadRefused, pushes_of
from tests.events.deliveries import PAYLOADS, payload

BRANCH, TAG = RefKind.BRANCH, RefKind.TAG


@pytest.mark.parametrize(
    ("name", "announced"),
    [
        ("github-push", [("Codertocat/Hello-World", BRANCH, "master", "6113728f", "master", 1557933644)]),
        ("github-tag", [("Codertocat/Hello-World", TAG, "v1.0", "6113728f", "master", 1557933644)]),
        ("github-deleted", []),
        ("github-release", [("Codertocat/Hello-World", TAG, "0.0.1", None, "master", 1557933653)]),
        ("github-ping", []),
        ("github-pull-request", []),
        ("gitlab-push", [("mike/diaspora", BRANCH, "master", "da156088", "master", 0)]),
        ("gitlab-tag", [("jsmith/group/example", TAG, "v1.0.0", "da156088", "master", 0)]),
        ("gitlab-deleted", []),
        ("gitlab-release", [("mike/diaspora", TAG, "v1.1", "ee0a3fb3", "master", 0)]),
        ("gitlab-merge-request", []),
        (
            "bitbucket-push",
            [
                ("team_name/repo_name", BRANCH, "main", "709d658d", "main", 0),
                ("team_name/repo_name", TAG, "v2", "709d658d", "main", 0),
            ],
        ),
        ("bitbucket-deleted", []),
        ("bitbucket-pull-request", []),
        ("bitbucket-data-center", [("PROJ/repository", BRANCH, "master", "178864a7", "", 1505305106)]),
        ("bitbucket-data-center-tag", [("PROJ/repository", TAG, "v2.0", "178864a7", "", 1505305106)]),
        ("bitbucket-data-center-deleted", []),
        ("bitbucket-data-center-pull-request", []),
        ("gitea-push", [("gitea/webhooks", BRANCH, "master", "bffeb742", "master", 0)]),
        ("gitea-release", [("gitea/webhooks", TAG, "v1.2.0", None, "master", 1489427531)]),
        ("gitea-tag", [("gitea/webhooks", TAG, "v1.2.0", "bffeb742", "master", 0)]),
        ("gitea-deleted", []),
        ("gitea-pull-request", []),
        ("plain-tag", [("team/project", TAG, "v3.1", "8f2e1c0d", "", 1790000000)]),
        ("plain-push", [("team/project", BRANCH, "main", "8f2e1c0d", "", 1790000000)]),
    ],
)
def test_each_hosts_payload_is_read(name: str, announced: list[tuple[Any, ...]]) -> None:
    provider, event, body = payload(name)

    pushes = pushes_of(HostKind(provider), event, body)

    assert [
        (
            push.repository,
            push.kind,
            push.ref,
            push.commit[:8] if push.commit else None,
            push.default_branch,
            push.pushed_at,
        )
        for push in pushes
    ] == announced


def test_every_payload_file_is_read_by_a_test() -> None:
    (read,) = (mark for mark in test_each_hosts_payload_is_read.pytestmark if mark.name == "parametrize")
    assert {name for name, _ in read.args[1]} == {file.stem for file in PAYLOADS.glob("*.json")}


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("github-push", "repository.full_name", "../../etc/passwd"),
        ("github-push", "repository.full_name", "owner/.git"),
        ("github-push", "repository.full_name", "owner"),
        ("github-push", "repository.full_name", "owner/name\n"),
        ("github-push", "repository.full_name", ["owner/name"]),
        ("github-push", "repository", None),
        ("github-push", "ref", 7),
        ("github-push", "head_commit.id", "6113728f"),
        ("github-push", "head_commit.id", "$(reboot)"),
        ("github-release", "release.published_at", "yesterday"),
        ("gitlab-push", "project.path_with_namespace", "/mike/diaspora"),
        ("gitlab-push", "checkout_sha", "HEAD"),
        ("bitbucket-push", "push.changes", {"new": 1}),
        ("bitbucket-data-center", "repository.slug", "a/../b"),
        ("gitea-push", "repository.full_name", "gitea/web hooks"),
        ("plain-push", "commit", ""),
        ("plain-push", "ref", "main"),
        ("plain-push", "pushed_at", -(10**30)),
        ("plain-push", "repository", "team/" + "x" * 300),
    ],
)
def test_a_field_that_is_not_what_its_host_documents_is_refused(name: str, path: str, value: Any) -> None:
    provider, event, body = payload(name)
    broken = copy.deepcopy(body)
    place = broken
    *folders, field = path.split(".")
    for folder in folders:
        place = place[folder]
    place[field] = value

    if name == "plain-push" and path == "pushed_at":
        assert pushes_of(HostKind(provider), event, broken)[0].pushed_at == 0
        return
    with pytest.raises(PayloadRefused):
        pushes_of(HostKind(provider), event, broken)


@pytest.mark.parametrize("body", [[], "text", 7, None])
def test_a_body_that_is_no_object_is_refused(body: object) -> None:
    with pytest.raises(PayloadRefused):
        pushes_of(HostKind.GITHUB, "push", body)
