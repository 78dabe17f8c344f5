"""Asks a session's questions as one batch inference job, at half the price: submits it, looks at it, collects it.

The job fills the content-addressed analyses; the analysts come after it and ask in realtime about what is missing. So
whatever ends a job, no file is lost, and none is paid twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from agents import keys
from agents.contracts.analysis import Analysis, AnalystReply
from agents.contracts.batch_inference import (
    BatchJob,
    CheckBatchInferenceInput,
    CheckBatchInferenceOutput,
    CollectBatchInferenceInput,
    CollectBatchInferenceOutput,
    JobProgress,
    JobReservation,
    JobStatus,
    SubmitBatchInferenceInput,
    SubmitBatchInferenceOutput,
)
from agents.contracts.session import BatchOutcome
from agents.contracts.snapshot import Route, SourceFile, Sources
from agents.contracts.usage import Usage
from agents.errors import BatchInferenceRefused, BlobMissing, BudgetExhausted, GapError, ModelThrottled, SwarmError
from agents.ports import JobRecord, JobReply, Ports
from agents.roles.analyst.core import brief, claim_count, evidence_of, verify
from agents.roles.analyst.job.core import JOB_BYTES, RECORDS, fewer, most_usd, realtime, record_id, verdict
from agents.roles.analyst.neighbours import neighbour_keys, summaries_of
from agents.roles.analyst.question import ParsedFile, planned_sources, question_of, structure_of
from agents.roles.analyst.storing import store_analyses
from agents.session.batch_job import job_of, reserved, save_job, settle, stopped
from agents.session.documents import load_analyses
from agents.settings import AgentSettings

#: The job's line among the session's batches.
BATCH_ID = "batch-inference"
#: Analyses are stored this many at a time: a blob of them is read whole.
_STORED_AT_ONCE = 200
#: After the deadline a job is stopped and collected: its money stays held that much longer.
_HELD_AFTER_SECONDS = 3_600


def submit(request: SubmitBatchInferenceInput, ports: Ports, settings: AgentSettings) -> SubmitBatchInferenceOutput:
    """Submit the session's job, once however often this is tried. Raises ModelThrottled or ModelUnavailable."""
    now = ports.clock.now()
    job = job_of(request.session_id, ports)
    try:
        if job is None or job.execution != request.execution:
            planned = _planned(request, ports, settings, now)
            if isinstance(planned, str):
                return realtime(planned, now)
            job = planned
        if not job.arn:
            job = _submitted(job, ports, settings)
    except (BudgetExhausted, BatchInferenceRefused) as error:
        return realtime(f"{type(error).__name__}: {error}", now)
    submitted = JobProgress(status=JobStatus.SUBMITTED)
    return verdict(job, submitted, 0, settings.batch_inference_poll_seconds, now)


def check(request: CheckBatchInferenceInput, ports: Ports, settings: AgentSettings) -> CheckBatchInferenceOutput:
    """Look at the job once; a look that is throttled counts as one, so that the loop's bound holds."""
    job = job_of(request.session_id, ports)
    now = ports.clock.now()
    if job is None:
        return realtime("the job's record is no longer stored", now)
    try:
        progress = ports.jobs.check(job.arn)
    except ModelThrottled:
        progress = None
    return verdict(job, progress, request.polls + 1, settings.batch_inference_poll_seconds, now)


def collect(request: CollectBatchInferenceInput, ports: Ports, settings: AgentSettings) -> CollectBatchInferenceOutput:
    """Store what the job answered and settle what it cost; a job that is not over is stopped."""
    job = job_of(request.session_id, ports)
    if job is None:
        return CollectBatchInferenceOutput(status="", records=0, analysed=0)
    if not job.collected:
        progress = stopped(job, ports)
        replies = _replies(job, ports) if job.arn else {}
        outcome = _verified_outcome(job, replies, ports, settings)
        cost = outcome.usage.usd
        if not replies and progress is not None:
            # Nothing tells the tokens of what was processed and not handed over.
            cost = job.most_usd * min(1.0, progress.processed / max(1, job.records))
        outcome = outcome.with_changes(usage=outcome.usage.with_changes(usd=round(cost, 9)))
        ports.store.save_batch(job.session_id, outcome)
        settle(job, cost, ports, outcome.usage)
        done = {"status": progress.status.value if progress else "", "answered": outcome.analysed, "usd": cost}
        job = save_job(job.with_changes(**done, held=None, collected=True), ports)
    return CollectBatchInferenceOutput(status=job.status, records=job.records, analysed=job.answered)


def _planned(request: SubmitBatchInferenceInput, ports: Ports, settings: AgentSettings, now: float) -> BatchJob | str:
    """The job with its input stored and its money held, or why there is none."""
    collected = _records(request.session_id, ports, settings.model_of("analyst"))
    records: Sequence[JobRecord] = collected.records
    smallest, reason = settings.batch_inference_minimum_records, collected.left_out
    if len(records) < smallest:
        return f"{len(records)} records are too few for a job, which takes {smallest} or more"
    name = f"swarm-{request.session_id}-{keys.fingerprint(request.execution)}"
    hold_seconds = settings.batch_inference_seconds + _HELD_AFTER_SECONDS
    while True:
        most = most_usd(records)
        try:
            reservation = ports.ledger.reserve(request.session_id, most, hold_seconds)
            break
        except BudgetExhausted as error:
            # A job is held back whole, at the most it can cost: a smaller one may fit where realtime calls would.
            reason = f"{type(error).__name__}: {error}"
            records = fewer(records)
            if len(records) < smallest:
                return reason
    job = BatchJob(
        session_id=request.session_id,
        execution=request.execution,
        name=name,
        records=len(records),
        most_usd=most,
        submitted_at=int(now),
        deadline=int(now) + settings.batch_inference_seconds,
        held=reserved(reservation),
        reason=reason,
    )
    try:
        body = b"".join(record.line + b"\n" for record in records)
        ports.blobs.write(keys.batch_inference_input(job.session_id, job.name), body, "application/jsonl")
        return save_job(job, ports)
    except BaseException:
        settle(job, 0, ports)
        raise


