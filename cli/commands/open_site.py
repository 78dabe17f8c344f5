"""`swarm open`: a published site in the browser, hosted by the stack or, where nothing is hosted, from this machine."""

from __future__ import annotations

import io
import re
import threading
import webbrowser
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from rich.console import Console

from agents import keys
from agents.aws.items import session_in
from agents.contracts.base import clean_text
from agents.contracts.session import Session
from agents.contracts.site import SiteVersion
from agents.errors import BlobMissing
from agents.pages.content_policy import HEADER_POLICY
from agents.roles.publisher.hosting import content_type
from cli.errors import BadInput, ExitCode
from cli.session.store import SessionStore, StackSessionStore
from cli.stack.clients import Cloud
from cli.stack.location import Location
from cli.stack.session_location import deployed_cloud, session_store
from cli.stack.site_key import key_of_stack, signed_link
from local.resident import ResidentCloud, resident_in

_ID = re.compile(r"^s[0-9a-f]{20}$")
_HEADERS = {
    "Content-Security-Policy": HEADER_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
_VersionT = TypeVar("_VersionT", Session, SiteVersion)


@dataclass(frozen=True)
class OpenRequest:
    """What to open: a repository's name or a session's id, empty for the newest; `version` chooses an earlier one."""

    target: str
    version: str
    hours: int
    prints_only: bool


def open_site(where: Location, request: OpenRequest, messages: Console, answers: Console) -> ExitCode:
    """Print the site's address and open it. Raises BadInput for what is not published, and for a key out of reach."""
    with _sessions(where) as (store, cloud):
        if cloud is not None and cloud.outputs.get("site_access", "none") != "none":
            address = _hosted_address(store, cloud, where, request, messages)
            _show(address, request, answers)
            return ExitCode.DONE
        session = _chosen_session(store, where, request)
        site = _site_of(store, session, where)
    _serve(site, session, request, messages, answers)
    return ExitCode.DONE


@contextmanager
def _sessions(where: Location) -> Iterator[tuple[SessionStore, Cloud | None]]:
    """The sessions, and the cloud that may host their sites: the deployed one, or that of `swarm local up`."""
    with ExitStack() as stack:
        resident = None if where.stack is not None else resident_in(where.folder)
        cloud: Cloud | None = None
        if where.stack is not None:
            cloud = deployed_cloud(where)
        elif resident is not None:
            cloud = stack.enter_context(ResidentCloud(resident))
        yield (StackSessionStore(cloud) if cloud else stack.enter_context(session_store(where))), cloud


def _hosted_address(store: SessionStore, cloud: Cloud, where: Location, request: OpenRequest, messages: Console) -> str:
    """Where the stack hosts the site; of a private one, a link that brings the cookies."""
    session = _session_named(store, where, request.target)
    repository = session.repository if session else request.target or _newest(store, where).repository
    partition = keys.site_version_item(repository, "").pk
    hosted = [SiteVersion.model_validate_json(item["body"]["S"]) for item in store.items(partition)]
    versions = sorted(hosted, key=lambda version: -version.published_at)
    if not versions:
        raise BadInput(
            f"No site of {clean_text(repository)} is hosted by {where.name}: none was published since siteAccess"
            " was set. Document the repository again"
        )
    name = "latest"
    if session is not None and not request.version:
        name = _only(
            [version for version in versions if version.session_id == session.session_id], versions, session.session_id
        )
    elif request.version:
        name = _only(_matching(versions, request.version), versions, request.version)
    page, domain = keys.site_version(repository, name), str(cloud.outputs["site_domain"])
    base = f"http://{domain}" if domain.startswith("127.0.0.1:") else f"https://{domain}"
    if cloud.outputs["site_access"] == "public":
        return f"{base}/{page}"
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=request.hours)
    messages.print(
        f"This opens every version of {clean_text(repository)} for whoever has it, until {until:%Y-%m-%d %H:%M} UTC.",
        markup=False,
        soft_wrap=True,
    )
    private_key = key_of_stack(cloud, where.stack or str(cloud.outputs["environment"]))
    return signed_link(base, keys.site_folder(repository), str(cloud.outputs["site_key_id"]), private_key, page, until)


