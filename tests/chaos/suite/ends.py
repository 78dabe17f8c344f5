"""How a run may end: written once for every fault."""

from __future__ import annotations

import io
import time
import zipfile
from collections import Counter
from collections.abc import Iterator

from agents import keys
from agents.aws.ledger_item import AccountItems, account_in, number_in, spending_in
from agents.contracts.session import SessionRecord, SessionStatus
from agents.contracts.snapshot import Manifest
from agents.errors import BlobMissing, SessionUnknown
from tests.chaos.suite.kinds import Kind
from tests.chaos.suite.world import Run, World

_CENTS = 1e-6


def problems(world: World, run: Run, kind: Kind) -> list[str]:
    """What is wrong with the end of a run; empty when nothing is."""
    return [
        *_left_over(world),
        *_truth(world, run, kind),
        *_sums(run),
        *_results(world, run),
        *_budget(world, run, kind),
    ]


def _left_over(world: World) -> Iterator[str]:
    """No process, task, execution or session is left, and none of an earlier cloud's processes."""
    until = time.monotonic() + 15
    while (busy := world.busy()) and time.monotonic() < until:
        time.sleep(0.1)
    if busy:
        yield f"left over: {busy}"
    if world.outlived:
        yield f"processes outlive their cloud: {world.outlived}"


def _truth(world: World, run: Run, kind: Kind) -> Iterator[str]:
    """The record, the claim and the executions say the same, and it is what this fault may lead to."""
    if not run.session_id:
        if kind.whole:
            yield f"no session: {[ended.status for ended in run.ended]}"
        return
    try:
        claim = world.stack.store.session(run.session_id)
        stored = SessionRecord.model_validate_json(world.stack.blobs.read(keys.record(run.session_id)))
    except (SessionUnknown, BlobMissing) as error:
        yield f"no claim or record: {error!r}"
        return
    if claim.status != stored.status:
        yield f"the claim is {claim.status}, the record {stored.status}"
    succeeded = any(ended.status == "SUCCEEDED" for ended in run.ended)
    if stored.status.published and not succeeded:
        yield f"{stored.status}, and no execution succeeded: {[ended.status for ended in run.ended]}"
    if stored.status is SessionStatus.FAILED and not stored.error:
        yield "FAILED without an error"
    yield from _outcome(stored, kind)


def _outcome(stored: SessionRecord, kind: Kind) -> Iterator[str]:
    """A failure and every gap have the fault's name, and the session has come to what the kind says."""
    if kind.fails and stored.status is not SessionStatus.FAILED:
        yield f"not failed: {stored.status}"
    if kind.whole and not (stored.status.published and not stored.gaps):
        yield f"not whole: {stored.status} {stored.error} {[(gap.path, gap.reason) for gap in stored.gaps]}"
    if not stored.status.published and stored.error and stored.error.name not in kind.errors:
        yield f"an error that does not name the fault: {stored.error.name}: {stored.error.cause[:300]}"
    # What a session that failed had not read yet is missing, whatever ended it.
    missing = frozenset() if stored.status.published else frozenset({"AnalysisMissing"})
    unnamed = {gap.reason for gap in stored.gaps} - kind.errors - missing
    if unnamed:
        yield f"gaps for other reasons than the fault: {sorted(unnamed)}"


def _sums(run: Run) -> Iterator[str]:
    """Each record's figures add up."""
    for record in run.records:
        coverage = record.coverage
        parts = coverage.files_analysed + coverage.files_reused + coverage.files_skipped + len(record.gaps)
        if coverage.files_total != parts:
            yield f"sums: {coverage} and {len(record.gaps)} gaps"
        doubled = [path for path, times in Counter(gap.path for gap in record.gaps).items() if times > 1]
        if doubled:
            yield f"gaps twice: {doubled}"


def _results(world: World, run: Run) -> Iterator[str]:
    """Every file is stored once or is a gap; a site has every page once."""
    if not run.session_id:
        return
    stack, record = world.stack, run.records[-1]
    try:
        manifest = Manifest.model_validate_json(stack.blobs.read(keys.manifest(run.session_id)))
    except BlobMissing:
        return
    expected = {path.name for path in run.repository.iterdir()}
    planned = Counter(entry.path for entry in manifest.entries)
    if set(planned) != expected or max(planned.values()) > 1:
        yield f"the manifest has {sorted(planned)}, the repository {sorted(expected)}"
    yield from _stored(world, run, manifest)
    gaps = {gap.path for gap in record.gaps if not gap.extracted}
    if record.status.published:
        yield from _pages(world, run, [entry.path for entry in manifest.documented if entry.path not in gaps])


def _stored(world: World, run: Run, manifest: Manifest) -> Iterator[str]:
    stack, gaps = world.stack, {gap.path for gap in run.records[-1].gaps}
    stored = stack.store.analyses(entry.analysis_key for entry in manifest.documented if entry.analysis_key)
    for entry in manifest.documented:
        pointer = stored.get(entry.analysis_key or "")
        if pointer is None and entry.path not in gaps:
            yield f"lost: {entry.path} is neither stored nor a gap"
        if pointer is not None:
            lines = stack.blobs.read(pointer.blob_key).splitlines()
            if pointer.index >= len(lines) or pointer.analysis_key.encode() not in lines[pointer.index]:
                yield f"lost: the analysis of {entry.path} is not where its item says"


def _pages(world: World, run: Run, documented: list[str]) -> Iterator[str]:
    site = world.stack.blobs.read(keys.site(run.session_id))
    pages = Counter(zipfile.ZipFile(io.BytesIO(site)).namelist())
    if max(pages.values()) > 1:
        yield "the site has a page twice"
    for path in documented:
        if not any(path.removesuffix(".py") in page for page in pages):
            yield f"lost: the site has no page of {path}"


def _budget(world: World, run: Run, kind: Kind) -> Iterator[str]:
    """The ledger, the record and the bill agree, and nothing stays reserved."""
    if not run.session_id:
        return
    items = world.ledger_items(run.session_id)
    spending = spending_in(items, time.time())
    account = account_in(items)
    yield from _reserved(f"session {run.session_id}", account)
    for day, shared in world.ledgers_of_days().items():
        yield from _reserved(f"day {day}", account_in(shared))
    open_usd = spending.in_flight_usd + spending.unsettled_usd
    if number_in(account.own, "total") / 1e9 < spending.settled.usd - _CENTS:
        yield f"the total is below what is spent: {account.own}"
    bill = world.bill()
    least = 0.0 if kind.unanswered else spending.settled.usd
    if not least - _CENTS <= bill <= spending.settled.usd + open_usd + _CENTS:
        yield f"billed {bill:.6f}, settled {spending.settled.usd:.6f}, open {open_usd:.6f}"
    usage = run.records[-1].usage
    if abs(usage.usd - spending.settled.usd) > _CENTS or usage.requests != spending.settled.requests:
        yield f"the record says {usage.usd} USD in {usage.requests} requests, the ledger {spending.settled}"
    if kind.once:
        documenting = [ended.status for ended in run.ended if not ended.state.duplicate]
        if len(documenting) > 1:
            yield f"the snapshot was documented {len(documenting)} times: {documenting}"
        twice = {question: times for question, times in world.model.repeats.items() if times > 1}
        if twice:
            yield f"{len(twice)} questions were paid twice"


def _reserved(whose: str, account: AccountItems) -> Iterator[str]:
    """No call is open in an account, and nothing is reserved: the closer and the reaper return what died with calls."""
    left = {name: account.sum_of(name) for name in ("open_calls", "reserved")}
    if any(left.values()):
        yield f"reservations left of {whose}: {left}"
