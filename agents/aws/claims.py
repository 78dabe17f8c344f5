"""Claims of sessions: which execution has one, who wants it, and how it ends. Each change is one conditional write.

Who wants a session stands in the set `wants` of its item: UPLOAD, or `branch@order` for each push of its commit. A
branch whose newer commit has another session withdraws its own; a session that nobody wants gets the attribute
`superseded` under the condition that the set is empty, so that a push of the same commit, which adds to the set in the
write that claims the session, comes either before or after.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from agents import keys as names
from agents.aws.item_changes import Change, ConditionNotMet, ItemChanges
from agents.aws.items import ContextTable, Item, key_of, session_in
from agents.contracts.base import Contract
from agents.contracts.session import Session, SessionStatus
from agents.errors import SessionTaken, SessionUnknown
from agents.keys import DAY_SECONDS, ItemKey
from agents.ports import UPLOAD, Clock

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_IS_FREE = (
    "attribute_not_exists(pk) OR #status IN (:failed, :superseded) OR (#status = :running AND #execution = :me)"
    " OR short_of < :cap OR short_on < :today OR (attribute_exists(gaps_of) AND gaps_of <> :sent)"
)
_IS_OPEN = "#status IN (:running, :waiting)"
_OPEN = {":running": SessionStatus.RUNNING, ":waiting": SessionStatus.AWAITING_APPROVAL}
_CLAIM = (
    "SET body = :body, #status = :opened, #execution = :me, expires_at = :expires ADD wants :wanter"
    " REMOVE superseded, closed_at, short_of, short_on, gaps_of"
)


class DynamoDbClaims:
    """The claims of a SessionItems. Every method may raise StoreThrottled."""

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock, retention_days: int = 90) -> None:
        self._table = ContextTable(client, table)
        self._changes = ItemChanges(client, table)
        self._clock = clock
        self._retention_seconds = retention_days * DAY_SECONDS

    def claim(self, session: Session, cap_usd: float = 0, wanted_by: str = UPLOAD) -> Session | None:
        """Claim the session in one conditional write, or return the one that holds it.

        `cap_usd` frees a session that ended short of money under a lower cap, or on an earlier day. One that was
        published with gaps is free for another upload of its bytes: the first one's event may come twice.
        """
        # The reaper's list first: an entry too many is cleared, a running session without an entry is never found.
        self._table.put(self._item(names.running_item(session.session_id)))
        values = _texts(
            {
                ":failed": SessionStatus.FAILED,
                ":superseded": SessionStatus.SUPERSEDED,
                ":running": SessionStatus.RUNNING,
            }
        )
        money = {":cap": {"N": f"{cap_usd:.6f}"}, ":today": {"N": str(int(self._clock.now()) // DAY_SECONDS)}}
        sent = {":sent": {"S": _upload_of(session)}}
        return self._claim_if(session, _IS_FREE, values | money | sent, wanted_by)

    def take_over(self, session: Session, dead_execution: str, wanted_by: str = UPLOAD) -> bool:
        """Claim an open session whose execution is over; False when somebody else was faster."""
        values = _texts({**_OPEN, ":dead": dead_execution})
        return self._claim_if(session, f"{_IS_OPEN} AND #execution = :dead", values, wanted_by) is None

    def want(self, session_id: str, wanted_by: str) -> bool:
        """Add to those who want an open session; False when it is closed or superseded."""
        condition = f"{_IS_OPEN} AND attribute_not_exists(superseded)"
        values = {**_texts(_OPEN), ":wanter": {"SS": [wanted_by]}}
        try:
            self._changes.update(Change(names.session_item(session_id), "ADD wants :wanter", condition, values))
        except ConditionNotMet:
            return False
        return True

    def withdraw(self, session_id: str, branch: str, until: str) -> Session | None:
        """Remove a branch's pushes up to an order; the session, if it is superseded because nobody else wants it."""
        key = names.session_item(session_id)
        wants = self._table.get(key).get("wants", {"SS": []})["SS"]
        own = [wanter for wanter in wants if wanter.startswith(f"{branch}@") and wanter <= f"{branch}@{until}"]
        if own:
            self._changes.update(Change(key, "DELETE wants :own", "", {":own": {"SS": own}}))
        mark = Change(
            key,
            "SET superseded = :yes",
            f"{_IS_OPEN} AND attribute_not_exists(wants)",
            {**_texts(_OPEN), ":yes": {"BOOL": True}},
        )
        try:
            return session_in(self._changes.update(mark, whole=True))
        except ConditionNotMet:
            return None

    def session(self, session_id: str) -> Session:
        """The session's item. Raises SessionUnknown."""
        item = self._table.get(names.session_item(session_id))
        if not item:
            raise SessionUnknown(session_id)
        return session_in(item)

    def close(
        self, session: Session, status: SessionStatus, short_of_usd: float | None = None, left_gaps: bool = False
    ) -> None:
        """Write the session's end; `short_of_usd` is the cap that was too low for it.

        Raises SessionTaken when another execution than this session's has claimed it since, or SessionUnknown.
        """
        now = int(self._clock.now())
        change = "SET #status = :status, closed_at = :now"
        values: dict[str, Item] = {":status": {"S": status}, ":now": {"N": str(now)}, ":upload": {"SS": [UPLOAD]}}
        if short_of_usd is not None:
            change += ", short_of = :cap, short_on = :today"
            values |= {":cap": {"N": f"{short_of_usd:.6f}"}, ":today": {"N": str(now // DAY_SECONDS)}}
        if left_gaps:
            change += ", gaps_of = :sent"
            values[":sent"] = {"S": _upload_of(session)}
        # Who uploaded it has what was wanted; a branch still heads it, and may yet withdraw.
        change += " DELETE wants :upload REMOVE superseded"
        values[":me"] = {"S": session.execution}
        try:
            self._changes.update(Change(names.session_item(session.session_id), change, "#execution = :me", values))
        except ConditionNotMet:
            holder = self.session(session.session_id).execution
            raise SessionTaken(f"session {session.session_id} belongs to {holder} now, which closes it") from None

    def _claim_if(self, session: Session, condition: str, values: Mapping[str, Item], wanted_by: str) -> Session | None:
        """Claim the session if the condition holds; else the one that is there."""
        written: dict[str, Item] = {
            ":body": {"S": session.model_dump_json(exclude={"superseded"})},
            ":expires": {"N": str(self._expires())},
            ":wanter": {"SS": [wanted_by]},
            **_texts({":opened": session.status, ":me": session.execution}),
        }
        try:
            self._changes.update(
                Change(names.session_item(session.session_id), _CLAIM, condition, {**values, **written})
            )
        except ConditionNotMet as refused:
            return session_in(refused.item) if refused.item else self.session(session.session_id)
        return None

    def _expires(self) -> int:
        return int(self._clock.now()) + self._retention_seconds

    def _item(self, key: ItemKey, body: Contract | None = None) -> Item:
        item: Item = key_of(key) | {"expires_at": {"N": str(self._expires())}}
        return item if body is None else item | {"body": {"S": body.model_dump_json()}}


def _upload_of(session: Session) -> str:
    """The upload that the session documents: each writes a version of its own, also of the same bytes."""
    return f"{session.archive_key}@{session.archive_version}"


def _texts(values: Mapping[str, str]) -> dict[str, Item]:
    return {name: {"S": str(value)} for name, value in values.items()}