def _only(matches: Sequence[SiteVersion], all_of_them: Sequence[SiteVersion], name: str) -> str:
    if not matches:
        raise BadInput(
            f"No hosted version is {name}; there are {', '.join(version.name for version in all_of_them[:10])}"
        )
    return matches[0].name


def _matching(versions: Sequence[_VersionT], prefix: str) -> Sequence[_VersionT]:
    """The versions whose session, snapshot or folder begins so; a session's snapshot is its archive's name."""
    return [version for version in versions if any(name.startswith(prefix) for name in _names(version))]


def _names(version: Session | SiteVersion) -> tuple[str, ...]:
    if isinstance(version, SiteVersion):
        return (version.session_id, version.snapshot, version.name)
    return (version.session_id, version.archive_key.rpartition("/")[2])


def _chosen_session(store: SessionStore, where: Location, request: OpenRequest) -> Session:
    session = _session_named(store, where, request.target)
    if session is not None:
        return session
    if not request.target and not request.version:
        return _newest(store, where)
    of_repository = [session for session in _published(store) if request.target in {"", session.repository}]
    if not of_repository:
        raise BadInput(
            f"No site of {request.target} is published in {where.name}; `swarm sessions` lists the repositories"
        )
    matches = _matching(of_repository, request.version)
    if not matches:
        there = ", ".join(session.session_id for session in of_repository[:10])
        raise BadInput(f"No published version is {request.version}; there are {there}")
    return matches[0]


def _session_named(store: SessionStore, where: Location, target: str) -> Session | None:
    """The published session of this id; None when the target is no id."""
    if not _ID.match(target):
        return None
    own = keys.session_item(target)
    item = next((item for item in store.items(own.pk) if item["sk"]["S"] == own.sk), None)
    if item is None:
        raise where.unknown(target)
    session = session_in(item)
    if not session.status.published:
        raise BadInput(f"Session {target} is {session.status.value}: it has no site to read")
    return session


def _newest(store: SessionStore, where: Location) -> Session:
    newest_first = _published(store)
    if not newest_first:
        raise BadInput(f"No site is published in {where.name} yet")
    return newest_first[0]


def _published(store: SessionStore) -> list[Session]:
    sessions = (session_in(item) for item in store.sessions())
    return sorted((session for session in sessions if session.status.published), key=lambda session: -session.opened_at)


def _site_of(store: SessionStore, session: Session, where: Location) -> bytes:
    try:
        return store.blob(keys.site(session.session_id))
    except BlobMissing as error:
        raise BadInput(
            f"The site of {session.session_id} is not stored in {where.name} any more: it has expired or was erased"
        ) from error


def _serve(site: bytes, session: Session, request: OpenRequest, messages: Console, answers: Console) -> None:
    """Serve the site on this machine until Ctrl-C."""
    from local.sites.distribution import CacheBehaviour, Distribution, ServedPage
    from local.sites.server import SiteServer

    with zipfile.ZipFile(io.BytesIO(site)) as archive:
        names: Mapping[str, None] = dict.fromkeys(archive.namelist())

        def page(key: str) -> ServedPage | None:
            return ServedPage(archive.read(key), content_type(key)) if key in names else None

        server = SiteServer(Distribution((CacheBehaviour("*", {}, _HEADERS),), page))
        try:
            messages.print(
                f"{clean_text(session.repository)}, session {session.session_id}, for this machine. Ctrl-C ends it.",
                markup=False,
                soft_wrap=True,
            )
            _show(f"http://{server.domain}/index.html", request, answers)
            threading.Event().wait()
        except KeyboardInterrupt:
            return
        finally:
            server.close()


def _show(address: str, request: OpenRequest, answers: Console) -> None:
    answers.print(address, markup=False, soft_wrap=True)
    answers.file.flush()
    if not request.prints_only and answers.is_terminal:
        webbrowser.open(address)
