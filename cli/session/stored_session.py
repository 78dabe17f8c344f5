"""What is known of one session, read from its items and blobs for people. Pure but for what `SessionStore` reads."""

from __future__ import annotations

import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError

from agents import keys
from agents.aws.items import session_in
from agents.aws.ledger_item import spending_in
from agents.contracts.base import Contract, clean_text
from agents.contracts.conversation import Turn
from agents.contracts.ladder import LadderStep
from agents.contracts.session import BatchOutcome, Session, SessionRecord, SessionStatus
from agents.contracts.usage import Spending, Usage
from agents.errors import BlobMissing
from cli.errors import BadInput
from cli.session.store import Item, SessionStore

_ID = re.compile(r"^s[0-9a-f]{20}$")
#: The breakdown by role is what roles reported; where one died before it could, the ledger has more.
NOT_ATTRIBUTED = "not attributed"
_ContractT = TypeVar("_ContractT", bound=Contract)
#: What stands behind a role in the name of a usage: a revision, a batch's early end, an answer that never came.
_ROLE = re.compile(r"^[a-z]+")


@dataclass(frozen=True)
class StoredSession:
    """A session as its store knows it now."""

    session: Session
    closed_at: int
    record: SessionRecord | None
    usage: Mapping[str, Usage]
    steps: Sequence[LadderStep]
    turns: Sequence[Turn]
    spending: Spending

    @property
    def status(self) -> SessionStatus:
        """Where it stands."""
        return self.session.status

    @property
    def attributed(self) -> Mapping[str, Usage]:
        """Usage by role that sums to the ledger's: a line more, where roles did not report everything."""
        of_roles = sum(self.usage.values(), Usage())
        rest = self.spending.settled.minus(of_roles)
        return self.usage if rest == Usage() else {**self.usage, NOT_ATTRIBUTED: rest}


def checked_session_id(text: str) -> str:
    """The id, if it has the form of one. Raises BadInput."""
    if not _ID.match(text):
        raise BadInput(f"{text!r} is not a session id: an s and twenty hexadecimal digits")
    return text


def view_of(store: SessionStore, session: str) -> StoredSession | None:
    """Everything that is known of the session; None when there is none."""
    items = {item["sk"]["S"]: item for item in store.items(keys.session_item(session).pk)}
    own = items.get(keys.session_item(session).sk)
    if own is None:
        return None
    return StoredSession(
        session=session_in(own),
        closed_at=int(own.get("closed_at", {"N": "0"})["N"]),
        record=_record(store, session),
        usage=_usage(items),
        steps=sorted(_bodies(items, "step#", LadderStep), key=lambda step: step.order),
        turns=sorted(_bodies(items, "turn#", Turn), key=lambda turn: (turn.asked_at, turn.role, turn.question)),
        spending=spending_in(store.ledger(session), time.time()),
    )


def conversation(read: Callable[[str], bytes], turn: Turn) -> tuple[Sequence[str], str]:
    """A turn's messages and reply, without terminal escapes; what has expired is said to have. `read` gives a blob."""
    try:
        body = json.loads(turn.text(read))
    except (BlobMissing, ValueError):
        return (), "(the messages have expired or were erased)"
    return [clean_text(str(message)) for message in body["messages"]], clean_text(str(body["reply"]))


def _record(store: SessionStore, session: str) -> SessionRecord | None:
    try:
        return SessionRecord.model_validate_json(store.blob(keys.record(session)))
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
        role = _ROLE.match(name.removeprefix("usage#")) if name.startswith("usage#") else None
        if role is not None:
            by_role[role.group()] += Usage.model_validate_json(item["body"]["S"])
    return dict(sorted(by_role.items()))