class _JobRecords(NamedTuple):
    """The records of a job, and why files that it should hold are not among them; empty if none is missing."""

    records: list[JobRecord]
    left_out: str = ""


def _records(session_id: str, ports: Ports, model: str) -> _JobRecords:
    """A record for each file without an analysis, as many as one job takes.

    A file that cannot be read is no record: the analyst names it as a gap afterwards.
    """
    records: list[JobRecord] = []
    seen: set[str] = set()
    size = 0
    for source, sources, summaries in _unanswered(session_id, ports):
        name = record_id(source.analysis_key)
        if name in seen:
            continue
        seen.add(name)
        try:
            checked = question_of([ParsedFile(source, structure_of(source, ports))], model, sources, summaries)
            record = ports.jobs.record(name, checked.question())
        except GapError:
            continue
        if len(records) == RECORDS or size + len(record.line) > JOB_BYTES:
            return _JobRecords(records, f"one job takes {RECORDS:,} records and {JOB_BYTES / 1e6:,.0f} MB")
        records.append(record)
        size += len(record.line)
    return _JobRecords(records)


def _unanswered(session_id: str, ports: Ports) -> Iterator[tuple[SourceFile, Sources, Mapping[str, str]]]:
    """Each file without an analysis, its batch, and what earlier sessions wrote of the files around that."""
    for sources in planned_sources(session_id, ports):
        stored = ports.store.analyses(dict.fromkeys(source.analysis_key for source in sources.files))
        summaries = summaries_of(sources, load_analyses(ports, neighbour_keys(sources).values()).values())
        # A file that another model describes is none of the job's: a job asks one model.
        mine = (source for source in sources.files if source.analysis_key not in stored and not source.model)
        yield from ((source, sources, summaries) for source in mine)


def _submitted(job: BatchJob, ports: Ports, settings: AgentSettings) -> BatchJob:
    """The job with its ARN; an attempt that fails gives the money back, and the next one holds it again."""
    if job.held is None:
        hold_seconds = settings.batch_inference_seconds + _HELD_AFTER_SECONDS
        reserved_again: JobReservation = reserved(ports.ledger.reserve(job.session_id, job.most_usd, hold_seconds))
        job = save_job(job.with_changes(held=reserved_again), ports)
    try:
        arn = ports.jobs.submit(job)
    except SwarmError:
        settle(job, 0, ports)
        save_job(job.with_changes(held=None), ports)
        raise
    return save_job(job.with_changes(arn=arn), ports)


def _replies(job: BatchJob, ports: Ports) -> dict[str, JobReply]:
    """What the job answered, by record; nothing where it wrote no output."""
    try:
        body = ports.blobs.read(keys.batch_inference_replies(job.session_id, job.name, job.arn))
    except BlobMissing:
        return {}
    read = (ports.jobs.reply(line, AnalystReply) for line in body.split(b"\n") if line.strip())
    return {reply.record_id: reply for reply in read if reply is not None}


def _planned_files(session_id: str, ports: Ports) -> Iterator[tuple[SourceFile, Sources, Mapping[str, str]]]:
    """Each planned file, its batch, and the summaries of the files around it, whose names a reply may use."""
    for sources in planned_sources(session_id, ports):
        summaries = summaries_of(sources, load_analyses(ports, neighbour_keys(sources).values()).values())
        yield from ((source, sources, summaries) for source in sources.files)


def _verified_outcome(
    job: BatchJob, replies: dict[str, JobReply], ports: Ports, settings: AgentSettings
) -> BatchOutcome:
    """Verify each reply as the analyst does and store its analysis; a file without one is asked about in realtime."""
    model = settings.model_of("analyst")
    finished: set[str] = set()
    unstored: list[Analysis] = []
    files = dropped_claims = 0
    for source, sources, summaries in _planned_files(job.session_id, ports) if replies else ():
        if source.analysis_key not in finished:
            reply = replies.get(record_id(source.analysis_key))
            if reply is None or not isinstance(reply.reply, AnalystReply):
                continue
            try:
                structure = structure_of(source, ports)
            except GapError:
                dropped_claims += claim_count(reply.reply)
                continue
            evidence = evidence_of(source, structure, brief(source, structure, sources, summaries))
            verified = verify(source, structure, reply.reply, model, evidence)
            dropped_claims += verified.dropped
            if not isinstance(verified.claims, Analysis):
                continue
            finished.add(source.analysis_key)
            unstored.append(verified.claims)
            if len(unstored) == _STORED_AT_ONCE:
                store_analyses(unstored, ports, of_job=True)
                unstored.clear()
        files += 1
    if unstored:
        store_analyses(unstored, ports, of_job=True)
    return BatchOutcome(
        batch_id=BATCH_ID,
        route=Route.BATCH_INFERENCE,
        analysed=files,
        usage=sum((reply.usage for reply in replies.values()), Usage()),
        dropped_claims=dropped_claims,
        seconds=max(0.0, ports.clock.now() - job.submitted_at),
    )
