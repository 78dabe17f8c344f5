"""What a host's payload says was pushed. Pure.

Only what is needed is read, by its place in the payload as the host documents it; addresses in a payload are never
read: where a host is, the stack's settings say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from agents.contracts.webhook import HostKind, Push, RefKind

_HEADS, _TAGS = "refs/heads/", "refs/tags/"

Payload = Mapping[str, Any]


class PayloadRefused(Exception):
    """The payload is not what its host documents; the message names the field."""


def pushes_of(provider: HostKind, event: str, payload: object) -> list[Push]:
    """Every commit that a payload announces; none for an event that documents nothing. Raises PayloadRefused."""
    if not isinstance(payload, Mapping):
        raise PayloadRefused("the body is no JSON object")
    reader = _READERS.get((provider, event))
    if reader is None:
        return []
    try:
        return list(reader(payload))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise PayloadRefused(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except KeyError as error:
        raise PayloadRefused(f"{error.args[0]} is missing") from None
    except (TypeError, ValueError, AttributeError):
        raise PayloadRefused("a field has another type than its host documents") from None


def _by_ref(ref: str) -> tuple[RefKind, str] | None:
    for prefix, kind in ((_HEADS, RefKind.BRANCH), (_TAGS, RefKind.TAG)):
        if ref.startswith(prefix):
            return kind, ref.removeprefix(prefix)
    return None


def _is_nothing(commit: str) -> bool:
    """Whether a branch or tag was deleted: hosts send a commit of zeros."""
    return not commit.strip("0")


def _seconds(value: object) -> int:
    """A time that a host writes as seconds or in ISO 8601; 0 where it says none."""
    if isinstance(value, int):
        return max(0, value)
    return max(0, int(datetime.fromisoformat(value).timestamp())) if isinstance(value, str) and value else 0


def _push(provider: HostKind) -> Callable[[Payload], Iterator[Push]]:
    def read(payload: Payload) -> Iterator[Push]:
        place = _by_ref(payload["ref"])
        if place is None or payload.get("deleted") or _is_nothing(payload["after"]):
            return
        repository = payload["repository"]
        yield Push(
            provider=provider,
            repository=repository["full_name"],
            kind=place[0],
            ref=place[1],
            # An annotated tag's `after` is the tag's own object; the head commit is what it names.
            commit=(payload.get("head_commit") or {}).get("id") or payload["after"],
            default_branch=repository.get("default_branch") or "",
            # Gitea says it nowhere: a commit's time is when it was made, which may be long before it was pushed.
            pushed_at=_seconds(repository.get("pushed_at")),
        )

    return read


def _release(provider: HostKind) -> Callable[[Payload], Iterator[Push]]:
    def read(payload: Payload) -> Iterator[Push]:
        release = payload["release"]
        if payload["action"] != "published" or release.get("draft"):
            return
        yield Push(
            provider=provider,
            repository=payload["repository"]["full_name"],
            kind=RefKind.TAG,
            ref=release["tag_name"],
            commit=None,
            default_branch=payload["repository"].get("default_branch") or "",
            pushed_at=_seconds(release.get("published_at")),
        )

    return read


def _gitlab_push(payload: Payload) -> Iterator[Push]:
    place = _by_ref(payload["ref"])
    commit = payload.get("checkout_sha")
    if place is None or _is_nothing(payload["after"]) or not commit:
        return
    project = payload["project"]
    yield Push(
        provider=HostKind.GITLAB,
        repository=project["path_with_namespace"],
        kind=place[0],
        ref=place[1],
        commit=commit,
        default_branch=project.get("default_branch") or "",
    )


def _gitlab_release(payload: Payload) -> Iterator[Push]:
    if payload["action"] != "create":
        return
    yield Push(
        provider=HostKind.GITLAB,
        repository=payload["project"]["path_with_namespace"],
        kind=RefKind.TAG,
        ref=payload["tag"],
        commit=payload["commit"]["id"],
        default_branch=payload["project"].get("default_branch") or "",
    )


def _bitbucket_cloud(payload: Payload) -> Iterator[Push]:
    for change in payload["push"]["changes"]:
        new = change["new"]
        if new is None:  # the branch or tag was deleted
            continue
        yield Push(
            provider=HostKind.BITBUCKET,
            repository=payload["repository"]["full_name"],
            kind=RefKind.TAG if new["type"] in {"tag", "annotated_tag"} else RefKind.BRANCH,
            ref=new["name"],
            commit=new["target"]["hash"],
            default_branch=(payload["repository"].get("mainbranch") or {}).get("name") or "",
        )


def _bitbucket_data_center(payload: Payload) -> Iterator[Push]:
    repository = payload["repository"]
    for change in payload["changes"]:
        if change["type"] == "DELETE":
            continue
        yield Push(
            provider=HostKind.BITBUCKET,
            repository=f"{repository['project']['key']}/{repository['slug']}",
            kind=RefKind.TAG if change["ref"]["type"] == "TAG" else RefKind.BRANCH,
            ref=change["ref"]["displayId"],
            commit=change["toHash"],
            pushed_at=_seconds(payload.get("date")),
        )


def _plain(payload: Payload) -> Iterator[Push]:
    place = _by_ref(payload["ref"])
    if place is None:
        raise PayloadRefused("ref: begins with neither refs/heads/ nor refs/tags/")
    yield Push(
        provider=HostKind.PLAIN,
        repository=payload["repository"],
        kind=place[0],
        ref=place[1],
        commit=payload["commit"],
        pushed_at=_seconds(payload.get("pushed_at")),
    )


_READERS: Mapping[tuple[HostKind, str], Callable[[Payload], Iterator[Push]]] = {
    (HostKind.GITHUB, "push"): _push(HostKind.GITHUB),
    (HostKind.GITHUB, "release"): _release(HostKind.GITHUB),
    (HostKind.GITEA, "push"): _push(HostKind.GITEA),
    (HostKind.GITEA, "release"): _release(HostKind.GITEA),
    (HostKind.GITLAB, "push hook"): _gitlab_push,
    (HostKind.GITLAB, "tag push hook"): _gitlab_push,
    (HostKind.GITLAB, "release hook"): _gitlab_release,
    (HostKind.BITBUCKET, "repo:push"): _bitbucket_cloud,
    (HostKind.BITBUCKET, "repo:refs_changed"): _bitbucket_data_center,
    (HostKind.PLAIN, "push"): _plain,
}
