"""What is known of one session, read from its items and blobs for people. Pure but for what `Records` reads."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError

from agents import keys
from agents.contracts.base import Contract, clean_text
from agents.contracts.conversation import Turn
from agents.contracts.ladder import LadderStep
from agents.contracts.session import BatchOutcome, Session, SessionRecord, SessionStatus, Usage
from agents.errors import BlobMissing
from cli.errors import BadInput
from cli.session.records import Item, Records

_ID = re.compile(r"^s[0-9a-f]{20}$")
_NANO = 1_000_000_000
_ContractT = TypeVar("_ContractT", bound=Contract)
#: What stands behind a role in the name of a usage: a revision, a batch's early end, an answer that never came.
_ROLE = re.compile(r"^[a-z]+")


@dataclass(frozen=True)
class SessionView:
    """A session as its store knows it now."""

    session: Session
    closed_at: int
    record: SessionRecord | None
    usage: Mapping[str, Usage]
    steps: Sequence[LadderStep]
    turns: Sequence[Turn]
    spent_usd: float
    held_usd: float

    @property
    def status(self) -> SessionStatus:
        """Where it stands."""
        return self.session.status

    @property
    def total(self) -> Usage:
        """Of every role."""
        return sum(self.usage.values(), Usage())


def session_id(text: str) -> str:
    """The id, if it can be one. Raises BadInput."""
    if not _ID.match(text):
        raise BadInput(f"{text!r} is no session's id: an s and twenty hexadecimal digits; `swarm sessions` lists them")
    return text


def session_of(item: Item) -> Session:
    """The session in its item; its status stands beside it."""
    session = Session.model_validate_json(item["body"]["S"])
    return session.model_copy(update={"status": SessionStatus(item["status"]["S"])})


def view_of(records: Records, session: str) -> SessionView | None:
    """Everything that is known of the session; None when there is none."""
    items = {item["sk"]["S"]: item for item in records.items(keys.session_item(session).pk)}
    own = items.get(keys.session_item(session).sk)
    if own is None:
        return None
    ledger = next(iter(records.items(keys.ledger_item(session).pk)), {})
    spent, total = (int(ledger.get(name, {"N": "0"})["N"]) / _NANO for name in ("spent", "total"))
    return SessionView(
        session=session_of(own),
        closed_at=int(own.get("closed_at", {"N": "0"})["N"]),
        record=_record(records, session),
        usage=_usage(items),
        steps=sorted(_bodies(items, "step#", LadderStep), key=lambda one: one.order),
        turns=sorted(_bodies(items, "turn#", Turn), key=lambda one: (one.asked_at, one.role, one.question)),
        spent_usd=spent,
        held_usd=max(0.0, total - spent),
    )


def conversation(records: Records, turn: Turn) -> tuple[Sequence[str], str]:
    """A turn's messages and reply, without terminal escapes; what has expired is said to have."""
    try:
        told = json.loads(records.blob(turn.body))
    except (BlobMissing, ValueError):
        return (), "(the messages have expired or were erased)"
    return [clean_text(str(one)) for one in told["messages"]], clean_text(str(told["reply"]))


def _record(records: Records, session: str) -> SessionRecord | None:
    try:
        return SessionRecord.model_validate_json(records.blob(keys.record(session)))
    except (BlobMissing, ValidationError):
        return None


def _bodies(items: Mapping[str, Item], prefix: str, kind: type[_ContractT]) -> list[_ContractT]:
    return [kind.model_validate_json(item["body"]["S"]) for name, item in items.items() if name.startswith(prefix)]


def _usage(items: Mapping[str, Item]) -> dict[str, Usage]:
    """Usage by role: the analyst's stands in its batches' outcomes, the others' in items of their own."""
    by_role: dict[str, Usage] = defaultdict(Usage)
    for outcome in _bodies(items, "batch#", BatchOutcome):
        by_role["analyst"] += outcome.usage
    for name, item in items.items():
        found = _ROLE.match(name.removeprefix("usage#")) if name.startswith("usage#") else None
        if found is not None:
            by_role[found.group()] += Usage.model_validate_json(item["body"]["S"])
    return dict(sorted(by_role.items()))
