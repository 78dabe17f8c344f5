"""`swarm erase SESSION`: delete its conversation and everything else that is stored under its own keys."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable

from rich.console import Console

from agents import keys
from agents.aws.items import session_in
from agents.contracts.session import Session
from agents.contracts.site import SiteVersion
from agents.keys import ItemKey
from agents.roles.publisher.hosting import leading_pages
from cli.confirmation import confirmed
from cli.errors import BadInput, ExitCode
from cli.session.store import Item, SessionStore

_NOT_ERASED = "Analyses are shared by content and stay; other sessions and the uploaded archive stay too."


def erase(store: SessionStore, session: str, yes: bool, as_json: bool, answers: Console, options: str = "") -> ExitCode:
    """Delete the session's items and blobs; a second call changes nothing. Raises BadInput while it is RUNNING.

    `options` lead `swarm cancel` to the session.
    """
    items = list(store.items(keys.session_item(session).pk))
    own = next((item for item in items if item["sk"]["S"] == keys.session_item(session).sk), None)
    if own is not None and session_in(own).status.open:
        cancel = f"`swarm cancel {session}{options}`"
        raise BadInput(f"Session {session} is RUNNING: wait until it ends, or stop it with {cancel}")
    what = f"session {session}" if own is None else f"session {session} of {session_in(own).repository}"
    if not yes and not confirmed(f"Erase {what}, its conversation and its site, for good?"):
        if as_json:
            answers.file.write(_as_json(session, 0, 0))
        else:
            answers.print("Nothing was erased.")
        return ExitCode.DONE
    # Blobs first: while the items exist, an interrupted erasure is visible and can be repeated.
    blobs = store.delete_blobs(f"{keys.SESSIONS}{session}/")
    hosted: list[ItemKey] = []
    if own is not None:
        erased, hosted = _unhosted(store, session_in(own))
        blobs += erased
    others = [ItemKey(item["pk"]["S"], item["sk"]["S"]) for item in store.ledger(session)]
    others += _shared(store, session, items)
    named = [ItemKey(item["pk"]["S"], item["sk"]["S"]) for item in items if item is not own]
    last = [] if own is None else [keys.session_item(session)]
    store.delete_items([*named, *others, *hosted, keys.running_item(session)])
    store.delete_items(last)
    count = len(named) + len(others) + len(hosted) + len(last)
    if as_json:
        answers.file.write(_as_json(session, count, blobs))
        return ExitCode.DONE
    if blobs or count:
        answers.print(f"Erased {what}: {count:,} items, {blobs:,} blobs and versions.", markup=False, soft_wrap=True)
    else:
        answers.print(f"Nothing of {what} is stored.", markup=False, soft_wrap=True)
    answers.print(_NOT_ERASED)
    return ExitCode.DONE


def _as_json(session: str, items: int, blobs: int) -> str:
    return json.dumps({"session_id": session, "erased_items": items, "erased_blobs": blobs}) + os.linesep


def _unhosted(store: SessionStore, session: Session) -> tuple[int, list[ItemKey]]:
    """Delete the session's hosted versions and list the others anew; how many blobs, and which items must follow."""
    partition = keys.site_version_item(session.repository, "").pk
    versions = [SiteVersion.model_validate_json(item["body"]["S"]) for item in store.items(partition)]
    own = [version for version in versions if version.session_id == session.session_id]
    if not own:
        return 0, []
    # What leads to an erased version goes first: nobody is led to half of one.
    gone = [f"{keys.site_folder(session.repository)}index.html", keys.site_version(session.repository, "latest")]
    rest = sorted((version for version in versions if version not in own), key=lambda version: -version.published_at)
    blobs = sum(store.delete_blobs(prefix) for prefix in gone)
    if rest:
        store.write_pages(leading_pages(session.repository, rest))
    blobs += sum(store.delete_blobs(keys.site_version(session.repository, version.name)) for version in own)
    return blobs, [keys.site_version_item(session.repository, version.name) for version in own]


def _shared(store: SessionStore, session: str, items: Iterable[Item]) -> list[ItemKey]:
    """The answers of this session that later ones may reuse; the answers of other sessions stay."""
    questions = dict.fromkeys(
        item["sk"]["S"].rpartition("#")[2] for item in items if item["sk"]["S"].startswith("turn#")
    )
    stored = (item for question in questions for item in store.items(keys.answer_item(question).pk))
    return [ItemKey(item["pk"]["S"], item["sk"]["S"]) for item in stored if item["session_id"]["S"] == session]
