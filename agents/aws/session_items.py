"""What sessions remember, in one DynamoDB table (keys: agents/keys.py).

An item is its contract as JSON in `body`, beside the few attributes that conditions and the state machine read. Lost
batches are written by the state RecordGap itself and have attributes only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from agents import keys as names
from agents.aws.claims import DynamoDbClaims
from agents.aws.item_changes import Change
from agents.aws.items import Item
from agents.aws.ledger_reading import read_spending
from agents.contracts.analysis import AnalysisPointer
from agents.contracts.base import Contract
from agents.contracts.ladder import LadderStep
from agents.contracts.session import BatchOutcome, DroppedClaims, LostBatch, Pace, Session
from agents.contracts.site import SiteVersion
from agents.contracts.snapshot import RepositoryRoute
from agents.contracts.usage import Spending, Usage
from agents.errors import SessionUnknown
from agents.keys import ItemKey

#: However slow, a claim follows its entry in the reaper's list within this time.
_OPENING_SECONDS = 900
#: An item holds 400 KB. Gaps beyond this many bytes of JSON keep their path and reason, and lose their detail.
_GAPS_LIMIT_BYTES = 250_000
_ContractT = TypeVar("_ContractT", bound=Contract)


class DynamoDbSessionItems(DynamoDbClaims):
    """A SessionItems over one table. Every method may raise StoreThrottled."""

    def running_sessions(self) -> Sequence[Session]:
        """The sessions that are RUNNING or wait for a person. Entries of all others are removed on the way."""
        running: list[Session] = []
        over: list[str] = []
        settled = self._clock.now() + self._retention_seconds - _OPENING_SECONDS
        for item in self._table.query(names.running_item("").pk, "session#"):
            session_id = item["sk"]["S"].partition("#")[2]
            try:
                session = self.session(session_id)
            except SessionUnknown:
                continue  # its entry expires as it would have
            if session.status.open:
                running.append(session)
            elif float(item["expires_at"]["N"]) < settled:  # else it may be about to be claimed
                over.append(session_id)
        self._table.delete_many(names.running_item(session_id) for session_id in over)
        return running

    def save_plan(
        self, session_id: str, waves: Sequence[str], batches: int, repository: RepositoryRoute, warm_up: bool = False
    ) -> None:
        """Write the item that LoadPlan reads. `waves` and `repository` are JSON, for States.StringToJson."""
        attributes = {
            "waves": {"S": json.dumps(list(waves))},
            "batches": {"N": str(batches)},
            "warm_up": {"S": "yes" if warm_up else "no"},
            "repository": {"S": repository.model_dump_json(exclude_none=True)},
        }
        self._table.put(self._item(names.plan_item(session_id)) | attributes)

    def save_last_scan(self, repository: str, session_id: str) -> None:
        """Write which session scanned a repository of this name last."""
        self._table.put(self._item(names.repository_item(repository)) | {"session_id": {"S": session_id}})

    def last_scan(self, repository: str) -> str:
        """The session that scanned a repository of this name last; empty if none did."""
        item = self._table.get(names.repository_item(repository))
        return str(item["session_id"]["S"]) if item else ""

    def analyses(self, keys: Iterable[str]) -> Mapping[str, AnalysisPointer]:
        """Those of the analyses that are stored, by key; one that has expired is not, even while it is there."""
        now = self._clock.now()
        items = self._table.get_many(names.analysis_item(key) for key in dict.fromkeys(keys))
        pointers = (_body(AnalysisPointer, item) for item in items if float(item["expires_at"]["N"]) > now)
        return {pointer.analysis_key: pointer for pointer in pointers}

    def save_analyses(self, pointers: Sequence[AnalysisPointer]) -> None:
        """Write where analyses are; the last writer wins."""
        latest = {pointer.analysis_key: pointer for pointer in pointers}
        self._table.put_many(self._item(names.analysis_item(key), pointer) for key, pointer in latest.items())

    def clear_batches(self, session_id: str) -> None:
        """Forget what became of batches and the steps of the ladder: a new scan plans new ones under the same ids."""
        stale = [item for prefix in ("batch#", "lost#", "step#") for item in self._of(session_id, prefix)]
        self._table.delete_many(ItemKey(item["pk"]["S"], item["sk"]["S"]) for item in stale)

    def save_batch(self, session_id: str, outcome: BatchOutcome) -> None:
        """Write what became of a batch; a later attempt replaces an earlier one."""
        self._table.put(self._item(names.batch_item(session_id, outcome.batch_id), _fitting(outcome)))

    def batches(self, session_id: str) -> tuple[Sequence[BatchOutcome], Sequence[LostBatch]]:
        """What became of every batch so far."""
        outcomes = [_body(BatchOutcome, item) for item in self._of(session_id, "batch#")]
        lost = [
            LostBatch(batch_id=item["batch_id"]["S"], error=item["error"]["S"], cause=item["cause"]["S"])
            for item in self._of(session_id, "lost#")
        ]
        return outcomes, lost

    def save_usage(self, session_id: str, role: str, usage: Usage) -> None:
        """Write what a role other than the analyst spent; a retry replaces it."""
        self._table.put(self._item(names.usage_item(session_id, role), usage))

    def usages(self, session_id: str) -> Mapping[str, Usage]:
        """What each of those roles spent."""
        return {item["sk"]["S"].partition("#")[2]: _body(Usage, item) for item in self._of(session_id, "usage#")}

    def save_step(self, session_id: str, step: LadderStep, batch_id: str = "") -> None:
        """Write a step of the ladder; a retry replaces it."""
        name = f"{step.name}#{batch_id}" if batch_id else step.name
        self._table.put(self._item(names.step_item(session_id, name), step))

    def steps(self, session_id: str) -> Sequence[LadderStep]:
        """Every step of the ladder that the session took, in their order."""
        return sorted((_body(LadderStep, item) for item in self._of(session_id, "step#")), key=lambda step: step.order)

    def spending(self, session_id: str) -> Spending:
        """What the session's ledger says."""
        return read_spending(session_id, self._table.get_many, self._table.query, self._clock.now())

    def save_dropped_claims(self, session_id: str, role: str, count: int) -> None:
        """Write how many claims of a role's model were dropped; a retry replaces it."""
        self._table.put(self._item(names.dropped_claims_item(session_id, role), DroppedClaims(count=count)))

    def dropped_claims(self, session_id: str) -> Mapping[str, int]:
        """The number of dropped claims by role."""
        return {
            item["sk"]["S"].partition("#")[2]: _body(DroppedClaims, item).count
            for item in self._of(session_id, "dropped-claims#")
        }

    def save_site_version(self, version: SiteVersion) -> None:
        """Write a version of a repository's hosted site, which expires with its pages; a retry replaces it."""
        item = self._item(names.site_version_item(version.repository, version.name), version)
        self._table.put(item | {"expires_at": {"N": str(version.readable_until)}})

    def site_versions(self, repository: str) -> Sequence[SiteVersion]:
        """The versions of a repository's hosted site that can be read, newest first."""
        key = names.site_version_item(repository, "")
        versions = (_body(SiteVersion, item) for item in self._table.query(key.pk, key.sk))
        now = self._clock.now()
        return sorted((site for site in versions if site.readable_until > now), key=lambda site: -site.published_at)

    def save_failure(self, session_id: str, execution: str, error: str, cause: str) -> None:
        """Write why a task that has no token to answer failed."""
        key = names.failure_item(session_id, execution)
        self._table.put(self._item(key) | {"error": {"S": error}, "cause": {"S": cause}})

    def add_paces(self, model: str, paces: Mapping[str, Pace]) -> None:
        """Add to what is known of each language's pace: counters, so that no update is lost."""
        for language, pace in paces.items():
            counts = {
                ":files": {"N": str(pace.files)},
                ":bytes": {"N": str(pace.bytes)},
                ":took": {"N": f"{pace.seconds:.6f}"},
                ":end": {"N": str(self._expires())},
            }
            update = "ADD files :files, source_bytes :bytes, work_seconds :took SET expires_at = :end"
            self._changes.update(Change(names.pace_item(model, language), update, "", counts))

    def paces(self, model: str) -> Mapping[str, Pace]:
        """What is known of each language's pace with this model."""
        return {
            item["sk"]["S"].partition("#")[2]: Pace(
                files=int(item["files"]["N"]),
                bytes=int(item["source_bytes"]["N"]),
                seconds=float(item["work_seconds"]["N"]),
            )
            for item in self._table.query(names.pace_item(model, "").pk, "language#")
        }

    def _of(self, session_id: str, prefix: str) -> Iterable[Item]:
        return self._table.query(names.session_item(session_id).pk, prefix)


def _body(contract: type[_ContractT], item: Item) -> _ContractT:
    return contract.model_validate_json(item["body"]["S"])


def _fitting(outcome: BatchOutcome) -> BatchOutcome:
    """The outcome within an item's size: details give way before reasons, and nothing else is lost."""
    room = _GAPS_LIMIT_BYTES
    gaps = []
    for gap in outcome.gaps:
        room -= len(gap.model_dump_json().encode())
        gaps.append(gap if room > 0 else gap.with_changes(detail=""))
    return outcome.with_changes(gaps=tuple(gaps))
